import { useToast } from '@nuxt/ui/composables';
import { invoke } from '../../api/client';
import { isCancelled, sentenceFor } from '../../ui/error-text';
import { toAppError } from '../../api/to-app-error';

/**
 * The presenter: the one place where an error that no field or page shows is told to the user. Known codes read as a
 * sentence with what to do; the others show what the program said, to be copied, in a notice that stays until it is
 * closed.
 */
export function presentError(thrown: unknown): void {
  const { data } = toAppError(thrown);
  if (isCancelled(data)) return;
  console.error(thrown);
  const text = sentenceFor(data);
  useToast().add({
    id: `error-${data.code}-${data.detail}`,
    title: text.title,
    description: [text.detail, text.hint, text.output].filter(Boolean).join('\n'),
    color: 'error', icon: 'i-lucide-circle-x', duration: text.output ? 0 : 9000,
    actions: text.output ? [{ label: 'Copy the output', icon: 'i-lucide-copy', color: 'neutral', variant: 'outline', onClick: () => void invoke('app.copyText', { text: text.output }) }] : [],
  });
}
