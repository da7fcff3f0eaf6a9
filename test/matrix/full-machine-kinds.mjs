// @ts-check
/**
 * `node test/matrix/full-machine-kinds.mjs [--prefix WORD] [--to FILE] [WORDS …]`: limits (`<bandwidth>`) and virtual functions (SR-IOV) on a
 * machine of its own, whose kernel has them (root; test/machine/README.md), by the app's own command line; writes docs/full-machine-kinds.md.
 * WORDS choose groups whose title has them. Takes about half an hour. Ends with 1 when something was wrong.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fromRoot } from '../../build/paths.mjs';
import { bundleTestProgram } from '../../build/test-program.mjs';

const cli = await bundleTestProgram('full-machine-cli', 'electron/cli/main.ts');
const program = await bundleTestProgram('full-machine-kinds', 'test/machine/kinds-main.ts');
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, program, '--cli', cli, ...process.argv.slice(2)], { stdio: 'inherit' })
  .on('close', (code) => { process.exitCode = code ?? 1; });
