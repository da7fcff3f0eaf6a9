import { expect, it } from 'vitest';
import { classifySudoFailure, explainSudoFailure } from './sudo-errors';

/** Recorded with sudo 1.9.13 on Debian 12, LC_ALL=C. */
it.each([
  ['Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n', 'wrong-password'],
  ['sudo: a password is required\n', 'password-needed'],
  ['plain is not in the sudoers file.\n', 'not-allowed'],
  ['Sorry, user plain is not allowed to execute \'/usr/bin/true\' as root on tr1.\n', 'not-allowed'],
  ['sudo: sorry, you must have a tty to run sudo\n', 'needs-terminal'],
  ['/bin/sh: 1: exec: sudo: not found\n', 'missing'],
  ['sudo: unable to resolve host\n', 'other'],
] as const)('%j is %s', (output, expected) => {
  expect(classifySudoFailure(output)).toBe(expected);
});

it('keeps a wrong password apart from missing rights', () => {
  expect(explainSudoFailure('Sorry, try again.\n', 'h').code).toBe('auth.sudo-password');
  expect(explainSudoFailure('plain is not in the sudoers file.\n', 'h').code).toBe('auth.no-privilege');
});
