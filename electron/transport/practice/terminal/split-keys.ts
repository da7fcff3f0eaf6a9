// eslint-disable-next-line no-control-regex -- keys are control characters
const key = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])|[^\x1b]|\x1b/uy;
// eslint-disable-next-line no-control-regex -- as above
const unfinished = /\x1b(?:\[[0-?]*[ -/]*|O)?$/;

/**
 * Takes keys out of what was typed: single characters and whole escape sequences (ECMA-48, 5.4). `rest` is the
 * beginning of a sequence whose end is still to come.
 */
export function splitKeys(text: string): { keys: string[]; rest: string } {
  const rest = unfinished.exec(text)?.[0] ?? '';
  const whole = text.slice(0, text.length - rest.length);
  const keys: string[] = [];
  key.lastIndex = 0;
  for (let found = key.exec(whole); found; found = key.exec(whole)) keys.push(found[0]);
  return { keys, rest };
}
