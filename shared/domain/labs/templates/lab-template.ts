import { addressAt, networkOf } from '../../subnet';

/** A free /24 that a template builds on. */
export interface TemplateSubnet {
  /** The `n`th address; 1 is the host's. */
  at(n: number): string;
}

/** What the gallery shows of a template, and the lab file that comes of it. */
export interface LabTemplate {
  id: string;
  title: string;
  /** What it is good for, in a sentence. */
  purpose: string;
  creates: readonly string[];
  /** What the host has to have beyond libvirt. `router`: nftables, dnsmasq, a kernel in /boot, and that the app may be root. `sshd`: a jump box is made of it. */
  needs: readonly ('ovs' | 'router' | 'sshd')[];
  /** How many subnets `write` takes. */
  subnets: number;
  /** The lab file as text, with comments that say what to change. It needs no change to be applied. */
  write(name: string, subnets: readonly TemplateSubnet[]): string;
}

export function templateSubnet(cidr: string): TemplateSubnet {
  const [address = '', prefix = ''] = cidr.split('/');
  const subnet = networkOf(address, Number(prefix));
  return { at: (n) => addressAt(subnet, BigInt(n)) };
}

/** Before the roles of a template. */
export const rolesHint = '# Say which machine plays a role by “machine: NAME”: it is plugged in, and out again when it leaves the lab.';

/** MACs of machines that a lab gives fixed addresses: the same for the same lab, others for another (FNV-1a, 16 bits of it). */
export function templateMac(lab: string, n: number): string {
  let hash = 0x811c9dc5;
  for (const letter of lab) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const pair = (value: number): string => (value & 0xff).toString(16).padStart(2, '0');
  return `52:54:00:${pair(hash >>> 8)}:${pair(hash)}:${pair(n)}`;
}
