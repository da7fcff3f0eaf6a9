/** The prefix that QEMU and KVM give their NICs (https://www.libvirt.org/formatdomain.html#element-mac). */
const prefix = '52:54:00';

/**
 * A MAC that nobody uses. `randomBytes` gives three of them (0…255) at each call; `taken` in any case.
 * Throws when it gives nothing but taken ones.
 */
export function proposeMac(taken: Iterable<string>, randomBytes: () => readonly number[]): string {
  const used = new Set([...taken].map((mac) => mac.toLowerCase()));
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    const mac = [prefix, ...randomBytes().slice(0, 3).map((byte) => (byte & 0xff).toString(16).padStart(2, '0'))].join(':');
    if (!used.has(mac)) return mac;
  }
  throw new Error('No free MAC was found');
}
