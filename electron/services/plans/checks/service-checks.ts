import { AppError } from '../../../../shared/errors/app-error';
import { askDnsVersion } from './ask-dns';
import { complaint, failed, passed, unknown } from './check';
import type { CheckAccess, CheckOf, CheckVerdict } from './check';

/** Whether dnsmasq does its work: DNS by a real question, DHCP by its socket (a question would take a lease). */

export async function checkDnsAnswers(check: CheckOf<'dns-answers'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  try {
    const connection = await runner.connectTcp(check.address, 53, { timeoutMs: 3_000 });
    const bytes = await askDnsVersion(connection, 3_000);
    return bytes === null ? failed('it took the connection, but sent no answer') : passed(`it answered a question (${bytes} bytes)`);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'ssh.closed') throw error;
    // sshd may forbid forwarding (AllowTcpForwarding no), and says the same when nobody listens: the socket list tells.
    return listensOnTcp(check, { runner }, error.data.detail);
  }
}

async function listensOnTcp(check: CheckOf<'dns-answers'>, { runner }: Pick<CheckAccess, 'runner'>, why: string): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ss', '-H', '-lnt'] }, { elevate: false });
  if (result.exitCode !== 0) return unknown(`no question could be asked (${why}), and ${complaint(result, 'ss')}`);
  const listens = localSockets(result.stdout).some((socket) => socket === `${check.address}:53` || socket === `${check.address}%${check.bridge}:53`);
  return listens ? passed('it listens; no question could be asked, for the SSH server forwards no connection') : failed(`nothing listens on ${check.address} port 53`);
}

export async function checkDhcpListens(check: CheckOf<'dhcp-listens'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ss', '-H', '-lnu'] }, { elevate: false });
  if (result.exitCode !== 0) return unknown(complaint(result, 'ss'));
  const socket = localSockets(result.stdout).find((item) => item.endsWith(`%${check.bridge}:67`));
  return socket ? passed(`dnsmasq listens on ${socket}`) : failed(`nothing listens on ${check.bridge} port 67`);
}

export async function checkTftpListens(check: CheckOf<'tftp-listens'>, { runner }: CheckAccess): Promise<CheckVerdict> {
  const result = await runner.run({ argv: ['ss', '-H', '-lnu'] }, { elevate: false });
  if (result.exitCode !== 0) return unknown(complaint(result, 'ss'));
  const socket = localSockets(result.stdout).find((item) => item.startsWith(check.address) && item.endsWith(':69'));
  return socket ? passed(`dnsmasq listens on ${socket}`) : failed(`nothing listens on ${check.address} port 69`);
}

/** Fourth column of `ss -H`: state, queues, local address and port. */
function localSockets(stdout: string): string[] {
  return stdout.split('\n').map((line) => line.trim().split(/\s+/)[3] ?? '');
}
