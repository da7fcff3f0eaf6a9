import { routersOfLab } from '../../../shared/domain/labs/labs-on-host';
import { describe, expect, it } from 'vitest';
import { describeLabProblem, readLabFile } from '../../../shared/domain/labs/read-lab-file';
import { routerImage } from '../../../shared/domain/router/router-image';
import { firewallLab } from '../../../test/fakes/firewall-lab';
import { destroyLab } from '../../../test/fakes/lab-driver';
import { troubles } from '../../../test/fakes/plan-troubles';
import { openPracticeLabs } from '../../../test/fakes/practice-labs';

const firewall = (more = ''): string => firewallLab('[[lan, wan], [lan, dmz], [dmz, wan]]', more);

async function open() {
  const practice = await openPracticeLabs();
  const { host, inventory } = practice;
  const state = (): string => JSON.stringify([
    host.state.networks.map(({ leases: _leases, ...network }) => network), host.state.machines.map(({ name, running, autostart }) => [name, running !== null, autostart]),
    Object.keys(host.state.files).filter((path) => path.startsWith('/var/lib/libvirt/images')),
  ]);
  const routers = () => routersOfLab('fw', inventory.get('h')!.snapshot);
  return { ...practice, state, routers };
}

describe('routers of labs on the practice host', () => {
  it('are made with their lab, need nothing more then, and go with it', async () => {
    const { host, labs, apply, read, readUnkept, preview, state, routers } = await open();
    const before = state();
    const plan = await preview(await read(firewall()));
    expect(plan?.steps.slice(-5).map(({ title }) => title)).toEqual([
      'Have nft read the rules of fw-gw', 'Define the router fw-gw', 'Make what routers boot from this host\'s own kernel and programs, if it isn\'t there', 'Start fw-gw with the host', 'Start the router fw-gw',
    ]);
    const run = await apply(await read(firewall()));
    expect(troubles(run)).toEqual([]);
    expect(routers().map(({ name, state: power, autostart, labRouter }) => [name, power, autostart, labRouter])).toMatchObject([['fw-gw', 'running', true, { lab: 'fw', key: 'gw' }]]);
    expect(routers()[0]?.nics.map(({ addresses }) => addresses)).toEqual(['10.71.1.254', '10.71.2.1', '10.71.3.1'].map((address) => [{ address, source: 'definition', expiresAt: null }]));
    expect(Object.keys(host.state.files)).toContain(routerImage.kernel);
    expect(await preview(await read(firewall()))).toBeNull();
    expect(await preview(await readUnkept(await labs.exportLab('h', 'fw', 'host')))).toBeNull();

    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(state()).toBe(before);
    await apply(await read(firewall()));
    const gone = await apply(destroyLab('fw'));
    expect(troubles(gone)).toEqual([]);
    expect(state()).toBe(before);
    expect(troubles(await apply({ kind: 'undo', historyId: gone.id }))).toEqual([]);
    expect(routers().map(({ state: power, autostart }) => [power, autostart])).toEqual([['running', true]]);
    expect(await preview(await read(firewall()))).toBeNull();
  });

  it('have a free address beside the host\'s and a way out by it', async () => {
    const { read } = await open();
    const intent = await read(firewall());
    const spec = intent.kind === 'lab.apply' ? intent.routers[0]?.spec : undefined;
    expect(spec?.interfaces.map(({ network, address, gateway, dhcp }) => [network, address, gateway, dhcp])).toEqual([
      ['fw-outside', '10.71.1.254/24', '10.71.1.1', null],
      ['fw-inside', '10.71.2.1/24', null, { start: '10.71.2.100', end: '10.71.2.199' }],
      ['fw-dmz', '10.71.3.1/24', null, null],
    ]);
    expect([spec?.masquerade, spec?.nameServers, new Set(spec?.interfaces.map(({ mac }) => mac)).size]).toEqual([['wan'], ['10.71.1.1'], 3]);
  });

  it('come back when somebody switches them off, deletes or changes them', async () => {
    const { host, apply, read, preview, routers, inventory } = await open();
    await apply(await read(firewall()));
    const virsh = (...words: string[]) => host.run(['virsh', '-c', 'qemu:///system', ...words], '');
    const again = async (): Promise<string[]> => {
      await inventory.refresh('h', 'all');
      const intent = await read(firewall());
      const titles = (await preview(intent))?.steps.map(({ title }) => title) ?? [];
      expect(troubles(await apply(intent))).toEqual([]);
      expect(await preview(await read(firewall()))).toBeNull();
      return titles;
    };
    virsh('destroy', 'fw-gw');
    expect(await again()).toContain('Start the router fw-gw');
    virsh('autostart', 'fw-gw', '--disable');
    expect(await again()).toEqual(['Start fw-gw with the host']);
    virsh('destroy', 'fw-gw');
    virsh('undefine', 'fw-gw');
    expect(await again()).toContain('Define the router fw-gw');
    const [machine] = host.state.machines.filter(({ name }) => name === 'fw-gw');
    machine!.boot!.files = machine!.boot!.files.map(([name, text]) => [name, text.replace('policy drop', 'policy accept')]);
    expect(await again()).toEqual(['Have nft read the rules of fw-gw', 'Switch the router fw-gw off', 'Change the definition of the router fw-gw', 'Make what routers boot from this host\'s own kernel and programs, if it isn\'t there', 'Start the router fw-gw']);
    expect(routers()).toHaveLength(1);
  });

  it('start and stop with their lab, between its networks and its machines', async () => {
    const { host, apply, read, plans, routers, inventory } = await open();
    const machine = host.state.machines.find(({ running }) => running !== null)!.name;
    await apply(await read(firewall(`machines:\n  web: { machine: ${machine}, nics: [{ network: inside }] }\n`)));
    const stop = await apply({ kind: 'lab.stop', lab: 'fw' });
    expect(troubles(stop)).toEqual([]);
    expect(stop.plan.steps.slice(0, 2).map(({ title }) => title)).toEqual([`Ask the guest of ${machine} to shut down`, 'Ask the guest of fw-gw to shut down']);
    expect([routers()[0]?.state, inventory.get('h')!.snapshot.networks.filter(({ lab, active }) => lab && active)]).toEqual(['shut-off', []]);
    expect((await plans.preview('h', { kind: 'lab.start', lab: 'fw' })).steps.slice(-2).map(({ title }) => title)).toEqual(['Start fw-gw', `Start ${machine}`]);
    expect(troubles(await apply({ kind: 'undo', historyId: stop.id }))).toEqual([]);
    expect(routers()[0]?.state).toBe('running');
    const gone = await apply(destroyLab('fw'));
    expect(troubles(gone)).toEqual([]);
    expect(troubles(await apply({ kind: 'undo', historyId: gone.id }))).toEqual([]);
    expect(routers()[0]?.state).toBe('running');
    expect(inventory.get('h')!.snapshot.machines.find(({ name }) => name === machine)?.labRoles).toHaveLength(1);
  });

  it('boot anew for another rule, and go alone', async () => {
    const { apply, read, preview, routers, state, host } = await open();
    await apply(await read(firewall()));
    const changed = firewall().replace('[[lan, wan], [lan, dmz], [dmz, wan]]', '[[lan, wan]]');
    const plan = await preview(await read(changed));
    expect(plan?.notices.map(({ text }) => text)).toContain('The router fw-gw boots anew: for some ten seconds nothing goes through it.');
    const run = await apply(await read(changed));
    expect(troubles(run)).toEqual([]);
    expect(troubles(await apply({ kind: 'undo', historyId: run.id }))).toEqual([]);
    expect(await preview(await read(firewall()))).toBeNull();
    const alone = firewall().slice(0, firewall().indexOf('routers:'));
    expect(troubles(await apply(await read(alone)))).toEqual([]);
    expect(routers()).toEqual([]);
    expect(Object.keys(host.state.files)).not.toContain(routerImage.kernel);
    await apply(destroyLab('fw'));
    expect(state()).not.toContain('fw-');
  });

  it('leave nothing behind when they can\'t be made', async () => {
    const { host, apply, read, state } = await open();
    const before = state();
    const intent = await read(firewall());
    delete host.state.tools['dnsmasq'];
    const run = await apply(intent);
    expect([run.outcome, run.error?.code]).toEqual(['rolled-back', 'router.not-made']);
    expect(state()).toBe(before);
    await expect(read(firewall())).rejects.toThrow('lacks dnsmasq');
  });

  it('boot the same image, which goes with the last of them', async () => {
    const { host, apply, read } = await open();
    await apply(await read(firewall()));
    await apply(await read(firewall().replace('name: fw', 'name: second').replaceAll('10.71', '10.72')));
    await apply(destroyLab('fw'));
    expect(Object.keys(host.state.files)).toContain(routerImage.kernel);
    await apply(destroyLab('second'));
    expect(Object.keys(host.state.files)).not.toContain(routerImage.kernel);
  });

  it('are cloned with subnets of their own', async () => {
    const { labs, apply, read, routers } = await open();
    await apply(await read(firewall()));
    const text = labs.clone('h', firewall(), 'other');
    expect(text).not.toContain('10.71.');
    expect(troubles(await apply(await read(text)))).toEqual([]);
    expect(routers()).toHaveLength(1);
  });

  it.each<[string, (text: string) => string, string]>([
    ['a network that isn\'t there', (text) => text.replace('network: inside', 'network: insid'), 'This lab has no network “insid”. Is it “inside”?'],
    ['no address where none can be found', (text) => text.replace(', address: 10.71.2.1/24', ''), 'Say the router\'s address here'],
    ['the host\'s own address', (text) => text.replace('zone: wan', 'zone: wan, address: 10.71.1.1/24'), 'the host\'s own address'],
    ['two DHCP servers', (text) => text.replace('zone: wan', 'zone: wan, dhcp: { start: 10.71.1.210, end: 10.71.1.220 }'), 'two servers would quarrel'],
    ['a zone that isn\'t there', (text) => text.replace('[lan, dmz]', '[lan, moon]'), 'No interface is in the zone “moon”'],
    ['a zone that is no name', (text) => text.replace('zone: lan', 'zone: L-AN'), 'Up to ten small letters and digits'],
    ['an unknown key', (text) => text.replace('allow:', 'alow:'), 'Is it “allow”?'],
    ['half a pair', (text) => text.replace('[lan, dmz]', '[lan]'), 'Line 13, column 25: A pair of zones, like [lan, wan]'],
  ])('say what is wrong: %s', async (_, change, sentence) => {
    const { labs } = await open();
    const { problems } = await labs.read('h', change(firewall()));
    expect(problems.map(describeLabProblem).join('\n')).toContain(sentence);
  });

  it('are as their file says, whatever it leaves out', () => {
    expect(readLabFile(firewall('    dns: fake\n    autostart: false\n')).problems).toEqual([]);
  });
});
