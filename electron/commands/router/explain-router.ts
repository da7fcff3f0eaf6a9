import type { Command, CommandOutcome } from '../../../shared/domain/plan';
import { describeCommand } from '../../../shared/domain/shell-quote';
import { AppError } from '../../../shared/errors/app-error';

/** Which package of Debian, Ubuntu and Fedora has a program that make-image.sh looks for. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2 (Fedora: iproute)', nft: 'nftables', dnsmasq: 'dnsmasq-base (Fedora: dnsmasq)', mount: 'mount (Fedora: util-linux)', setsid: 'util-linux',
  kmod: 'kmod', modprobe: 'kmod', ldd: 'libc-bin (Fedora: glibc-common)', gzip: 'gzip',
};

/** Why what routers boot could not be made or removed, or a router's rules not read; null: it could. Exit codes: see make-image.sh. */
export function explainRouter({ exitCode, stderr }: CommandOutcome, command: Command): AppError | null {
  if (exitCode === 0) return null;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const refused = (title: string, detail: string, hint: string): AppError => new AppError('router.not-made', title, detail, { hint, stderr, command: describeCommand(command) });
  if (command.argv[0] === 'nft') {
    return exitCode === 127 ? refused('nft is not installed', 'This host has no nft command.', 'Install it: the package is called nftables.')
      : refused('nft refuses the router\'s rules', `The nft of this host doesn't understand them, and the router's would be the same: ${said}`, 'Nothing was changed. An nft of version 0.9 or newer knows them.');
  }
  const missing = /^programs are missing: (.+)$/m.exec(stderr)?.[1]?.split(' ') ?? [];
  switch (exitCode) {
    case 65: return refused('Programs for a router are missing', `A router is made of this host's own programs, and it has no ${missing.join(', ')}.`, `Install ${[...new Set(missing.map((tool) => packages[tool] ?? tool))].join(', ')}.`);
    case 66: return refused('There is no kernel for a router', 'A router boots this host\'s own kernel, and there is none with its modules in /boot and /lib/modules.', 'Install the distribution\'s kernel package. In a container there is none.');
    case 67: return refused('The kernel can\'t route', `A router boots this host's own kernel: ${said}.`, 'The distribution\'s usual kernel has it, perhaps in a package of further modules.');
    case 73: return refused('There is no room for a router\'s image', `It takes some 50 MB for a moment: ${said}.`, 'Make room in /var/lib/libvirt/images.');
    default: return null;
  }
}
