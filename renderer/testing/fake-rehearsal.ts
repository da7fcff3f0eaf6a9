import type { RehearsalFault } from '../../shared/domain/rehearsal-fault';
import { AppError } from '../../shared/errors/app-error';

/** The practice host of the fake bridge, as far as things go wrong there; the app can't be closed while nothing is under way. */
export function createFakeRehearsal() {
  let faults: RehearsalFault[] = [];
  return {
    'practice.faults': () => faults,
    'practice.fault': ({ fault, strikes }: { fault: RehearsalFault; strikes: boolean }) => {
      if (fault === 'app' && strikes) throw new AppError('input.invalid', 'This can’t happen now', 'No conversion is under way: begin one, then close the app.');
      faults = [...faults.filter((other) => other !== fault), ...strikes ? [fault] : []];
      return faults;
    },
  };
}
