import type { Command, Plan } from './plan';
import { waitFunction, waitingCommand } from './plan-script-wait';
import { quoteArgv, quoteWord } from './shell-quote';

/**
 * The plan as a script for POSIX sh, to read, keep or run by hand: one paragraph a step, documents as here-documents,
 * the way back as comments. It stops at the first command that fails, and waits where the app does; unlike the app it takes
 * nothing back by itself.
 */
export function planToScript(plan: Plan): string {
  const parts = [
    `#!/bin/sh\n${comment(plan.title)}\n${comment(plan.summary)}\n#\n# Run it on the host itself, as a user who may change libvirt networks.\nset -eu`,
    ...plan.steps.some((step) => step.until) ? [waitFunction] : [],
    ...plan.steps.map((step, at) => {
      const command = step.until ? waitingCommand(shellCommand(step.command), step.until) : shellCommand(step.command, step.optional ? ' || true' : '');
      return `${comment(`Step ${at + 1}: ${step.title}`)}\n${command}`;
    }),
  ];
  const undone = [...plan.steps].reverse().filter((step) => step.inverse.length > 0);
  const back = undone.map(({ inverseTitle, inverse, inverseUntil }) => [
    inverseTitle, ...inverse.map((command, at) => (inverseUntil && at === inverse.length - 1 ? waitingCommand(shellCommand(command), inverseUntil) : shellCommand(command))),
  ].join('\n'));
  if (undone.some((step) => step.inverseUntil)) back.unshift(waitFunction);
  if (back.length > 0) parts.push(`${comment('How it is undone, in this order:')}\n${comment(back.join('\n\n'))}`);
  return `${parts.join('\n\n')}\n`;
}

/** Every line a comment, so that a line break in a name can't start a command. */
function comment(text: string): string {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
}

/** `after`: what follows the command on its line. */
function shellCommand(command: Command, after = ''): string {
  const line = quoteArgv(command.argv);
  if (!command.stdin) return `${line}${after}`;
  const { text } = command.stdin;
  if (text.endsWith('\n')) return `${line} <<'${delimiterFor(text)}'${after}\n${text}${delimiterFor(text)}`;
  // A here-document always ends in a line break; where the text has none, printf gives it exactly.
  return `printf %s ${quoteWord(text)} | ${line}${after}`;
}

/** A word that no line of the text begins with: dash loses a byte of a line that goes on with one above 127 after it. */
function delimiterFor(text: string): string {
  const lines = text.split('\n');
  let delimiter = 'XML';
  for (let n = 1; lines.some((line) => line.startsWith(delimiter)); n += 1) delimiter = `END_${n}`;
  return delimiter;
}
