import { describe, expect, it } from 'vitest';
import { refused } from '../../../test/contract/refusal-cases';
import { explainDefinition } from './explain-definition';
import { asksForReader, readVerdict } from './judge-network';

const failed = (stderr: string) => ({ exitCode: 1, stderr: `error: Failed to define network from /dev/stdin\nerror: ${stderr}\n` });
const schema = (complaint: string) => failed(`XML document failed to validate against schema: Unable to validate doc against /usr/share/libvirt/schemas/network.rng\n${complaint}\n`);
const fine = { exitCode: 0, stderr: '' };
const xml = '<network>\n  <name>a</name>\n  <title>t</title>\n  <bridge name="x"/>\n  <bridge name="y" stp="maybe"/>\n</network>';

describe('explainDefinition', () => {
  // Recorded, and held against a real host, by the contract suite.
  it.each(refused)('has plain words and a line for what libvirt says of %j', (document, says) => {
    const found = explainDefinition(document.replaceAll('><', '>\n<'), failed(says).stderr);
    expect(found.message).not.toMatch(/^libvirt says/);
    // Of another kind of document, or of none, there is no line to show.
    if (!says.includes('expecting root element')) expect(found.line, found.message).not.toBeNull();
  });

  it('points at the value that is meant, not at the first element of that name', () => {
    expect(explainDefinition('<network>\n<bridge name="a"/>\n<bridge name="b"/></network>', failed('internal error: bridge name \'b\' already in use.').stderr)).toEqual({ message: 'Another network uses the bridge “b” already.', line: 3, column: 1 });
    expect(explainDefinition('<network>\n <ip address="10.0.0.1" prefix="24"/>\n <ip address="10.0.0.999"/></network>', failed('XML error: Invalid address \'10.0.0.999\' in network \'a\'').stderr)).toMatchObject({ line: 3, column: 2 });
  });

  it('passes on what it does not know', () => {
    expect(explainDefinition(xml, failed('internal error: the moon is full').stderr)).toEqual({ message: 'libvirt says: the moon is full', line: null, column: null });
  });
});

describe('readVerdict', () => {
  it('accepts in silence', () => {
    expect(readVerdict(xml, fine, null)).toEqual({ verdict: 'accepted', problems: [], said: null, reason: null });
  });

  it('makes a warning of what only the schema refuses', () => {
    const complaint = schema('Element network has extra content: title');
    expect(asksForReader(complaint)).toBe(true);
    expect(readVerdict(xml, complaint, fine)).toMatchObject({ verdict: 'accepted', problems: [{ severity: 'warning', line: 3, message: expect.stringContaining('no <title> in <network>') }] });
  });

  it('takes the reader’s words where both refuse', () => {
    const verdict = readVerdict(xml, schema('Extra element bridge in interleave\nElement network failed to validate content'), failed('XML error: Invalid delay value in network \'a\''));
    expect(verdict).toMatchObject({ verdict: 'refused', said: 'XML error: Invalid delay value in network \'a\'', problems: [{ severity: 'error', line: 4, message: 'The delay of the <bridge> is a number of seconds.' }] });
  });

  it('does without --validate on a libvirt before 7.7', () => {
    const old = { exitCode: 1, stderr: 'error: command \'net-define\' doesn\'t support option --validate\n' };
    expect(asksForReader(old)).toBe(true);
    expect(readVerdict(xml, old, fine)).toEqual({ verdict: 'accepted', problems: [], said: null, reason: null });
  });

  it('does not pretend to know where libvirt can’t be asked', () => {
    const none = { exitCode: 1, stderr: 'error: failed to connect to the hypervisor\nerror: no connection driver available for test:///default\n' };
    expect(asksForReader(none)).toBe(false);
    expect(readVerdict(xml, none, null)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('without its test driver') });
    expect(readVerdict(xml, { exitCode: 127, stderr: '' }, null).verdict).toBe('unknown');
  });
});
