import type { Finding, PreflightReport, Severity } from '../../../shared/domain/preflight/finding';
import type { HostProblem } from '../../../shared/domain/snapshot';

/** Sign and word of a severity: told apart without colour. */
export const severityWords: Record<Severity, { sign: string; word: string }> = {
  blocker: { sign: '✕', word: 'In the way' },
  warning: { sign: '▲', word: 'Warning' },
  note: { sign: '●', word: 'Note' },
};

/** "2 in the way, 1 warning, 3 notes" */
export function countFindings(findings: readonly Finding[]): string {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const [blockers, warnings, notes] = [count('blocker'), count('warning'), count('note')];
  return [
    blockers > 0 ? `${blockers} in the way` : '', warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '', notes > 0 ? `${notes} ${notes === 1 ? 'note' : 'notes'}` : '',
  ].filter(Boolean).join(', ');
}

/** What the banner is for: everything but notes. */
export const pressingFindings = (findings: readonly Finding[]): Finding[] => findings.filter((finding) => finding.severity !== 'note');

/** The same trouble by the inventory's own words; once is enough, and the report has the way out. */
export function isToldByReport(problem: Pick<HostProblem, 'area' | 'code'>, report: PreflightReport | null): boolean {
  const pressing = pressingFindings(report?.findings ?? []);
  if (problem.area === 'libvirt') return pressing.some((finding) => finding.code.startsWith('libvirt.'));
  if (problem.area === 'privilege') return pressing.some((finding) => finding.code.startsWith('rights.'));
  if (problem.area === 'ovs') return pressing.some((finding) => finding.code.startsWith('ovs.'));
  return problem.area === 'interfaces' && pressing.some((finding) => finding.code.startsWith('iproute.'));
}
