import { randomUUID } from 'node:crypto';
import type { HostProfile } from '../../../shared/domain/host';
import type { JumpBox } from '../../../shared/domain/jump-box';
import { assignRole } from '../../../shared/domain/labs/assign-role';
import { cloneLab } from '../../../shared/domain/labs/clone-lab';
import { exportLab } from '../../../shared/domain/labs/export-lab';
import type { LabFile } from '../../../shared/domain/labs/lab-file';
import type { LabIntent } from '../../../shared/domain/intent';
import type { LabProblem } from '../../../shared/domain/labs/lab-problem';
import { entryThrough, jumpBoxesOfLab } from '../../../shared/domain/labs/lab-jump-boxes';
import { keptText } from '../../../shared/domain/labs/lab-version';
import type { LabVersion } from '../../../shared/domain/labs/lab-version';
import { labsOnHost, machinesOfLab, networksOfLab, routersOfLab } from '../../../shared/domain/labs/labs-on-host';
import type { LabOfHost } from '../../../shared/domain/labs/labs-on-host';
import { describeLabProblem, readLabFile } from '../../../shared/domain/labs/read-lab-file';
import type { LabReading } from '../../../shared/domain/labs/read-lab-file';
import { roleIn } from '../../../shared/domain/labs/role-in';
import { resolveLab } from '../../../shared/domain/labs/resolve-lab';
import { resolveRouters } from '../../../shared/domain/labs/resolve-lab-routers';
import { hostKeyPath } from '../../../shared/domain/router/router-image';
import { plainKey, publicKeySchema } from '../../../shared/domain/router/router-spec';
import { labTemplates, writeTemplate } from '../../../shared/domain/labs/templates/templates';
import type { Network } from '../../../shared/domain/network';
import { familyOfKind } from '../../../shared/domain/network-families';
import type { NetworkSpec } from '../../../shared/domain/network-spec';
import type { Observation } from '../../../shared/domain/planning/command-effect';
import { isAsItsFile } from '../../../shared/domain/planning/lab-as-file';
import { networksOfIntent } from '../../../shared/domain/planning/plan-lab';
import { keeperOf } from '../../../shared/domain/planning/plan-lab-keeping';
import { machinesOfIntent } from '../../../shared/domain/planning/plan-lab-machines';
import { touchedRouters } from '../../../shared/domain/planning/plan-lab-routers';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { switchStateOf } from '../../../shared/domain/switch-state';
import { AppError } from '../../../shared/errors/app-error';
import type { InventoryService } from '../inventory/inventory-service';
import { usedRangesFor } from '../networks/used-ranges-for';
import type { HostNames } from '../networks/used-ranges-for';
import { currentSnapshot, observeHost } from '../plans/observe-host';

export interface LabDependencies {
  inventory: Pick<InventoryService, 'get' | 'refresh' | 'xml' | 'runner'>;
  hosts: HostNames;
  newUuid?: () => string;
  /** Public keys of this computer, for jump boxes that leave theirs open. Default: none. */
  ownKeys?: () => Promise<string[]>;
  now?: () => Date;
}

/** A lab of a host as a file. */
export interface LabDefinition {
  /** Of how the host has it. */
  text: string;
  /** `text` is the kept file, which still says how the host has the lab; false: there is none, or the lab was changed otherwise since. */
  isKept: boolean;
  /** As it was applied last; null: by nobody who kept it. */
  kept: LabVersion | null;
  /** Those before it, newest first. */
  earlier: LabVersion[];
}

/** A lab file as read for a host. */
export interface LabOnHost {
  file: LabFile | null;
  /** What the plan is made from; null when `problems` holds an error. */
  intent: LabIntent | null;
  problems: LabProblem[];
}

function asksForKeys({ routers }: LabFile): boolean {
  return Object.values(routers).some(({ ssh }) => ssh?.keys === 'auto');
}

/** Lab files, and the labs of hosts. A lab is changed by its intent, through `PlanService` like everything else. */
export class LabService {
  constructor(private readonly dependencies: LabDependencies) {}

  /** What a file wants of this host as it is now. Throws `host.not-connected`. */
  async read(hostId: string, text: string): Promise<LabOnHost> {
    const read = readLabFile(text);
    // Whether a network starts with the host changes without an event.
    if (read.file) await this.dependencies.inventory.refresh(hostId, 'quiet');
    return this.resolve(hostId, text, read);
  }

  /** The same, of the host as it was seen last. */
  private async resolve(hostId: string, text: string, { file, problems, placed }: LabReading): Promise<LabOnHost> {
    if (!file) return { file, intent: null, problems };
    const { inventory, newUuid = randomUUID, now = () => new Date(), ownKeys = async () => [] } = this.dependencies;
    const snapshot = currentSnapshot(inventory, hostId);
    const { networks, machines, issues } = resolveLab(file, { snapshot, used: usedRangesFor(hostId, this.dependencies), newUuid });
    const { routers, issues: ofRouters } = resolveRouters(file, { snapshot, networks, newUuid, ownKeys: asksForKeys(file) ? await ownKeys() : [] });
    const all = [...problems, ...[...issues, ...ofRouters].map(placed)];
    return { file, problems: all, intent: all.some(({ severity }) => severity === 'error') ? null : { kind: 'lab.apply', lab: file.name, networks, machines, routers, file: { text: keptText(text), appliedAt: now().toISOString() } } };
  }

  /** A template's lab file with subnets that are free on this host and the others that are known. Throws `not-found`, `host.not-connected`. */
  fromTemplate(hostId: string, id: string, name: string): string {
    const template = labTemplates.find((item) => item.id === id);
    if (!template) throw new AppError('not-found', 'No such template', `There is no template “${id}”. There are: ${labTemplates.map((item) => item.id).join(', ')}.`);
    currentSnapshot(this.dependencies.inventory, hostId);
    return writeTemplate(template, name, usedRangesFor(hostId, this.dependencies));
  }

  /** A lab file as another lab beside the first. Throws `input.invalid` for one that can't be read, `host.not-connected`. */
  clone(hostId: string, text: string, name: string): string {
    const { file, problems } = readLabFile(text);
    if (!file) throw new AppError('input.invalid', 'The lab file can\'t be used', problems.map(describeLabProblem).join('\n'));
    currentSnapshot(this.dependencies.inventory, hostId);
    return cloneLab(text, file, name, { used: usedRangesFor(hostId, this.dependencies), random: Math.random });
  }

  /** A lab file with a role given to a machine of the host; null: the role is open. Throws `input.invalid` for a file that can't be read, or a role that isn't in it. */
  assign(text: string, role: string, machine: string | null): string {
    const { file, problems } = readLabFile(text);
    if (!file) throw new AppError('input.invalid', 'The lab file can\'t be used', problems.map(describeLabProblem).join('\n'));
    return assignRole(text, file, role, machine);
  }

  /**
   * A lab of this host as a file. `fitting`: the one that is kept with it while it still says how the host has the lab, else one of how it is;
   * `host`: that in any case; `kept`: the kept one, whatever has become of the lab. Throws `not-found`, `input.invalid` (no form can show a network), `host.not-connected`.
   */
  async exportLab(hostId: string, lab: string, which: 'fitting' | 'host' | 'kept' = 'fitting'): Promise<string> {
    if (which === 'fitting') return (await this.definition(hostId, lab)).text;
    const { observed, versions } = await this.observe(hostId, lab);
    if (which === 'host') return asFile(lab, observed, null);
    if (!versions[0]) throw new AppError('not-found', 'No file is kept', `Nobody has applied a file of the lab “${lab}” yet that would be kept with it.`);
    return versions[0].text;
  }

  /** What a lab of this host is, and was. Throws as `exportLab`. */
  async definition(hostId: string, lab: string): Promise<LabDefinition> {
    const { observed, versions: [kept = null, ...earlier] } = await this.observe(hostId, lab);
    const read = kept && readLabFile(kept.text);
    if (kept && read && await this.isAsKept(hostId, lab, kept.text, read)) return { text: kept.text, isKept: true, kept, earlier };
    return { text: asFile(lab, observed, read && read.file), isKept: false, kept, earlier };
  }

  private async observe(hostId: string, lab: string): Promise<{ observed: Observation; versions: LabVersion[] }> {
    const { inventory } = this.dependencies;
    await inventory.refresh(hostId, 'quiet');
    const snapshot = currentSnapshot(inventory, hostId);
    const networks = networksOfLab(lab, snapshot);
    if (networks.length === 0) throw new AppError('not-found', 'No such lab', `There is no lab “${lab}” on this host.`);
    const observed = await observeHost(inventory, hostId, { networks: networks.map(({ uuid }) => uuid), machines: routersOfLab(lab, snapshot).map(({ uuid }) => uuid) });
    return { observed, versions: keeperOf(lab, observed)?.versions ?? [] };
  }

  private async isAsKept(hostId: string, lab: string, text: string, read: LabReading): Promise<boolean> {
    const { inventory } = this.dependencies;
    const { intent } = await this.resolve(hostId, text, read);
    if (intent?.kind !== 'lab.apply' || intent.lab !== lab) return false;
    const snapshot = currentSnapshot(inventory, hostId);
    const observed = await observeHost(inventory, hostId, { networks: networksOfIntent(intent, snapshot), machines: [...machinesOfIntent(intent, snapshot), ...touchedRouters(intent, null, snapshot).map(({ uuid }) => uuid)] });
    return isAsItsFile(intent, { ...observed, used: usedRangesFor(hostId, this.dependencies), macsElsewhere: [], entry: null, facts: null, sha256: (said) => said });
  }

  /** Networks of this host as a lab file for a lab of their kind. Throws as `exportLab`. */
  async exportNetworks(hostId: string, networks: readonly Network[], lab: string): Promise<string> {
    const snapshot = currentSnapshot(this.dependencies.inventory, hostId);
    return exportLab(await Promise.all(networks.map(async (network) => ({ spec: specOf(network, await this.dependencies.inventory.xml(hostId, 'network', network.uuid), snapshot), key: null }))), { lab, exact: false });
  }

  /** Throws `not-found` for one that is gone meanwhile, `host.not-connected`. */
  networksBy(hostId: string, uuids: readonly string[]): Network[] {
    const { networks } = currentSnapshot(this.dependencies.inventory, hostId);
    return uuids.map((uuid) => {
      const network = networks.find((item) => item.uuid === uuid);
      if (!network) throw new AppError('not-found', 'No such network', 'One of these networks is not on this host any more.');
      return network;
    });
  }

  /** The key by which a jump box that a lab made is known, as known_hosts has it: type and key. Null: it has none yet. Throws `not-found`, `host.not-connected`. */
  async hostKey(hostId: string, uuid: string): Promise<string | null> {
    const { inventory } = this.dependencies;
    const machine = currentSnapshot(inventory, hostId).machines.find((item) => item.uuid === uuid);
    if (!machine?.labRouter?.keys) throw new AppError('not-found', 'No such jump box', 'This host has no jump box of that UUID that a lab made.');
    const { exitCode, stdout } = await inventory.runner(hostId).run({ argv: ['cat', `${hostKeyPath(uuid)}.pub`] });
    return exitCode === 0 && publicKeySchema.safeParse(stdout.trim()).success ? plainKey(stdout) : null;
  }

  /** What ssh needs to go through the jump boxes that a lab made. Throws `not-found` where it made none, `host.not-connected`. */
  async jumpEntries(host: HostProfile, lab: string): Promise<JumpBox[]> {
    const snapshot = currentSnapshot(this.dependencies.inventory, host.id);
    const boxes = jumpBoxesOfLab(lab, snapshot);
    if (boxes.length === 0) throw new AppError('not-found', 'No jump box', `The lab “${lab}” has none on this host that it made itself. “ssh” on a router of its file makes it one.`);
    return Promise.all(boxes.map(async (box) => entryThrough(box, host, snapshot, await this.hostKey(host.id, box.uuid))));
  }

  /** Throws `host.not-connected`. */
  labsOn(hostId: string): LabOfHost[] {
    return labsOnHost(currentSnapshot(this.dependencies.inventory, hostId));
  }
}

function specOf(network: Network, xml: { running: string | null; persistent: string | null } | null, snapshot: HostSnapshot): NetworkSpec {
  const spec = familyOfKind(network.kind).read(xml?.persistent ?? xml?.running ?? '', network.autostart);
  if (spec.kind !== 'ovs' || !network.lab?.madeSwitch) return spec;
  const { bridge } = switchStateOf(spec.bridge, snapshot);
  return { ...spec, createBridge: { datapath: bridge?.datapath === 'netdev' ? 'netdev' : 'system', stp: bridge?.stp ?? false } };
}

/** `known`: what the kept file says that no host does. */
function asFile(lab: string, { snapshot, xmlOf, machineXmlOf }: Observation, known: LabFile | null): string {
  const machines = machinesOfLab(lab, snapshot).flatMap((machine) => { const mark = roleIn(lab, machine); return mark ? [{ machine, mark }] : []; });
  const routers = routersOfLab(lab, snapshot).map(({ uuid, labRouter, autostart }) => ({ key: labRouter?.key ?? '', xml: machineXmlOf(uuid)?.persistent ?? '', autostart }));
  const specs = networksOfLab(lab, snapshot).map((network) => ({ spec: specOf(network, xmlOf(network.uuid), snapshot), key: network.lab?.key ?? null }));
  const text = exportLab(specs, { lab, machines, exact: true, routers, known });
  // Somebody may have put something where an open role was to be.
  return known === null || readLabFile(text).file ? text : exportLab(specs, { lab, machines, exact: true, routers });
}
