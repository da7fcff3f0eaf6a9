/** An error as libvirt words it; virsh puts `error: ` in front of each line of it. */
export class LibvirtError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LibvirtError';
  }
}
