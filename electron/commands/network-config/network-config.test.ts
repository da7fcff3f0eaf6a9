import { describe, expect, it } from 'vitest';
import { configGlobs, joinModes, modesArgv } from './config-files';
import { parseAcceptRa, parseLinkDetails, parseRadios } from './link-details';
import { parseClientIds, parseDevices, parseGeneral } from './network-manager';
import { parseLinkStates } from './networkd';
import { parseSshConnection } from '../system/ssh-connection';
import { parseMounts, parsePending, parseRules, parseSpace, parseSystemdVersion, parseZones } from './surroundings';

// Replies as Debian 12 gives them (NetworkManager 1.42.4, systemd 252, iproute2 6.1).
describe('what NetworkManager says', () => {
  const devices = `enp1s0:connected:9be43860-c408-4df6-b5a6-0ca686608f30:Wired: the first
lo:connected (externally):50cff55d-66f6-4f44-8af5-43521a0fbdd1:lo
enp2s0:disconnected::
`;
  const profiles = '9be43860-c408-4df6-b5a6-0ca686608f30:/etc/NetworkManager/system-connections/Wired: the first.nmconnection\n1d3f54a2-7c7a-4a0c-9f0e-7a4f0cf8d1aa:\n';

  it('is who has which profile in which file', () => {
    expect(parseDevices(devices, profiles)).toEqual({
      enp1s0: { state: 'connected', uuid: '9be43860-c408-4df6-b5a6-0ca686608f30', name: 'Wired: the first', file: '/etc/NetworkManager/system-connections/Wired: the first.nmconnection' },
      lo: { state: 'connected (externally)', uuid: '50cff55d-66f6-4f44-8af5-43521a0fbdd1', name: 'lo', file: null },
      enp2s0: { state: 'disconnected', uuid: null, name: null, file: null },
    });
  });

  it('is its version while it runs, and what DHCP knows it by', () => {
    expect(parseGeneral('running:1.42.4\n')).toBe('1.42.4');
    expect(parseGeneral('not running:\n')).toBeNull();
    expect(parseClientIds('GENERAL.DEVICE:enp1s0\nDHCP4.OPTION[1]:broadcast_address = 10.77.0.255\nDHCP4.OPTION[2]:dhcp_client_identifier = 01:52:54:00:01:00:89\n\nGENERAL.DEVICE:lo\n\n'))
      .toEqual({ enp1s0: '01:52:54:00:01:00:89' });
  });
});

it('reads what systemd-networkd keeps about its links', () => {
  const states = parseLinkStates([
    { path: '/run/systemd/netif/links/1', content: '# This is private data. Do not parse.\nADMIN_STATE=unmanaged\n' },
    { path: '/run/systemd/netif/links/2', content: 'ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/10-enp1s0.network\nDNS=10.77.0.1\n' },
    { path: '/run/systemd/netif/leases/2', content: 'ADDRESS=10.77.0.66\nCLIENTID=ffceb2062f00020000ab11e91181c2102475d6\n' },
  ]);
  expect([...states]).toEqual([
    [1, { state: 'unmanaged', file: null, clientId: null }],
    [2, { state: 'configured', file: '/etc/systemd/network/10-enp1s0.network', clientId: 'ffceb2062f00020000ab11e91181c2102475d6' }],
  ]);
});

describe('links', () => {
  it('with what the inventory leaves out', () => {
    const reply = '[{},{"ifindex":2,"ifname":"enp1s0","permaddr":"52:54:00:01:00:83","inet6_addr_gen_mode":"eui64","addr_info":[{"local":"fd00::1","temporary":true},{"local":"fd00::2"}]}]';
    expect([...parseLinkDetails(reply)]).toEqual([['enp1s0', { permanentMac: '52:54:00:01:00:83', addressGeneration: 'eui64', temporary: ['fd00::1'] }]]);
  });

  it('with what they take from routers, and with radios', () => {
    expect([...parseAcceptRa('/proc/sys/net/ipv6/conf/all/accept_ra:1\n/proc/sys/net/ipv6/conf/eno1.5/accept_ra:2\n')]).toEqual([['all', 1], ['eno1.5', 2]]);
    expect(parseRadios('/sys/class/net/wlp3s0/phy80211\n/sys/class/net//radio0/phy80211\n')).toEqual(['wlp3s0', 'radio0']);
  });
});

describe('configuration files', () => {
  it('with their permission bits, once each', () => {
    expect(joinModes([{ path: '/etc/netplan/01-lab.yaml', content: 'a' }, { path: '/etc/a link', content: null }, { path: '/etc/netplan/01-lab.yaml', content: 'a' }], '600 /etc/netplan/01-lab.yaml\n644 /etc/other\n')).toEqual([
      { path: '/etc/netplan/01-lab.yaml', content: 'a', mode: 0o600 }, { path: '/etc/a link', content: null, mode: 0o600 },
    ]);
  });

  it('are asked for their bits wherever they are read', () => {
    for (const glob of configGlobs) expect(modesArgv.some((folder) => folder.startsWith('/') && glob.startsWith(`${folder}/`))).toBe(true);
  });
});

describe('the surroundings', () => {
  it('of the session', () => {
    expect(parseSshConnection('10.77.0.10 50000 10.77.0.66 22\n')).toEqual({ client: '10.77.0.10', address: '10.77.0.66' });
    expect(parseSshConnection('fe80::1%eno1 50000 fe80::2%eno1 22\n')?.address).toBe('fe80::2');
    expect(parseSshConnection('::ffff:10.0.0.1 5 ::ffff:10.0.0.2 22')?.address).toBe('10.0.0.2');
    expect(parseSshConnection('')).toBeNull();
  });

  it('of routing, systemd and the firewall', () => {
    expect(parseRules('0:\tfrom all lookup local\n100:\tfrom all iif eno1 lookup 7\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n')).toEqual(['100:\tfrom all iif eno1 lookup 7']);
    expect(parseSystemdVersion('systemd 252 (252.39-1~deb12u2)\n+PAM +AUDIT\n')).toBe(252);
    expect(parseSystemdVersion('')).toBeNull();
    expect(parseZones('home\n  interfaces: eno1 eno2\npublic (default)\n  interfaces: eno3\n  sources: 10.0.0.0/8\n', 'public\n')).toEqual({ eno1: 'home', eno2: 'home' });
  });

  it('of the disks', () => {
    expect(parseMounts('/dev/sda1 / ext4 rw,relatime 0 0\nnas:/a\\040b /srv/a\\040b nfs4 ro,vers=4.2 0 0\n')).toEqual([
      { source: '/dev/sda1', target: '/', type: 'ext4', readOnly: false }, { source: 'nas:/a\\040b', target: '/srv/a b', type: 'nfs4', readOnly: true },
    ]);
    expect(parseSpace('Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 1000 400 600 40% /\n/dev/sda1 1000 400 600 40% /\ntmpfs 50 1 49 2% /run\n')).toEqual({ '/etc': 600, '/var': 600, '/run': 49 });
  });
});

it.each([['tx/a\n', 'TRIAL\n', 'tx/a'], ['tx/a\n', 'REVERT_FAILED\n', 'tx/a'], ['tx/a\n', '', 'tx/a'], ['tx/a\n', 'DONE\n', null], ['tx/a\n', 'REVERTED\n', null], ['', '', null]])('the lock %j of a conversion that is %j: %j', (link, state, pending) => {
  expect(parsePending(link, state)).toBe(pending);
});
