/** Drives full machines (the scripts in this folder) as lab.ts drives lab hosts. */
import { fileURLToPath } from 'node:url';
import { LabHost, labScript, stateFolder, type LabStack, type LabVariant } from '../lab/lab';
import { runProcessOrThrow, waitFor, type ProcessOptions, type ProcessResult } from '../lab/run-process';
import { GuestAgent } from './guest-agent';

const machineScript = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** Under emulation, on a machine that has other work. */
const bootMs = 400_000;

export interface FullMachineOptions {
  /** Who configures enp1s0. Default: ifupdown. */
  stack?: LabStack;
  /** NICs enp1s0 … on the LAN. Default: 3. */
  nics?: number;
  /** `plain` has libvirt, and its last NIC is a card with virtual functions. Default: no-libvirt. */
  variant?: Exclude<LabVariant, 'no-ovs'>;
  /** The address that it has from its first boot on, by the files in the folder `files`, which come over its root. Default: a lease. */
  fixed?: { address: string; files: string };
}

/** A host with a kernel, a clock and a disk of its own. One at a time: it is emulated. */
export class FullMachine extends LabHost {
  private agent: GuestAgent | undefined;

  /** Boots one, in about a minute. One of that name that an interrupted run left behind is thrown away first. */
  static override async up(name: string, { stack = 'ifupdown', nics = 3, variant = 'no-libvirt', fixed }: FullMachineOptions = {}): Promise<FullMachine> {
    await runProcessOrThrow([labScript('lab-down'), name]);
    const files = fixed ? ['--address', fixed.address, '--files', fixed.files] : [];
    const stdout = await runProcessOrThrow([machineScript('machine-up'), name, '--stack', stack, '--nics', String(nics), '--variant', variant, ...files], { timeoutMs: bootMs + 120_000 });
    return new FullMachine(name, stdout.trim().split(' ')[1]!);
  }

  /** By the guest agent: neither SSH nor a network is needed. */
  override async exec(command: string | readonly string[], options?: ProcessOptions): Promise<ProcessResult> {
    this.agent ??= await GuestAgent.connect(`${stateFolder}/hosts/${this.name}/agent`, bootMs);
    return this.agent.exec(typeof command === 'string' ? ['/bin/sh', '-c', command] : ['/usr/bin/env', ...command], options);
  }

  override async execOrThrow(command: string | readonly string[], options?: ProcessOptions): Promise<string> {
    const { code, stdout, stderr } = await this.exec(command, options);
    if (code !== 0) throw new Error(`${typeof command === 'string' ? command : command.join(' ')} ended with ${code}: ${stderr.trim() || stdout.trim()}`);
    return stdout;
  }

  override async down(): Promise<void> {
    this.forgetAgent();
    await super.down();
  }

  /** `hard`: its plug is pulled, and what was not on its disk by then is lost. Resolves when SSH answers again. */
  override async reboot({ hard = false }: { hard?: boolean } = {}): Promise<void> {
    if (hard) {
      await this.cutPower();
      await this.switchOn();
      return;
    }
    const before = await this.bootId();
    await this.exec(['systemctl', '--no-block', 'reboot']).catch(() => undefined);
    await waitFor(`${this.name} to boot again`, bootMs, async () => {
      this.forgetAgent();
      return await this.bootId().catch(() => before) !== before;
    });
    await this.untilReady();
  }

  /** Pulls its plug. */
  async cutPower(): Promise<void> {
    this.forgetAgent();
    await runProcessOrThrow([machineScript('machine-power'), this.name, 'off']);
  }

  /** After cutPower. Resolves when SSH answers. */
  async switchOn(): Promise<void> {
    await runProcessOrThrow([machineScript('machine-power'), this.name, 'on']);
    await this.untilReady();
  }

  private async untilReady(): Promise<void> {
    this.address = (await runProcessOrThrow([labScript('lab-wait'), this.name], { timeoutMs: bootMs + 20_000 })).trim();
  }

  private async bootId(): Promise<string> {
    return (await this.execOrThrow(['cat', '/proc/sys/kernel/random/boot_id'], { timeoutMs: 10_000 })).trim();
  }

  private forgetAgent(): void {
    this.agent?.close();
    this.agent = undefined;
  }
}
