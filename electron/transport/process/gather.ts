import { randomBytes } from 'node:crypto';
import type { GatherSection } from '../../commands/command';
import type { CommandResult, RunOptions } from '../command-runner';
import { buildGatherScript, parseGatherReply } from './gather-script';
import { runProgram, type RunParts } from './run-command';
import { AppError } from '../../../shared/errors/app-error';

/** Runs all sections in one trip. Every section is in the result. @throws AppError as `runCommand`, and `reply.unreadable` */
export async function gather(
  parts: RunParts, sections: readonly GatherSection[], options: RunOptions = {},
): Promise<ReadonlyMap<string, CommandResult>> {
  const token = randomBytes(9).toString('hex');
  const raw = await runProgram(parts, { script: buildGatherScript(sections, token) }, '', 'Reading the host', options);
  // Ended with the session, not by itself: what came of it is no answer.
  const lost = raw.exitCode === 0 ? null : parts.lost();
  if (lost) throw lost;
  const replies = parseGatherReply(raw.stdout, token);
  const results = new Map<string, CommandResult>();
  for (const { name } of sections) {
    const reply = replies.get(name);
    if (!reply) {
      throw new AppError('reply.unreadable', 'The host\'s answer is incomplete', `Section ${name} is missing.`, { stderr: raw.stderr.toString('utf8').slice(0, 4096) });
    }
    // A single section's own time is not measured: they run side by side.
    results.set(name, { ...reply, durationMs: raw.durationMs });
  }
  return results;
}
