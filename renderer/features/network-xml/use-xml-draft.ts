import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import type { UsedRange } from '../../../shared/domain/used-range';
import { checkNetworkXml } from '../../../shared/domain/network-xml/check-network-xml';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { findConflicts, mergeText } from '../../../shared/domain/three-way';
import type { MergedText, TextConflict } from '../../../shared/domain/three-way';
import type { XmlProblem, XmlVerdict } from '../../../shared/domain/xml-problem';
import { invoke } from '../../api/client';
import { toAppError } from '../../api/to-app-error';

/** What the editor starts from. */
export interface XmlStart {
  uuid: string;
  /** The definition on the host; null: there is no such network yet. */
  base: string | null;
  text: string;
  /** What runs, where the network is active. */
  running: string | null;
  used: UsedRange[];
}

export interface XmlDraftState {
  text: ShallowRef<string>;
  base: ShallowRef<string | null>;
  /** The definition on the host, when it is no longer the base; null otherwise. */
  theirs: ShallowRef<string | null>;
  isDeleted: ShallowRef<boolean>;
  merged: ComputedRef<MergedText | null>;
  problems: ComputedRef<XmlProblem[]>;
  conflicts: ComputedRef<TextConflict[]>;
  verdict: ShallowRef<XmlVerdict | 'asking' | null>;
  isDirty: ComputedRef<boolean>;
  hasErrors: ComputedRef<boolean>;
  choose(way: 'merge' | 'mine' | 'theirs'): void;
  settle(conflict: TextConflict, side: 'mine' | 'theirs'): void;
  /** Looks whether the definition on the host is still the base; true when it is. */
  reread(): Promise<boolean>;
}

/** How long after the last key the host is asked what it makes of the document, in milliseconds. */
const askAfterMs = 600;

const sameText = (a: string | null, b: string | null): boolean => a?.trim() === b?.trim();

/** The document in the editor: what is wrong with it, what the host's libvirt says, and what happened on the host meanwhile. */
export function useXmlDraft(hostId: string, start: XmlStart, snapshot: () => HostSnapshot): XmlDraftState {
  const text = shallowRef(start.text);
  const base = shallowRef(start.base);
  const theirs = shallowRef<string | null>(null);
  const isDeleted = shallowRef(false);
  const verdict = shallowRef<XmlVerdict | 'asking' | null>(null);

  const conflicts = computed(() => findConflicts(text.value));
  // A document with marker lines is no XML: what else is wrong shows once they are settled.
  const own = computed(() => (conflicts.value.length > 0 ? [] : checkNetworkXml(text.value, { snapshot: snapshot(), used: start.used, uuid: base.value === null ? null : start.uuid })));
  const hasErrors = computed(() => conflicts.value.length > 0 || problems.value.some((problem) => problem.severity === 'error'));
  const problems = computed(() => {
    const fromHost = typeof verdict.value === 'object' ? verdict.value?.problems ?? [] : [];
    const known = new Set(own.value.map((problem) => problem.line));
    return [...own.value, ...fromHost.filter((problem) => problem.line === null || !known.has(problem.line))];
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  onScopeDispose(() => clearTimeout(timer));

  async function ask(): Promise<void> {
    const request = (latest += 1);
    let said: XmlVerdict;
    try {
      said = await invoke('networks.judgeXml', { hostId, xml: text.value });
    } catch (thrown) {
      said = { verdict: 'unknown', problems: [], said: null, reason: toAppError(thrown).data.detail };
    }
    if (request === latest) verdict.value = said;
  }

  watch(text, () => {
    clearTimeout(timer);
    latest += 1;
    // Of what we know to be wrong ourselves the host has nothing to add.
    if (conflicts.value.length > 0 || own.value.some((problem) => problem.severity === 'error')) {
      verdict.value = null;
      return;
    }
    verdict.value = 'asking';
    timer = setTimeout(() => void ask(), askAfterMs);
  }, { immediate: true });

  async function reread(): Promise<boolean> {
    if (base.value === null) return true;
    try {
      const { persistent } = await invoke('inventory.xml', { hostId, object: 'network', uuid: start.uuid });
      isDeleted.value = persistent === null;
      theirs.value = persistent === null || sameText(persistent, base.value) ? null : `${persistent.trim()}\n`;
    } catch (thrown) {
      if (toAppError(thrown).code !== 'libvirt.not-found') throw thrown;
      isDeleted.value = true;
    }
    return theirs.value === null && !isDeleted.value;
  }
  watch(() => snapshot().revision, () => { void reread().catch(() => undefined); });

  const merged = computed(() => (theirs.value === null ? null : mergeText(base.value ?? '', text.value, theirs.value)));

  return {
    text, base, theirs, isDeleted, merged, problems, conflicts, verdict, hasErrors, reread,
    isDirty: computed(() => !sameText(text.value, base.value ?? start.text)),
    choose(way) {
      if (theirs.value === null || merged.value === null) return;
      if (way !== 'mine') text.value = way === 'merge' ? merged.value.text : theirs.value;
      base.value = theirs.value;
      theirs.value = null;
    },
    settle(conflict, side) {
      const lines = text.value.split('\n');
      const kept = conflict[side];
      lines.splice(conflict.fromLine - 1, conflict.toLine - conflict.fromLine + 1, ...kept === '' ? [] : kept.split('\n'));
      text.value = lines.join('\n');
    },
  };
}
