import { networkOf, sameAddress } from '../../subnet';
import { wireOf } from './lab-places';
import type { LabTestNetwork } from './lab-places';
import type { LabTestRouter, RouterFace } from './lab-test-router';

/** A router by one of its interfaces. */
export interface Contact { router: LabTestRouter; face: RouterFace }

/** To whom machines hand what is for nobody on their own wire. `address` and `prefix`: of IPv4. */
export type Gateway = { kind: 'host'; network: LabTestNetwork; address: string; prefix: number } | ({ kind: 'router'; address: string; prefix: number } & Contact);

/** Who has which address on the wires of a lab, as its definitions promise it. */
export class LabWires {
  constructor(private readonly networks: readonly LabTestNetwork[], private readonly routers: readonly LabTestRouter[]) {}

  contactsOn(wire: string): Contact[] {
    return this.routers.flatMap((router) => router.faces.filter((face) => face.wire === wire).map((face): Contact => ({ router, face })));
  }

  /** Null: the host has no address there. */
  hostOn(wire: string): Extract<Gateway, { kind: 'host' }> | null {
    const network = this.networks.find((item) => item.promised.kind !== 'ovs' && wireOf(item, 0) === wire);
    const ip = network?.promised.ips.find(({ family }) => family === 'ipv4');
    return network && ip ? { kind: 'host', network, address: ip.address, prefix: ip.prefix } : null;
  }

  /** The host, where it has an address; else a router, if possible one that hands out addresses. Null: machines there are by themselves. */
  gatewayOn(wire: string): Gateway | null {
    const host = this.hostOn(wire);
    if (host) return host;
    const contacts = this.contactsOn(wire).filter(({ face }) => !face.asksForAddress && !face.masquerades);
    const contact = contacts.find(({ face }) => face.range !== null) ?? contacts[0];
    return contact && contact.face.address !== null && contact.face.prefix !== null ? { kind: 'router', ...contact, address: contact.face.address, prefix: contact.face.prefix } : null;
  }

  /** What machines on this wire have addresses of; null: nobody knows. */
  subnetOn(wire: string): string | null {
    const gateway = this.gatewayOn(wire);
    return gateway && networkOf(gateway.address, gateway.prefix);
  }

  /** Whether an interface is in the subnet that its wire's machines are in: there can be several on one wire. */
  isAmongMachines({ wire, address, prefix, asksForAddress }: RouterFace): boolean {
    return asksForAddress || (address !== null && prefix !== null && networkOf(address, prefix) === this.subnetOn(wire));
  }

  /** Subnets behind the routers on a wire whom its machines have no cause to ask, each with the router that leads there. */
  waysBeside(wire: string): { subnet: string; via: string }[] {
    const gateway = this.gatewayOn(wire);
    if (!gateway) return [];
    return this.contactsOn(wire).flatMap(({ router, face }) => {
      if (face.address === null || sameAddress(face.address, gateway.address) || !this.isAmongMachines(face)) return [];
      const via = face.address;
      return router.faces.filter((other) => other.wire !== wire).flatMap((other) => {
        const subnet = this.subnetOn(other.wire);
        return subnet === null || subnet === this.subnetOn(wire) ? [] : [{ subnet, via }];
      });
    }).filter(({ subnet }, at, all) => all.findIndex((way) => way.subnet === subnet) === at);
  }

  /** Where a router sends what is for no subnet of its own. `lan`: to somebody of the network outside. */
  wayOutOf(router: LabTestRouter): { face: RouterFace; to: Gateway | 'lan' } | null {
    for (const face of router.faces) {
      const host = this.hostOn(face.wire);
      if (face.asksForAddress) {
        if (host) return { face, to: host };
        const other = this.contactsOn(face.wire).find((contact) => contact.face.range !== null);
        return { face, to: other?.face.address != null ? { kind: 'router', ...other, address: other.face.address, prefix: other.face.prefix ?? 24 } : 'lan' };
      }
      const { gateway } = face;
      if (gateway === null) continue;
      if (host && sameAddress(host.address, gateway)) return { face, to: host };
      const other = this.contactsOn(face.wire).find((contact) => contact.router !== router && contact.face.address !== null && sameAddress(contact.face.address, gateway));
      return { face, to: other ? { kind: 'router', ...other, address: gateway, prefix: other.face.prefix ?? 24 } : 'lan' };
    }
    return null;
  }
}
