/**
 * The same reader of documents, which knows the last ones it was given: planners ask for one document for steps, checks and notices,
 * each time from its text. The same text then gives the same object, which is not to be changed.
 */
export function remembering<T>(read: (text: string) => T, kept = 64): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = read(text);
    known.set(text, made);
    if (known.size > kept) known.delete(known.keys().next().value ?? '');
    return made;
  };
}
