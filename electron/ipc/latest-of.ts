/**
 * Passes on the first of several calls at once, and of those that follow within `everyMs` only the last, when that time
 * is over. For states that are sent as a whole, of which only the last one counts.
 */
export function latestOf<T>(everyMs: number, passOn: (value: T) => void): (value: T) => void {
  let held: { value: T } | null = null;
  let isResting = false;

  const rest = (): void => {
    isResting = true;
    setTimeout(() => {
      isResting = false;
      if (held === null) return;
      const { value } = held;
      held = null;
      passOn(value);
      rest();
    }, everyMs).unref();
  };

  return (value) => {
    if (isResting) {
      held = { value };
      return;
    }
    passOn(value);
    rest();
  };
}
