// @ts-check
/** Vite settings for the window: Vue, Nuxt UI on Tailwind, everything it shows bundled with it. */
import vue from '@vitejs/plugin-vue';
import nuxtUi from '@nuxt/ui/vite';
import path from 'node:path';
import { root, distDir } from './paths.mjs';
import { uiTheme } from '../renderer/app/ui-theme.mjs';
import { chromium114Css } from './chromium-114-css.mjs';

/** Chromium of the oldest runtime, Electron 25. */
const languageLevel = 'chrome114';

/** Vue and Nuxt UI, for the bundle, the dev server and the component tests alike. */
export function rendererPlugins() {
  return [
    vue(),
    nuxtUi({
      // Generated theme files go to node_modules/.nuxt-ui, where Tailwind and vue-tsc find them.
      root,
      ui: uiTheme,
      // Composables are imported by name in the sources: a reader sees where they come from.
      autoImport: false,
      // The theme is a setting of the app, put on the document by renderer/app/use-theme.ts.
      colorMode: false,
      // Styles only of the components that are used. Those of the others cost more than their size: some ask of every element
      // whether it is a certain child of another, with each element that changes (see docs/architecture.md).
      experimental: { componentDetection: true },
      components: { dts: path.join(root, 'renderer', 'generated', 'components.d.ts') },
      // Every icon named in the sources is copied into the bundle; nothing is fetched while the app runs.
      icon: { clientBundle: { scan: { globInclude: ['renderer/**/*.{vue,ts,mjs}'], globExclude: [] }, sizeLimitKb: 512 } },
    }),
  ];
}

/**
 * What the page starts with is compiled and run anew at each start. A value imported from a file that has a schema would bring zod along,
 * half as much again as Vue: such values live in files of their own, and types are imported as types.
 * @returns {import('vite').Plugin}
 */
function lightStart() {
  return {
    name: 'netwright:light-start',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && chunk.isEntry && chunk.moduleIds.some((id) => id.includes('/node_modules/zod/'))) this.error('The page must start without zod: what of its first picture imports a schema?');
      }
    },
  };
}

/**
 * @param {{ dev: boolean }} options
 * @returns {import('vite').InlineConfig}
 */
export function rendererBundleConfig({ dev }) {
  return {
    configFile: false,
    root: path.join(root, 'renderer'),
    base: '/',
    logLevel: 'warn',
    envDir: false,
    publicDir: false,
    cacheDir: path.join(root, '.cache', 'vite'),
    plugins: [...rendererPlugins(), ...chromium114Css(), ...dev ? [] : [lightStart()]],
    // Classic workers in files of their own: the page's policy allows no blob: or data: workers.
    worker: { format: 'iife' },
    build: {
      target: languageLevel,
      outDir: path.join(distDir, 'renderer'),
      emptyOutDir: true,
      sourcemap: dev,
      // Fonts and pictures stay files: `font-src 'self'` allows no data: URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      license: { fileName: 'licences.md' },
      chunkSizeWarningLimit: 4096,
      // A slow machine is no news to whoever starts the app.
      rolldownOptions: {
        checks: { bundlerTimings: false },
        // Everything the first picture needs is one file: the page waits for each file it asks for.
        output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
      },
    },
  };
}
