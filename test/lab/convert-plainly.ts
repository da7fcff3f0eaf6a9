/**
 * A conversion's phases, run plainly by sh on a lab host: no dead man, no journal. It shows whether a planner's files and steps do what
 * they are for, apart from the engine.
 */
import { randomBytes } from 'node:crypto';
import { readConversionFacts } from '../../electron/services/conversions/read-conversion-facts';
import { buildGatherScript, parseGatherReply } from '../../electron/transport/process/gather-script';
import type { ConversionFacts } from '../../shared/domain/conversion/facts';
import type { Transaction, TransactionStep } from '../../shared/domain/conversion/transaction';
import { quoteWord } from '../../shared/domain/shell-quote';
import type { LabHost } from './lab';

const kept = '/root/kept';

/** Looks at the host as over an SSH session to its address. */
export function lookAt(host: LabHost): Promise<ConversionFacts> {
  return readConversionFacts({
    gather: async (sections) => {
      const token = randomBytes(9).toString('hex');
      const environment = `SSH_CONNECTION='10.77.0.10 50000 ${host.address} 22'; LC_ALL=C.UTF-8; export SSH_CONNECTION LC_ALL\n`;
      const reply = await host.exec(['sh', '-c', environment + buildGatherScript(sections, token)]);
      const parsed = parseGatherReply(Buffer.from(reply.stdout), token);
      return new Map([...parsed].map(([name, section]) => [name, { ...section, durationMs: 0 }]));
    },
  }, true);
}

/** Keeps what is protected, puts the trial's files in place, and applies. */
export async function applyTrial(host: LabHost, transaction: Transaction): Promise<void> {
  const lines = transaction.protects.map((path, at) => `if [ -e ${quoteWord(path)} ]; then cp -a ${quoteWord(path)} ${kept}/${at}; fi`);
  await host.execOrThrow(`rm -rf ${kept}; mkdir -p ${kept}\n${lines.join('\n')}`);
  for (const file of transaction.files) if (file.trialPath !== null) await write(host, file.trialPath, file.content, file.mode);
  await run(host, transaction.apply);
}

export async function commit(host: LabHost, transaction: Transaction): Promise<void> {
  for (const file of transaction.files) {
    if (file.commitPath !== null) await write(host, file.commitPath, file.content, file.mode);
    if (file.trialPath !== null) await host.execOrThrow(['rm', '-f', file.trialPath]);
  }
  await run(host, transaction.commit);
}

export async function revert(host: LabHost, transaction: Transaction): Promise<void> {
  for (const { trialPath } of transaction.files) if (trialPath !== null) await host.execOrThrow(['rm', '-f', trialPath]);
  const lines = transaction.protects.map((path, at) => {
    const [place, copy] = [quoteWord(path), `${kept}/${at}`];
    return `if [ -e ${copy} ]; then cp -a ${copy} ${place}; else rm -rf ${place}; fi`;
  });
  await host.execOrThrow(lines.join('\n'));
  await run(host, transaction.revert);
}

async function write(host: LabHost, path: string, content: string, mode: number): Promise<void> {
  const place = quoteWord(path);
  await host.execOrThrow(`mkdir -p "$(dirname ${place})" && cat >${place}.new && chmod ${mode.toString(8)} ${place}.new && mv ${place}.new ${place}`, { input: content });
}

async function run(host: LabHost, steps: readonly TransactionStep[]): Promise<void> {
  for (const { says, command } of steps) {
    const result = await host.exec(command);
    if (result.code !== 0) throw new Error(`${says} failed (${result.code}): ${command}\n${result.stdout}\n${result.stderr}`);
  }
}
