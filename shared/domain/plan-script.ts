import type { Command, Plan } from './plan';
import { quoteArgv, quoteWord } from './shell-quote';

/**
 * The plan as a script for POSIX sh, to read, keep or run by hand: one paragraph a step, documents as here-documents,
 * the way back as comments. It stops at the first command that fails; unlike the app it takes nothing back by itself.
 */
export function planToScript(plan: Plan): string {
  const parts = [
    `#!/bin/sh\n${comment(plan.title)}\n${comment(plan.summary)}\n#\n# Run it on the host itself, as a user who may change libvirt networks.\nset -eu`,
    ...plan.steps.map((step, at) => `${comment(`Step ${at + 1}: ${step.title}`)}\n${shellCommand(step.command)}`),
  ];
  const back = [...plan.steps].reverse().filter((step) => step.inverse.length > 0)
    .map((step) => [step.inverseTitle, ...step.inverse.map(shellCommand)].join('\n'));
  if (back.length > 0) parts.push(`${comment('How it is undone, in this order:')}\n${comment(back.join('\n\n'))}`);
  return `${parts.join('\n\n')}\n`;
}

/** Every line a comment, so that a line break in a name can't start a command. */
function comment(text: string): string {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
}

function shellCommand(command: Command): string {
  const line = quoteArgv(command.argv);
  if (!command.stdin) return line;
  const { text } = command.stdin;
  if (text.endsWith('\n')) return `${line} <<'${delimiterFor(text)}'\n${text}${delimiterFor(text)}`;
  // A here-document always ends in a line break; where the text has none, printf gives it exactly.
  return `printf %s ${quoteWord(text)} | ${line}`;
}

/** A word that no line of the text begins with: dash loses a byte of a line that goes on with one above 127 after it. */
function delimiterFor(text: string): string {
  const lines = text.split('\n');
  let delimiter = 'XML';
  for (let n = 1; lines.some((line) => line.startsWith(delimiter)); n += 1) delimiter = `END_${n}`;
  return delimiter;
}
