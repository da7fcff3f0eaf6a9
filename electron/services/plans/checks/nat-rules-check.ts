import { complaint, failed, passed, unknown } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';

/**
 * libvirt's rules that translate a subnet, in whichever firewall it uses: chains of iptables (up to 10.3, and later where
 * set so) or the nftables table `libvirt_network`. Reading them takes root.
 */
export async function checkNatRules(check: CheckOf<'nat-rules'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const looks = await Promise.all([lookInIptables(check.subnet, runner), lookInNftables(check.subnet, runner)]);
  const found = looks.find((look) => look.found);
  if (found) return (check.present ? passed : failed)(`${found.where} translates ${check.subnet}`);
  const unread = looks.filter((look) => look.problem !== null);
  if (unread.length === looks.length) return unknown(`the rules can't be read: ${unread.map((look) => look.problem).join('; ')}`);
  return (check.present ? failed : passed)(`no rule translates ${check.subnet}`);
}

interface Look { where: string; found: boolean; problem: string | null }

async function lookInIptables(subnet: string, runner: CheckAccess['runner']): Promise<Look> {
  const tool = subnet.includes(':') ? 'ip6tables-save' : 'iptables-save';
  const result = await runner.run({ argv: [tool, '-t', 'nat'] });
  if (result.exitCode !== 0) return { where: tool, found: false, problem: complaint(result, tool) };
  const found = result.stdout.split('\n').some((line) => line.includes(` -s ${subnet} `) && / -j (MASQUERADE|SNAT)\b/.test(line));
  return { where: 'iptables', found, problem: null };
}

async function lookInNftables(subnet: string, runner: CheckAccess['runner']): Promise<Look> {
  const family = subnet.includes(':') ? 'ip6' : 'ip';
  const result = await runner.run({ argv: ['nft', 'list', 'table', family, 'libvirt_network'] });
  // Without the table libvirt uses iptables: that is an answer, not a problem.
  if (result.exitCode !== 0 && /no such file or directory/i.test(result.stderr)) return { where: 'nftables', found: false, problem: null };
  if (result.exitCode !== 0) return { where: 'nft', found: false, problem: complaint(result, 'nft') };
  const found = result.stdout.split('\n').some((line) => line.includes(`${family} saddr ${subnet} `) && /\b(masquerade|snat)\b/.test(line));
  return { where: 'nftables', found, problem: null };
}
