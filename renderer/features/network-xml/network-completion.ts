import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import { schemaAt } from '../../../shared/domain/network-xml/network-schema';
import type { ElementSchema } from '../../../shared/domain/network-xml/network-schema';

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>;

/** libvirt's names where they may stand: elements inside their parent, attributes of their element, values of their attribute. */
export function completeNetwork(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context;
  const node = syntaxTree(state).resolveInner(pos, -1);
  const text = (of: SyntaxNode): string => state.sliceDoc(of.from, of.to);
  const inTag = tagAround(node);
  const value = node.name === 'AttributeValue' ? node : null;
  if (value && inTag) {
    const attribute = value.parent?.getChild('AttributeName');
    const values = attribute ? schemaOf(inTag, text, true)?.attributes?.[text(attribute)] : null;
    return values ? { from: value.from + 1, to: Math.max(value.from + 1, endOfValue(value, text)), options: values.map((label) => ({ label, type: 'constant' })), validFor: /^[\w.-]*$/ } : null;
  }
  const word = context.matchBefore(/[\w:.-]+/);
  const from = word?.from ?? pos;
  if (state.sliceDoc(Math.max(0, from - 1), from) === '<') return { from, options: elements(schemaOf(inTag ?? node, text, false)), validFor: /^[\w:.-]*$/ };
  if (inTag && /\s$/.test(state.sliceDoc(Math.max(0, from - 1), from))) {
    if (!word && !context.explicit) return null;
    const present = inTag.getChildren('Attribute').map((attribute) => attribute.getChild('AttributeName')).flatMap((name) => (name && name.from !== from ? [text(name)] : []));
    return { from, options: attributes(schemaOf(inTag, text, true)).filter(({ label }) => !present.includes(label)), validFor: /^[\w:.-]*$/ };
  }
  if (context.explicit && !inTag && !word) return { from, options: elements(schemaOf(node, text, false)).map((option) => ({ ...option, apply: `<${option.label}` })) };
  return null;
}

function elements(schema: ElementSchema | null): Completion[] {
  return Object.entries(schema?.children ?? {}).map(([label, { about, since }]) => ({ label, type: 'type', info: since === undefined ? about : `${about} (libvirt ${since} and later)` }));
}

function attributes(schema: ElementSchema | null): Completion[] {
  return Object.entries(schema?.attributes ?? {}).map(([label, values]) => ({
    label, type: 'property', apply: `${label}=""`, ...values ? { info: values.join(', ') } : {},
  }));
}

/** The start tag that the cursor is in; null between tags. */
function tagAround(node: SyntaxNode): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.name === 'OpenTag' || at.name === 'SelfClosingTag') return at;
    if (at.name === 'Element' || at.name === 'Document') return null;
  }
  return null;
}

/** Of the element a tag opens (`itself`), or of the one that holds what is being typed. */
function schemaOf(node: SyntaxNode, text: (of: SyntaxNode) => string, itself: boolean): ElementSchema | null {
  const path: string[] = [];
  let element: SyntaxNode | null = node;
  // What is typed after "<" is a tag of its own already: its element is not where it stands in.
  if (!itself && (node.name === 'OpenTag' || node.name === 'SelfClosingTag')) element = node.parent?.parent ?? null;
  else if (!itself && node.name === 'StartTag') element = node.parent?.parent?.parent ?? null;
  for (let at = element; at; at = at.parent) {
    if (at.name !== 'Element') continue;
    const name = (at.getChild('OpenTag') ?? at.getChild('SelfClosingTag'))?.getChild('TagName');
    if (name) path.unshift(text(name));
  }
  return schemaAt(path);
}

function endOfValue(value: SyntaxNode, text: (of: SyntaxNode) => string): number {
  return /["']$/.test(text(value)) && value.to - value.from > 1 ? value.to - 1 : value.to;
}
