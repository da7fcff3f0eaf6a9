import { isAtLeast } from '../libvirt-version';
import { caution, problem } from '../nat-rules/rule';
import { editedOf } from './rule';
import type { AttachedRule } from './rule';

/** Name, title and description. */
export const checkAttachedNames: AttachedRule = (spec, context) => [...checkName(spec, context), ...checkTexts(spec, context)];

const checkName: AttachedRule = (spec, context) => {
  const edited = editedOf(context);
  if (edited && edited.name !== spec.name) {
    return [problem('name', `libvirt can’t rename a network, and machines refer to it by its name. Keep “${edited.name}”, or make a new network and move the machines.`)];
  }
  return !edited && context.snapshot.networks.some((network) => network.name === spec.name)
    ? [problem('name', `There is a network “${spec.name}” on this host already. Choose another name.`)] : [];
};

const checkTexts: AttachedRule = (spec, { snapshot }) => {
  const { libvirtVersion } = snapshot.system;
  return (['title', 'description'] as const).flatMap((field) => {
    const text = spec[field];
    if (text === null) return [];
    if (field === 'title' && /\p{Cc}/u.test(text)) return [problem(field, 'A title is one line, without control characters.')];
    return isAtLeast(libvirtVersion, '9.7.0') ? []
      : [caution(field, `libvirt ${libvirtVersion ?? ''} on this host keeps no ${field} of a network (9.7 does); it will be left out.`)];
  });
};
