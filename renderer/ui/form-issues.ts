import { inject, onBeforeUnmount, onMounted, provide } from 'vue';
import type { InjectionKey } from 'vue';

/** What the fields of a form ask of the form around them; paths are dotted as in `FieldIssue.path`. */
export interface FormIssues {
  /** The sentence to show beside a field now: null before somebody has left the field. */
  errorOf(path: string): string | null;
  warningOf(path: string): string | null;
  /** The field was left: from now on its sentence shows. */
  touch(path: string): void;
}

const key: InjectionKey<FormIssues> = Symbol('form issues');

/**
 * Makes `issues` known to all fields below. A field that is left by a click elsewhere counts as left once the click is
 * over: a sentence that appeared between press and release would push the button away from under the pointer, and the
 * click would be lost.
 */
export function provideFormIssues(issues: FormIssues): void {
  let isPressed = false;
  let waiting: (() => void)[] = [];
  const press = (): void => { isPressed = true; };
  const release = (): void => {
    isPressed = false;
    const left = waiting;
    waiting = [];
    // `click` follows `pointerup` in the same task or the next.
    if (left.length > 0) setTimeout(() => { for (const touch of left) touch(); });
  };
  onMounted(() => {
    window.addEventListener('pointerdown', press, true);
    window.addEventListener('pointerup', release, true);
    window.addEventListener('pointercancel', release, true);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('pointerdown', press, true);
    window.removeEventListener('pointerup', release, true);
    window.removeEventListener('pointercancel', release, true);
  });
  provide(key, {
    errorOf: (path) => issues.errorOf(path),
    warningOf: (path) => issues.warningOf(path),
    touch(path) {
      if (isPressed) waiting.push(() => issues.touch(path));
      else issues.touch(path);
    },
  });
}

/** Throws outside a form: a field without one would hide every mistake. */
export function useFormIssues(): FormIssues {
  const issues = inject(key);
  if (!issues) throw new Error('This field stands outside a form');
  return issues;
}

/** The id of a field's input, so that labels, sentences and "go to the mistake" find it. */
export const fieldId = (path: string): string => `field-${path.replaceAll('.', '-')}`;
