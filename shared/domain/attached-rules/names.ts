import { isAtLeast } from '../libvirt-version';
import { checkName, checkTitle } from '../network-rules/names';
import { caution } from '../network-rules/rule';
import type { AttachedRule } from './rule';

/** Name, title and description. */
export const checkAttachedNames: AttachedRule = (spec, context) => [...checkName(spec, context), ...checkTitle(spec, context), ...checkDescription(spec, context)];

const checkDescription: AttachedRule = ({ description }, { snapshot }) => {
  const { libvirtVersion } = snapshot.system;
  return description === null || isAtLeast(libvirtVersion, '9.7.0') ? []
    : [caution('description', `libvirt ${libvirtVersion ?? ''} on this host doesn’t keep descriptions of networks (9.7 does); it will be left out.`)];
};
