import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import type { Network } from '../../../shared/domain/network';

const rename = shallowRef<{ hostId: string; network: Network } | null>(null);
const imports = shallowRef<string | null>(null);
const exports = shallowRef<string | null>(null);

/** The dialogs over the networks of a host: what is renamed, and the host that is imported to or exported from. */
export function useNetworkDialogs(): { rename: ShallowRef<{ hostId: string; network: Network } | null>; imports: ShallowRef<string | null>; exports: ShallowRef<string | null> } {
  return { rename, imports, exports };
}
