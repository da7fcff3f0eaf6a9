import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands';
import { xml, xmlLanguage } from '@codemirror/lang-xml';
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { DecorationSet, ViewUpdate } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { findConflicts } from '../../../shared/domain/three-way';
import type { XmlProblem } from '../../../shared/domain/xml-problem';
import { completeNetwork } from './network-completion';

/** Colours are the app's own variables: both themes, and a change of theme, without another word. */
const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--panel)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '18px', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in srgb, var(--accent) 28%, transparent)' },
  '.cm-gutters': { backgroundColor: 'var(--bg)', color: 'var(--text-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--text) 4%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--sunk)', color: 'var(--text)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-tint)', outline: 'none' },
  '.cm-panels': { backgroundColor: 'var(--bg)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '6px 10px', fontFamily: 'var(--font-sans)' },
  '.cm-textfield': { backgroundColor: 'var(--panel)', color: 'var(--text)', border: '1px solid var(--line-2)', borderRadius: '3px' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--panel)', color: 'var(--text)', border: '1px solid var(--line-2)', borderRadius: '3px' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-tint)', outline: '1px solid var(--warn)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-tint)', outline: '2px solid var(--accent)' },
  '.cm-tooltip': { backgroundColor: 'var(--panel)', color: 'var(--text)', border: '1px solid var(--line-2)', borderRadius: '4px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '260px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionInfo': { fontFamily: 'var(--font-sans)', fontSize: '12px', maxWidth: '280px' },
  '.cm-diagnostic': { fontFamily: 'var(--font-sans)', padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--text-3)' },
  '.cm-lintRange': { backgroundImage: 'none', textDecoration: 'underline wavy', textUnderlineOffset: '3px', textDecorationSkipInk: 'none' },
  '.cm-lintRange-error': { textDecorationColor: 'var(--bad)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warn)' },
  '.cm-lintRange-info': { textDecorationColor: 'var(--text-3)', textDecorationStyle: 'dotted' },
  '.cm-panel.cm-search input, .cm-panel.cm-search button, .cm-panel.cm-search label': { fontSize: '12px' },
  '.cm-lint-marker': { content: 'none', width: '8px', height: '8px', margin: '5px 2px', borderRadius: '4px' },
  '.cm-lint-marker-error': { content: 'none', backgroundColor: 'var(--bad)', borderRadius: '1px' },
  '.cm-lint-marker-warning': { content: 'none', backgroundColor: 'var(--warn)' },
  '.cm-lint-marker-info': { content: 'none', border: '1px solid var(--text-3)' },
  '.cm-conflict-mine': { backgroundColor: 'color-mix(in srgb, var(--accent-tint) 55%, var(--panel))' },
  '.cm-conflict-theirs': { backgroundColor: 'color-mix(in srgb, var(--warn-tint) 55%, var(--panel))' },
  '.cm-mergeView, .cm-mergeViewEditors': { height: '100%' },
  '.cm-changedLine': { backgroundColor: 'var(--warn-tint) !important' },
  '.cm-changedText': { background: 'none !important', textDecoration: 'underline', textDecorationColor: 'var(--warn)' },
  '.cm-collapsedLines': { background: 'var(--sunk) !important', color: 'var(--text-2)' },
});

const colours = HighlightStyle.define([
  { tag: tags.tagName, color: 'var(--text)', fontWeight: '500' },
  { tag: tags.attributeName, color: 'var(--text-2)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--n1)' },
  { tag: tags.comment, color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.angleBracket, tags.punctuation, tags.definitionOperator], color: 'var(--text-3)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

/** What every view of XML has, editable or not. */
export const xmlLook: Extension[] = [look, syntaxHighlighting(colours), lineNumbers(), xml(), EditorState.tabSize.of(2), indentUnit.of('  ')];

/** After Escape, the next Tab leaves the editor instead of indenting (CodeMirror's tab focus mode, for two seconds). */
const escapeThenTab = keymap.of([{
  key: 'Escape',
  run(view) {
    view.setTabFocusMode(2000);
    view.dispatch({ effects: EditorView.announce.of('Tab now leaves the editor') });
    return false;
  },
}]);

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

export interface XmlEditorOptions {
  text: string;
  label: string;
  readOnly: boolean;
  onChange: (text: string) => void;
}

/** The editor in `parent`. Its owner destroys it. */
export function openXmlEditor(parent: HTMLElement, { text, label, readOnly, onChange }: XmlEditorOptions): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        ...xmlLook, history(), foldGutter(), drawSelection(), bracketMatching(), closeBrackets(), indentOnInput(), highlightActiveLine(), highlightActiveLineGutter(),
        autocompletion({ icons: false }), xmlLanguage.data.of({ autocomplete: completeNetwork }), lintGutter(), search(), conflictLines, escapeThenTab,
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
        EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
        EditorView.updateListener.of((update) => { if (update.docChanged) onChange(update.state.doc.toString()); }),
      ],
    }),
  });
}

/** Puts another text in, as one step that undo takes back. */
export function replaceText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: isolateHistory.of('full') });
}

/** Underlines what is wrong, from its place to the end of the tag or the line. */
export function showProblems(view: EditorView, problems: readonly XmlProblem[]): void {
  const { doc } = view.state;
  const diagnostics = problems.flatMap((problem): Diagnostic[] => {
    if (problem.line === null) return [];
    const line = doc.line(Math.min(Math.max(1, problem.line), doc.lines));
    const from = Math.min(line.from + Math.max(0, (problem.column ?? 1) - 1), line.to);
    const start = problem.column === null || from === line.to ? line.from + (line.text.length - line.text.trimStart().length) : from;
    const close = line.text.indexOf('>', start - line.from);
    return [{ from: start, to: close < 0 ? line.to : line.from + close + 1, severity: problem.severity, message: problem.message }];
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Puts the cursor at a place, in sight, and the keyboard into the editor. */
export function goToLine(view: EditorView, lineNumber: number, column: number): void {
  const line = view.state.doc.line(Math.min(Math.max(1, lineNumber), view.state.doc.lines));
  const at = Math.min(line.from + Math.max(0, column - 1), line.to);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
  view.focus();
}
