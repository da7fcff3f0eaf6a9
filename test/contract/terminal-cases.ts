import { describe, expect, it } from 'vitest';
import type { TerminalEnd } from '../../electron/transport/terminal-channel';
import { natXml } from './contract-host';
import type { ContractSession } from './contract-host';

const size = { columns: 120, rows: 30 };

/** A terminal of the host, what it printed so far (without escape sequences) and how it ended. */
async function open(session: ContractSession, command: readonly string[] | null = null) {
  const channel = await session.runner.openTerminal({ command, size, elevate: command !== null });
  let printed = '';
  let end: TerminalEnd | null = null;
  channel.onData((data) => { printed += Buffer.from(data).toString('latin1'); });
  channel.onEnd((ended) => { end = ended; });
  // eslint-disable-next-line no-control-regex -- that is what these sequences begin with
  const text = (): string => printed.replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07)/g, '').replaceAll('\r', '');
  return { channel, text, end: () => end };
}

const patience = { timeout: 20_000 };

export function describeTerminals(current: () => ContractSession): void {
  describe('a terminal', () => {
    it('is a shell that runs what is typed, follows what goes on until Ctrl-C, and ends with exit', async () => {
      const session = current();
      const { channel, text, end } = await open(session);
      await expect.poll(text, patience).toMatch(/# $/);
      await session.define(natXml('nwc-a'));
      channel.write('virsh -c qemu:///system net-list --all --name\r');
      await expect.poll(text, patience).toMatch(/\nnwc-a\n[^]*# $/);
      channel.write('nonsense\x03');
      await expect.poll(text, patience).toMatch(/\^C\n[^]*# $/);
      const from = text().length;
      channel.write('virsh -c qemu:///system net-event --event lifecycle --loop\r');
      await expect.poll(async () => {
        await session.virsh(['net-start', 'nwc-a']);
        await session.virsh(['net-destroy', 'nwc-a']);
        return text().slice(from);
      }, patience).toContain('event \'lifecycle\' for network nwc-a: Started');
      channel.write('\x03');
      await expect.poll(() => text().slice(from), patience).toMatch(/\^C[^]*# $/);
      channel.resize({ columns: 90, rows: 20 });
      channel.write('exit 3\r');
      await expect.poll(end, patience).toEqual({ exitCode: 3, signal: null, error: null });
    });

    it('ends with Ctrl-D, and when it is hung up', async () => {
      const typed = await open(current());
      await expect.poll(typed.text, patience).toMatch(/# $/);
      typed.channel.write('true\r');
      await expect.poll(typed.text, patience).toMatch(/true\n[^]*# $/);
      typed.channel.write('\x04');
      await expect.poll(typed.end, patience).toEqual({ exitCode: 0, signal: null, error: null });
      const hungUp = await open(current());
      await expect.poll(hungUp.text, patience).toMatch(/# $/);
      hungUp.channel.close();
      await expect.poll(hungUp.end, patience).not.toBeNull();
    });

    it('is no console of a machine that is off, or not there', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.virsh(['define', '/dev/stdin'], await session.host.machineXml('nwc-vm', 'nwc-a', '52:54:00:c0:11:22'));
      for (const [machine, sentence] of [['nwc-vm', 'error: The domain is not running'], ['nwc-none', 'error: failed to get domain \'nwc-none\'']] as const) {
        const { text, end } = await open(session, ['virsh', '-c', 'qemu:///system', 'console', machine]);
        await expect.poll(end, patience).toEqual({ exitCode: 1, signal: null, error: null });
        expect(text()).toContain(sentence);
      }
    });
  });
}
