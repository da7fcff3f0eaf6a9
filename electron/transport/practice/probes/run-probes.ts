import { probeArgv } from '../../../commands/probes/probe-networks';
import type { HostState } from '../host-state';
import { findInterface } from '../linux/link-state';
import { runScript } from '../shell/run-script';
import { findRow } from '../ovs/database';
import { fail, succeed } from '../world';
import type { Tool, ToolResult, World } from '../world';
import { reach } from './reach';
import type { PlannedProbe } from './reach';

/** bash(1): the connectivity test of a lab by its plan, anything else as sh does it. */
export const bash: Tool = (world, [option = '', ...args], stdin) => {
  if (option === '-s' && args[0] === probeArgv[2]) return runProbes(world, stdin);
  if (option === '-s') return runScript(world, stdin);
  return option === '-c' ? runScript(world, args[0] ?? '') : fail(127, `bash: ${option}: No such file or directory\n`);
};

/** What electron/commands/probes/probe-networks.sh finds, with libvirt's firewall rules and the switches' VLANs as the real ones have them. */
function runProbes({ state }: World, script: string): ToolResult {
  const plan = /\nmain <<'(\w+)'\n([\s\S]*?\n)\1\n$/.exec(script)?.[2] ?? '';
  const records = plan.split('\n').map((line) => line.split(' '));
  const probes = new Map<string, PlannedProbe>();
  const said: string[] = [];
  for (const [what, n = '', kind = '', device = '', , wire = '', addresses = '-', prefix = '-', gateway = '-', tag = '-', options = '-', routes = '-'] of records) {
    if (what !== 'probe') continue;
    const missing = kind === 'ovs' ? !state.ovs || !findRow(state.ovs, 'Bridge', device) : findInterface(state, device)?.kind !== 'bridge';
    if (missing) {
      said.push(`probe ${n} failed ${kind === 'ovs' ? `ovs-vsctl: no bridge named ${device}` : 'Error: argument "' + device + '" is wrong: Device does not exist'}`);
      continue;
    }
    const taken = addressesOf(state);
    const address = addresses === '-' ? wire : addresses.split(',').find((each) => !taken.has(each));
    if (address === undefined) { said.push(`probe ${n} taken`); continue; }
    said.push(`probe ${n} up ${address}`);
    probes.set(n, {
      kind, device, address, prefix: prefix === '-' ? 16 : Number(prefix), gateway: gateway === '-' ? null : gateway, tag: tag === '-' ? null : Number(tag), options: options === '-' ? [] : options.split(';'),
      routes: routes === '-' ? [] : routes.split(';').map((route) => { const [subnet = '', via = ''] = route.split('='); return { subnet, via }; }),
    });
  }
  for (const [what, n = '', from = '', address = '', at = ''] of records) {
    const source = what === 'wait' ? probes.get(from) : undefined;
    if (!source) continue;
    // Routers of a practice host boot in no time.
    const { open, answersPing } = reach(state, source, { address, probe: null });
    said.push(`waited ${n} ${(at === '-' ? answersPing : open.includes(Number(at)) || answersPing) ? 'yes' : 'no'}`);
  }
  for (const [what, n = '', from = '', to = '', ports = ''] of records) {
    if (what !== 'try') continue;
    const source = from === 'host' ? null : probes.get(from);
    const target = /^[@~]/.test(to) ? probes.get(to.slice(1)) : to;
    if (source === undefined || target === undefined) continue;
    const reached = reach(state, source, typeof target === 'string' ? { address: target, probe: null } : { address: target.address, probe: target, isOnWire: to.startsWith('~') });
    const outcomes = ports.split(',').map((each) => `${each}=${reached.open.includes(Number(each)) ? 'open' : reached.isRefused || reached.answersPing ? 'refused' : 'silent'}`);
    said.push(`tried ${n} ${outcomes.join(',')} ${reached.answersPing ? 'yes' : 'no'}`);
  }
  return succeed([...said, 'done'].map((line) => `${line}\n`).join(''));
}

/** What machines have by DHCP. */
const addressesOf = (state: HostState): Set<string> => new Set(state.networks.flatMap(({ leases }) => leases.map(({ address }) => address)));
