import { AppError } from '../../../shared/errors/app-error';
import { describeCommand } from '../../../shared/domain/shell-quote';
import type { Command } from '../../../shared/domain/plan';

/** Why a unit could not be switched. Null: it could. Source: systemctl(1); systemd 252, src/shared/bus-wait-for-jobs.c. */
export function explainSystemctl(reply: { exitCode: number | null; stderr: string }, command: Command): AppError | null {
  if (reply.exitCode === 0) return null;
  const { stderr } = reply;
  const more = { command: describeCommand(command), stderr };
  const job = /Job for (\S+) failed because ([^\n]+)/.exec(stderr);
  if (job) return new AppError('service.failed', `${job[1]} did not start`, `It failed: ${job[2]}`, { ...more, hint: `On the host, “journalctl -u ${job[1]} -n 30” says why.` });
  const dependency = /A dependency job for (\S+) failed/.exec(stderr);
  if (dependency) return new AppError('service.failed', `${dependency[1]} did not start`, 'Something it depends on failed.', { ...more, hint: `On the host, “journalctl -u ${dependency[1]} -n 30” says what.` });
  const unit = /Unit (?:file )?(\S+?)(?:\.)? (not found|does not exist|is masked)/.exec(stderr);
  if (unit) return new AppError('service.failed', 'The service can\'t be switched', `${unit[1]} ${unit[2]} on this host.`, more);
  if (/Access denied|authentication required|Permission denied/i.test(stderr)) return new AppError('auth.no-privilege', 'Services may only be switched by root', stderr.trim().split('\n')[0] ?? '', more);
  return new AppError('command.failed', 'The service could not be switched', stderr.trim().split('\n')[0] || `systemctl ended with ${reply.exitCode ?? 'a signal'}.`, more);
}
