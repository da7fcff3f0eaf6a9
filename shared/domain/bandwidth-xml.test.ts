import { describe, expect, it } from 'vitest';
import { newBandwidth, readBandwidth, readRate, setBandwidth } from './bandwidth-xml';
import { insertElement } from './xml/edit-element';
import { parseRoot } from './xml/parse-xml';
import { childElement } from './xml/read-element';
import { writeElementXml } from './xml/xml-source';

const limit = (averageKBps: number, peakKBps: number | null = null, burstKiB: number | null = null) => ({ averageKBps, peakKBps, burstKiB });
const given = (inside: string) => parseRoot(`<interface>${inside}</interface>`, 'interface');
function edited(inside: string, wanted: Parameters<typeof setBandwidth>[1]): string {
  const root = given(inside);
  setBandwidth(root, wanted, (made) => insertElement(root, made));
  return writeElementXml(root).replaceAll('\'', '"').replace(/\s*\n\s*/g, '').replace(/^<interface\/?>|<\/interface>$/g, '');
}

describe('<bandwidth>', () => {
  it('is read as limits; what libvirt would refuse is none', () => {
    const read = (inside: string) => readBandwidth(childElement(given(inside), 'bandwidth'));
    expect(read('')).toEqual({ inbound: null, outbound: null });
    expect(read('<bandwidth><inbound average="5" peak="9" burst="3"/><outbound average="4"/></bandwidth>')).toEqual({ inbound: limit(5, 9, 3), outbound: limit(4) });
    expect(read('<bandwidth><inbound floor="5"/><outbound average="0" peak="7"/></bandwidth>')).toEqual({ inbound: null, outbound: null });
    expect(readRate(childElement(given('<bandwidth><inbound average="-1" peak="7"/></bandwidth>'), 'bandwidth'), 'inbound')).toEqual({ averageKBps: null, peakKBps: 7, burstKiB: null });
  });

  it('is made only of what is limited', () => {
    expect(newBandwidth({ inbound: null, outbound: null })).toBeNull();
    expect(newBandwidth({ inbound: null, outbound: limit(4, null, 2) })).toEqual({ name: 'bandwidth', children: [{ name: 'outbound', attributes: { average: 4, peak: null, burst: 2 } }] });
  });

  it.each([
    ['', { inbound: limit(5), outbound: null }, '<bandwidth><inbound average="5"/></bandwidth>'],
    ['<bandwidth><outbound average="4"/></bandwidth>', { inbound: limit(5), outbound: limit(4) }, '<bandwidth><inbound average="5"/><outbound average="4"/></bandwidth>'],
    ['<bandwidth><inbound average="5" peak="6" floor="2"/></bandwidth>', { inbound: limit(7), outbound: null }, '<bandwidth><inbound average="7" floor="2"/></bandwidth>'],
    ['<bandwidth><inbound average="5" peak="6" floor="2"/></bandwidth>', { inbound: null, outbound: null }, '<bandwidth><inbound floor="2"/></bandwidth>'],
    ['<bandwidth><inbound average="5"/></bandwidth>', { inbound: null, outbound: null }, ''],
    ['<bandwidth><inbound peak="5"/></bandwidth>', { inbound: null, outbound: null }, '<bandwidth><inbound peak="5"/></bandwidth>'],
    ['<bandwidth classID="3"><inbound average="5"/></bandwidth>', { inbound: null, outbound: limit(1) }, '<bandwidth classID="3"><outbound average="1"/></bandwidth>'],
  ])('%s set to %j becomes %s', (before, wanted, after) => {
    expect(edited(before, wanted)).toBe(after);
  });
});
