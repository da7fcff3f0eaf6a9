// @ts-check
/**
 * `node test/matrix/reach.mjs [--to FILE] [--parallel N] [NAME …]`: makes a network of every kind on a lab host (needs root;
 * test/lab/README.md), has guests send packets, prints where the app's reach table is wrong, and writes docs/reach.md. NAME is
 * how one of reach-cases.ts begins: then only its lines are written anew. Ends with 1 when one was wrong.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fromRoot } from '../../build/paths.mjs';
import { bundleTestProgram } from '../../build/test-program.mjs';

const program = await bundleTestProgram('reach', 'test/matrix/reach-main.ts');
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, program, ...process.argv.slice(2)], { stdio: 'inherit' })
  .on('close', (code) => { process.exitCode = code ?? 1; });
