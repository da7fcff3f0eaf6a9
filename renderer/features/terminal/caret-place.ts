import type { Terminal } from '@xterm/xterm';

/** How long the cursor must rest, in milliseconds: longer than a key takes to be echoed. */
const restMs = 150;

/**
 * Where xterm's textarea lies on the page. Input methods and magnifiers look for it at the cursor, and xterm puts it there
 * with every echo; but then the page lays itself out once more and takes its layers anew, before the echo can be seen. So it
 * comes after, when the cursor rests, and at once when something is composed. Returns the function that ends it.
 */
export function followCursorAtRest(terminal: Terminal): () => void {
  const { textarea } = terminal;
  if (!textarea) throw new Error('The terminal has no textarea before it is opened.');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = (): void => {
    // What xterm wants of it; the style sheet holds against that.
    textarea.style.setProperty('--caret-left', textarea.style.left);
    textarea.style.setProperty('--caret-top', textarea.style.top);
  };
  const moved = terminal.onCursorMove(() => {
    clearTimeout(timer);
    timer = setTimeout(follow, restMs);
  });
  textarea.addEventListener('compositionstart', () => textarea.classList.add('composing'));
  textarea.addEventListener('compositionend', () => {
    follow();
    textarea.classList.remove('composing');
  });
  return () => {
    clearTimeout(timer);
    moved.dispose();
  };
}
