import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigProblem } from './finding';
import { formatIni, iniValue, parseIni, setIni } from './ini';

const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);
const value = fc.stringMatching(/^[ -Z^-~]{0,12}$/).map((text) => text.trim());
const line = fc.oneof(
  fc.tuple(key, value).map(([name, text]) => `${name}=${text}`),
  fc.stringMatching(/^[#;][ -~]{0,10}$/), fc.constant(''),
);
const document = fc.array(fc.tuple(key, fc.array(line, { maxLength: 6 })), { maxLength: 5 })
  .map((sections) => sections.flatMap(([name, lines]) => [`[${name}]`, ...lines]).map((text) => `${text}\n`).join(''));

describe('files of sections', () => {
  it('come out as they went in', () => {
    fc.assert(fc.property(document, (text) => { expect(formatIni(parseIni('/f', text))).toBe(text); }));
  });

  it('keep every other line when a key is set', () => {
    fc.assert(fc.property(document, key, (text, name) => {
      const before = parseIni('/f', text);
      const after = formatIni(setIni(before, 'netwright', name, 'new'));
      expect(iniValue(parseIni('/f', after), 'netwright', name)).toBe('new');
      expect(after.startsWith(text.trimEnd())).toBe(true);
    }));
  });

  it('set a key in its place', () => {
    expect(formatIni(setIni(parseIni('/f', '# a\n[ipv4]\nmethod=auto\n# why\nmay-fail=no\n\n[ipv6]\n'), 'ipv4', 'method', 'manual')))
      .toBe('# a\n[ipv4]\nmethod=manual\n# why\nmay-fail=no\n\n[ipv6]\n');
  });

  it('join lines that go on', () => {
    expect(iniValue(parseIni('/f', '[Network]\nDNS=10.0.0.1 \\\n  10.0.0.2\n'), 'Network', 'DNS')).toBe('10.0.0.1  10.0.0.2');
  });

  it.each([['[Network]\nDHCP\n', 'line 2'], ['DHCP=yes\n', 'line 1'], ['[Network\nDHCP=yes\n', 'line 1']])('say where they are not understood: %j', (text, where) => {
    expect(() => parseIni('/etc/f', text)).toThrow(ConfigProblem);
    try {
      parseIni('/etc/f', text);
    } catch (error) {
      expect((error as ConfigProblem).finding.title).toContain(`/etc/f, ${where},`);
    }
  });
});
