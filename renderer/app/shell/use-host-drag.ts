import { shallowRef } from 'vue';
import { useHosts } from '../../stores/hosts';
import { dropHost } from './rail-order';
import type { DropPlace } from './rail-order';

/** Dragging a host in the rail: what is dragged, where it would go, and its going there. By keyboard the same is done by Alt and the arrows. */
export function useHostDrag() {
  const hosts = useHosts();
  const dragged = shallowRef<string | null>(null);
  const place = shallowRef<DropPlace | null>(null);

  function start(event: DragEvent, hostId: string): void {
    dragged.value = hostId;
    event.dataTransfer?.setData('text/plain', hosts.byId.get(hostId)?.profile.name ?? '');
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
  }

  /** Over something that takes a host: `next` is where it would go. */
  function over(event: DragEvent, next: DropPlace): void {
    if (dragged.value === null) return;
    event.preventDefault();
    place.value = dropHost(hosts.hosts, dragged.value, next) ? next : null;
  }

  /** Over a host: before it on its upper half, behind it on its lower. `nextId` is the one after it, if any. */
  function overHost(event: DragEvent, group: string | null, hostId: string, nextId: string | null): void {
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    over(event, { group, beforeId: event.clientY < top + height / 2 ? hostId : nextId });
  }

  function end(): void {
    dragged.value = null;
    place.value = null;
  }

  async function drop(event: DragEvent): Promise<void> {
    const hostId = dragged.value;
    const target = place.value;
    if (hostId === null) return;
    event.preventDefault();
    const order = target && dropHost(hosts.hosts, hostId, target);
    const profile = hosts.byId.get(hostId)?.profile;
    end();
    if (!order || !target || !profile) return;
    if (profile.group !== target.group) await hosts.update({ ...profile, group: target.group });
    await hosts.reorder(order);
  }

  return { dragged, place, start, over, overHost, end, drop };
}
