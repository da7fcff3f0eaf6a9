import { hasRoot } from '../privilege';
import type { PreflightFacts } from './facts';
import { ovsUnit, stoppedOvsDaemons } from './ovs-units';
import type { Observed } from './rule';

/** The machine and its tools: emulator, KVM, Open vSwitch, iproute2. */
export function hostRules(facts: PreflightFacts): Observed[] {
  return [...qemu(facts), ...kvm(facts), ...ovs(facts), ...iproute(facts)];
}

function qemu(facts: PreflightFacts): Observed[] {
  if (facts.emulators.length > 0) return [{ passed: `An emulator is there (${facts.emulators[0]})` }];
  return [{
    code: 'qemu.missing', severity: 'warning', title: 'No QEMU for this machine', detail: `There is no qemu-system-${facts.architecture}, qemu-kvm or kvm.`,
    meaning: 'Networks can be made, but no machine can be started on this host.',
  }];
}

function kvm(facts: PreflightFacts): Observed[] {
  const { device, cpu, inside } = facts.kvm;
  const sudo = facts.user === 'root' ? '' : 'sudo ';
  if (!device) {
    const container = inside !== null && ['lxc', 'lxc-libvirt', 'systemd-nspawn', 'docker', 'podman', 'openvz', 'container-other'].includes(inside);
    const text = container ? `This host is itself a container (${inside}). Let the machine around it pass /dev/kvm in.`
      : cpu === 'none' && inside !== null ? `This host is itself a virtual machine (${inside}) whose CPU offers no virtualization: switch on nested virtualization on the hypervisor below, and let the machine see the host's CPU (host-passthrough).`
        : cpu === 'none' ? 'The CPU shows no virtualization. Look for “Intel VT-x”, “AMD-V” or “SVM” in the BIOS or UEFI set-up, and switch it on.'
          : 'The CPU can do it, but the kernel module is not there or was refused: load it, and look into the kernel\'s log. A BIOS that has it switched off says “disabled by bios”.';
    const script = !container && (cpu === 'vmx' || cpu === 'svm') ? `${sudo}modprobe ${cpu === 'vmx' ? 'kvm_intel' : 'kvm_amd'}\n${sudo}dmesg | grep -i kvm` : null;
    return [{
      code: 'kvm.missing', severity: 'warning', title: 'KVM is not available', detail: `There is no /dev/kvm${cpu === 'none' ? ', and the CPU shows neither vmx nor svm' : ''}.`,
      meaning: 'Machines are emulated and many times slower, or refuse to start where they ask for KVM. Networks work all the same.',
      fix: { kind: 'manual', text, script },
    }];
  }
  const others = Number(device.mode.slice(-1));
  const group = Number(device.mode.slice(-2, -1));
  if ((others & 6) === 6 || ((group & 6) === 6 && device.group === 'kvm')) return [{ passed: 'KVM is there, and machines may use it' }];
  return [{
    code: 'kvm.not-accessible', severity: 'warning', title: 'Machines may not use KVM', detail: `/dev/kvm has mode ${device.mode} and belongs to group ${device.group}.`,
    meaning: 'libvirt runs machines as a user of its own, who comes in by group kvm. They fail to start with “Permission denied”.',
    fix: { kind: 'manual', text: 'The rules of udev set this at boot; a package that was installed meanwhile may have changed them.', script: `${sudo}udevadm trigger --name-match=kvm\nls -l /dev/kvm` },
  }];
}

function ovs(facts: PreflightFacts): Observed[] {
  if (!facts.tools.includes('ovs-vsctl')) {
    return [{
      code: 'ovs.missing', severity: 'note', title: 'Open vSwitch is not installed', detail: 'There is no ovs-vsctl on this host.',
      meaning: 'It is needed for Open vSwitch networks only: switches with VLANs, mirrors and tunnels. Everything else works without it.',
    }];
  }
  const stopped = stoppedOvsDaemons(facts);
  const problem = facts.problems.find((item) => item.code === 'ovs.not-running');
  if ((!facts.systemd || ovsUnit(facts) === null ? problem !== undefined : stopped.length > 0)) {
    return [{
      code: 'ovs.not-running', severity: 'warning', title: 'Open vSwitch is not running', detail: stopped.length > 0 ? `${stopped.join(' and ')} ${stopped.length === 1 ? 'is' : 'are'} not active.` : problem?.detail ?? '',
      meaning: 'Its bridges don\'t switch, and networks on them have no connection.',
    }];
  }
  const denied = facts.problems.some((item) => item.code === 'ovs.denied') && !hasRoot(facts);
  return [{ passed: denied ? 'Open vSwitch runs (only root may read it)' : 'Open vSwitch runs' }];
}

/** `ip -j` for routes and neighbours came with 4.18 (August 2018, “180813”); before 5.5, `ip -V` gives dates. */
function iproute(facts: PreflightFacts): Observed[] {
  const { iproute: version } = facts.versions;
  const hasIp = facts.tools.includes('ip');
  if (!hasIp || version === null || !facts.tools.includes('ss')) {
    return [{
      code: 'iproute.missing', severity: 'blocker', title: 'iproute2 is not complete',
      detail: !hasIp ? 'There is no ip on this host.' : version === null ? 'ip is here, but it is not iproute2\'s: it does not say its version (busybox has a smaller one).' : 'There is no ss on this host.',
      meaning: 'Interfaces, addresses, routes and sockets are read by ip and ss.',
    }];
  }
  if (/^\d{6}$/.test(version) && Number(version) < 180_813) {
    return [{
      code: 'iproute.too-old', severity: 'blocker', title: 'iproute2 is too old', detail: `ip is of 20${version.slice(0, 2)}-${version.slice(2, 4)}; JSON for routes came in August 2018.`,
      meaning: 'Interfaces and routes can\'t be read by the app.',
      fix: { kind: 'manual', text: 'A newer release of the distribution brings a newer one.', script: null },
    }];
  }
  return [{ passed: `The tools the app reads by are there (iproute2 ${version})` }];
}
