#!/usr/bin/env node
// @ts-check
/**
 * Stands in for fpm, which electron-builder would download to make .deb and .rpm (CUSTOM_FPM_PATH names this file): the
 * same arguments, carried out by the distribution's own dpkg-deb and rpmbuild.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { buildDeb } from './deb-package.mjs';
import { parseFpmArguments, required } from './fpm-arguments.mjs';
import { buildRpm } from './rpm-package.mjs';

const builders = { deb: buildDeb, rpm: buildRpm };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'netwright-package-'));
try {
  const request = parseFpmArguments(process.argv.slice(2));
  const target = required(request, 'target');
  const build = builders[/** @type {keyof typeof builders} */ (target)];
  if (build === undefined) throw new Error(`Packages of kind ${target} can't be made here.`);
  await build(request, folder);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
