/** How long things are waited for, in milliseconds. Tests shorten what they would otherwise sit out. */
export interface InventoryTiming {
  /** Events within this window are read together. */
  debounceMs: number;
  /** After events began to be followed, until their tools have surely connected. */
  settleMs: number;
  /** When to look again for the lease of a guest that was just seen. */
  leaseFollowUpMs: readonly number[];
  /** When to try a libvirt again that doesn't answer. */
  recoverMs: readonly number[];
  /** After an event tool ended: when it has surely been started again (it is, after one to thirty seconds) and missed nothing more. */
  restartMs: readonly number[];
  /** When to open the event channel again after it was lost; the last one repeats. */
  refollowMs: readonly number[];
  /** An event tool that ended is taken as sound again after this time; also the longest wait for one that keeps ending. */
  calmMs: number;
}

export const defaultTiming: InventoryTiming = {
  debounceMs: 25,
  settleMs: 1000,
  leaseFollowUpMs: [150, 600, 2500],
  recoverMs: [500, 1000, 2000, 4000, 8000, 15_000, 30_000],
  restartMs: [2500, 35_000],
  refollowMs: [2000, 5000, 15_000, 60_000],
  calmMs: 10_000,
};
