import { icons } from '@iconify-json/lucide';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filesBelow } from './checks/source-files.mjs';
import { fromRoot } from './paths.mjs';

// A misspelt icon would be asked for over the network while the app runs, and stay empty.
it('names only icons that are in the bundled collection', () => {
  const sources = filesBelow(['renderer']).filter((name) => /\.(vue|ts|mjs)$/.test(name) && !name.endsWith('.test.ts'));
  const used = sources.flatMap((name) =>
    [...readFileSync(fromRoot(name), 'utf8').matchAll(/\bi-([a-z]+)-([a-z0-9-]+)/g)].map(([, collection, icon]) => ({ name, collection, icon: icon! })));
  const known = (icon: string): boolean => icon in icons.icons || icon in (icons.aliases ?? {});
  const unknown = used.filter(({ collection, icon }) => collection !== 'lucide' || !known(icon));
  expect(used.length).toBeGreaterThan(0);
  expect(unknown).toEqual([]);
});
