import type { ConversionReview, ReviewedPlan } from '../../../shared/domain/conversion/review';

const phases = [['apply', 'The change itself'], ['commit', 'What is done when it is kept'], ['revert', 'The way back']] as const;

/** What is another than in the plan that was reviewed, in words; said over the new one. */
export function reviewDifferences(before: ConversionReview, now: ConversionReview): string[] {
  const appeared = now.findings.filter(({ code, title }) => !before.findings.some((known) => known.code === code && known.title === title)).map(({ title }) => `New: ${title}`);
  const gone = before.findings.filter(({ code, title }) => !now.findings.some((known) => known.code === code && known.title === title)).map(({ title }) => `No longer: ${title}`);
  const differences = [...appeared, ...gone, ...before.plan && now.plan ? planDifferences(before.plan, now.plan) : []];
  return differences.length > 0 ? differences : ['The host’s network is not as it was; the plan says how it is now.'];
}

function planDifferences(before: ReviewedPlan, now: ReviewedPlan): string[] {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const files = now.changes.filter((change) => !same(change, before.changes.find(({ title }) => title === change.title))).map(({ title }) => `Another content: ${title}`);
  return [...files, ...phases.filter(([phase]) => !same(before[phase], now[phase])).map(([, words]) => `${words} takes other commands`)];
}
