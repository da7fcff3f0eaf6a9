import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Intent } from '../../shared/domain/intent';

/** What whoever asks for a review wants to be told. */
export interface ReviewHooks {
  /** Shows the form again that the intent came from, with all that was typed. */
  back?: () => void;
  /** Told once, when the host is as was reviewed. */
  onApplied?: () => void;
}

export interface ReviewRequest extends ReviewHooks {
  hostId: string;
  intent: Intent;
}

/**
 * The change that is being reviewed. Screens ask for one with `open`; the shell shows the review panel for `request`
 * (features/plan-review), which calls `close` when it is done with or cancelled. One at a time.
 */
export const usePlanReview = defineStore('plan-review', () => {
  const request = shallowRef<ReviewRequest | null>(null);

  function open(hostId: string, intent: Intent, hooks: ReviewHooks = {}): void {
    request.value = { hostId, intent, ...hooks };
  }

  function close(): void {
    request.value = null;
  }

  return { request, open, close };
});
