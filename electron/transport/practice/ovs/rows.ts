import type { OvsRow, OvsValue } from '../host-state';

/** New rows with every column of schema 8.3.1, in the order `ovs-vsctl list` prints them. */

const none: OvsValue = ['set', []];
const noMap: OvsValue = ['map', []];

export function newBridge(uuid: string, { name, ports, mac }: { name: string; ports: OvsValue; mac: string }): OvsRow {
  return {
    _uuid: ['uuid', uuid], auto_attach: none, controller: none, datapath_id: `0000${mac.replaceAll(':', '')}`, datapath_type: 'system',
    datapath_version: '<unknown>', external_ids: noMap, fail_mode: none, flood_vlans: none, flow_tables: noMap, ipfix: none,
    mcast_snooping_enable: false, mirrors: none, name, netflow: none, other_config: noMap, ports, protocols: none, rstp_enable: false,
    rstp_status: noMap, sflow: none, status: noMap, stp_enable: false,
  };
}

/** How a port takes part in VLANs (ovs-vswitchd.conf.db(5), table Port). */
export interface PortVlan { tag: number | null; trunks: readonly number[]; mode: string | null }
export const noVlan: PortVlan = { tag: null, trunks: [], mode: null };

export function newPort(uuid: string, { name, interfaces, vlan }: { name: string; interfaces: OvsValue; vlan: PortVlan }): OvsRow {
  return {
    _uuid: ['uuid', uuid], bond_active_slave: none, bond_downdelay: 0, bond_fake_iface: false, bond_mode: none, bond_updelay: 0, cvlans: none,
    external_ids: noMap, fake_bridge: false, interfaces, lacp: none, mac: none, name, other_config: noMap, protected: false, qos: none,
    rstp_statistics: noMap, rstp_status: noMap, statistics: noMap, status: noMap, tag: vlan.tag ?? none,
    trunks: vlan.trunks.length === 1 ? vlan.trunks[0] ?? none : ['set', [...vlan.trunks]], vlan_mode: vlan.mode ?? none,
  };
}

export function newInterface(uuid: string, made: { name: string; type: string; mac: string | null; index: number | null; ofport: number }): OvsRow {
  return {
    _uuid: ['uuid', uuid], admin_state: made.mac === null ? none : 'up', bfd: noMap, bfd_status: noMap, cfm_fault: none, cfm_fault_status: none,
    cfm_flap_count: none, cfm_health: none, cfm_mpid: none, cfm_remote_mpids: none, cfm_remote_opstate: none, duplex: 'full', error: none,
    external_ids: noMap, ifindex: made.index ?? none, ingress_policing_burst: 0, ingress_policing_kpkts_burst: 0, ingress_policing_kpkts_rate: 0,
    ingress_policing_rate: 0, lacp_current: none, link_resets: 1, link_speed: 10000000000, link_state: made.mac === null ? none : 'up', lldp: noMap,
    mac: none, mac_in_use: made.mac ?? none, mtu: 1500, mtu_request: none, name: made.name, ofport: made.ofport, ofport_request: none,
    options: noMap, other_config: noMap, statistics: noMap, status: noMap, type: made.type,
  };
}

/** The one row of table Open_vSwitch. */
export function newRoot(uuid: string, hostname: string): OvsRow {
  return {
    _uuid: ['uuid', uuid], bridges: none, cur_cfg: 1, datapath_types: ['set', ['netdev', 'system']], datapaths: noMap, db_version: '8.3.1',
    dpdk_initialized: false, dpdk_version: 'none', external_ids: ['map', [['hostname', hostname], ['rundir', '/var/run/openvswitch']]],
    iface_types: ['set', ['geneve', 'gre', 'internal', 'patch', 'system', 'tap', 'vxlan']], manager_options: none, next_cfg: 1, other_config: noMap,
    ovs_version: '3.1.0', ssl: none, statistics: noMap, system_type: 'debian', system_version: '12',
  };
}
