import type { DropdownMenuItem } from '@nuxt/ui';
import { useRouter } from 'vue-router';
import { isAttachedKind } from '../../../shared/domain/network-kinds';
import type { Network } from '../../../shared/domain/network';
import type { Intent } from '../../../shared/domain/intent';
import { invoke } from '../../api/client';
import { usePlanReview } from '../../stores/plan-review';
import { useOpenTerminal } from '../../stores/use-open-terminal';
import { useXmlDrafts } from '../../stores/xml-drafts';
import { networkLines } from '../../ui/terminal-lines';
import { exportNetworks } from './export-networks';
import { useNetworkDialogs } from './use-network-dialogs';

export interface NetworkAction {
  id: 'edit' | 'edit-xml' | 'start' | 'stop' | 'autostart' | 'rename' | 'duplicate' | 'export' | 'delete';
  label: string;
  icon: string;
  isDestructive: boolean;
  /** Only looks at the host. */
  readsOnly?: true;
}

/** What can be done with a network as it is. A transient one is gone when it stops. */
export function networkActions(network: Pick<Network, 'kind' | 'active' | 'autostart' | 'persistent'>): NetworkAction[] {
  const actions: NetworkAction[] = [];
  if (network.persistent) actions.push({ id: 'edit', label: 'Edit…', icon: 'i-lucide-pencil', isDestructive: false });
  if (network.persistent) actions.push({ id: 'edit-xml', label: 'Edit XML…', icon: 'i-lucide-code-xml', isDestructive: false });
  if (network.active) actions.push({ id: 'stop', label: network.persistent ? 'Stop…' : 'Stop and lose…', icon: 'i-lucide-square', isDestructive: !network.persistent });
  else actions.push({ id: 'start', label: 'Start…', icon: 'i-lucide-play', isDestructive: false });
  if (network.persistent) {
    actions.push({ id: 'autostart', label: network.autostart ? 'Don’t start with the host…' : 'Start with the host…', icon: 'i-lucide-power', isDestructive: false });
    actions.push({ id: 'rename', label: 'Rename…', icon: 'i-lucide-text-cursor-input', isDestructive: false });
    actions.push({ id: 'delete', label: 'Delete…', icon: 'i-lucide-trash-2', isDestructive: true });
  }
  actions.push({ id: 'duplicate', label: 'Duplicate…', icon: 'i-lucide-copy-plus', isDestructive: false });
  actions.push({ id: 'export', label: 'Export XML…', icon: 'i-lucide-download', isDestructive: false, readsOnly: true });
  return actions;
}

type PlannedAction = 'start' | 'stop' | 'autostart' | 'delete';

function intentOf(action: PlannedAction, network: Pick<Network, 'uuid' | 'autostart'>): Intent {
  const { uuid } = network;
  switch (action) {
    case 'start': return { kind: 'network.start', uuid };
    case 'stop': return { kind: 'network.stop', uuid };
    case 'autostart': return { kind: 'network.autostart', uuid, enabled: !network.autostart };
    case 'delete': return { kind: 'network.delete', uuid };
  }
}

/** Runs a network's actions: the form, or the review of a plan. Nothing changes on the host before it is reviewed. */
export function useNetworkActions(hostId: () => string) {
  const router = useRouter();
  const review = usePlanReview();
  const terminal = useOpenTerminal(hostId);
  const drafts = useXmlDrafts();
  const dialogs = useNetworkDialogs();

  function run(action: NetworkAction['id'], network: Network): void {
    const { uuid } = network;
    switch (action) {
      case 'edit': void router.push({ name: isAttachedKind(network.kind) ? 'edit-attached-network' : 'edit-network', params: { hostId: hostId(), uuid } }); break;
      case 'edit-xml': void router.push({ name: 'network-xml', params: { hostId: hostId(), uuid } }); break;
      case 'rename': dialogs.rename.value = { hostId: hostId(), network }; break;
      case 'duplicate': void duplicate(network); break;
      case 'export': void exportNetworks(hostId(), [network]); break;
      default: review.open(hostId(), intentOf(action, network));
    }
  }

  /** The copy is looked at in the editor before anything is made of it. Failures go to the app's presenter. */
  async function duplicate(network: Network): Promise<void> {
    const { uuid, xml } = await invoke('networks.duplicateXml', { hostId: hostId(), uuid: network.uuid });
    const draft = drafts.add({ hostId: hostId(), uuid, xml, origin: `a copy of ${network.name}` });
    await router.push({ name: 'new-network-xml', params: { hostId: hostId() }, query: { draft: draft.id } });
  }

  /** As a menu; `refusal` says why nothing can be done now, and disables it all. */
  function menu(network: Network, refusal: string | null): DropdownMenuItem[][] {
    const items = networkActions(network).map((action): DropdownMenuItem & { isDestructive: boolean } => ({
      label: action.label, icon: action.icon, disabled: refusal !== null && action.readsOnly !== true, isDestructive: action.isDestructive, ...action.isDestructive ? { color: 'error' as const } : {}, onSelect: () => run(action.id, network),
    }));
    const lines = networkLines(network, terminal.rights.value).map((line): DropdownMenuItem => ({ label: line.label, onSelect: () => terminal.shell(line.typed) }));
    const inTerminal: DropdownMenuItem = { label: 'In a terminal', icon: 'i-lucide-square-terminal', disabled: terminal.refusal.value !== null, children: lines };
    const groups = [items.filter((item) => !item.isDestructive), [inTerminal], items.filter((item) => item.isDestructive)];
    return [...refusal ? [[{ type: 'label' as const, label: refusal }]] : [], ...groups.filter((group) => group.length > 0)];
  }

  return { run, menu };
}
