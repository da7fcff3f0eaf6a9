import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabHost } from './lab';
import { stateFolder } from './lab';
import { runProcessOrThrow } from './run-process';

const debs = join(process.env['LAB'] ?? fileURLToPath(new URL('../../.lab', import.meta.url)), 'debs');

/** Where this machine sees the files of a host that is up. */
export function rootOf({ name }: LabHost): string {
  return /^ROOT=(.+)$/m.exec(readFileSync(`${stateFolder}/hosts/${name}/conf`, 'utf8'))![1]!;
}

/**
 * Puts a kernel with its modules on a lab host, as every host but a container has one: the one that the tiny guest boots, of the package that
 * make-guest has kept.
 */
export async function installKernel(host: LabHost): Promise<void> {
  const deb = readdirSync(debs).filter((name) => /^linux-image-[\d.]+.*-cloud-amd64_.*\.deb$/.test(name)).sort().at(-1);
  if (deb === undefined) throw new Error(`${debs} has no kernel package; remove the guest's folder beside it, and make-guest fetches one`);
  const root = rootOf(host);
  const scratch = mkdtempSync(join(tmpdir(), 'netwright-kernel-'));
  try {
    await runProcessOrThrow(['dpkg-deb', '-x', join(debs, deb), scratch]);
    const [release = ''] = readdirSync(join(scratch, 'lib/modules'));
    await runProcessOrThrow(['depmod', '-b', scratch, release]);
    await runProcessOrThrow(['mkdir', '-p', join(root, 'usr/lib/modules'), join(root, 'boot')]);
    await runProcessOrThrow(['cp', join(scratch, 'boot', `vmlinuz-${release}`), join(root, 'boot')]);
    if (!existsSync(join(root, 'usr/lib/modules', release))) await runProcessOrThrow(['cp', '-r', join(scratch, 'lib/modules', release), join(root, 'usr/lib/modules')]);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
