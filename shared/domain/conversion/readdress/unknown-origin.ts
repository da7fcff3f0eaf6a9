import { ConfigProblem } from '../finding';

/** The host has an address that its files don't name. `says`: the files, with the verb, such as `netplan's files don't say`. */
export function unknownOrigin(says: string, address: string | undefined, device: string): ConfigProblem {
  return ConfigProblem.of('config.not-understood', `${says} where ${address ?? 'the address'} comes from`, `${device} has it, but no address there is that.`);
}
