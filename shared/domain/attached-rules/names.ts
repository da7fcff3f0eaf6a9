import { isAtLeast } from '../libvirt-version';
import { checkName, checkTitle } from '../network-rules/names';
import { caution } from '../network-rules/rule';
import type { AttachedRule } from './rule';

/** Name, title and description. */
export const checkAttachedNames: AttachedRule = (spec, context) => [...checkName(spec, context), ...checkTitle(spec), ...checkKept(spec, context)];

const checkKept: AttachedRule = (spec, { snapshot }) => {
  const { libvirtVersion } = snapshot.system;
  return (['title', 'description'] as const).filter((field) => spec[field] !== null && !isAtLeast(libvirtVersion, '9.7.0'))
    .map((field) => caution(field, `libvirt ${libvirtVersion ?? ''} on this host doesn’t keep ${field}s of networks (9.7 does); it will be left out.`));
};
