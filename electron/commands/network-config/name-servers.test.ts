import { expect, it } from 'vitest';
import { parseNameServers, parseSearchDomains } from './name-servers';

const asked = (content: string) => ({ path: '/etc/resolv.conf', content });
const upstream = { path: '/run/systemd/resolve/resolv.conf', content: 'nameserver 10.0.0.1\nnameserver fd00::1\nsearch lan\n' };

it('are those of resolv.conf, once each, in their order', () => {
  expect(parseNameServers([asked('# by hand\nsearch lan\nnameserver 9.9.9.9\nnameserver 192.168.1.1 # router\nnameserver 9.9.9.9\n'), upstream])).toEqual(['9.9.9.9', '192.168.1.1']);
});

it('are those that a resolver of the host asks itself', () => {
  expect(parseNameServers([asked('nameserver 127.0.0.53\noptions edns0\n'), upstream])).toEqual(['10.0.0.1', 'fd00::1']);
});

it('are none where nothing says so, and nothing that is no address', () => {
  expect(parseNameServers([])).toEqual([]);
  expect(parseNameServers([asked('nameserver router\n')])).toEqual([]);
});

it('come with domains to look in, of which the last line counts', () => {
  expect(parseSearchDomains([asked('domain old\nsearch lan home.arpa # ours\nnameserver 9.9.9.9\n'), upstream])).toEqual(['lan', 'home.arpa']);
  expect(parseSearchDomains([asked('nameserver 127.0.0.53\nsearch .\n'), upstream])).toEqual(['lan']);
  expect(parseSearchDomains([asked('nameserver 9.9.9.9\nsearch .\n')])).toEqual([]);
});
