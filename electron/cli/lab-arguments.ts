import type { ParseArgsConfig } from 'node:util';
import { ipv4Schema } from '../../shared/domain/address';
import { changeOptions, commonOptions, parseWords, refuseBoth, wrongWords } from './parse-words';
import type { ChangeOptions, CommonOptions } from './parse-words';

/** `outside`: an IPv4 address that stands for the internet. */
const testOptions = { outside: { type: 'string' } } as const satisfies ParseArgsConfig['options'];
const outOptions = { out: { type: 'string', short: 'o' } } as const satisfies ParseArgsConfig['options'];

/** Where a lab file goes; left out: stdout. A file that is there is left alone. */
export interface OutOptions { out?: string }

export type LabInvocation =
  | { command: 'lab-templates'; options: CommonOptions }
  | { command: 'lab-list'; host: string; options: CommonOptions }
  | { command: 'lab-new'; host: string; template: string; name: string | null; options: CommonOptions & OutOptions }
  | { command: 'lab-plan'; host: string; file: string; options: CommonOptions }
  | { command: 'lab-apply'; host: string; file: string; options: CommonOptions & ChangeOptions }
  | { command: 'lab-destroy'; host: string; lab: string; options: CommonOptions & ChangeOptions }
  | { command: 'lab-test'; host: string; lab: string; options: CommonOptions & { outside?: string } }
  | { command: 'lab-jump'; host: string; lab: string; options: CommonOptions }
  | { command: 'lab-power'; host: string; lab: string; on: boolean; options: CommonOptions & ChangeOptions }
  | { command: 'lab-assign'; host: string; file: string; role: string; machine: string | null; options: CommonOptions & ChangeOptions }
  | { command: 'lab-export'; host: string; lab: string | null; networks: string[]; from: 'host' | 'kept' | null; options: CommonOptions & OutOptions & { as?: string } }
  | { command: 'lab-clone'; host: string; file: string; name: string; options: CommonOptions & OutOptions };

export const labUsage = `  netwright lab templates                  labs to begin with
  netwright lab new TEMPLATE HOST [NAME]   a lab file of one, with subnets that are free
  netwright lab plan HOST FILE             what would change on the host for it ("-": from stdin); exit code 2 if anything
  netwright lab apply HOST FILE            make the host so; again after a failure, it goes on where it was
  netwright lab list HOST                  the labs it has
  netwright lab start|stop HOST LAB        its networks and the machines of its roles
  netwright lab assign HOST FILE ROLE MACHINE|--none   give a role to a machine: in the file, and on the host
  netwright lab destroy HOST LAB           remove what the lab made, and nothing else
  netwright lab test HOST LAB              whether its networks reach whom they should, by packets; exit code 2 if not
      --outside ADDRESS                    who stands for the internet; without: 1.1.1.1
  netwright lab jump HOST LAB              what ~/.ssh/config and known_hosts need to get in through its jump box
  netwright lab export HOST LAB            a lab of the host as a file: the one it was made of, while it still says how the lab is
      --from host|kept                     as the host has it in any case; or the kept file, whatever has become of the lab
  netwright lab export HOST --network NAME… --as LAB   networks of the host as a lab file for others of their kind
  netwright lab clone HOST FILE NAME       another lab beside it: other names, free subnets, comments kept
      -o, --out FILE                       where new, export and clone write to; without: stdout`;

const forms = {
  templates: 'lab templates', list: 'lab list HOST', new: 'lab new TEMPLATE HOST [NAME]', plan: 'lab plan HOST FILE', apply: 'lab apply HOST FILE',
  start: 'lab start HOST LAB', stop: 'lab stop HOST LAB', assign: 'lab assign HOST FILE ROLE MACHINE, or: netwright lab assign HOST FILE ROLE --none',
  destroy: 'lab destroy HOST LAB', jump: 'lab jump HOST LAB', test: 'lab test HOST LAB [--outside ADDRESS]', export: 'lab export HOST LAB [--from host|kept], or: netwright lab export HOST --network NAME… --as LAB', clone: 'lab clone HOST FILE NAME',
} as const;

/** What follows `netwright lab`. Throws AppError `input.invalid` with a sentence. */
export function parseLab(argv: readonly string[]): LabInvocation {
  const [verb = '', ...rest] = argv;
  switch (verb) {
    case 'templates': return { command: 'lab-templates', options: parseWords(rest, commonOptions, 0, 0, forms.templates).options };
    case 'list': {
      const { options, words } = parseWords(rest, commonOptions, 1, 1, forms.list);
      return { command: 'lab-list', host: words[0] as string, options };
    }
    case 'new': {
      const { options, words } = parseWords(rest, { ...commonOptions, ...outOptions }, 2, 3, forms.new);
      return { command: 'lab-new', template: words[0] as string, host: words[1] as string, name: words[2] ?? null, options };
    }
    case 'plan': {
      const { options, words } = parseWords(rest, commonOptions, 2, 2, forms.plan);
      return { command: 'lab-plan', host: words[0] as string, file: words[1] as string, options };
    }
    case 'apply': {
      const { options, words } = parseWords(rest, { ...commonOptions, ...changeOptions }, 2, 2, forms.apply);
      return { command: 'lab-apply', host: words[0] as string, file: words[1] as string, options: refuseBoth(options) };
    }
    case 'destroy': {
      const { options, words } = parseWords(rest, { ...commonOptions, ...changeOptions }, 2, 2, forms.destroy);
      return { command: 'lab-destroy', host: words[0] as string, lab: words[1] as string, options: refuseBoth(options) };
    }
    case 'test': {
      const { options, words } = parseWords(rest, { ...commonOptions, ...testOptions }, 2, 2, forms.test);
      if (options.outside !== undefined && !ipv4Schema.safeParse(options.outside).success) throw wrongWords(`“${options.outside}” is no IPv4 address.`, `Use: netwright ${forms.test}`);
      return { command: 'lab-test', host: words[0] as string, lab: words[1] as string, options };
    }
    case 'jump': {
      const { options, words } = parseWords(rest, commonOptions, 2, 2, forms.jump);
      return { command: 'lab-jump', host: words[0] as string, lab: words[1] as string, options };
    }
    case 'start': case 'stop': {
      const { options, words } = parseWords(rest, { ...commonOptions, ...changeOptions }, 2, 2, forms[verb]);
      return { command: 'lab-power', host: words[0] as string, lab: words[1] as string, on: verb === 'start', options: refuseBoth(options) };
    }
    case 'assign': {
      const { options: { none = false, ...options }, words } = parseWords(rest, { ...commonOptions, ...changeOptions, none: { type: 'boolean' } }, 3, 4, forms.assign);
      const machine = words[3] ?? null;
      if ((machine === null) !== none) throw wrongWords(none ? 'MACHINE and --none exclude each other.' : 'Say which machine, or --none.', `Use: netwright ${forms.assign}`);
      return { command: 'lab-assign', host: words[0] as string, file: words[1] as string, role: words[2] as string, machine, options: refuseBoth(options) };
    }
    case 'export': {
      const { options: { network = [], from, ...options }, words } = parseWords(rest, { ...commonOptions, ...outOptions, as: { type: 'string' }, from: { type: 'string' }, network: { type: 'string', multiple: true } }, 1, 2, forms.export);
      const lab = words[1] ?? null;
      if ((lab === null) !== (network.length > 0)) throw wrongWords(lab === null ? 'Say which lab, or which networks.' : 'A lab has its own networks: LAB and --network exclude each other.', `Use: netwright ${forms.export}`);
      if ((lab === null) !== (options.as !== undefined)) throw wrongWords(lab === null ? 'The lab needs a name: --as LAB.' : 'A lab is exported under its own name.', `Use: netwright ${forms.export}`);
      if (from !== undefined && (lab === null || (from !== 'host' && from !== 'kept'))) throw wrongWords('--from is host or kept, and of a lab.', `Use: netwright ${forms.export}`);
      return { command: 'lab-export', host: words[0] as string, lab, networks: network, from: from ?? null, options };
    }
    case 'clone': {
      const { options, words } = parseWords(rest, { ...commonOptions, ...outOptions }, 3, 3, forms.clone);
      return { command: 'lab-clone', host: words[0] as string, file: words[1] as string, name: words[2] as string, options };
    }
    default: throw wrongWords(`“lab ${verb}” is not known.`.replace(' ”', '”'), `Use: netwright lab ${Object.keys(forms).join('|')}.`);
  }
}
