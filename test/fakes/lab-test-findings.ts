import type { LabTestReport } from '../../shared/domain/labs/connectivity/lab-test-report';

/** `from>to`: the verdict, and whether it was reached. */
export function verdictsOf({ findings }: LabTestReport): Record<string, string> {
  return Object.fromEntries(findings.map(({ from, to, verdict, reached }) => [`${from.id}>${to.id}`, reached ? `${verdict} reached` : verdict]));
}

/** `from>to` of all that is not as promised. */
export function differences({ findings }: LabTestReport): string[] {
  return findings.filter(({ verdict }) => verdict === 'differs').map(({ from, to }) => `${from.id}>${to.id}`);
}
