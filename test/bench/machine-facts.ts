import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** What the figures depend on, without anything that changes from run to run. */
export function machineFacts(electron: string): string[] {
  const os = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  const version = execFileSync(electron, ['-p', '[process.versions.electron, process.versions.chrome].join(" ")'], {
    encoding: 'utf8', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const [electronVersion, chromium] = version.trim().split(' ');
  const isRoot = process.getuid?.() === 0;
  return [
    `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `${os}, Linux ${release()}`,
    `Node ${process.versions.node}; Electron ${electronVersion ?? 'unknown'} with Chromium ${chromium ?? 'unknown'}, on a screen in memory (Xvfb), drawn without a graphics card${isRoot ? ', as root and so without Chromium\'s sandbox' : ''}`,
    'lab hosts (test/lab): Debian 12 with libvirt 9.0 in containers on the same machine, so client and host share its processors',
  ];
}
