import type { DropdownMenuItem } from '@nuxt/ui';
import { useRouter } from 'vue-router';
import { isAttachedKind } from '../../../shared/domain/attached-spec';
import type { Network } from '../../../shared/domain/network';
import { hasForm } from '../../../shared/domain/network-families';
import type { Intent } from '../../../shared/domain/intent';
import { usePlanReview } from '../../stores/plan-review';
import { useOpenTerminal } from '../../stores/use-open-terminal';
import { networkLines } from '../../ui/terminal-lines';

export interface NetworkAction {
  id: 'edit' | 'start' | 'stop' | 'autostart' | 'delete';
  label: string;
  icon: string;
  isDestructive: boolean;
}

/** What can be done with a network as it is. Not every kind has a form; a transient one is gone when it stops. */
export function networkActions(network: Pick<Network, 'kind' | 'active' | 'autostart' | 'persistent'>): NetworkAction[] {
  const actions: NetworkAction[] = [];
  if (hasForm(network.kind) && network.persistent) actions.push({ id: 'edit', label: 'Edit…', icon: 'i-lucide-pencil', isDestructive: false });
  if (network.active) actions.push({ id: 'stop', label: network.persistent ? 'Stop…' : 'Stop and lose…', icon: 'i-lucide-square', isDestructive: !network.persistent });
  else actions.push({ id: 'start', label: 'Start…', icon: 'i-lucide-play', isDestructive: false });
  if (network.persistent) {
    actions.push({ id: 'autostart', label: network.autostart ? 'Don’t start with the host…' : 'Start with the host…', icon: 'i-lucide-power', isDestructive: false });
    actions.push({ id: 'delete', label: 'Delete…', icon: 'i-lucide-trash-2', isDestructive: true });
  }
  return actions;
}

function intentOf(action: Exclude<NetworkAction['id'], 'edit'>, network: Pick<Network, 'uuid' | 'autostart'>): Intent {
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

  function run(action: NetworkAction['id'], network: Network): void {
    if (action === 'edit') void router.push({ name: isAttachedKind(network.kind) ? 'edit-attached-network' : 'edit-network', params: { hostId: hostId(), uuid: network.uuid } });
    else review.open(hostId(), intentOf(action, network));
  }

  /** As a menu; `refusal` says why nothing can be done now, and disables it all. */
  function menu(network: Network, refusal: string | null): DropdownMenuItem[][] {
    const items = networkActions(network).map((action): DropdownMenuItem & { isDestructive: boolean } => ({
      label: action.label, icon: action.icon, disabled: refusal !== null, isDestructive: action.isDestructive, ...action.isDestructive ? { color: 'error' as const } : {}, onSelect: () => run(action.id, network),
    }));
    const lines = networkLines(network, terminal.rights.value).map((line): DropdownMenuItem => ({ label: line.label, onSelect: () => terminal.shell(line.typed) }));
    const inTerminal: DropdownMenuItem = { label: 'In a terminal', icon: 'i-lucide-square-terminal', disabled: terminal.refusal.value !== null, children: lines };
    const groups = [items.filter((item) => !item.isDestructive), [inTerminal], items.filter((item) => item.isDestructive)];
    return [...refusal ? [[{ type: 'label' as const, label: refusal }]] : [], ...groups.filter((group) => group.length > 0)];
  }

  return { run, menu };
}
