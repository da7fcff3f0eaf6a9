import { readFile, writeFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import type { HostProfile } from '../../../shared/domain/host';
import type { LabIntent } from '../../../shared/domain/intent';
import { roleIn } from '../../../shared/domain/labs/role-in';
import { isOn } from '../../../shared/domain/machine-state';
import { labNameSchema } from '../../../shared/domain/labs/lab-mark';
import type { LabProblem } from '../../../shared/domain/labs/lab-problem';
import { describeLabProblem } from '../../../shared/domain/labs/read-lab-file';
import { labTemplates } from '../../../shared/domain/labs/templates/templates';
import { networkKindLabel } from '../../../shared/domain/network-kinds';
import type { Plan } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';
import type { ChangeOptions, CommonOptions } from '../arguments';
import { exitCode, exitCodeOf } from '../exit-code';
import type { LabInvocation, OutOptions } from '../lab-arguments';
import type { CliContext } from '../main';
import { formatPlan, formatTable } from '../print';
import { applyIntent } from './apply-intent';
import { networkOn } from './network-on';
import { writeNew } from './write-new';

type Of<C extends LabInvocation['command']> = Extract<LabInvocation, { command: C }>;

/** `netwright lab templates`. */
export function showTemplates({ print }: CliContext, options: CommonOptions): number {
  const rows = labTemplates.map(({ id, title, purpose, creates, needs, subnets }) => ({ id, title, purpose, creates, needs, subnets }));
  print(options.json ? JSON.stringify(rows, null, 2) : rows.map(({ id, title, purpose, creates, needs }) =>
    [`${id}: ${title}`, `  ${purpose}`, ...creates.map((item) => `  - ${item}`), ...needs.includes('ovs') ? ['  needs Open vSwitch on the host'] : []].join('\n')).join('\n'));
  return exitCode.ok;
}

/** `netwright lab list HOST`. */
export async function listLabs(context: CliContext, host: HostProfile, options: CommonOptions): Promise<number> {
  await context.connect(host.id);
  const labs = context.core.labs.labsOn(host.id);
  if (options.json) context.print(JSON.stringify(labs.map(({ lab, networks, routers, machines }) => ({ lab, networks: networks.map(({ name, uuid, kind, active }) => ({ name, uuid, kind, active })), routers: routers.map(({ name, uuid, state }) => ({ name, uuid, state })), machines: machines.map((machine) => ({ name: machine.name, uuid: machine.uuid, role: roleIn(lab, machine)?.role ?? '', state: machine.state })) })), null, 2));
  else if (labs.length === 0) context.print('There is no lab on this host.');
  else context.print(formatTable(labs.flatMap(({ lab, networks, routers, machines }) => [
    ...networks.map((network) => [lab, network.active ? '●' : '○', network.name, networkKindLabel[network.kind]]),
    ...routers.map((router) => [lab, isOn(router) ? '●' : '○', router.name, 'router']),
    ...machines.map((machine) => [lab, isOn(machine) ? '●' : '○', machine.name, `plays ${roleIn(lab, machine)?.role ?? ''}`]),
  ])));
  return exitCode.ok;
}

/** `netwright lab new TEMPLATE HOST [NAME]`. */
export async function newLab(context: CliContext, host: HostProfile, { template, name, options }: Of<'lab-new'>): Promise<number> {
  await context.connect(host.id);
  return deliver(context, context.core.labs.fromTemplate(host.id, template, labName(name ?? template)), options);
}

/** `netwright lab plan HOST FILE`: as `diff` and `terraform plan` do, 0 says that there is nothing to do, and 2 that there is. */
export async function planLab(context: CliContext, host: HostProfile, { file, options }: Of<'lab-plan'>): Promise<number> {
  try {
    const { intent, warnings } = await intentOf(context, host, file);
    const plan = await previewed(context, host, intent);
    for (const warning of warnings) context.tell(describeLabProblem(warning));
    if (options.json) context.print(JSON.stringify(plan ?? { steps: [] }, null, 2));
    else context.print(plan ? formatPlan(plan) : `Nothing to do: ${host.name} has the lab ${intent.lab} as the file says.`);
    return plan ? exitCode.different : exitCode.ok;
  } catch (error) {
    // 2 is taken: what main would end with 2 ends with 1 here.
    if (error instanceof AppError && exitCodeOf(error.code) === exitCode.usage) throw AppError.fromData({ ...error.data, code: 'lab.invalid' });
    throw error;
  }
}

/** `netwright lab apply HOST FILE`. */
export async function applyLab(context: CliContext, host: HostProfile, { file, options }: Of<'lab-apply'>): Promise<number> {
  const { intent, warnings } = await intentOf(context, host, file);
  for (const warning of warnings) context.tell(describeLabProblem(warning));
  return applyUnlessDone(context, host, intent, options);
}

/** `netwright lab destroy HOST LAB`. */
export async function destroyLab(context: CliContext, host: HostProfile, { lab, options }: Of<'lab-destroy'>): Promise<number> {
  await context.connect(host.id);
  return applyIntent(context, host, { kind: 'lab.destroy', lab: labName(lab) }, options);
}

/** `netwright lab start|stop HOST LAB`. */
export async function switchLab(context: CliContext, host: HostProfile, { lab, on, options }: Of<'lab-power'>): Promise<number> {
  await context.connect(host.id);
  return applyUnlessDone(context, host, { kind: on ? 'lab.start' : 'lab.stop', lab: labName(lab) }, options, `all of the lab ${lab} is ${on ? 'on' : 'off'} on ${host.name}`);
}

/** `netwright lab jump HOST LAB`: to stdout what goes into ~/.ssh/config, its comments what goes elsewhere. */
export async function showJumpBox(context: CliContext, host: HostProfile, { lab, options }: Of<'lab-jump'>): Promise<number> {
  await context.connect(host.id);
  const entries = await context.core.labs.jumpEntries(host, labName(lab));
  for (const gap of entries.flatMap(({ gaps }) => gaps)) context.tell(gap);
  context.print(options.json ? JSON.stringify(entries, null, 2) : entries.map(({ config, knownHosts }) =>
    `${knownHosts === null ? '' : `# For ~/.ssh/known_hosts: ${knownHosts}\n`}${config.trimEnd()}`).join('\n\n'));
  return exitCode.ok;
}

/** `netwright lab assign HOST FILE ROLE MACHINE`: the file is written once the host is so. */
export async function assignRole(context: CliContext, host: HostProfile, { file, role, machine, options }: Of<'lab-assign'>): Promise<number> {
  if (file === '-') throw new AppError('input.invalid', 'The lab file has to be a file', 'It is written anew with the role in it.');
  const before = await contentOf(file);
  const text = context.core.labs.assign(before, role, machine);
  const { intent, warnings } = await intentOf(context, host, file, text);
  for (const warning of warnings) context.tell(describeLabProblem(warning));
  const code = await applyUnlessDone(context, host, intent, options);
  // What was refused or taken back is not in the file either.
  if (!options.plan && await previewed(context, host, (await intentOf(context, host, file, text)).intent) === null) await writeFile(file, text);
  return code;
}

/** `netwright lab export HOST LAB`, and `… HOST --network NAME… --as LAB`. */
export async function exportLab(context: CliContext, host: HostProfile, { lab, networks, from, options }: Of<'lab-export'>): Promise<number> {
  await context.connect(host.id);
  const { labs } = context.core;
  if (lab === null) return deliver(context, await labs.exportNetworks(host.id, networks.map((name) => networkOn(context, host.id, name)), labName(options.as ?? '')), options);
  if (from !== null) return deliver(context, await labs.exportLab(host.id, lab, from), options);
  const { text, isKept, kept } = await labs.definition(host.id, lab);
  if (kept && !isKept) context.tell(`${host.name} has ${lab} otherwise than its file says, which was applied at ${kept.appliedAt}: this is how it is now. --from kept gives the file.`);
  return deliver(context, text, options);
}

/** `netwright lab clone HOST FILE NAME`. */
export async function cloneLab(context: CliContext, host: HostProfile, { file, name, options }: Of<'lab-clone'>): Promise<number> {
  await context.connect(host.id);
  return deliver(context, context.core.labs.clone(host.id, await contentOf(file), labName(name)), options);
}

async function applyUnlessDone(
  context: CliContext, host: HostProfile, intent: LabIntent, options: CommonOptions & ChangeOptions, words = `${host.name} has the lab ${intent.lab} as the file says`,
): Promise<number> {
  if (await previewed(context, host, intent)) return applyIntent(context, host, intent, options);
  context.print(options.json ? JSON.stringify({ steps: [] }, null, 2) : `Nothing to do: ${words}.`);
  return exitCode.ok;
}

/** Null: the host is as it should be. */
async function previewed({ core }: CliContext, host: HostProfile, intent: LabIntent): Promise<Plan | null> {
  try {
    return await core.plans.preview(host.id, intent);
  } catch (error) {
    if (error instanceof AppError && error.code === 'plan.nothing') return null;
    throw error;
  }
}

/** Throws AppError `lab.invalid` with every error at its line. */
async function intentOf(context: CliContext, host: HostProfile, path: string, content?: string): Promise<{ intent: LabIntent; warnings: LabProblem[] }> {
  const text = content ?? await contentOf(path);
  await context.connect(host.id);
  const { file, intent, problems } = await context.core.labs.read(host.id, text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!file || !intent) throw new AppError('lab.invalid', 'The lab file can\'t be used', [path === '-' ? '' : path, ...errors.map(describeLabProblem)].filter(Boolean).join('\n  '));
  if (file.host !== undefined && file.host !== host.name && file.host !== host.id) {
    throw new AppError('lab.invalid', 'The lab is for another host', `The file says “host: ${file.host}”, and this is ${host.name}.`, { hint: 'Name that host, or take the line out of the file.' });
  }
  return { intent, warnings: problems };
}

async function contentOf(path: string): Promise<string> {
  try {
    return path === '-' ? await readStream(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new AppError('input.invalid', 'The lab file can\'t be read', (error as Error).message);
  }
}

async function deliver(context: CliContext, text: string, options: CommonOptions & OutOptions): Promise<number> {
  if (options.out !== undefined) await writeNew(options.out, text);
  else context.print(options.json ? JSON.stringify({ lab: text }, null, 2) : text.trimEnd());
  return exitCode.ok;
}

function labName(name: string): string {
  const parsed = labNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new AppError('input.invalid', 'No name for a lab', `“${name}”: ${parsed.error.issues[0]?.message ?? ''}.`);
}
