import { xml, xmlLanguage } from '@codemirror/lang-xml';
import type { EditorState, Extension } from '@codemirror/state';
import { Decoration, ViewPlugin } from '@codemirror/view';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';
import { findConflicts } from '../../../shared/domain/three-way';
import { codeLook } from '../../ui/code-mirror';
import type { CodeLanguage } from '../../ui/code-mirror';
import { completeNetwork } from './network-completion';

/** What every view of XML has, editable or not. */
export const xmlLook: Extension[] = [...codeLook, xml()];

const conflictLines = ViewPlugin.fromClass(class {
  decorations: DecorationSet;
  constructor(view: EditorView) { this.decorations = decorateConflicts(view.state); }
  update(update: ViewUpdate): void { if (update.docChanged) this.decorations = decorateConflicts(update.state); }
}, { decorations: (plugin) => plugin.decorations });

const mineLine = Decoration.line({ class: 'cm-conflict-mine' });
const theirsLine = Decoration.line({ class: 'cm-conflict-theirs' });

function decorateConflicts(state: EditorState): DecorationSet {
  return Decoration.set(findConflicts(state.doc.toString()).flatMap(({ fromLine, toLine, mine }) => {
    const between = fromLine + (mine === '' && state.doc.line(fromLine + 1).text === '=======' ? 0 : mine.split('\n').length) + 1;
    return Array.from({ length: toLine - fromLine + 1 }, (_, at) => (fromLine + at < between ? mineLine : theirsLine).range(state.doc.line(fromLine + at).from));
  }));
}

/** A network's definition, with libvirt's elements to complete and the places that a merge left to settle. A mistake is a tag's. */
export const networkXml: CodeLanguage = {
  extensions: [xml(), xmlLanguage.data.of({ autocomplete: completeNetwork }), conflictLines],
  endOf(line, start) {
    const close = line.indexOf('>', start);
    return close < 0 ? line.length : close + 1;
  },
};
