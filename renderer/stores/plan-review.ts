import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Intent } from '../../shared/domain/intent';

export interface ReviewRequest {
  hostId: string;
  intent: Intent;
  /** Shows the form again that the intent came from, with all that was typed. */
  back?: () => void;
}

/**
 * The change that is being reviewed. Screens ask for one with `open`; the shell shows the review panel for `request`
 * (features/plan-review), which calls `close` when it is done with or cancelled. One at a time.
 */
export const usePlanReview = defineStore('plan-review', () => {
  const request = shallowRef<ReviewRequest | null>(null);

  function open(hostId: string, intent: Intent, back?: () => void): void {
    request.value = { hostId, intent, ...back ? { back } : {} };
  }

  function close(): void {
    request.value = null;
  }

  return { request, open, close };
});
