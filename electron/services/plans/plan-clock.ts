/** Time, so that tests need none. */
export interface PlanClock {
  now(): Date;
  sleep(ms: number): Promise<void>;
}

export const systemSleep = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
