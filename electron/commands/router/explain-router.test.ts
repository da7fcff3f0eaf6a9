import { expect, it } from 'vitest';
import { makeRouterImage } from '../../../shared/domain/router/router-image';
import { explainRouter } from './explain-router';

const failed = (exitCode: number, stderr: string) => explainRouter({ exitCode, stderr, stdout: '', durationMs: 1 }, makeRouterImage());

it('names what is missing, and the packages that have it', () => {
  const error = failed(65, 'programs are missing: nft modprobe kmod\n');
  expect(error?.code).toBe('router.not-made');
  expect(error?.data.detail).toContain('nft, modprobe, kmod');
  expect(error?.data.hint).toBe('Install nftables, kmod.');
});

it('says what the kernel lacks, and where there is none or no room', () => {
  expect(failed(67, 'the kernel 6.1.0 has no module nft_masq\n')?.data.detail).toContain('has no module nft_masq.');
  expect(failed(66, 'no kernel\n')?.data.title).toBe('There is no kernel for a router');
  expect(failed(73, 'there is no room in /x\n')?.data.detail).toContain('there is no room in /x.');
});

it('has nothing to say of success, and leaves what it doesn\'t know to stderr', () => {
  expect(failed(0, '')).toBeNull();
  expect(failed(1, 'Killed')).toBeNull();
});

it('says that nft refuses rules, or is not there', () => {
  const nft = (exitCode: number) => explainRouter({ exitCode, stderr: '/dev/stdin:3:1-2: Error: syntax error\n', stdout: '', durationMs: 1 }, { argv: ['nft', '--check', '--file', '/dev/stdin'] });
  expect(nft(1)?.data.detail).toContain('syntax error');
  expect(nft(127)?.data.title).toBe('nft is not installed');
});
