import { labTestRouter } from '../../shared/domain/labs/connectivity/lab-test-router';
import type { LabTestNetwork } from '../../shared/domain/labs/connectivity/lab-places';
import type { LabTestRouter } from '../../shared/domain/labs/connectivity/lab-test-router';
import type { RouterInterface, RouterSpec } from '../../shared/domain/router/router-spec';
import { buildRouterXml } from '../../shared/domain/router/router-xml';
import { makeMachine } from './snapshot-fixture';

/** `[network, zone, address, more]`, the network by its key. */
export type FakeFace = [network: string, zone: string, address: string, more?: Partial<RouterInterface>];

/** A router of a lab as it is read of the definition that the app would write. `isOn`: it runs. */
export function fakeRouter(networks: readonly LabTestNetwork[], key: string, faces: readonly FakeFace[], allow: [string, string][], { isOn = true, masquerade = ['wan'] }: { isOn?: boolean; masquerade?: string[] } = {}): LabTestRouter {
  const zones = new Set(faces.map(([, zone]) => zone));
  const spec: RouterSpec = {
    name: `try-${key}`, title: null, allow, masquerade: masquerade.filter((zone) => zones.has(zone)), dns: 'forward', nameServers: [],
    interfaces: faces.map(([network, zone, address, more], at) => ({
      network: networks.find((item) => item.key === network)?.running.name ?? network, portgroup: null, vlan: null, mac: `52:54:00:0a:0${key.length}:0${at}`, fillsChecksums: false,
      zone, address, dhcp: null, gateway: null, ...more,
    })),
  };
  const xml = buildRouterXml('00000000-0000-4000-8000-00000000000a', spec, { lab: 'try', key }, { architecture: 'x86_64', kvm: true });
  return labTestRouter(makeMachine(spec.name, '', isOn ? 'vnet9' : null), key, xml, networks);
}
