import type { KindGroup, KindRow } from './kind-row';

export interface KindResult { group: KindGroup; row: KindRow; seconds: number; seen: string; problem: string | null }

/** docs/full-machine-kinds.md. @param about `machine`: what it and its programs say of themselves */
export function kindsPage(results: readonly KindResult[], about: { machine: string; commit: string; at: Date }): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  const right = results.filter(({ problem }) => problem === null).length;
  return `# Limits and virtual functions on a machine of its own

Lab hosts share the kernel of the machine they run on: it has no traffic control, and no card with virtual functions. Here the host is a machine: an
emulated board (QEMU, TCG) with Debian's kernel, an IOMMU and an Intel 82576 card (igb), and libvirt on it. Everything is done by plans of the app, whose own
checks pass; then the app is asked what it shows, and the kernel and libvirt by their own tools what they have. ${right === results.length ? `All ${results.length} are as they should be.` : `${right} of ${results.length} are as they should be.`}

Written on ${about.at.toISOString().slice(0, 10)} by \`node test/matrix/full-machine-kinds.mjs\` (root, on Debian; test/machine/README.md), at commit ${about.commit}.

- ${about.machine}
${groups.map((group) => sectionOf(group, results.filter((result) => result.group === group))).join('')}`;
}

function sectionOf({ title, about }: KindGroup, results: readonly KindResult[]): string {
  const wrong = results.filter(({ problem }) => problem !== null);
  return `
## ${title}

${about}

| what is done | what is there then | |
|---|---|---|
${results.map(({ row, seen, seconds, problem }) => `| ${row.name} | ${seen} | ${problem === null ? '✓' : '✕'} ${seconds} s |`).join('\n')}
${wrong.map(({ row, problem }) => `\n### ${row.name}\n\n\`\`\`\n${problem}\n\`\`\`\n`).join('')}`;
}
