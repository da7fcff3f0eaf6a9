import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assetPath, isAppUrl, mimeType } from './app-assets';

const folder = path.resolve('/srv/app/dist/renderer');

describe('assetPath', () => {
  it('maps URLs to files, and the root to index.html', () => {
    expect(assetPath(folder, 'app://netwright/index.html')).toBe(path.join(folder, 'index.html'));
    expect(assetPath(folder, 'app://netwright/')).toBe(path.join(folder, 'index.html'));
    expect(assetPath(folder, 'app://netwright/assets/a%20b.js?v=1#x')).toBe(path.join(folder, 'assets', 'a b.js'));
  });

  it.each([
    'app://netwright/..%2f..%2fpackage.json',
    'app://netwright/%2e%2e/%2e%2e%2f%2e%2e%2fetc/passwd',
    'app://netwright/..%5c..%5cpackage.json',
    'app://netwright/assets/%00.js',
    'app://netwright/%zz',
    'app://other/index.html',
    'app://netwright.evil/index.html',
    'app://netwright@evil/index.html',
    'file:///etc/passwd',
    'not a url',
  ])('refuses %s', (url) => {
    expect(assetPath(folder, url)).toBeNull();
  });

  it('never leaves the folder, whatever the path', () => {
    const piece = fc.oneof(fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', '%00', '//'), fc.string({ maxLength: 6 }));
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const file = assetPath(folder, `app://netwright/${pieces.join('')}`);
      expect(file === null || file.startsWith(folder + path.sep)).toBe(true);
    }));
  });
});

describe('isAppUrl', () => {
  it('knows the app by its whole origin', () => {
    expect(['app://netwright', 'app://netwright/index.html#/hosts'].map(isAppUrl)).toEqual([true, true]);
    expect(['app://netwrightx/', 'https://netwright/', 'app://netwright:1/'].map(isAppUrl)).toEqual([false, false, false]);
  });
});

describe('mimeType', () => {
  it('names the types the window needs and leaves others opaque', () => {
    expect(['a.JS', 'a.css', 'a.woff2', 'a.svg', 'a.exe', 'a'].map(mimeType)).toEqual([
      'text/javascript; charset=utf-8', 'text/css; charset=utf-8', 'font/woff2', 'image/svg+xml',
      'application/octet-stream', 'application/octet-stream',
    ]);
  });
});
