import { describe, expect, it } from 'vitest';
import { sentenceFor } from './error-text';

describe('sentenceFor', () => {
  it('adds a hint to a known code, unless the error brings its own', () => {
    expect(sentenceFor({ code: 'ssh.refused', title: 'Refused', detail: 'x' }).hint).toMatch(/sshd/);
    expect(sentenceFor({ code: 'ssh.refused', title: 'Refused', detail: 'x', hint: 'Own' }).hint).toBe('Own');
  });

  it('shows what the program said only where the words don’t suffice', () => {
    expect(sentenceFor({ code: 'command.failed', title: 'Failed', detail: '', command: 'virsh net-start x', stderr: 'error: no\n' }).output).toBe('$ virsh net-start x\nerror: no');
    expect(sentenceFor({ code: 'auth.failed', title: 'Refused', detail: '', stderr: 'Permission denied' }).output).toBe('');
    expect(sentenceFor({ code: 'internal', title: 'Unexpected', detail: 'boom' }).output).toBe('');
  });
});
