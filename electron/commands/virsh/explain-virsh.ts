import { describeCommand } from '../../../shared/domain/shell-quote';
import type { Command } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';
import type { ErrorCode } from '../../../shared/errors/app-error';
import type { AppErrorData } from '../../../shared/errors/app-error-data';

interface Explanation {
  code: ErrorCode;
  title: string;
  detail: string;
  more?: Pick<AppErrorData, 'hint' | 'field'>;
}
type Rule = [pattern: RegExp, explain: (found: RegExpExecArray, said: string) => Explanation];

/**
 * libvirt's own sentences (libvirt 9.0: src/network, src/conf, src/rpc; recorded in test/fixtures). Newer versions
 * quote names, hence the optional quotes. The first rule that matches wins.
 */
const rules: readonly Rule[] = [
  [/virsh: (?:command )?not found|: virsh: inaccessible or not found|exec: .*virsh/, () => ({
    code: 'libvirt.missing', title: 'libvirt is not installed', detail: 'This host has no virsh command.',
    more: { hint: 'Install libvirt: on Debian and Ubuntu “apt install libvirt-daemon-system”, on Fedora “dnf install libvirt”.' },
  })],
  [/read only access prevents/, () => ({
    code: 'libvirt.denied', title: 'This user may only look', detail: 'libvirt lets this user read networks and machines, not change them.',
    more: { hint: 'Add the user to group “libvirt” on the host and log in again, or use sudo.' },
  })],
  [/authentication unavailable|authentication failed|[Aa]ccess denied|operation forbidden|libvirt-sock[^\n]*Permission denied/, () => ({
    code: 'libvirt.denied', title: 'libvirt refuses this user', detail: 'libvirt did not let this user in.',
    more: { hint: 'Add the user to group “libvirt” on the host and log in again, or use sudo.' },
  })],
  [/Failed to connect socket|Connection refused|client socket is closed|Cannot (?:recv|write) data|End of file while reading data|internal error: connection closed/i, () => ({
    code: 'libvirt.not-running', title: 'libvirt is not running', detail: 'libvirt is installed on this host, but nothing answers.',
    more: { hint: 'Start it: “systemctl start libvirtd” (or virtqemud and virtnetworkd, where libvirt runs as separate daemons).' },
  })],
  [/network '(.+)' already exists with uuid ([0-9a-f-]+)/, ([, name]) => ({
    code: 'libvirt.name-taken', title: 'This name is taken', detail: `A network “${name}” exists already.`,
    more: { field: 'name', hint: 'Choose another name.' },
  })],
  [/network '(.+)' is already defined with uuid ([0-9a-f-]+)/, ([, name, uuid]) => ({
    code: 'libvirt.name-taken', title: 'This UUID is taken', detail: `The network “${name}” has the UUID ${uuid} already.`,
  })],
  [/bridge name '(.+)' already in use/, ([, bridge]) => ({
    code: 'libvirt.bridge-taken', title: 'This bridge name is taken', detail: `Another network uses the bridge “${bridge}” already.`,
    more: { field: 'bridge', hint: 'Choose another bridge name.' },
  })],
  [/error creating bridge interface '?(.+?)'?: File exists/, ([, bridge]) => ({
    code: 'libvirt.bridge-taken', title: 'This bridge name is taken', detail: `The host has an interface “${bridge}” already.`,
    more: { field: 'bridge', hint: 'Choose another bridge name.' },
  })],
  [/error creating bridge interface '?(.+?)'?: Numerical result out of range/, ([, bridge]) => ({
    code: 'libvirt.xml-invalid', title: 'The bridge name is too long', detail: `“${bridge}” is longer than the 15 characters Linux allows.`,
    more: { field: 'bridge' },
  })],
  [/Network is already in use by interface '?([^\s']+)'?/, ([, device]) => ({
    code: 'libvirt.subnet-taken', title: 'This subnet is in use', detail: `The host reaches these addresses through “${device}” already.`,
    more: { field: 'ipv4.address', hint: 'Choose another subnet.' },
  })],
  [/[Dd]omain is already active/, () => ({
    code: 'libvirt.already-active', title: 'The machine runs already', detail: 'There is nothing to start.',
  })],
  [/domain is not running/, () => ({
    code: 'libvirt.not-active', title: 'The machine is off', detail: 'Only a machine that is on can do this.',
  })],
  [/No more available PCI slots/, () => ({
    code: 'libvirt.no-slot', title: 'The machine has no free slot', detail: 'All PCI Express ports that this machine was given are taken, and none can be added while it runs.',
    more: { hint: 'Make the change from its next boot on: libvirt adds a port then.' },
  })],
  [/no device found at address '(.+?)' matching MAC address '(.+?)'|interface '([0-9a-f:]{17})' not found/i, ([, , mac, other]) => ({
    code: 'libvirt.device-missing', title: 'It has no such NIC', detail: `The machine has no NIC ${mac ?? other} in the place where it was.`,
    more: { hint: 'Someone may have changed it in the meantime; refresh the host.' },
  })],
  [/multiple devices matching MAC address (\S+) found/i, ([, mac]) => ({
    code: 'libvirt.device-missing', title: 'Two NICs have this MAC', detail: `The machine has more than one NIC ${mac}, and libvirt can't tell which is meant.`,
  })],
  [/Operation not supported: ((?:cannot modify|unable to change|cannot change)[^\n]*)/, ([, said]) => ({
    code: 'libvirt.unsupported', title: 'This can\'t be changed while the machine runs', detail: `libvirt says: ${said}.`,
    more: { hint: 'Make the change from its next boot on.' },
  })],
  [/'([^']+)' is not a valid device model name/, ([, model]) => ({
    code: 'libvirt.unsupported', title: 'There is no such model', detail: `This host's QEMU has no NIC model “${model}”.`, more: { field: 'model' },
  })],
  [/Cannot get interface MTU on '(.+?)': No such device|Unable to add bridge (\S+) port (\S+): No such device/, ([, bridge, other]) => ({
    code: 'libvirt.not-found', title: 'The bridge is not there', detail: `The host has no bridge “${bridge ?? other}”.`, more: { field: 'source.bridge' },
  })],
  [/Attempted double use of PCI Address (\S+)/, ([, address]) => ({
    code: 'libvirt.device-busy', title: 'The slot is taken', detail: `Another device of the machine is at ${address} already.`,
  })],
  [/tc (?:qdisc|class|filter) [^\n]*qdisc kind is unknown/, () => ({
    code: 'libvirt.unsupported', title: 'This host\'s kernel can\'t limit bandwidth', detail: 'It lacks the traffic schedulers that libvirt uses (sch_htb, sch_sfq).',
    more: { field: 'bandwidth' },
  })],
  [/network is already active/, () => ({
    code: 'libvirt.already-active', title: 'The network runs already', detail: 'There is nothing to start.',
  })],
  [/network '?(.*?)'? ?is not active/, ([, name]) => ({
    code: 'libvirt.not-active', title: 'The network is not running', detail: name ? `“${name}” is not active.` : 'It is not active.',
  })],
  [/(?:Network|Domain) not found|no (?:network|domain) with matching|failed to get (?:network|domain)/, (_found, said) => ({
    code: 'libvirt.not-found', title: 'It is not there any more', detail: said,
    more: { hint: 'Someone may have removed it in the meantime; refresh the host.' },
  })],
  [/^dnsmasq: (.+)$/m, ([, said]) => ({
    code: 'command.failed', title: 'The network\'s DHCP and DNS server did not start', detail: `dnsmasq says: ${said}`,
    more: /Address already in use/i.test(said ?? '')
      ? { hint: 'Another DNS or DHCP server on this host listens on the same address.' } : {},
  })],
  [/XML error: ([^\n]+)|\((?:network|domain)_definition\):[^\n]+|invalid char in name[^\n]*|missing name information|range [^\n]+ (?:reversed|is not entirely within|overlaps)[^\n]*|Invalid (?:bridge )?mac[^\n]*|unsupported configuration: ([^\n]+)|[Mm]issing (?:or invalid|required|hostname)[^\n]*|Invalid IP address in network[^\n]*|malformed uuid element/, ([whole, reason, unsupported]) => ({
    code: 'libvirt.xml-invalid', title: 'libvirt refuses this definition', detail: `libvirt says: ${(reason ?? unsupported ?? whole).trim()}`,
  })],
];

/** A virsh result as far as explaining needs it: of a process or of the persistent virsh. */
export interface VirshOutcome {
  exitCode: number | null;
  stderr: string;
}

/**
 * The error a failed virsh means, in plain words; null when it succeeded. Codes: `libvirt.*`, else `command.failed`
 * with what virsh said. `command` goes into the error as a person would type it.
 */
export function explainVirsh(outcome: VirshOutcome, command: Command): AppError | null {
  if (outcome.exitCode === 0) return null;
  const stderr = outcome.stderr.replace(/^(?:error: )?(?:Disconnected from|Reconnected to)[^\n]*\n?/gm, '');
  const about = { command: describeCommand(command), stderr: outcome.stderr };
  const said = lastSentence(stderr);
  for (const [pattern, explain] of rules) {
    const found = pattern.exec(stderr);
    if (!found) continue;
    const { code, title, detail, more } = explain(found, said);
    return new AppError(code, title, detail, { ...more, ...about });
  }
  if (outcome.exitCode === 127) return explainVirsh({ exitCode: 1, stderr: 'virsh: not found' }, command);
  const detail = said === '' ? `virsh ended with exit code ${outcome.exitCode ?? 'none (a signal)'} and said nothing.` : `virsh says: ${said}`;
  return new AppError('command.failed', 'libvirt could not do this', detail, about);
}

/** virsh prints what it tried first and why it failed last. */
function lastSentence(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^error: /, '').trim()).filter((line) => line !== '');
  return lines[lines.length - 1] ?? '';
}
