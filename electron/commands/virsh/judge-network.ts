import type { Command } from '../../../shared/domain/plan';
import type { XmlVerdict } from '../../../shared/domain/xml-problem';
import { explainDefinition, isSchemaRefusal } from './explain-definition';
import type { VirshOutcome } from './explain-virsh';

/**
 * Has libvirt's own reader, with the host's schema, judge a document without touching the host: libvirt's test driver is a pretend
 * hypervisor that lives as long as this one virsh (`test:///default`, https://libvirt.org/drvtest.html), with a network `default` of
 * its own that is put away first. `--validate` is of 7.7.0. Seen with libvirt 9.0: any user may, and nothing is left behind.
 */
export function judgeNetwork(xml: string, options: { validate: boolean }): Command {
  const define = options.validate ? 'net-define --validate /dev/stdin' : 'net-define /dev/stdin';
  return {
    argv: ['virsh', '-q', '-c', 'test:///default', `net-destroy default; net-undefine default; ${define}`],
    stdin: { name: 'network.xml', text: xml },
  };
}

/** Whether what failed is only the schema (or an old virsh without `--validate`), so that the reader itself should be asked. */
export function asksForReader(outcome: VirshOutcome): boolean {
  return outcome.exitCode !== 0 && (isSchemaRefusal(outcome.stderr) || /doesn't support option --validate/.test(outcome.stderr));
}

/**
 * The verdict of one or two judgements. libvirt reads much that its schema doesn't allow, and leaves it out: that is a warning.
 * `reader` null: it was not asked, because the schema had no complaint or the document isn't even XML.
 */
export function readVerdict(xml: string, schema: VirshOutcome, reader: VirshOutcome | null): XmlVerdict {
  const decided = reader ?? schema;
  if (decided.exitCode === 127) return unknown('The host has no virsh.');
  if (/no connection driver available|failed to connect to the hypervisor/.test(decided.stderr)) {
    return unknown('libvirt on this host was built without its test driver, so it can only judge when the definition is applied.');
  }
  const found = explainDefinition(xml, decided.stderr);
  if (decided.exitCode !== 0) return { verdict: 'refused', problems: [{ ...found, severity: 'error' }], said: wordsOf(decided.stderr), reason: null };
  const complaint = reader && isSchemaRefusal(schema.stderr) ? [{ ...explainDefinition(xml, schema.stderr), severity: 'warning' as const }] : [];
  return { verdict: 'accepted', problems: complaint, said: complaint.length > 0 ? wordsOf(schema.stderr) : null, reason: null };
}

function unknown(reason: string): XmlVerdict {
  return { verdict: 'unknown', problems: [], said: null, reason };
}

/** libvirt's sentence without virsh's own before it. */
function wordsOf(stderr: string): string {
  return stderr.replace(/^error: Failed to define network from [^\n]*\n/m, '').replace(/^error: /gm, '').trim();
}
