import fc from 'fast-check';
import type { RouterInterface } from '../../shared/domain/router/router-spec';

const zones = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
/** Routers of every shape, with networks and names as odd as libvirt takes them. */
export const routerArbitrary = fc.array(fc.record({ zone: zones, network: fc.string({ minLength: 1 }).filter((text) => /^[\t\n\x20-\ud7ff]+$/u.test(text)), serves: fc.boolean() }), { minLength: 1, maxLength: 8 }).chain((parts) => {
  const interfaces = parts.map(({ zone, network, serves }, at): RouterInterface => ({
    network, portgroup: null, vlan: null, mac: `52:54:00:00:00:0${at}`, zone, address: `10.0.${at}.1/24`, dhcp: serves ? { start: `10.0.${at}.100`, end: `10.0.${at}.199` } : null, gateway: null, fillsChecksums: false,
  }));
  const zone = fc.constantFrom(...interfaces.map((item) => item.zone));
  return fc.record({
    name: fc.string({ minLength: 1 }).filter((text) => /^[\x20-\ud7ff]*[\x21-\ud7ff][\x20-\ud7ff]*$/u.test(text)), title: fc.constant(null), interfaces: fc.constant(interfaces), allow: fc.array(fc.tuple(zone, zone), { maxLength: 5 }),
    masquerade: fc.uniqueArray(zone, { maxLength: 2 }), dns: fc.constantFrom('forward' as const, 'fake' as const, 'none' as const), nameServers: fc.constant<string[]>([]),
  });
});
