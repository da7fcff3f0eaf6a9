import { describe, expect, it } from 'vitest';
import { defaultUuid, defaultXml, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { AppError } from '../../errors/app-error';
import { importIntent } from './import-intent';
import type { ImportChoice } from './import-intent';
import { readIdentity } from './network-identity';

const snapshot = makeSnapshot({ networks: [makeNetwork(defaultXml)] });
const fresh = '11111111-1111-4111-8111-111111111111';
const lab = '<network><name>lab</name></network>';

function refusal(xml: string, choice: ImportChoice): string {
  try {
    importIntent(xml, choice, snapshot, fresh);
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.data.detail}`;
    throw error;
  }
  throw new Error('It was taken');
}

describe('importIntent', () => {
  it('takes a document as it is, with a UUID', () => {
    const { uuid, xml, replaces } = importIntent(lab, { kind: 'new' }, snapshot, fresh);
    expect([uuid, readIdentity(xml).uuid, replaces]).toEqual([fresh, fresh, null]);
  });

  it('asks what to do when it meets a network', () => {
    expect(refusal(defaultXml, { kind: 'new' })).toBe('plan.invalid: “default” has the document\'s UUID.');
    expect(refusal('<network><name>default</name></network>', { kind: 'new' })).toBe('plan.invalid: “default” has the document\'s name.');
    expect(refusal(lab, { kind: 'replace' })).toMatch(/^plan.invalid: No network/);
  });

  it('stands beside it, or takes its place', () => {
    expect(readIdentity(importIntent(defaultXml, { kind: 'as', name: 'lab' }, snapshot, fresh).xml)).toEqual({ uuid: fresh, name: 'lab', bridge: 'virbr1' });
    expect(importIntent('<network><name>default</name></network>', { kind: 'replace' }, snapshot, fresh)).toMatchObject({ uuid: defaultUuid, replaces: { name: 'default' } });
  });
});
