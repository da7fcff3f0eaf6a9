import type { World } from '../world';
import { whyLost } from './reach';

/** What a process does, asleep in between for the milliseconds it yields. */
export type Process<Result = void> = Generator<number, Result, void>;

/** Lets a process run by the host's clock. A power cut ends it; connections break with the network under them. */
export function startProcess(world: World, steps: Process): void {
  const { bootedAt } = world.state;
  const goOn = (): void => {
    if (world.state.bootedAt !== bootedAt) return;
    const { done, value } = steps.next();
    if (whyLost(world.state) !== null) world.cutConnections();
    if (!done) world.later(value, goOn);
  };
  // Not before whoever starts it has been answered.
  world.later(0, goOn);
}
