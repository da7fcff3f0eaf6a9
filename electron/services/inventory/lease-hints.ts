import type { HostParts } from './host-parts';
import { neighbourKey } from './host-parts';
import { servesDhcp } from './read-leases';

/**
 * Leases emit no event, but a guest that gets one shows up as a neighbour on the network's bridge: that is the hint to
 * read the leases of that network. dnsmasq writes a lease a little after the guest was told, so a first sight is
 * followed up a few times until the lease is there. A guest with an address of its own never has one: then it ends.
 */
export class LeaseHints {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly followedUp = new Set<string>();

  /** `request` rereads the leases of a network; `clockAheadMs` is how much the host's clock is ahead of ours. */
  constructor(
    private readonly parts: () => HostParts,
    private readonly request: (uuid: string) => void,
    private readonly clockAheadMs: () => number,
    private readonly followUpMs: readonly number[],
  ) {}

  /** A neighbour was seen; `isNew`: not known before with this MAC. */
  seen(device: string, address: string, mac: string, isNew: boolean): void {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    for (const [uuid, record] of this.parts().networks) {
      if (!record.active || record.definition.bridge?.name !== device || !servesDhcp(record.definition, family)) continue;
      if (this.hasLease(uuid, mac, family) || (!isNew && !this.hasEndedLease(uuid, mac, family))) continue;
      this.request(uuid);
      const key = `${neighbourKey(device, address)} ${mac}`;
      if (this.followedUp.has(key)) continue;
      this.followedUp.add(key);
      this.followUp(uuid, mac, family, 0);
    }
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private followUp(uuid: string, mac: string, family: string, attempt: number): void {
    const delayMs = this.followUpMs[attempt];
    if (delayMs === undefined) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (this.hasLease(uuid, mac, family)) return;
      this.request(uuid);
      this.followUp(uuid, mac, family, attempt + 1);
    }, delayMs);
    this.timers.add(timer);
  }

  private hasLease(uuid: string, mac: string, family: string): boolean {
    return this.leasesOf(uuid, mac, family).some((lease) => !this.hasEnded(lease));
  }

  private hasEndedLease(uuid: string, mac: string, family: string): boolean {
    return this.leasesOf(uuid, mac, family).some((lease) => this.hasEnded(lease));
  }

  private leasesOf(uuid: string, mac: string, family: string): { expiresAt: string | null }[] {
    return (this.parts().leases.get(uuid) ?? []).filter((lease) => lease.mac === mac && lease.family === family);
  }

  private hasEnded(lease: { expiresAt: string | null }): boolean {
    return lease.expiresAt !== null && Date.parse(lease.expiresAt) < Date.now() + this.clockAheadMs();
  }
}
