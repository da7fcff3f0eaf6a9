import { isAddressed } from '../../shared/domain/addressed-spec';
import type { AddressedSpec } from '../../shared/domain/addressed-spec';
import type { NetworkSpec } from '../../shared/domain/network-spec';

/** For tests that know which form a proposal or draft is of. */
export function asAddressed(spec: NetworkSpec): AddressedSpec {
  if (!isAddressed(spec)) throw new Error(`It is ${spec.kind}`);
  return spec;
}
