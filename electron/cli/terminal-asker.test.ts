import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Question } from '../services/sessions/prompts';
import { TerminalAsker } from './terminal-asker';

const never = new AbortController().signal;
const password = (onWayTo: string | null): Question =>
  ({ kind: 'secret', hostId: 'h', server: onWayTo === null ? 'root@kvm1' : 'ada@gate', onWayTo, secret: 'password', label: 'Password', problem: null, canRemember: false });

/** A terminal on which these lines are typed. */
function terminal(lines: string[], isTTY = true): { io: { input: NodeJS.ReadStream; error: NodeJS.WriteStream }; shown: () => string } {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const error = new PassThrough();
  let text = '';
  error.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    // A person types when something is asked.
    if (/[:?\]] $/.test(text) || /[:?\]] \S*$/.test(text)) {
      const line = lines.shift();
      if (line !== undefined) setImmediate(() => input.write(`${line}\r`));
    }
  });
  return { io: { input: input as unknown as NodeJS.ReadStream, error: error as unknown as NodeJS.WriteStream }, shown: () => text };
}

describe('a password from standard input', () => {
  it('is for the host, once, and not for a server on the way', async () => {
    const asker = new TerminalAsker(terminal([], false).io, 'given');
    await expect(asker.ask(password('root@kvm1'), never)).rejects.toMatchObject({ data: { code: 'auth.failed' } });
    expect(await asker.ask(password(null), never)).toEqual({ kind: 'secret', value: 'given', remember: false });
    await expect(asker.ask(password(null), never)).rejects.toMatchObject({ data: { code: 'auth.failed' } });
  });
});

describe('on a terminal', () => {
  it('asks several questions, each in the server\'s words, and says who asks', async () => {
    const { io, shown } = terminal(['pw', '123456']);
    const answer = await new TerminalAsker(io, null).ask({
      kind: 'questions', hostId: 'h', server: 'ada@gate', onWayTo: 'root@kvm1', title: 'Two factors', instruction: 'Have your phone at hand.',
      questions: [{ label: 'Password:', echo: false }, { label: 'Code:', echo: true }], problem: 'Wrong.',
    }, never);
    expect(answer).toEqual({ kind: 'questions', values: ['pw', '123456'] });
    expect(shown()).toContain('Wrong.\nada@gate (on the way to root@kvm1) asks:\nTwo factors\nHave your phone at hand.\nPassword: ');
    expect(shown()).not.toContain('pw');
    expect(shown()).toContain('123456');
  });

  it('says for which host a password is', async () => {
    const { io, shown } = terminal(['secret']);
    expect(await new TerminalAsker(io, null).ask(password('root@kvm1'), never)).toEqual({ kind: 'secret', value: 'secret', remember: false });
    expect(shown()).toBe('Password (on the way to root@kvm1): \n');
  });
});

it('refuses what nobody can answer', async () => {
  const asker = new TerminalAsker(terminal([], false).io, null);
  await expect(asker.ask({ kind: 'questions', hostId: 'h', server: 'a@b', onWayTo: null, title: '', instruction: '', questions: [{ label: 'Code:', echo: true }], problem: null }, never))
    .rejects.toMatchObject({ data: { detail: expect.stringContaining('“Code:”') as string } });
});
