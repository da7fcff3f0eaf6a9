import type { Answer } from './evidence';
import type { LabPromise } from './lab-promises';
import type { LabTestRouter } from './lab-test-router';

/** What to look at where a promise is not kept. */
export function hintFor({ from, to, reach, by }: LabPromise, { pinged, refused }: Answer): string {
  if (by) return hintForRouter(by, reach);
  const onOneNetwork = from.kind === 'network' && to.kind === 'network' && keyOf(from.id) === keyOf(to.id);
  if (reach === 'no') {
    return onOneNetwork ? 'Look at the VLANs of the portgroups and ports (“ovs-vsctl show”), and for a bridge at isolated ports (“bridge -d link”).'
      : 'Something lets it pass: look for rules before libvirt\'s own (“iptables -S FORWARD”, “nft list ruleset”), and for a bridge or machine that joins the two.';
  }
  if (pinged === true) return 'Pings pass and connections don\'t: that is a firewall. Look at “iptables -S FORWARD” and “nft list ruleset”, and at ufw, firewalld or Docker, if the host has them.';
  if (onOneNetwork) return 'Nothing passes on the bridge itself: look at its VLANs and flows (“ovs-vsctl show”, “ovs-ofctl dump-flows”), or at “bridge link” and “sysctl net.bridge.bridge-nf-call-iptables”.';
  if (refused) return 'Something rejects it: look at the rules of the host\'s firewall (“iptables -S FORWARD”, “nft list ruleset”) for REJECT, and at whether libvirt\'s own are there (“virsh net-destroy” and “net-start” write them anew).';
  return 'Nothing comes back: look at the host\'s firewall for DROP (“iptables -S FORWARD”, “nft list ruleset”), at “sysctl net.ipv4.ip_forward”, and at its routes.';
}

function hintForRouter({ name, isOn, faces }: LabTestRouter, reach: LabPromise['reach']): string {
  if (reach === 'no') return `The rules that ${name} has now are not those of its definition, or something else joins the two: look at “nft list ruleset” in “virsh console ${name}”, and for a bridge or machine that is on both. A restart of the router loads its rules anew.`;
  if (!isOn) return `The router ${name} is not running: start it (“virsh start ${name}”).`;
  return `Look at whether ${name} has come up, and what it does: “virsh console ${name}”, there “nft list ruleset” and “ip route”; and whether its NICs are up and where they should be (“virsh domiflist ${name}”).${faces.length > 1 ? ' From machines of a network of the host, “sysctl net.bridge.bridge-nf-call-iptables” has to be 0.' : ''}`;
}

const keyOf = (id: string): string => id.replace(/[/ ].*$/, '');
