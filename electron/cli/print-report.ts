import type { Finding, PreflightReport } from '../../shared/domain/preflight/finding';

const words: Record<Finding['severity'], string> = { blocker: '✕ In the way', warning: '▲ Warning', note: '● Note' };

/** A preflight report as plain text; the same sentences as in the window. */
export function formatReport({ findings, passed }: PreflightReport, hostName: string): string {
  const parts = findings.map((finding) => [
    `${words[finding.severity]}: ${finding.title} [${finding.code}]`, `    ${finding.detail}`, `    ${finding.meaning}`, ...wayOf(finding, hostName),
  ].join('\n'));
  const well = passed.length > 0 ? [`Looked at, and well:\n${passed.map((sentence) => `    ${sentence}`).join('\n')}`] : [];
  return [...parts.length > 0 ? parts : [`Nothing stands in the way on ${hostName}.`], ...well].join('\n\n');
}

function wayOf({ fix, code }: Finding, hostName: string): string[] {
  if (!fix) return [];
  if (fix.kind === 'reconnect') return [`    ${fix.text}`];
  const commands = fix.script?.split('\n').map((line) => `      ${line}`) ?? [];
  if (fix.kind === 'manual') return [`    ${fix.text}`, ...commands];
  return [`    ${fix.label}: netwright preflight ${/\s/.test(hostName) ? `'${hostName}'` : hostName} --fix ${code}   or yourself:`, ...commands];
}
