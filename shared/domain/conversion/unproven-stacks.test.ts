import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts } from '../../../test/fakes/conversion-facts';
import type { ConversionFacts } from './facts';
import { planConversion } from './plan-conversion';

/** As Proxmox VE's installer and its web page write them; https://pve.proxmox.com/wiki/Network_Configuration */
const proxmox = `auto lo
iface lo inet loopback

auto eno1
iface eno1 inet static
        address 192.168.1.20/24
        gateway 192.168.1.1
#the uplink

iface eno2 inet manual

auto vmbr1
iface vmbr1 inet static
        address 10.10.10.1/24
        bridge-ports none
        bridge-stp off
        bridge-fd 0

source /etc/network/interfaces.d/*
`;
/** As YaST writes them. */
const ifcfg = "BOOTPROTO='static'\nSTARTMODE='auto'\nIPADDR='192.168.1.20/24'\nIPADDR_1='10.5.0.1/24'\nMTU='9000'\nETHTOOL_OPTIONS=''\nZONE=public\n";

const ofProxmox = (text = proxmox, over: Partial<ConversionFacts> = {}): ConversionFacts => conversionFacts({ tools: ['ifreload', 'ifup', 'ip'], files: [configFile('/etc/network/interfaces', text)], ...over });
const ofWicked = (text = ifcfg, more: ConversionFacts['files'] = []): ConversionFacts =>
  conversionFacts({ units: { 'wicked.service': 'active' }, files: [configFile('/etc/sysconfig/network/ifcfg-eno1', text), ...more] });
const spec = { nic: 'eno1', bridge: 'vmbr0', kind: 'linux' } as const;
const codes = (facts: ConversionFacts, kind: 'linux' | 'ovs' = 'linux'): string[] => planConversion(facts, { ...spec, kind }).findings.map(({ code }) => code);

describe('ifupdown2, as on Proxmox VE', () => {
  it('gives the NIC\'s stanza to the bridge, under the guard at boot, and says that nobody has tried it', () => {
    const { plan, findings } = planConversion(ofProxmox(), spec);
    expect(findings.map(({ code }) => code)).toContain('stack.unproven');
    expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
    const { files, apply, revert, needsBootGuard } = plan!.transaction;
    expect(files.map(({ trialPath, commitPath }) => [trialPath, commitPath])).toEqual([['/etc/network/interfaces', '/etc/network/interfaces']]);
    expect(files[0]!.content).toBe(proxmox.replace(`auto eno1
iface eno1 inet static
        address 192.168.1.20/24
`, `auto vmbr0
iface eno1 inet manual

iface vmbr0 inet static
        bridge-ports eno1
        bridge-stp off
        bridge-fd 0
        hwaddress 52:54:00:0a:0b:0c
        address 192.168.1.20/24
`));
    expect([apply, revert].map((steps) => steps.at(-1)!.command)).toEqual(['ifreload -a', 'ifreload -a']);
    expect(apply[0]!.command).toBe('ifreload -a -s');
    expect(needsBootGuard).toBe(true);
  });

  it('is left alone where changes are waiting, or Open vSwitch is asked for', () => {
    const waiting = ofProxmox(proxmox, { files: [configFile('/etc/network/interfaces', proxmox), configFile('/etc/network/interfaces.new', proxmox)] });
    expect(codes(waiting)).toContain('config.pending');
    expect(codes(ofProxmox(), 'ovs')).toContain('ovs.ifupdown2');
  });
});

describe('wicked', () => {
  it('gives addresses and routes to the bridge\'s files, and keeps what is about the link', () => {
    const { plan, findings } = planConversion(ofWicked(ifcfg, [configFile('/etc/sysconfig/network/ifroute-eno1', 'default 192.168.1.1 - eno1\n192.0.2.0/24 192.168.1.2 - -\n')]), spec);
    expect(findings.map(({ code }) => code)).toContain('stack.unproven');
    const { files, removes, protects, needsBootGuard } = plan!.transaction;
    expect(Object.fromEntries(files.map(({ commitPath, content }) => [commitPath!.split('/').at(-1), content]))).toEqual({
      'ifcfg-eno1': "STARTMODE='auto'\nMTU='9000'\nETHTOOL_OPTIONS=''\nBOOTPROTO='none'\n",
      'ifcfg-vmbr0': "# Bridge with port eno1, made by Netwright.\nBOOTPROTO='static'\nSTARTMODE='auto'\nIPADDR='192.168.1.20/24'\nIPADDR_1='10.5.0.1/24'\nMTU='9000'\nZONE=public\nBRIDGE='yes'\nBRIDGE_PORTS='eno1'\nBRIDGE_STP='off'\nBRIDGE_FORWARDDELAY='0'\nLLADDR='52:54:00:0a:0b:0c'\n",
      'ifroute-vmbr0': 'default 192.168.1.1 - vmbr0\n192.0.2.0/24 192.168.1.2 - -\n',
    });
    expect(removes).toEqual([{ path: '/etc/sysconfig/network/ifroute-eno1', when: 'trial' }]);
    expect(protects).toHaveLength(4);
    expect(needsBootGuard).toBe(true);
  });

  it.each([
    ["BOOTPROTO='dhcp'\nWIRELESS_ESSID='x'\n", 'config.not-understood'],
    ["BOOTPROTO='dhcp'\nFROBNICATE='x'\n", 'config.not-understood'],
    ['BOOTPROTO=$(cat /x)\n', 'config.not-understood'],
  ])('is left alone where its file is not understood: %j', (text, code) => {
    expect(codes(ofWicked(text))).toContain(code);
    expect(planConversion(ofWicked(text), spec).plan).toBeNull();
  });

  it('makes no Open vSwitch bridge', () => {
    expect(codes(ofWicked(), 'ovs')).toContain('ovs.wicked');
  });
});
