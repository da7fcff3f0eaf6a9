import { expect, it } from 'vitest';
import { z } from 'zod';
import { labFileSchema } from './lab-file';

/** For editors (yaml-language-server). `npx vitest run -u` on this file writes it anew. */
it('is published as docs/lab-file.schema.json', async () => {
  const schema = z.toJSONSchema(labFileSchema, {
    io: 'input', target: 'draft-2020-12', reused: 'ref',
    // A JSON Schema's patterns have no flags, and MACs may be written in upper case.
    override: ({ jsonSchema }) => { if (jsonSchema.pattern?.startsWith('^[0-9a-f]')) jsonSchema.pattern = jsonSchema.pattern.replaceAll('0-9a-f', '0-9A-Fa-f'); },
  });
  const published = { title: 'Netwright lab file', description: 'Networks of a lab on one host. docs/guide/labs.md explains it.', ...schema };
  await expect(`${JSON.stringify(published, null, 1)}\n`).toMatchFileSnapshot('../../../docs/lab-file.schema.json');
});
