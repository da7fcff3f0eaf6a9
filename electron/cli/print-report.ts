import { quoteArgv } from '../../shared/domain/shell-quote';
import type { Finding, PreflightReport } from '../../shared/domain/preflight/finding';

const words: Record<Finding['severity'], string> = { blocker: '✕ In the way', warning: '▲ Warning', note: '● Note' };

/** A preflight report as plain text, with the window's sentences. `reference`: how the host is named on a command line. */
export function formatReport({ findings, passed }: PreflightReport, reference: string): string {
  const parts = findings.map((finding) => [
    `${words[finding.severity]}: ${finding.title} [${finding.code}]`, `    ${finding.detail}`, `    ${finding.meaning}`, ...wayOf(finding, reference),
  ].join('\n'));
  const well = passed.length > 0 ? [`Looked at, and well:\n${passed.map((sentence) => `    ${sentence}`).join('\n')}`] : [];
  return [...parts.length > 0 ? parts : [`Nothing stands in the way on ${reference}.`], ...well].join('\n\n');
}

function wayOf({ fix, code }: Finding, reference: string): string[] {
  if (!fix) return [];
  if (fix.kind === 'reconnect') return [`    ${fix.text}`];
  const commands = fix.script?.split('\n').map((line) => `      ${line}`) ?? [];
  if (fix.kind === 'manual') return [`    ${fix.text}`, ...commands];
  return [`    ${fix.label}: netwright preflight ${quoteArgv([reference])} --fix ${code}   or yourself:`, ...commands];
}
