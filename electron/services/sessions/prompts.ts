import type { Prompt, PromptAnswer } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';

/** A prompt before it has an id. */
export type Question = Prompt extends infer P ? (P extends Prompt ? Omit<P, 'id'> : never) : never;

/** Asks the person in front of the app (or the command line) something that a connection needs to go on. */
export interface Asker {
  ask(question: Question, signal: AbortSignal): Promise<PromptAnswer>;
}

/** Questions that wait for the window's answer. A connection that ends takes its question back. */
export class PromptDesk implements Asker {
  private readonly waiting = new Map<string, { prompt: Prompt; settle: (answer: PromptAnswer) => void }>();
  private readonly listeners = new Set<(prompts: Prompt[]) => void>();
  private nextId = 1;

  ask(question: Question, signal: AbortSignal): Promise<PromptAnswer> {
    if (signal.aborted) return Promise.resolve({ kind: 'cancel' });
    const prompt: Prompt = { ...question, id: `prompt-${this.nextId++}` };
    return new Promise((resolve) => {
      const settle = (answer: PromptAnswer): void => {
        signal.removeEventListener('abort', cancel);
        this.waiting.delete(prompt.id);
        this.announce();
        resolve(answer);
      };
      const cancel = (): void => settle({ kind: 'cancel' });
      signal.addEventListener('abort', cancel);
      this.waiting.set(prompt.id, { prompt, settle });
      this.announce();
    });
  }

  list(): Prompt[] {
    return [...this.waiting.values()].map(({ prompt }) => prompt);
  }

  answer(promptId: string, answer: PromptAnswer): void {
    const entry = this.waiting.get(promptId);
    if (!entry) throw new AppError('not-found', 'The question is gone', 'The connection that asked it has ended.');
    if (answer.kind !== 'cancel' && answer.kind !== entry.prompt.kind) {
      throw new AppError('input.invalid', 'The answer doesn\'t fit', `A ${entry.prompt.kind} question got a ${answer.kind} answer.`);
    }
    entry.settle(answer);
  }

  onChanged(listener: (prompts: Prompt[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private announce(): void {
    for (const listener of this.listeners) listener(this.list());
  }
}
