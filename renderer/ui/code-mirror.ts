import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands';
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { XmlProblem } from '../../shared/domain/xml-problem';

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
  { tag: tags.definition(tags.propertyName), color: 'var(--text)', fontWeight: '500' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--n1)' },
  { tag: tags.comment, color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.angleBracket, tags.punctuation, tags.definitionOperator, tags.squareBracket, tags.brace, tags.separator], color: 'var(--text-3)' },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

/** What every view of a document has, editable or not. */
export const codeLook: Extension[] = [look, syntaxHighlighting(colours), lineNumbers(), EditorState.tabSize.of(2), indentUnit.of('  ')];

/** What the editor has to know of a language. */
export interface CodeLanguage {
  extensions: Extension;
  /** Where in a line that ends which begins at `start`. */
  endOf(line: string, start: number): number;
}

/** After Escape, the next Tab leaves the editor instead of indenting (CodeMirror's tab focus mode, for two seconds). */
const escapeThenTab = keymap.of([{
  key: 'Escape',
  run(view) {
    view.setTabFocusMode(2000);
    view.dispatch({ effects: EditorView.announce.of('Tab now leaves the editor') });
    return false;
  },
}]);

export interface CodeEditorOptions {
  text: string;
  language: CodeLanguage;
  label: string;
  readOnly: boolean;
  onChange: (text: string) => void;
}

/** The editor in `parent`. Its owner destroys it. */
export function openCodeEditor(parent: HTMLElement, { text, language, label, readOnly, onChange }: CodeEditorOptions): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        ...codeLook, language.extensions, history(), foldGutter(), drawSelection(), bracketMatching(), closeBrackets(), indentOnInput(), highlightActiveLine(), highlightActiveLineGutter(),
        autocompletion({ icons: false }), lintGutter(), search(), escapeThenTab,
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
        EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
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

/** Underlines what is wrong, from its place as far as the language says. */
export function showProblems(view: EditorView, problems: readonly XmlProblem[], language: CodeLanguage): void {
  const { doc } = view.state;
  const diagnostics = problems.flatMap((problem): Diagnostic[] => {
    if (problem.line === null) return [];
    const line = doc.line(Math.min(Math.max(1, problem.line), doc.lines));
    const from = Math.min(line.from + Math.max(0, (problem.column ?? 1) - 1), line.to);
    const start = problem.column === null || from === line.to ? line.from + (line.text.length - line.text.trimStart().length) : from;
    return [{ from: start, to: line.from + language.endOf(line.text, start - line.from), severity: problem.severity, message: problem.message }];
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
