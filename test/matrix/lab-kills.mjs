// @ts-check
/**
 * `node test/matrix/lab-kills.mjs [--seed N] [--count N] [--name HOST]`: makes and destroys labs on a lab host (needs root;
 * test/lab/README.md) by the command line, kills that or its SSH session at a random moment, and goes on or destroys. Prints the seed and
 * what came of each, and writes docs/lab-kills.md. Ends with 1 when anything was left behind.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { bundle } from '../../build/bundle.mjs';
import { fromRoot } from '../../build/paths.mjs';
import { bundleTestProgram } from '../../build/test-program.mjs';

await bundle({ say: (line) => console.log(line) });
const program = await bundleTestProgram('lab-kills', 'test/matrix/lab-kills-main.ts');
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, program, ...process.argv.slice(2)], { stdio: 'inherit' })
  .on('close', (code) => { process.exitCode = code ?? 1; });
