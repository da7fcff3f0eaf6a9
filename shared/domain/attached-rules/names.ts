import { missingFeature } from '../network-features';
import { checkName, checkTitle } from '../network-rules/names';
import { caution } from '../network-rules/rule';
import type { AttachedRule } from './rule';

/** Name, title and description. */
export const checkAttachedNames: AttachedRule = (spec, context) => [...checkName(spec, context), ...checkTitle(spec), ...checkKept(spec, context)];

const checkKept: AttachedRule = (spec, { snapshot }) => (['title', 'description'] as const).flatMap((field) => {
  const missing = spec[field] === null ? null : missingFeature(field, snapshot.system.libvirtVersion);
  return missing === null ? [] : [caution(field, `${missing.slice(0, -1)}. It will be left out.`)];
});
