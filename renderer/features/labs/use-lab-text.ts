import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import type { Intent } from '../../../shared/domain/intent';
import { pictureOfFile } from '../../../shared/domain/labs/lab-picture';
import type { LabPicture } from '../../../shared/domain/labs/lab-picture';
import type { LabFile } from '../../../shared/domain/labs/lab-file';
import type { ResolvedNetwork } from '../../../shared/domain/labs/lab-intent';
import type { LabIssue, LabProblem } from '../../../shared/domain/labs/lab-problem';
import { labsOnHost } from '../../../shared/domain/labs/labs-on-host';
import { readLabFile } from '../../../shared/domain/labs/read-lab-file';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { invoke } from '../../api/client';
import { toAppError } from '../../api/to-app-error';
import { labGroundOf } from './lab-ground';

export interface LabTextOptions {
  hostId: string;
  hostName: () => string;
  /** What the editor starts with, and the lab of the host it is the file of; null: of none. */
  start: { text: string; lab: string | null };
  snapshot: () => HostSnapshot;
}

export interface LabText {
  text: ShallowRef<string>;
  /** The file as it was last without a mistake in itself; null: it never was. */
  file: ComputedRef<LabFile | null>;
  picture: ComputedRef<LabPicture | null>;
  /** The picture is of an earlier text: this one can't be read. */
  isOld: ComputedRef<boolean>;
  problems: ComputedRef<LabProblem[]>;
  hasErrors: ComputedRef<boolean>;
  /** What the host makes of it. */
  verdict: ShallowRef<HostVerdict>;
  isDirty: ComputedRef<boolean>;
  /** Asks the host about the text as it is now. Null: something in it is wrong, which shows in `problems`. Rejects as `labs.read`. */
  intent(): Promise<Intent | null>;
}

export type HostVerdict =
  | { state: 'none' | 'asking' }
  | { state: 'answered'; problems: LabProblem[]; networks: ResolvedNetwork[]; fits: boolean }
  | { state: 'unknown'; reason: string };

/** How long after the last key the host is asked, in milliseconds. */
const askAfterMs = 250;

/** The lab file in the editor: read anew in the frame after each key, and by the host once the keys rest. */
export function useLabText({ hostId, hostName, start, snapshot }: LabTextOptions): LabText {
  const text = shallowRef(start.text);
  const reading = shallowRef(readLabFile(start.text));
  const file = shallowRef(reading.value.file);
  const resolved = shallowRef<readonly ResolvedNetwork[]>([]);
  const verdict = shallowRef<HostVerdict>({ state: 'none' });

  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  onScopeDispose(() => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    latest += 1;
  });

  function read(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    reading.value = readLabFile(text.value);
    if (reading.value.file) file.value = reading.value.file;
  }

  async function ask(): Promise<Intent | null> {
    const request = (latest += 1);
    const { intent, problems } = await invoke('labs.read', { hostId, text: text.value });
    if (request !== latest) return null;
    const networks = intent?.kind === 'lab.apply' ? intent.networks : [];
    verdict.value = { state: 'answered', problems, networks, fits: intent !== null };
    if (intent) resolved.value = networks;
    return own.value.some(({ severity }) => severity === 'error') ? null : intent;
  }

  async function askQuietly(): Promise<void> {
    try {
      await ask();
    } catch (thrown) {
      verdict.value = { state: 'unknown', reason: toAppError(thrown).data.detail };
    }
  }

  function askSoon(): void {
    clearTimeout(timer);
    latest += 1;
    verdict.value = { state: 'asking' };
    timer = setTimeout(() => void askQuietly(), askAfterMs);
  }

  watch(text, () => {
    if (frame === 0) frame = requestAnimationFrame(read);
    askSoon();
  });
  watch(() => labGroundOf(snapshot()), askSoon);
  askSoon();

  /** What the file says of places that are not in it: the host it is for, and labs of that host. */
  const own = computed((): LabProblem[] => {
    const { file: current, placed } = reading.value;
    if (!current) return [];
    const about = (path: string, severity: LabIssue['severity'], message: string): LabProblem[] => [placed({ path: [path], severity, message })];
    const name = hostName();
    return [
      ...(current.host !== undefined && current.host !== name && current.host !== hostId ? about('host', 'error', `This lab is for the host ${current.host}, and here it would be made on ${name}. Take the line out, if that is meant.`) : []),
      ...(start.lab === null && labsOnHost(snapshot()).some(({ lab }) => lab === current.name) ? about('name', 'warning', `${name} has a lab ${current.name} already: it is changed to what stands here.`) : []),
      ...(start.lab !== null && start.lab !== current.name ? about('name', 'warning', `This makes another lab beside ${start.lab}, which stays as it is. Its subnets have to differ.`) : []),
    ];
  });
  const problems = computed(() => {
    const local = [...reading.value.problems, ...own.value];
    if (!reading.value.file || verdict.value.state !== 'answered') return inOrder(local);
    const known = new Set(local.map(({ line, message }) => `${line} ${message}`));
    return inOrder([...local, ...verdict.value.problems.filter(({ line, message }) => !known.has(`${line} ${message}`))]);
  });

  return {
    text, verdict, problems,
    file: computed(() => file.value),
    isOld: computed(() => reading.value.file === null),
    picture: computed(() => (file.value ? pictureOfFile(file.value, resolved.value) : null)),
    hasErrors: computed(() => problems.value.some(({ severity }) => severity === 'error')),
    isDirty: computed(() => text.value.trim() !== start.text.trim()),
    async intent() {
      clearTimeout(timer);
      read();
      return ask();
    },
  };
}

function inOrder(problems: readonly LabProblem[]): LabProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
