import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error';
import { frameLines, virshLine, VirshReplies } from './virsh-frames';

/** What virsh 9.0 prints for one framed command (recorded on Debian 12). */
function transcript(line: string, id: string, stdout: string, stderr: string, prompt = '#'): { out: string; err: string } {
  return {
    out: `virsh ${prompt} ${line}\n${stdout}virsh ${prompt} echo --err '@''${id}'\nvirsh ${prompt} echo '@''${id}'\n@${id}`,
    err: `${stderr}error: @${id}\n`,
  };
}

describe('VirshReplies', () => {
  it('cuts a reply out of what virsh prints', () => {
    const replies = new VirshReplies();
    const { out, err } = transcript('net-list --name', 'ab.0.', 'default\n\n', '');
    replies.pushStdout(out);
    expect(replies.take('ab.0.')).toBeNull();
    replies.pushStderr(err);
    expect(replies.take('ab.0.')).toEqual({ stdout: 'default\n\n', stderr: '', ok: true });
    expect(replies.pending).toBe(0);
  });

  it('tells failures from news about the connection', () => {
    const replies = new VirshReplies();
    const failed = transcript('x', 'a.0.', '', 'error: unknown command: \'x\'\n', '>');
    const restarted = transcript('uri', 'a.1.', 'qemu:///system\n', 'error: Disconnected from qemu:///system due to end of file\nerror: Reconnected to the hypervisor\n'.replace('error: Reconnected to the hypervisor', 'Reconnected to qemu:///system '));
    replies.pushStdout(failed.out + restarted.out);
    replies.pushStderr(failed.err + restarted.err);
    expect(replies.take('a.0.')).toEqual({ stdout: '', stderr: 'error: unknown command: \'x\'\n', ok: false });
    expect(replies.take('a.1.')).toMatchObject({ ok: true, stdout: 'qemu:///system\n' });
  });

  it('gives the same replies however the streams are cut', () => {
    const text = fc.string({ maxLength: 60 });
    fc.assert(fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (bodies, cuts) => {
      const frames = bodies.map(([stdout, stderr], index) => transcript('c', `tok.${index}.`, stdout, stderr.replace(/error: ?$/, '')));
      const replies = new VirshReplies();
      const out = frames.map((frame) => frame.out).join('');
      const err = frames.map((frame) => frame.err).join('');
      const taken: unknown[] = [];
      let index = 0;
      for (let at = 0, turn = 0; at < Math.max(out.length, err.length); turn++) {
        const size = cuts[turn % cuts.length]!;
        replies.pushStdout(out.slice(at, at + size));
        replies.pushStderr(err.slice(at, at + size));
        at += size;
        for (let reply = replies.take(`tok.${index}.`); reply; reply = replies.take(`tok.${index}.`)) {
          taken.push(reply.stdout);
          index++;
        }
      }
      expect(taken).toEqual(bodies.map(([stdout]) => stdout));
    }));
  });

  it('says so when the stream is none of virsh\'s', () => {
    const replies = new VirshReplies();
    replies.pushStdout('something else\n@a.0.');
    replies.pushStderr('@a.0.');
    expect(() => replies.take('a.0.')).toThrow(AppError);
  });
});

describe('virshLine', () => {
  it('quotes what is not plain', () => {
    expect(virshLine(['net-info', 'my net'])).toBe('net-info \'my net\'');
    expect(virshLine(['echo', 'it\'s', ''])).toBe('echo \'it\'\\\'\'s\' \'\'');
    expect(virshLine(['a;b', '#c'])).toBe('\'a;b\' \'#c\'');
  });

  it.each([['\t'], ['\u0015'], ['\n'], ['\r'], ['\u007f'], ['\u0085'], ['\u2028'], ['\0']])('refuses %j', (character) => {
    expect(() => virshLine(['net-info', `a${character}b`])).toThrow(AppError);
    expect(() => virshLine([])).toThrow(AppError);
  });

  it('keeps every word apart and on one line', () => {
    fc.assert(fc.property(fc.array(fc.string(), { minLength: 1 }), (argv) => {
      let line = '';
      try {
        line = virshLine(argv);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        return;
      }
      expect(frameLines(line, 't.1.').split('\n')).toHaveLength(4);
    }));
  });
});
