import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForgottenPassword } from './elevation';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('ForgottenPassword', () => {
  it('is forgotten in time, and asked for once by all who wait', async () => {
    const asked = vi.fn(() => Promise.resolve('second'));
    const source = new ForgottenPassword('first', 1000, asked);
    expect(await source.obtain()).toEqual({ kind: 'sudo-with-password', password: 'first' });
    await vi.advanceTimersByTimeAsync(1000);
    // Nobody is asked for the sake of ending something.
    expect(source.current()).toEqual({ kind: 'sudo' });
    expect(await Promise.all([source.obtain(), source.obtain()])).toEqual(Array(2).fill({ kind: 'sudo-with-password', password: 'second' }));
    expect(asked).toHaveBeenCalledTimes(1);
    expect(source.current()).toEqual({ kind: 'sudo-with-password', password: 'second' });
  });

  it('asks again after a question that was not answered', async () => {
    const answers = [Promise.reject(new Error('cancelled')), Promise.resolve('typed')];
    answers[0]?.catch(() => undefined);
    const source = new ForgottenPassword('first', 1000, () => answers.shift() ?? Promise.resolve(''));
    await vi.advanceTimersByTimeAsync(1000);
    await expect(source.obtain()).rejects.toThrow('cancelled');
    expect(await source.obtain()).toEqual({ kind: 'sudo-with-password', password: 'typed' });
  });
});
