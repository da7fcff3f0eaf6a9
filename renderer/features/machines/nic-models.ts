/** Models of NICs that QEMU brings along, the ones people choose first. Source: formatdomain.html, "Setting the NIC model". */
export const nicModels: readonly { value: string; label: string; hint: string }[] = [
  { value: 'virtio', label: 'virtio (recommended)', hint: 'The fastest. Linux and BSD have the driver; Windows needs the virtio-win drivers.' },
  { value: 'e1000e', label: 'e1000e', hint: 'An Intel card that Windows and most other systems know without a driver. Slower than virtio.' },
  { value: 'e1000', label: 'e1000', hint: 'An older Intel card, for systems from before 2010 or machines without PCI Express.' },
  { value: 'rtl8139', label: 'rtl8139', hint: 'A 100 Mbit/s Realtek card, for very old systems.' },
  { value: 'vmxnet3', label: 'vmxnet3', hint: 'VMware’s card, for guests that came from there.' },
  { value: '', label: 'The hypervisor’s own choice', hint: 'Nothing is written down; QEMU takes what suits the kind of machine.' },
];
