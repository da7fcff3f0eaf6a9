import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { parseGatheredFiles } from '../../electron/commands/gathered-files';
import { parseOsName } from '../../electron/commands/system/os-release';
import { parseTools } from '../../electron/commands/system/tools';
import { AppError } from '../../shared/errors/app-error';
import { natXml, normalise } from './contract-host';
import type { ContractSession } from './contract-host';

/** A query of type A with recursion wanted (RFC 1035, 4.1), framed for TCP. */
function dnsQuery(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const message = Buffer.concat([Buffer.from('1234010000010000000000' + '00', 'hex'), ...labels, Buffer.from('0000010001', 'hex')]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length, 0);
  return Buffer.concat([length, message]);
}

/** ID, response code and, for one answer, its last four bytes. */
async function ask(session: ContractSession, address: string, name: string): Promise<{ id: string; code: number; address: string | null }> {
  const stream = await session.runner.connectTcp(address, 53);
  try {
    stream.write(dnsQuery(name));
    const reply = await readFrame(stream);
    const answers = reply.readUInt16BE(6);
    return { id: reply.toString('hex', 0, 2), code: reply.readUInt16BE(2) & 0xf, address: answers === 1 ? [...reply.subarray(-4)].join('.') : null };
  } finally {
    stream.destroy();
  }
}

function readFrame(stream: Duplex): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('closed without an answer')));
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > 2 && received.length >= 2 + received.readUInt16BE(0)) resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
    });
  });
}

export function describeGather(current: () => ContractSession): void {
  describe('gather', () => {
    it('answers every section by itself', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      const replies = await session.runner.gather([
        { name: 'os', command: { kind: 'argv', argv: ['cat', '/etc/os-release'] } },
        { name: 'missing', command: { kind: 'argv', argv: ['nwc-no-such-tool', '-x'] } },
        { name: 'failing', command: { kind: 'argv', argv: ['ls', '-1', '/nwc/none'] } },
        { name: 'files', command: { kind: 'files', globs: ['/etc/libvirt/qemu/networks/nwc-*.xml', '/nwc/none', '/etc/hostname'] } },
        { name: 'nofiles', command: { kind: 'files', globs: ['/nwc/*.conf'] } },
        { name: 'tools', command: { kind: 'tools', names: ['ip', 'nwc-no-such-tool', 'virsh', 'ovs-vsctl', 'ss', 'iptables-save'] } },
        { name: 'sysctls', command: { kind: 'sysctls', keys: ['net.ipv4.ip_forward', 'net.nwc.none'] } },
        { name: 'uname', command: { kind: 'argv', argv: ['uname', '-snrm'] } },
        { name: 'clock', command: { kind: 'argv', argv: ['date', '+%s %z'] } },
        { name: 'services', command: { kind: 'argv', argv: ['systemctl', 'is-active', 'NetworkManager.service', 'systemd-networkd.service', 'networking.service', 'wicked.service'] } },
      ]);
      const reply = (name: string) => {
        const { exitCode, stdout, stderr } = replies.get(name) ?? { exitCode: null, stdout: '', stderr: '' };
        return { exitCode, stdout, stderr };
      };
      expect(parseOsName(reply('os').stdout)).toBe('Debian GNU/Linux 12 (bookworm)');
      expect(reply('missing')).toMatchObject({ exitCode: 127, stdout: '', stderr: expect.stringMatching(/nwc-no-such-tool: not found\n$/) });
      expect(reply('failing')).toEqual({ exitCode: 2, stdout: '', stderr: 'ls: cannot access \'/nwc/none\': No such file or directory\n' });
      const files = parseGatheredFiles(reply('files').stdout);
      expect(files.map(({ path }) => path)).toEqual(['/etc/libvirt/qemu/networks/nwc-a.xml', '/etc/hostname']);
      expect(normalise(files[0]?.content ?? '')).toContain('  virsh net-edit nwc-a\n');
      expect(reply('nofiles')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      expect(parseTools(reply('tools').stdout)).toEqual(['ip', 'iptables-save', 'ovs-vsctl', 'ss', 'virsh']);
      expect(reply('tools').stdout).toContain('nwc-no-such-tool\t\n');
      expect(reply('sysctls')).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^net\.ipv4\.ip_forward=[01]\n$/), stderr: '' });
      expect(reply('uname').stdout).toMatch(/^Linux \S+ \S+ x86_64\n$/);
      expect(reply('clock').stdout).toMatch(/^\d{10} [+-]\d{4}\n$/);
      expect(reply('services')).toEqual({ exitCode: 0, stdout: 'inactive\ninactive\nactive\ninactive\n', stderr: '' });
    });
  });

  describe('a connection made by the host', () => {
    it('reaches the network\'s dnsmasq', async () => {
      const session = current();
      await session.define(natXml('nwc-a', { extra: '<domain name="lab.internal" localOnly="yes"/><dns><host ip="10.111.1.7"><hostname>srv7</hostname></host></dns>' }));
      await session.virsh(['net-start', 'nwc-a']);
      expect(await ask(session, '10.111.1.1', 'srv7')).toEqual({ id: '1234', code: 0, address: '10.111.1.7' });
      expect(await ask(session, '10.111.1.1', 'srv7.lab.internal')).toEqual({ id: '1234', code: 0, address: '10.111.1.7' });
      expect(await ask(session, '10.111.1.1', 'none.lab.internal')).toEqual({ id: '1234', code: 3, address: null });
    });

    it('is refused where nothing listens', async () => {
      const error = await current().runner.connectTcp('127.0.0.1', 9).then(() => null, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('ssh.channel-refused');
    });
  });
}
