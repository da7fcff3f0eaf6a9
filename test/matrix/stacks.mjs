// @ts-check
/**
 * `node test/matrix/stacks.mjs`: makes bridges of both kinds on lab hosts of every network stack (root; test/lab/README.md), with leased
 * and fixed addresses, and takes them back; undoes conversions, takes ports out and gives other addresses there. Ends with 1 when one went wrong.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fromRoot } from '../../build/paths.mjs';

/** undo.lab tries one stack in every run. */
const files = ['convert.stacks', 'readdress.stacks', 'unport.stacks', 'undo.lab'];
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', 'stacks', '--project', 'lab', ...files],
  { stdio: 'inherit', env: { ...process.env, NETWRIGHT_TEST_STACK: 'all' } })
  .on('close', (code) => { process.exitCode = code ?? 1; });
