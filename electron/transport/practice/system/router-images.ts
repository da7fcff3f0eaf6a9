import { routerImageCommand } from '../../../../shared/domain/router/router-image';
import { readFileOf } from '../files';
import { fail, succeed } from '../world';
import type { Tool, ToolResult, World } from '../world';
import { writeFileOf } from './file-tools';

/** A key that is nobody's: those of the practice host open nothing. */
const practiceKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5${'A'.repeat(44)}A==\n`;

/** make-image.sh, remove-image.sh and the two for host keys, function for function; null: another script. */
export function routerImages(world: World, args: readonly string[], script: string): ToolResult | null {
  const [base = '', ...leaving] = args.filter((word) => word !== '--');
  const paths = [`${base}.vmlinuz`, `${base}.initrd`];
  switch (routerImageCommand({ argv: ['/bin/sh'], stdin: { name: '', text: script } })) {
    case 'make': {
      if (paths.every((path) => readFileOf(world, path) !== null)) return succeed('the image is there already\n');
      const lacking = ['ip', 'nft', 'dnsmasq'].filter((tool) => world.state.tools[tool] === undefined);
      if (lacking.length > 0) return fail(65, `programs are missing: ${lacking.join(' ')}\n`);
      for (const path of paths) writeFileOf(world, path, `of kernel ${world.state.kernel}\n`);
      return succeed(`kernel ${world.state.kernel}\nmade of kernel ${world.state.kernel}: 10287531 bytes beside it\n`);
    }
    case 'remove': {
      const user = world.state.machines.find(({ uuid, boot, running }) => !leaving.includes(uuid) && paths.some((path) => path === boot?.kernel || path === running?.boot?.kernel));
      if (user) return succeed(`the image stays: ${user.name}.xml boots it\n`);
      for (const path of paths) delete world.state.files[path];
      return succeed();
    }
    case 'make-host-key': {
      if (readFileOf(world, base) !== null) return succeed('the key is there already\n');
      writeFileOf(world, base, 'of the practice host\n');
      writeFileOf(world, `${base}.pub`, practiceKey);
      return succeed();
    }
    case 'remove-host-key': {
      for (const path of [base, `${base}.pub`]) delete world.state.files[path];
      return succeed();
    }
    case null: return null;
  }
}

/** `nft --check --file /dev/stdin`: whether it reads as rules, in so far as every brace closes. Source: nft(8). */
export const nft: Tool = (_world, args, stdin) => {
  if (!args.includes('--check')) return fail(1, 'Error: Could not process rule: Operation not permitted\n');
  const open = [...stdin].filter((letter) => letter === '{').length - [...stdin].filter((letter) => letter === '}').length;
  return open === 0 ? succeed() : fail(1, '/dev/stdin:1:1-1: Error: syntax error, unexpected end of file\n');
};
