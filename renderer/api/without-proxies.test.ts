import { describe, expect, it } from 'vitest';
import { reactive, ref } from 'vue';
import { withoutProxies } from './without-proxies';

describe('withoutProxies', () => {
  it('makes what a form holds cloneable, however deep the proxies are', () => {
    const range = reactive({ start: '10.0.0.2', end: '10.0.0.9' });
    const draft = ref({ name: 'lab', ranges: [range], nested: { list: [reactive([1, 2])] }, nothing: null, absent: undefined });
    const input = { plain: true, draft: draft.value };
    expect(() => structuredClone(input)).toThrow();
    expect(structuredClone(withoutProxies(input))).toEqual({
      plain: true, draft: { name: 'lab', ranges: [{ start: '10.0.0.2', end: '10.0.0.9' }], nested: { list: [[1, 2]] }, nothing: null, absent: undefined },
    });
  });

  it('leaves bytes and values as they are', () => {
    const bytes = new Uint8Array([1, 2]);
    expect(withoutProxies({ bytes }).bytes).toBe(bytes);
    expect(withoutProxies('text')).toBe('text');
    expect(withoutProxies(undefined)).toBeUndefined();
  });
});
