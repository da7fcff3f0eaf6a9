import { describe, expect, it } from 'vitest';
import { defaultUuid, defaultXml, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { readIdentity } from '../../../shared/domain/network-xml/network-identity';
import { documentToDraft, readDocument, readDroppedFiles } from './import-documents';

const snapshot = makeSnapshot({ networks: [makeNetwork(defaultXml)] });
const fresh = '11111111-1111-4111-8111-111111111111';
const read = (text: string | null) => readDocument({ name: 'a.xml', text, problem: text === null ? 'It is gone.' : null }, snapshot);

describe('readDocument', () => {
  it('finds the network it would meet, by UUID before name', () => {
    expect(read(defaultXml).meets?.name).toBe('default');
    expect(read(`<network><name>other</name><uuid>${defaultUuid.toUpperCase()}</uuid></network>`).meets?.name).toBe('default');
    expect(read('<network><name>default</name></network>').meets?.uuid).toBe(defaultUuid);
    expect(read('<network><name>lab</name></network>')).toMatchObject({ name: 'lab', meets: null, problem: null });
  });

  it.each([[null, /gone/], ['<network>\n<a></network>', /^Line 2/], ['<domain/>', /expected/], ['<network/>', /names no network/], ['x'.repeat(1_000_001), /1\.0 MB long/]])('says why %#', (text, problem) => {
    expect(read(text).problem).toMatch(problem);
  });
});

describe('documentToDraft', () => {
  it('keeps a new one as it is, with a UUID', () => {
    expect(documentToDraft('<network><name>lab</name></network>', 'new', null, snapshot, fresh)).toMatchObject({ uuid: fresh, xml: expect.stringContaining(`<uuid>${fresh}</uuid>`) });
    expect(documentToDraft(`<network><name>lab</name><uuid>${fresh}</uuid></network>`, 'new', null, snapshot, defaultUuid).uuid).toBe(fresh);
  });

  it('takes the place of one, or stands beside it', () => {
    const meets = snapshot.networks[0]!;
    expect(readIdentity(documentToDraft(`<network><name>other</name><uuid>${defaultUuid}</uuid></network>`, 'replace', meets, snapshot, fresh).xml)).toMatchObject({ uuid: defaultUuid, name: 'default' });
    const copy = documentToDraft(defaultXml, 'copy', meets, snapshot, fresh);
    expect(readIdentity(copy.xml)).toEqual({ uuid: fresh, name: 'default-2', bridge: 'virbr1' });
  });
});

it('reads dropped files, but none that is too long or no text', async () => {
  const files = [new File(['<network/>'], 'a.xml'), new File(['x'.repeat(1_000_001)], 'b.xml'), new File([new Uint8Array([0xff, 0xfe])], 'c.xml')];
  expect(await readDroppedFiles(files)).toEqual([
    { name: 'a.xml', text: '<network/>', problem: null }, { name: 'b.xml', text: null, problem: expect.stringMatching(/MB/) }, { name: 'c.xml', text: null, problem: expect.stringMatching(/UTF-8/) },
  ]);
});
