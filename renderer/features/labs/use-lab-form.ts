import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import type { FieldIssue } from '../../../shared/domain/field-issue';
import type { Intent } from '../../../shared/domain/intent';
import { assignRole } from '../../../shared/domain/labs/assign-role';
import type { LabFile } from '../../../shared/domain/labs/lab-file';
import { readLabFile } from '../../../shared/domain/labs/read-lab-file';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { AppError } from '../../../shared/errors/app-error';
import { invoke } from '../../api/client';
import { toAppError } from '../../api/to-app-error';
import { useFormSteps } from '../../ui/use-form-steps';
import type { FormSteps } from '../../ui/use-form-steps';
import { labGroundOf } from './lab-ground';
import { labNameProblem } from './lab-name';

/** A template's lab file under a name, and what this host makes of it. */
export interface LabProposal {
  name: string;
  /** What it was made of: the name, and who plays which role. */
  asked: string;
  text: string;
  file: LabFile;
  intent: Extract<Intent, { kind: 'lab.apply' }> | null;
  problems: { severity: 'error' | 'warning'; message: string; role: string | null }[];
}

export interface LabForm extends FormSteps {
  name: Ref<string>;
  /** Machines by the role that they are to play. */
  players: Ref<Record<string, string>>;
  /** Null or empty: nobody is to play it yet. */
  pick(role: string, machine: string | null): void;
  /** What is wrong with a role, by its name. */
  roleProblems: ComputedRef<ReadonlyMap<string, string>>;
  /** The last that was made; of another name while the next is on its way. */
  proposal: ShallowRef<LabProposal | null>;
  /** Why there is none. */
  failure: ShallowRef<AppError | null>;
  intent: ComputedRef<Intent | null>;
  /** What leaving would throw away. */
  lost: ComputedRef<string[]>;
  propose(): Promise<void>;
}

export const labSteps = [{ id: 'name', title: 'Name and machines' }, { id: 'review', title: 'Review' }, { id: 'apply', title: 'Create' }];

/** How long after the last key of the name a proposal is asked for, in milliseconds. */
const askAfterMs = 120;

/** The one question of the wizard, and the lab that follows from it. */
export function useLabForm(hostId: string, template: string, startName: string, snapshot: () => HostSnapshot): LabForm {
  const name = ref(startName);
  const players = ref<Record<string, string>>({});
  const asked = (): string => JSON.stringify([name.value, players.value]);
  const proposal = shallowRef<LabProposal | null>(null);
  const failure = shallowRef<AppError | null>(null);
  /** The lab of this name that is there then is this one. */
  const isMade = shallowRef(false);

  const found = (): FieldIssue[] => {
    const problem = isMade.value ? null : labNameProblem(name.value, snapshot());
    const own = problem === null ? [] : [{ path: 'name', message: problem, severity: 'error' as const }];
    const current = proposal.value?.asked === asked() ? proposal.value.problems : [];
    return [...own, ...current.map(({ message, severity, role }) => ({ path: role === null ? 'name' : `role.${role}`, message, severity }))];
  };
  const steps = useFormSteps({ steps: labSteps, stepOfField: () => 'name', warnsAtOnce: true, found, typed: () => asked() });

  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => { clearTimeout(timer); latest += 1; });

  async function propose(): Promise<void> {
    const request = (latest += 1);
    const [wanted, askedFor, played] = [name.value, asked(), { ...players.value }];
    if (labNameProblem(wanted, snapshot()) !== null) return;
    try {
      const text = withPlayers(await invoke('labs.fromTemplate', { hostId, template, name: wanted }), played);
      const { intent, problems } = await invoke('labs.read', { hostId, text });
      const { file } = readLabFile(text);
      if (request !== latest || !file) return;
      proposal.value = { name: wanted, asked: askedFor, text, file, problems: problems.map(({ severity, message, line }) => ({ severity, message, role: roleAtLine(text, line) })), intent: intent?.kind === 'lab.apply' ? intent : null };
      failure.value = null;
    } catch (thrown) {
      if (request === latest) failure.value = toAppError(thrown);
    }
  }

  function pick(role: string, machine: string | null): void {
    const { [role]: _before, ...others } = players.value;
    players.value = machine ? { ...others, [role]: machine } : others;
  }

  watch([name, players], () => {
    clearTimeout(timer);
    timer = setTimeout(() => void propose(), askAfterMs);
  });
  // What was free may be taken meanwhile, and the other way round. What the plan itself changes is no news.
  watch(() => labGroundOf(snapshot()), () => { if (steps.step.value === 'name') void propose(); });
  watch(steps.step, (step) => { isMade.value = step === 'apply'; });
  void propose();

  return {
    ...steps, name, players, pick, proposal, failure, propose,
    roleProblems: computed(() => new Map(found().flatMap(({ path, message, severity }) => (severity === 'error' && path.startsWith('role.') ? [[path.slice('role.'.length), message] as const] : [])))),
    intent: computed(() => (proposal.value?.asked === asked() && !steps.hasErrors.value ? proposal.value.intent : null)),
    lost: computed(() => [...name.value === startName ? [] : [`the name “${name.value}”`], ...Object.entries(players.value).map(([role, machine]) => `${machine} as ${role}`)]),
  };
}

function withPlayers(text: string, players: Readonly<Record<string, string>>): string {
  return Object.entries(players).reduce((said, [role, machine]) => {
    const { file } = readLabFile(said);
    return file?.machines[role] ? assignRole(said, file, role, machine) : said;
  }, text);
}

/** The role that a line of a template's file speaks of; null: none. */
function roleAtLine(text: string, line: number): string | null {
  let [section, key] = ['', null as string | null];
  for (const said of text.split('\n').slice(0, line)) {
    const [, top] = /^([^\s#:]+):/.exec(said) ?? [];
    const [, inner] = /^ {2}([^\s#:]+):/.exec(said) ?? [];
    if (top !== undefined) [section, key] = [top, null];
    else if (inner !== undefined) key = inner;
  }
  return section === 'machines' ? key : null;
}
