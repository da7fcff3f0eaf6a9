import type { Command } from '../plan';

/** ovs-vsctl(8). It waits for ovs-vswitchd, which may hang: with a timeout it says so by itself. */
const vsctl = (...words: string[]): Command => ({ argv: ['ovs-vsctl', '--timeout=10', ...words] });

/** The settings go into the same transaction: the bridge is never there without them. */
export function addSwitch(name: string, { datapath, stp }: { datapath: string; stp: boolean }): Command {
  const settings = [...datapath === 'netdev' ? ['datapath_type=netdev'] : [], ...stp ? ['stp_enable=true'] : []];
  return vsctl('add-br', name, ...settings.length > 0 ? ['--', 'set', 'bridge', name, ...settings] : []);
}

/** Takes every port out of it, too. */
export const deleteSwitch = (name: string): Command => vsctl('del-br', name);
