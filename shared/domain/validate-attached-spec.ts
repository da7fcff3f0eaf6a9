import { checkAttachedNames } from './attached-rules/names';
import { checkPlace } from './attached-rules/place';
import { checkPortgroups } from './attached-rules/portgroups';
import { checkVlans } from './attached-rules/vlans';
import { attachedSpecSchema } from './attached-spec';
import type { AttachedSpec } from './attached-spec';
import type { FieldIssue } from './field-issue';
import type { NetworkContext } from './network-rules/rule';

/**
 * Everything that is wrong with an attached network, or could surprise, each tied to its field; sentences say how to mend it.
 * Shapes come first: the rules need tags that are numbers and names that are well-formed.
 */
export function validateAttachedSpec(spec: AttachedSpec, context: NetworkContext): FieldIssue[] {
  const shape = attachedSpecSchema.safeParse(spec);
  if (!shape.success) {
    return shape.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message, severity: 'error' }));
  }
  return [checkAttachedNames, checkPlace, checkVlans, checkPortgroups].flatMap((rule) => rule(shape.data, context));
}
