import type { Machine } from '../../machine';
import { isOn } from '../../machine-state';
import { filesOfRouter } from '../../router/router-xml';
import { exportRouter } from '../export-router';
import { labRouterSchema } from '../lab-router';
import { vlanOfNic, wireOf } from './lab-places';
import type { LabTestNetwork } from './lab-places';

/** An interface of a router, where it is and what it does there, as its definition promises it. */
export interface RouterFace {
  /** Frames that it sends are heard by whoever has the same: see `wireOf`. */
  wire: string;
  zone: string;
  /** IPv4; null: it asks for it, and nobody knows yet what it got. */
  address: string | null;
  prefix: number | null;
  asksForAddress: boolean;
  /** What leaves by it has the router's address, and nobody there is served. */
  masquerades: boolean;
  /** What it hands out there; null: nothing. */
  range: { start: string; end: string } | null;
  gateway: string | null;
  /** People may log in to it from there, by SSH. */
  takesLogins: boolean;
}

/** A router of a lab with what a test has to know of it. */
export interface LabTestRouter {
  key: string;
  /** In libvirt. */
  name: string;
  isOn: boolean;
  faces: RouterFace[];
  /** From zone to zone. */
  allow: readonly [string, string][];
  /** Machines that it serves may ask it for names. */
  answersNames: boolean;
  /** What it lets pass only it knows: its definition does not say it. */
  isOpaque: boolean;
}

/** Of a router's definition that stays. One that is not as a lab file could say it, for somebody has edited it or it boots something else, is opaque. */
export function labTestRouter(machine: Machine, key: string, xml: string, networks: readonly LabTestNetwork[]): LabTestRouter {
  const keyOf = (name: string): string | null => networks.find(({ running }) => running.name === name)?.key ?? null;
  const read = labRouterSchema.safeParse(exportRouter({ key, xml, autostart: machine.autostart }, machine.labRouter?.lab ?? '', keyOf));
  if (!read.success) return { key, name: machine.name, isOn: isOn(machine), faces: opaqueFaces(machine, networks), allow: [], answersNames: false, isOpaque: true };
  const { interfaces, allow, nat, dns } = read.data;
  const loginZones = [...(filesOfRouter(xml).rules ?? '').matchAll(/iifname (\S+)-\d+ tcp dport 22 accept/g)].map(([, zone]) => zone);
  const faces = interfaces.flatMap((face): RouterFace[] => {
    const network = networks.find((item) => item.key === face.network);
    if (!network) return [];
    const asksForAddress = face.address === 'dhcp';
    const found = asksForAddress ? knownAddress(machine, network) : face.address;
    const [address = null, prefix = null] = found?.split('/') ?? [];
    return [{
      wire: wireOf(network, face.vlan ?? vlanOfNic(network.promised, face.portgroup)), zone: face.zone, address, prefix: prefix === null ? null : Number(prefix),
      asksForAddress, masquerades: (nat ?? []).includes(face.zone), range: typeof face.dhcp === 'object' ? face.dhcp : null, gateway: face.gateway, takesLogins: loginZones.includes(face.zone),
    }];
  });
  return { key, name: machine.name, isOn: isOn(machine), faces, allow: allow ?? [], answersNames: dns !== 'none', isOpaque: false };
}

/** Only where it is plugged in is known. */
function opaqueFaces({ nics }: Machine, networks: readonly LabTestNetwork[]): RouterFace[] {
  return nics.flatMap((nic) => networks.filter(({ running }) => running.name === nic.network).map((network): RouterFace => ({
    wire: wireOf(network, vlanOfNic(network.promised, nic.portgroup)), zone: '', address: null, prefix: null, asksForAddress: true, masquerades: false, range: null, gateway: null, takesLogins: false,
  })));
}

/** What DHCP gave it, as far as the host knows. */
function knownAddress({ nics }: Machine, { promised, running }: LabTestNetwork): string | null {
  const address = nics.filter(({ network }) => network === running.name).flatMap(({ addresses }) => addresses).find((item) => !item.address.includes(':'))?.address;
  const prefix = promised.ips.find(({ family }) => family === 'ipv4')?.prefix;
  return address === undefined || prefix === undefined ? null : `${address}/${prefix}`;
}
