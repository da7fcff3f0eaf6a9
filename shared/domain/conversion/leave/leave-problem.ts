import type { ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import { describeLeft } from './left-setting';

/** A stack can't leave it out, or not in the way its files are written. `why` is a whole sentence. */
export function cantLeave(word: string, why: string): ConfigProblem {
  return ConfigProblem.of('leave.refused', `${capital(describeLeft(word))} can't be left out`, why, 'Let it move to the bridge.');
}

/** The stack's files don't say where it comes from. */
export function notConfigured(word: string, where: string): ConfigProblem {
  return ConfigProblem.of(word === 'dns' ? 'leave.nothing' : 'leave.refused', `${capital(describeLeft(word))} can't be left out`, `${where} doesn't say where that comes from.`, 'Let it move to the bridge.');
}

/** On a stack that was never tried, everything moves. */
export function refuseLeave({ leave = [] }: Pick<ConversionSpec, 'leave'>, stack: string): void {
  const [word] = leave;
  if (word !== undefined) throw cantLeave(word, `With ${stack} everything moves to the bridge: leaving something out was never tried there.`);
}

/** Addresses stay as they are. */
const capital = (text: string): string => (text.includes(':') ? text : `${text[0]!.toUpperCase()}${text.slice(1)}`);
