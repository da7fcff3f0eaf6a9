import { CompletionContext } from '@codemirror/autocomplete';
import { xml } from '@codemirror/lang-xml';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { completeNetwork } from './network-completion';

/** Completions at `|`. */
function at(text: string, explicit = false): string[] {
  const pos = text.indexOf('|');
  const state = EditorState.create({ doc: text.replace('|', ''), extensions: [xml()] });
  return completeNetwork(new CompletionContext(state, pos, explicit))?.options.map((option) => option.label) ?? [];
}

describe('completeNetwork', () => {
  it('names elements where they may stand', () => {
    expect(at('<network>\n  <|\n</network>')).toContain('forward');
    expect(at('<network>\n  <|\n</network>')).not.toContain('range');
    expect(at('<network><ip address="1"><dhcp>\n<|</dhcp></ip></network>')).toEqual(['range', 'host', 'bootp']);
    expect(at('<network><ip address="1"><dhcp>\n<ra|</dhcp></ip></network>')).toEqual(['range', 'host', 'bootp']);
    expect(at('<network>\n|\n</network>', true)).toContain('bridge');
  });

  it('names the attributes of the element, but for those it has', () => {
    expect(at('<network><bridge name="a" |/></network>', true)).toEqual(['stp', 'delay', 'macTableManager', 'zone']);
    expect(at('<network><bridge s|/></network>')).toContain('stp');
    expect(at('<network><forward><nat><port |/></nat></forward></network>', true)).toEqual(['start', 'end']);
    expect(at('<network><port |/></network>', true)).toEqual(['isolated']);
  });

  it('names values where there are only some', () => {
    expect(at('<network><forward mode="|"/></network>')).toEqual(['nat', 'route', 'open', 'bridge', 'private', 'vepa', 'passthrough', 'hostdev']);
    expect(at('<network><bridge stp="o|"/></network>')).toEqual(['on', 'off']);
    expect(at('<network><bridge name="|"/></network>')).toEqual([]);
  });

  it('has nothing to say in texts and outside of a network', () => {
    expect(at('<network><name>a|</name></network>')).toEqual([]);
    expect(at('<domain><|</domain>')).toEqual([]);
  });
});
