import type { Reach, ReachRow } from './reach';

/** The five rows with their labels, in the order in which they are shown. */
export interface PeerRows {
  sameNetwork: RowMaker;
  host: RowMaker;
  otherNetworks: RowMaker;
  lan: RowMaker;
  internet: RowMaker;
}
export type RowMaker = (out: Reach, into: Reach, note?: string | null) => ReachRow;
