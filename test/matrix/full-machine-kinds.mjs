// @ts-check
/**
 * `node test/matrix/full-machine-kinds.mjs [--prefix WORD] [--to FILE] [WORDS …]`: limits (`<bandwidth>`) and virtual functions (SR-IOV) on a
 * machine of its own, whose kernel has them (root; test/machine/README.md), by plans of the app; writes docs/full-machine-kinds.md.
 * WORDS choose groups whose title has them. Takes about ten minutes. Ends with 1 when something was wrong.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fromRoot } from '../../build/paths.mjs';
import { bundleTestProgram } from '../../build/test-program.mjs';

const program = await bundleTestProgram('full-machine-kinds', 'test/machine/kinds-main.ts');
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, program, ...process.argv.slice(2)], { stdio: 'inherit' })
  .on('close', (code) => { process.exitCode = code ?? 1; });
