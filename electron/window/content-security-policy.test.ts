import { expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-security-policy';

it('allows scripts, fonts, workers and requests from the app alone', () => {
  expect(contentSecurityPolicy()).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; " +
      "connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  );
});

it('opens the dev server\'s socket, and nothing else, in development', () => {
  const socket = 'ws://127.0.0.1:5173';
  expect(contentSecurityPolicy(socket)).toBe(contentSecurityPolicy().replace("connect-src 'self'", `connect-src 'self' ${socket}`));
});
