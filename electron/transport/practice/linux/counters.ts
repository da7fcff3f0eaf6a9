import type { InterfaceState } from '../host-state';

/** Traffic that grows with time, a little different on every interface, none where there is no signal. */
export function traffic(link: InterfaceState, since: number, now: number): { rxBytes: number; rxPackets: number; txBytes: number; txPackets: number } {
  const seconds = link.up && link.cable && link.kind !== 'ovs' ? Math.max(0, Math.floor((now - since) / 1000)) : 0;
  const pace = 40 + ((link.index * 7919) % 400);
  const rxPackets = seconds * Math.ceil(pace / 40);
  const txPackets = seconds * Math.ceil(pace / 55);
  return { rxBytes: rxPackets * (180 + pace), rxPackets, txBytes: txPackets * (120 + pace), txPackets };
}

/** `stats64` of `ip -s -j link`. */
export function portCounters(link: InterfaceState, since: number, now: number): object {
  const { rxBytes, rxPackets, txBytes, txPackets } = traffic(link, since, now);
  return {
    rx: { bytes: rxBytes, packets: rxPackets, errors: 0, dropped: 0, over_errors: 0, multicast: 0 },
    tx: { bytes: txBytes, packets: txPackets, errors: 0, dropped: 0, carrier_errors: 0, collisions: 0 },
  };
}
