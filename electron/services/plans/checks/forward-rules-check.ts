import { complaint, failed, passed, unknown } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';

/**
 * libvirt's rules on forwarding, in whichever firewall it uses: chains LIBVIRT_FWI and LIBVIRT_FWO of iptables, or the
 * nftables table `libvirt_network`. Reading them takes root.
 */
export async function checkForwardRules(check: CheckOf<'forward-rules'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const family = check.subnet?.includes(':') ? 'ipv6' : 'ipv4';
  const looks = await Promise.all([lookInIptables(family, check.bridge, runner), lookInNftables(family, check.bridge, runner)]);
  const unread = looks.filter((look) => look.problem !== null);
  if (unread.length === looks.length) return unknown(`the rules can't be read: ${unread.map((look) => look.problem).join('; ')}`);
  const rules = looks.flatMap((look) => look.rules);
  const where = looks.find((look) => look.rules.length > 0)?.where ?? 'the firewall';
  const accepted = (direction: Rule['direction']): boolean => rules.some((rule) => rule.direction === direction && rule.verdict === 'accept' && !rule.answersOnly
    && check.subnet !== null && rule.text.includes(check.subnet));
  switch (check.mode) {
    case 'open': return rules.length === 0 ? passed('there is none') : failed(`${where} has ${rules.length} rules for ${check.bridge}`);
    case 'routed': return accepted('in') && accepted('out') ? passed(`${where} accepts both directions`) : failed(`${where} lacks a rule that accepts ${check.subnet}`);
    case 'isolated': {
      if (rules.some((rule) => rule.verdict === 'accept')) return failed(`${where} lets something through`);
      const rejects = (['in', 'out'] as const).every((direction) => rules.some((rule) => rule.direction === direction && rule.verdict === 'reject'));
      return rejects ? passed(`${where} rejects both directions`) : failed(`no rule rejects what ${check.bridge} forwards`);
    }
  }
}

interface Rule {
  /** As the guests see it: into the network, or out of it. */
  direction: 'in' | 'out';
  verdict: 'accept' | 'reject';
  /** Only answers to what guests began. */
  answersOnly: boolean;
  text: string;
}
interface Look { where: string; rules: Rule[]; problem: string | null }

async function lookInIptables(family: 'ipv4' | 'ipv6', bridge: string, runner: CheckAccess['runner']): Promise<Look> {
  const tool = family === 'ipv6' ? 'ip6tables-save' : 'iptables-save';
  const result = await runner.run({ argv: [tool, '-t', 'filter'] });
  if (result.exitCode !== 0) return { where: tool, rules: [], problem: complaint(result, tool) };
  const rules = result.stdout.split('\n').flatMap((text): Rule[] => {
    const direction = text.startsWith('-A LIBVIRT_FWI ') && text.includes(` -o ${bridge} `) ? 'in'
      : text.startsWith('-A LIBVIRT_FWO ') && text.includes(` -i ${bridge} `) ? 'out' : null;
    const verdict = /-j ACCEPT\b/.test(text) ? 'accept' : /-j REJECT\b/.test(text) ? 'reject' : null;
    return direction && verdict ? [{ direction, verdict, answersOnly: text.includes('ESTABLISHED'), text }] : [];
  });
  return { where: 'iptables', rules, problem: null };
}

/** Rules there name the bridge in quotes: `oif "virbr1" ip daddr 10.1.0.0/24 counter packets 0 bytes 0 accept`. */
async function lookInNftables(family: 'ipv4' | 'ipv6', bridge: string, runner: CheckAccess['runner']): Promise<Look> {
  const result = await runner.run({ argv: ['nft', 'list', 'table', family === 'ipv6' ? 'ip6' : 'ip', 'libvirt_network'] });
  // Without the table libvirt uses iptables: that is an answer, not a problem.
  if (result.exitCode !== 0 && /no such file or directory/i.test(result.stderr)) return { where: 'nftables', rules: [], problem: null };
  if (result.exitCode !== 0) return { where: 'nft', rules: [], problem: complaint(result, 'nft') };
  const named = (word: string, text: string): boolean => new RegExp(`\\b${word}(?:name)? "${bridge.replace(/[.]/g, '\\$&')}"`).test(text);
  const rules = result.stdout.split('\n').flatMap((text): Rule[] => {
    // Both names in one rule: traffic between the network's own guests.
    const direction = named('oif', text) && named('iif', text) ? null : named('oif', text) ? 'in' : named('iif', text) ? 'out' : null;
    const verdict = /\baccept\b/.test(text) ? 'accept' : /\breject\b/.test(text) ? 'reject' : null;
    return direction && verdict ? [{ direction, verdict, answersOnly: text.includes('established'), text }] : [];
  });
  return { where: 'nftables', rules, problem: null };
}
