// @ts-check
/**
 * `node test/matrix/conversions.mjs [--stack NAME …] [--hosts N] [--resume] [--seconds N] [--prefix WORD] [--to FILE] [WORDS …]`: converts
 * a NIC on lab hosts (needs root; test/lab/README.md) while everything goes wrong that can, prints what was lost, and writes
 * docs/conversions.md when all were tried. WORDS choose faults whose name has them. `--resume` goes on where an earlier run was ended,
 * and tries again what went wrong; `--seconds` begins nothing new after that time; `--prefix` begins the hosts' names.
 * `--random COUNT [--seed N]`: instead, so many kills at random moments on each stack; always with `--resume`, to join the page.
 * Ends with 1 when one went otherwise than expected.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fromRoot } from '../../build/paths.mjs';
import { bundleTestProgram } from '../../build/test-program.mjs';

const program = await bundleTestProgram('conversions', 'test/matrix/conversions-main.ts');
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, program, ...process.argv.slice(2)], { stdio: 'inherit' })
  .on('close', (code) => { process.exitCode = code ?? 1; });
