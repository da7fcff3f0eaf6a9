import { describe, expect, it } from 'vitest';
import { transcript, transcriptNames } from '../../../test/fixtures/read-transcript';
import { virshArgv } from './connection';
import { explainVirsh } from './explain-virsh';

const virshCommand = (words: string[]) => ({ argv: virshArgv(words) });
const explain = (name: string) => explainVirsh(transcript(`virsh-9.0.0/failure-${name}`), virshCommand(['net-define', '/dev/stdin']));

describe('explainVirsh', () => {
  it.each([
    ['name-taken', 'libvirt.name-taken', 'A network “open” exists already.', 'name'],
    ['uuid-taken', 'libvirt.name-taken', 'The network “open” has the UUID 11111111-0000-4000-8000-000000000003 already.', undefined],
    ['bridge-taken', 'libvirt.bridge-taken', 'Another network uses the bridge “virbr-op” already.', 'bridge'],
    ['interface-exists', 'libvirt.bridge-taken', 'The host has an interface “enp2s0” already.', 'bridge'],
    ['bridge-too-long', 'libvirt.xml-invalid', '“virbr-much-too-long” is longer than the 15 characters Linux allows.', 'bridge'],
    ['subnet-taken', 'libvirt.subnet-taken', 'The host reaches these addresses through “enp1s0” already.', 'ipv4.address'],
    ['not-xml', 'libvirt.xml-invalid', 'libvirt says: (network_definition):1: Opening and ending tag mismatch: name line 1 and network', undefined],
    ['wrong-root', 'libvirt.xml-invalid', 'libvirt says: expecting root element of \'network\', not \'domain\'', undefined],
    ['name-slash', 'libvirt.xml-invalid', 'libvirt says: invalid char in name: /', undefined],
    ['no-name', 'libvirt.xml-invalid', 'libvirt says: missing name information', undefined],
    ['range-outside', 'libvirt.xml-invalid', 'libvirt says: range 10.51.0.2 - 10.51.0.9 is not entirely within network 10.50.0.1/24', undefined],
    ['range-reversed', 'libvirt.xml-invalid', 'libvirt says: range 10.50.0.9 - 10.50.0.2 is reversed', undefined],
    ['bad-address', 'libvirt.xml-invalid', 'libvirt says: Invalid address \'10.50.0.999\' in network \'other\'', undefined],
    ['bad-mac', 'libvirt.xml-invalid', 'libvirt says: Invalid bridge mac address \'nonsense\' in network \'other\'', undefined],
    ['tftp-missing', 'command.failed', 'dnsmasq says: TFTP directory /nonexistent inaccessible: No such file or directory', undefined],
    ['already-active', 'libvirt.already-active', 'There is nothing to start.', undefined],
    ['not-active', 'libvirt.not-active', '“wire” is not active.', undefined],
    ['not-found-name', 'libvirt.not-found', 'Network not found: no network with matching name \'nowhere\'', undefined],
    ['machine-not-found', 'libvirt.not-found', 'failed to get domain \'11111111-0000-4000-8000-000000000098\'', undefined],
    ['denied-polkit', 'libvirt.denied', 'libvirt did not let this user in.', undefined],
    ['denied-read-only', 'libvirt.denied', 'libvirt lets this user read networks and machines, not change them.', undefined],
    ['not-running', 'libvirt.not-running', 'libvirt is installed on this host, but nothing answers.', undefined],
    ['autostart-transient', 'command.failed', 'virsh says: Requested operation is not valid: cannot set autostart for transient network', undefined],
    ['nic-machine-off', 'libvirt.not-active', 'Only a machine that is on can do this.', undefined],
    ['nic-already-on', 'libvirt.already-active', 'There is nothing to start.', undefined],
    ['nic-network-inactive', 'libvirt.not-active', '“off” is not active.', undefined],
    ['nic-network-missing', 'libvirt.not-found', 'Network not found: no network with matching name \'gone\'', undefined],
    ['nic-no-bridge', 'libvirt.not-found', 'The host has no bridge “nobr”.', 'source.bridge'],
    ['nic-no-model', 'libvirt.unsupported', 'This host\'s QEMU has no NIC model “nonsense”.', 'model'],
    ['nic-multicast', 'libvirt.xml-invalid', 'libvirt says: expected unicast mac address, found multicast \'53:54:00:00:01:02\'', undefined],
    ['nic-model', 'libvirt.unsupported', 'libvirt says: cannot modify network device model from virtio to e1000e.', undefined],
    ['nic-missing', 'libvirt.device-missing', 'The machine has no NIC 52:54:00:00:01:02 in the place where it was.', undefined],
    ['nic-link-missing', 'libvirt.device-missing', 'The machine has no NIC 52:54:00:00:01:02 in the place where it was.', undefined],
    ['nic-twice', 'libvirt.device-missing', 'The machine has more than one NIC 52:54:00:00:01:01, and libvirt can\'t tell which is meant.', undefined],
    ['nic-bandwidth', 'libvirt.unsupported', 'It lacks the traffic schedulers that libvirt uses (sch_htb, sch_sfq).', 'bandwidth'],
    ['nic-place-taken', 'libvirt.device-busy', 'Another device of the machine is at 0000:01:00.0 already.', undefined],
    ['nic-no-slot', 'libvirt.no-slot', 'All PCI Express ports that this machine was given are taken, and none can be added while it runs.', undefined],
  ])('says what “%s” means', (name, code, detail, field) => {
    const error = explain(name);
    expect(error?.data).toMatchObject({ code, detail });
    expect(error?.data.field).toBe(field);
    expect(error?.data.command).toBe('virsh -c qemu:///system net-define /dev/stdin');
    expect(error?.data.stderr).toBe(transcript(`virsh-9.0.0/failure-${name}`).stderr);
  });

  it('has an answer to every recorded failure', () => {
    const names = transcriptNames('virsh-9.0.0', 'failure-');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(explainVirsh(transcript(name), virshCommand(['net-list'])), name).not.toBeNull();
  });

  it('takes a missing virsh from the exit code or the shell\'s words', () => {
    const command = virshCommand(['net-list']);
    expect(explainVirsh({ exitCode: 127, stderr: '' }, command)?.code).toBe('libvirt.missing');
    expect(explainVirsh({ exitCode: 127, stderr: 'sh: 1: virsh: not found\n' }, command)?.code).toBe('libvirt.missing');
    expect(explainVirsh({ exitCode: 127, stderr: 'bash: line 1: virsh: command not found\n' }, command)?.code).toBe('libvirt.missing');
  });

  it('finds nothing wrong with success, whatever was said', () => {
    expect(explainVirsh({ exitCode: 0, stderr: 'error: Disconnected from qemu:///system due to end of file\n' }, virshCommand(['net-list']))).toBeNull();
  });

  it('says something even when virsh says nothing', () => {
    expect(explainVirsh({ exitCode: null, stderr: '' }, virshCommand(['net-list']))?.data.detail).toContain('a signal');
  });
});
