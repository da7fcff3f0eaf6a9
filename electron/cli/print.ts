import { networkKindLabel } from '../../shared/domain/network-kinds';
import { isUp } from '../../shared/domain/interface-state';
import type { HistoryEntry, HistoryRow, Plan, PlanRun } from '../../shared/domain/plan';
import { describeCommand, quoteArgv } from '../../shared/domain/shell-quote';
import type { Machine } from '../../shared/domain/machine';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import type { HostView } from '../../shared/domain/host';

/** Plain text for people; `--json` prints the data instead. No colour: it goes into logs and mails. */

/** Left-aligned columns, two blanks between; the last one is not padded. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => { widths[column] = Math.max(widths[column] ?? 0, cell.length); });
  return rows
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] as number))).join('  ').trimEnd())
    .join('\n');
}

export function formatHosts(views: readonly HostView[]): string {
  return formatTable(views.map(({ profile: { name, connection } }) => [
    name, connection.kind === 'ssh' ? `${connection.user}@${connection.address}:${connection.port}` : connection.kind === 'local' ? 'this computer' : 'in this app, for practice',
  ]));
}

const sourceWord: Record<Machine['nics'][number]['addresses'][number]['source'], string> = { lease: 'lease', agent: 'agent', arp: 'ARP', 'static-lease': 'reserved', definition: 'lab' };

export function formatSnapshot(snapshot: HostSnapshot): string {
  const { system, networks, machines, interfaces, ovsBridges, problems } = snapshot;
  const versions = [
    system.osName, system.libvirtVersion && `libvirt ${system.libvirtVersion}`, system.ovsVersion && `Open vSwitch ${system.ovsVersion}`, ...system.networkStacks,
  ];
  const sections: [string, string[][]][] = [
    ['Networks', networks.map((network) => [
      network.active ? '●' : '○', network.name, networkKindLabel[network.kind], network.bridge?.name ?? '–',
      network.ips.map(({ address, prefix }) => `${address}/${prefix}`).join(', ') || '–',
      network.autostart ? 'starts with the host' : '', `${network.leases.length} leases`,
    ])],
    ['Machines', machines.map((machine) => [
      machine.state === 'running' ? '●' : '○', machine.name, machine.state,
      machine.nics.map((nic) => [nic.network ?? nic.bridge ?? nic.type, ...nic.addresses.map(({ address, source }) => `${address} (${sourceWord[source]})`), ...nic.addresses.length === 0 && nic.seenOn ? [`heard on ${nic.seenOn.port}`] : []].join(' ')).join('; ') || 'no NIC',
    ])],
    ['Interfaces', interfaces.map((item) => [
      isUp(item) ? '●' : '○', item.name, item.kind, item.controller ? `port of ${item.controller}` : '',
      item.addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(', '),
    ])],
    ['Open vSwitch', ovsBridges.map((bridge) => [
      '●', bridge.name, bridge.ports.map((port) => (port.tag === null ? port.name : `${port.name} (VLAN ${port.tag})`)).join(', '),
    ])],
  ];
  return [
    `${system.hostname}  ${versions.filter(Boolean).join(' · ')}`,
    ...problems.map((problem) => `▲ ${problem.title}: ${problem.detail}${problem.hint ? ` ${problem.hint}` : ''}`),
    ...sections.filter(([, rows]) => rows.length > 0).map(([title, rows]) => `\n${title}\n${formatTable(rows)}`),
  ].join('\n');
}

export function formatPlan(plan: Plan): string {
  return [
    plan.title, plan.summary, '',
    ...plan.notices.map(({ severity, text }) => `${severity === 'warning' ? '▲' : 'i'} ${text}`),
    ...plan.steps.flatMap((step, index) => [
      `${index + 1}. ${step.title}`, `   ${describeCommand(step.command)}`,
      `   undone by: ${step.inverse.map(describeCommand).join('; ') || 'nothing, it changes nothing'}`,
    ]),
    ...plan.checks.map(({ title }) => `   then check: ${title}`),
    ...plan.changes.flatMap(({ title, after }) => (after === null ? [] : ['', `--- ${title}`, after.trimEnd()])),
  ].join('\n');
}

const outcomeWords = { applied: 'applied', 'rolled-back': 'taken back', 'half-done': 'half done' } as const;

export function formatRun(run: PlanRun): string {
  return [
    ...run.plan.steps.map((step, index) => {
      const outcome = run.steps[index]?.outcome;
      const line = `${mark(run.steps[index]?.state)} ${step.title}  [${run.steps[index]?.state}${outcome ? `, ${Math.round(outcome.durationMs)} ms` : ''}]`;
      return outcome && outcome.exitCode !== 0 ? `${line}\n    ${quoteArgv(step.command.argv)}\n    ${outcome.stderr.trim()}` : line;
    }),
    ...run.plan.checks.map((check, index) => `${mark(run.checks[index]?.state)} ${check.title}: ${run.checks[index]?.detail || run.checks[index]?.state}`),
    run.outcome ? `${run.plan.title}: ${run.cancelled ? 'cancelled, ' : ''}${outcomeWords[run.outcome]}` : '',
    ...(run.error ? [`${run.error.title}: ${run.error.detail}`] : []),
  ].filter(Boolean).join('\n');
}

function mark(state: string | undefined): string {
  if (state === 'done' || state === 'passed') return '●';
  if (state === 'failed' || state === 'undo-failed') return '✕';
  return state === 'unknown' ? '▲' : '○';
}

export function formatHistory(rows: readonly HistoryRow[]): string {
  if (rows.length === 0) return 'Nothing was changed yet.';
  return formatTable(rows.map((row) => [
    row.id, row.startedAt.replace('T', ' ').slice(0, 19), row.hostName, row.title,
    [row.outcome ? outcomeWords[row.outcome] : 'not ended', row.undoneBy ? 'undone' : '', row.failedChecks ? `${row.failedChecks} checks failed` : ''].filter(Boolean).join(', '),
  ]));
}

export function formatEntry(entry: HistoryEntry): string {
  return `${entry.id}  ${entry.run.startedAt}  ${entry.hostName}\n${entry.run.plan.title}\n\n${formatRun(entry.run)}`;
}
