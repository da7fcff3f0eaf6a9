import type { LabPromise } from './lab-promises';
import type { LabEnd, LabFinding, LabTestReport } from './lab-test-report';
import { Evidence } from './evidence';
import type { LabTestPlan } from './plan-probes';
import type { ProbeResults } from './probe-plan';
import { hintFor } from './test-hints';

/** What a lab promises, held against what the probes found. */
export function judgeLabTest(lab: string, promises: readonly LabPromise[], plan: LabTestPlan, results: ProbeResults, durationMs: number): LabTestReport {
  const evidence = new Evidence(plan, results);
  const findings = promises.map((promise) => judge(promise, evidence));
  const has = (verdict: LabFinding['verdict']): boolean => findings.some((finding) => finding.verdict === verdict);
  return { lab, outcome: has('differs') ? 'differs' : has('failed') ? 'incomplete' : 'as-promised', findings, removedLeftovers: results.removedLeftovers, durationMs };
}

function judge(promise: LabPromise, evidence: Evidence): LabFinding {
  const { from, to, reach: promised, because } = promise;
  const answer = evidence.of(from, to, promised);
  const base = { from, to, promised, hint: null };
  if ('why' in answer) return { ...base, reached: null, verdict: answer.verdict, sentence: `Whether ${subject(from, to)} reaches ${object(from, to)} was not tried: ${answer.why}.` };
  const { reached } = answer;
  const what = `${capital(subject(from, to))} ${reached ? 'reaches' : 'does not reach'} ${object(from, to)}`;
  if (promised === 'partly') return { ...base, reached, verdict: 'seen', sentence: `${what}. The lab promises neither: ${because}.` };
  const kept = reached === (promised === 'yes');
  return {
    ...base, reached, verdict: kept ? 'as-promised' : 'differs', sentence: kept ? `${what}: ${because}.` : `${what}, though it should${promised === 'yes' ? '' : ' not'}: ${because}.`,
    hint: kept ? null : hintFor(promise, answer),
  };
}

const isSame = (from: LabEnd, to: LabEnd): boolean => from.kind === to.kind && from.id === to.id;
const subject = (from: LabEnd, to: LabEnd): string => (isSame(from, to) ? `a machine on ${from.label}` : from.label);
const object = (from: LabEnd, to: LabEnd): string => (isSame(from, to) ? 'another one there' : to.label);
const capital = (text: string): string => (text.startsWith('the ') || text.startsWith('a ') ? text.charAt(0).toUpperCase() + text.slice(1) : text);
