import { describeCommand } from '../../../shared/domain/shell-quote';
import type { Command } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';

/** What ovs-vswitchd complained about while ovs-vsctl itself succeeded (exit code 0); null when nothing. */
export function setUpProblem(stderr: string): string | null {
  const line = stderr.split('\n').find((each) => each.includes('Error detected while setting up'));
  return line === undefined ? null : line.replace(/^ovs-vsctl\S*: /, '').replace(/\s*See ovs-vswitchd log for details\.$/, '');
}

/** The error a failed ovs-vsctl means, in plain words; null when it succeeded. */
export function explainOvs(outcome: { exitCode: number | null; stderr: string }, command: Command): AppError | null {
  const about = { command: describeCommand(command), stderr: outcome.stderr };
  const unmade = setUpProblem(outcome.stderr);
  if (unmade !== null) {
    return new AppError('ovs.not-made', 'Open vSwitch could not make it', `Its database has it, but ovs-vswitchd says: ${unmade}`, {
      ...about, hint: 'The log of ovs-vswitchd says more (“journalctl -u ovs-vswitchd”, or /var/log/openvswitch). Where the kernel has no module for Open vSwitch, choose the userspace datapath.',
    });
  }
  if (outcome.exitCode === 0) return null;
  if (outcome.exitCode === 127) {
    return new AppError('ovs.missing', 'Open vSwitch is not installed', 'This host has no ovs-vsctl command.', {
      ...about, hint: 'It is only needed for Open vSwitch networks. On Debian and Ubuntu: “apt install openvswitch-switch”.',
    });
  }
  if (/Permission denied/.test(outcome.stderr)) {
    return new AppError('ovs.denied', 'Open vSwitch refuses this user', 'Only root may ask Open vSwitch for its bridges; group “libvirt” is not enough.', {
      ...about, hint: 'Connect as root, or allow sudo for this user.',
    });
  }
  if (/database connection failed|Connection refused|No such file or directory|Alarm clock/.test(outcome.stderr)) {
    return new AppError('ovs.not-running', 'Open vSwitch is not running', 'Open vSwitch is installed on this host, but nothing answers.', {
      ...about, hint: 'Start it: “systemctl start openvswitch-switch” (on Fedora “openvswitch”).',
    });
  }
  const said = outcome.stderr.trim().split('\n')[0]?.replace(/^ovs-vsctl\S*: /, '') ?? '';
  return new AppError('command.failed', 'Open vSwitch could not do this', said === '' ? 'ovs-vsctl failed and said nothing.' : `ovs-vsctl says: ${said}`, about);
}
