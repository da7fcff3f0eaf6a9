import { inject, provide } from 'vue';
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

export function provideFormIssues(issues: FormIssues): void {
  provide(key, issues);
}

/** Throws outside a form: a field without one would hide every mistake. */
export function useFormIssues(): FormIssues {
  const issues = inject(key);
  if (!issues) throw new Error('This field stands outside a form');
  return issues;
}

/** The id of a field's input, so that labels, sentences and "go to the mistake" find it. */
export const fieldId = (path: string): string => `field-${path.replaceAll('.', '-')}`;
