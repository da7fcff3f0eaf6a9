import { expect } from 'vitest';
import { linkOf } from '../../shared/domain/conversion/facts';
import type { ConversionFacts, ConversionSpec, NetworkManagerDevice } from '../../shared/domain/conversion/facts';
import { planConversion } from '../../shared/domain/conversion/plan-conversion';
import { filesAfter } from '../../shared/domain/conversion/release';
import type { LastingFile } from '../../shared/domain/conversion/release';
import { nicFacts } from './conversion-facts';

/** The host after a conversion that is DONE, as it would be read then; and what the engine has kept of before. */
export function convertedFacts(before: ConversionFacts, spec: ConversionSpec): { facts: ConversionFacts; kept: LastingFile[] } {
  const { plan, findings } = planConversion(before, spec);
  expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
  const { files } = plan!.transaction;
  const written = files.flatMap(({ commitPath, content, mode }) => (commitPath === null ? [] : [{ path: commitPath, content, mode }]));
  const after = filesAfter(before.files, written);
  const nic = linkOf(before, spec.nic)!;
  const isLinux = spec.kind === 'linux';
  const facts: ConversionFacts = {
    ...before, files: after,
    links: [
      ...before.links.filter((link) => link !== nic), { ...nic, addresses: [], controller: isLinux ? spec.bridge : 'ovs-system' },
      nicFacts({ ...nic, name: spec.bridge, index: 9, kind: isLinux ? 'bridge' : 'ovs', controller: null, bridge: isLinux ? { stp: false, forwardDelaySeconds: 0, vlanFiltering: false } : null }),
    ],
    routes: before.routes.map((route) => (route.device === spec.nic ? { ...route, device: spec.bridge } : route)),
    ovs: isLinux ? before.ovs : { ...before.ovs, bridges: [spec.bridge], ports: { [spec.bridge]: [spec.nic] } },
    networkd: networkdAfter(before, spec, after.map(({ path }) => path)),
    networkManager: networkManagerAfter(before, spec, after),
  };
  return { facts, kept: written.map(({ path }) => ({ path, content: before.files.find((file) => file.path === path)?.content ?? null, mode: before.files.find((file) => file.path === path)?.mode ?? 0o600 })) };
}

function networkdAfter(before: ConversionFacts, { nic, bridge }: ConversionSpec, paths: readonly string[]): ConversionFacts['networkd'] {
  const own = before.networkd[nic];
  if (!own) return before.networkd;
  if (own.file?.includes('netplan')) return { [bridge]: { ...own, file: own.file.replace(nic, bridge) }, [nic]: own };
  const file = (name: string): string => paths.find((path) => path.endsWith(`/00-netwright-${name}.network`)) ?? own.file!;
  return { [bridge]: { ...own, file: file(bridge) }, [nic]: { ...own, file: file(nic) } };
}

function networkManagerAfter(before: ConversionFacts, { nic, bridge }: ConversionSpec, files: ConversionFacts['files']): ConversionFacts['networkManager'] {
  const own = before.networkManager[nic];
  if (!own) return before.networkManager;
  if (own.file?.includes('netplan')) return { [bridge]: { ...own, file: own.file.replace(nic, bridge) }, [nic]: own };
  const device = (id: string): NetworkManagerDevice => {
    const path = `/etc/NetworkManager/system-connections/${id}.nmconnection`;
    return { state: 'connected', name: id, file: path, uuid: /^uuid=(.*)$/m.exec(files.find((file) => file.path === path)?.content ?? '')![1]! };
  };
  return { [bridge]: device(bridge), [nic]: device(`${bridge}-port-${nic}`) };
}
