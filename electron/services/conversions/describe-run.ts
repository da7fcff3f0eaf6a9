import type { ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import type { ConversionRequest, ConversionReview } from '../../../shared/domain/conversion/review';

/** What is known of a change before it is planned. */
export function namesOf(request: ConversionRequest): Pick<ConversionRun, 'goal' | 'nic' | 'bridge'> {
  switch (request.kind) {
    case 'convert': return { goal: 'bridge', nic: request.nic, bridge: request.bridge };
    case 'unbridge': return request.port === undefined ? { goal: 'unbridge', nic: '', bridge: request.bridge } : { goal: 'unport', nic: request.port, bridge: request.bridge };
    case 'readdress': return { goal: 'address', nic: request.device, bridge: request.device };
    case 'undo': return { goal: 'unbridge', nic: '', bridge: '' };
  }
}

/** What is under way, in a sentence. */
export function busyWith({ goal, nic, bridge }: ConversionRun): string {
  switch (goal) {
    case 'bridge': return `${nic} is becoming a port of ${bridge}.`;
    case 'unbridge': return bridge === '' ? 'A conversion is being undone.' : `${bridge} is being taken away.`;
    case 'unport': return `${nic} is being taken out of ${bridge}.`;
    case 'address': return `${nic} is getting other addresses.`;
  }
}

/** What becomes of the host's files. */
export const filesOf = ({ plan }: ConversionReview): ConversionRun['files'] => (plan?.changes ?? []).map(({ title, before, after }) => ({
  path: title, change: before === null ? 'new' : after === null ? 'removed' : 'changed',
}));
