// @ts-check
/**
 * `node test/matrix/conversions.mjs [--to FILE] [--stack networkd|ifupdown|ovs] [WORDS …]`: converts a NIC on lab hosts (needs root;
 * test/lab/README.md) while everything goes wrong that can, prints what was lost, and writes docs/conversions.md when all were tried.
 * WORDS choose faults whose name has them. Ends with 1 when one went otherwise than expected.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fromRoot } from '../../build/paths.mjs';
import { bundleTestProgram } from '../../build/test-program.mjs';

const program = await bundleTestProgram('conversions', 'test/matrix/conversions-main.ts');
spawn(fromRoot('test', 'lab', 'in-client'), [process.execPath, program, ...process.argv.slice(2)], { stdio: 'inherit' })
  .on('close', (code) => { process.exitCode = code ?? 1; });
