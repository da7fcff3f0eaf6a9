import { describe, expect, it } from 'vitest';
import { hostKeyPath, makeRouterHostKey, makeRouterImage, removeRouterHostKey, removeRouterImage, routerImage } from '../../shared/domain/router/router-image';
import type { RouterSpec } from '../../shared/domain/router/router-spec';
import { buildRouterXml, routerEssence } from '../../shared/domain/router/router-xml';
import { defineRouter, readRules, setRouterAutostart, undefineRouter } from '../../shared/domain/planning/router-commands';
import { parseMachine } from '../../shared/domain/machine-xml/parse-machine';
import type { Command } from '../../shared/domain/plan';
import { done, failed, natXml, outcome } from './contract-host';
import type { ContractSession, Outcome } from './contract-host';

const uuid = '7c7f2f60-5d4b-4c1e-8a53-c0c0c0c0c0c0';
const spec: RouterSpec = {
  name: 'nwc-gw', title: null, allow: [['lan', 'wan']], masquerade: ['wan'], dns: 'forward', nameServers: ['10.111.1.1'],
  interfaces: [{ network: 'nwc-a', portgroup: null, vlan: null, mac: '52:54:00:c0:11:31', zone: 'wan', address: '10.111.1.254/24', dhcp: null, gateway: '10.111.1.1', fillsChecksums: false }],
};
const lan: RouterSpec['interfaces'][number] = { network: 'nwc-b', portgroup: null, vlan: null, mac: '52:54:00:c0:11:32', zone: 'lan', address: '10.111.2.1/24', dhcp: { start: '10.111.2.10', end: '10.111.2.99' }, gateway: null, fillsChecksums: false };
const xml = buildRouterXml(uuid, { ...spec, interfaces: [...spec.interfaces, lan] }, { lab: 'home', key: 'gw' }, { architecture: 'x86_64', kvm: false });

const run = async (session: ContractSession, command: Command): Promise<Outcome> => outcome(await session.runner.run(command, { timeoutMs: 60_000 }));
const held = (session: ContractSession, ...flags: string[]): Promise<string> => session.read('virsh', '-q', '-c', 'qemu:///system', 'dumpxml', 'nwc-gw', ...flags);

export function describeRouters(current: () => ContractSession): void {
  describe('routers', () => {
    it('boot an image that is made once, and stays as long as one of them boots it', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.define('<network><name>nwc-b</name></network>');
      for (const name of ['nwc-a', 'nwc-b']) await session.virsh(['net-start', name]);
      await run(session, removeRouterImage([]));
      expect(await run(session, defineRouter('nwc-gw', xml))).toEqual(done('Domain \'nwc-gw\' defined from /dev/stdin\n\n'));
      expect(await session.virsh(['start', 'nwc-gw'])).toEqual(failed('Failed to start domain \'nwc-gw\'', `unable to stat: ${routerImage.kernel}: No such file or directory`));

      expect((await run(session, makeRouterImage())).exitCode).toBe(0);
      expect(await run(session, makeRouterImage())).toEqual(done('the image is there already\n'));
      expect(await run(session, setRouterAutostart(uuid, true))).toMatchObject({ exitCode: 0 });
      expect(await session.virsh(['start', 'nwc-gw'])).toEqual(done('Domain \'nwc-gw\' started\n\n'));
      for (const text of [await held(session), await held(session, '--inactive')]) {
        expect(routerEssence(text)).toBe(routerEssence(xml));
        expect(parseMachine(text).labRouter).toMatchObject({ lab: 'home', key: 'gw' });
      }

      expect(await run(session, removeRouterImage([]))).toEqual(done('the image stays: nwc-gw.xml boots it\n'));
      await session.virsh(['destroy', 'nwc-gw']);
      expect(await run(session, removeRouterImage([uuid]))).toEqual(done(''));
      expect((await session.virsh(['start', 'nwc-gw'])).exitCode).toBe(1);
      expect(await run(session, undefineRouter(uuid))).toMatchObject({ exitCode: 0 });
      expect(await run(session, removeRouterImage([]))).toEqual(done(''));
    });

    it('that are jump boxes have a host key, which is made once and read by root alone', async () => {
      const session = current();
      const path = hostKeyPath(uuid);
      const listed = async (): Promise<string> => session.read('find', '/var/lib/libvirt/images', '-name', `${uuid}*`);
      await run(session, removeRouterHostKey(uuid));
      expect((await run(session, makeRouterHostKey(uuid))).exitCode).toBe(0);
      const key = await session.read('cat', `${path}.pub`);
      expect(key).toMatch(/^ssh-ed25519 AAAA[A-Za-z0-9+/]+=* ?\n$/);
      expect(await run(session, makeRouterHostKey(uuid))).toEqual(done('the key is there already\n'));
      expect(await session.read('cat', `${path}.pub`)).toBe(key);

      await session.define(natXml('nwc-a'));
      await session.virsh(['net-start', 'nwc-a']);
      await run(session, makeRouterImage());
      const jumpBox = buildRouterXml(uuid, { ...spec, ssh: { keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA mara@desk'], from: ['wan'] } }, { lab: 'home', key: 'gw' }, { architecture: 'x86_64', kvm: false });
      expect(await run(session, defineRouter('nwc-gw', jumpBox))).toMatchObject({ exitCode: 0 });
      expect(await session.virsh(['start', 'nwc-gw'])).toMatchObject({ exitCode: 0 });
      for (const text of [await held(session), await held(session, '--inactive')]) {
        expect(routerEssence(text)).toBe(routerEssence(jumpBox));
        expect(parseMachine(text).labRouter).toMatchObject({ keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA mara@desk'], addresses: [{ address: '10.111.1.254' }] });
      }
      await session.virsh(['destroy', 'nwc-gw']);
      expect(await run(session, removeRouterHostKey(uuid))).toEqual(done(''));
      expect(await listed()).toBe('');
      expect((await session.virsh(['start', 'nwc-gw'])).exitCode).toBe(1);
      await run(session, removeRouterImage([uuid]));
      expect(await run(session, undefineRouter(uuid))).toMatchObject({ exitCode: 0 });
    });

    it('have rules that nft reads, without having them in force', async () => {
      const session = current();
      expect(await run(session, readRules(xml))).toEqual(done(''));
      const broken = readRules(xml);
      expect((await run(session, { ...broken, stdin: { name: 'rules.nft', text: 'table inet x {\n' } })).exitCode).toBe(1);
    });
  });
}
