import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../build/paths.mjs';
import { installKernel } from '../lab/host-kernel';
import { LabHost } from '../lab/lab';
import { LabKills, type LabKill } from './random-lab-kills';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) }, count: { type: 'string', default: '30' },
    name: { type: 'string', default: 'lab-kills' }, to: { type: 'string', default: fromRoot('docs', 'lab-kills.md') },
  },
});

function page(kills: readonly LabKill[], versions: string): string {
  const left = kills.filter(({ problem }) => problem !== null).length;
  const rows = kills.map(({ lab, doing, victim, afterMs, then, found, problem }) => `| ${lab} | ${doing} | ${victim} | ${afterMs} ms | ${found} | ${then} | ${problem === null ? '✓' : `✕ ${problem.split('\n')[0]}`} |`);
  return `# Labs that are cut off

A lab is made or destroyed by \`netwright lab apply\` or \`destroy\` on a real libvirt, and the program is killed (SIGKILL) or every SSH session of the
host is cut, at a random moment. Then it is gone on with (and there is nothing left to do), and destroyed in the end. ✓: networks, bridges,
addresses, routes, firewall rules, libvirt's files, the Open vSwitch database and the machines' definitions are what they were before.
${left === 0 ? `Nothing was left behind by any of the ${kills.length}.` : `${left} of ${kills.length} left something behind.`}

Written on ${new Date().toISOString().slice(0, 10)} by \`node test/matrix/lab-kills.mjs --seed ${values.seed} --count ${values.count}\`, which runs it again (root, on Debian; see
test/lab/README.md). What is killed depends on the seed; when, also on how long it takes here. ${versions}.

| lab | doing what | killed | after | found then | done then | |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netwright-lab-kills-'));
  // A copy: what is built meanwhile is not what is being tried.
  const cli = path.join(folder, 'cli', 'netwright.cjs');
  mkdirSync(path.dirname(cli));
  copyFileSync(fromRoot('dist', 'cli', 'netwright.cjs'), cli);
  console.log(`Seed: ${values.seed}`);
  const host = await LabHost.up(values.name, { nics: 2 });
  try {
    await installKernel(host);
    const kills = await LabKills.prepare(host, cli, folder);
    const results: LabKill[] = [];
    for (let number = 0; number < Number(values.count); number += 1) {
      const kill = await kills.run(Number(values.seed), number);
      results.push(kill);
      console.log(`${kill.problem === null ? '✓' : '✕'} ${kill.lab}: ${kill.doing}, ${kill.victim} after ${kill.afterMs} ms, ${kill.found}, ${kill.then}${kill.problem === null ? '' : `\n    ${kill.problem.replaceAll('\n', '\n    ')}`}`);
      // One that left something behind would be blamed on all after it.
      if (kill.problem !== null) break;
    }
    const versions = (await host.execOrThrow('. /etc/os-release; echo "$PRETTY_NAME, libvirt $(virsh --version), $(ovs-vsctl --version | head -1)"')).trim();
    writeFileSync(values.to, page(results, versions));
    process.exitCode = results.length === Number(values.count) && results.every(({ problem }) => problem === null) ? 0 : 1;
  } finally {
    await host.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
