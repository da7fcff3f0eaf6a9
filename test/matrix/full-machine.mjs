// @ts-check
/**
 * `node test/matrix/full-machine.mjs [--stack NAME …] [--resume] [--seconds N] [--prefix WORD] [--to FILE] [WORDS …]`: converts the NIC of a
 * machine of its own (root; test/machine/README.md) on every network stack, to bridges of both kinds, while power, clock and app fail,
 * and writes docs/full-machine.md. WORDS choose faults whose name has them. `--resume` goes on where an earlier run was ended, and tries
 * again what went wrong; `--seconds` begins nothing new after that time. Everything takes some hours. Ends with 1 when one went wrong.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fromRoot } from '../../build/paths.mjs';
import { bundleTestProgram } from '../../build/test-program.mjs';

const program = await bundleTestProgram('full-machine', 'test/machine/full-machine-main.ts');
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, program, ...process.argv.slice(2)], { stdio: 'inherit' })
  .on('close', (code) => { process.exitCode = code ?? 1; });
