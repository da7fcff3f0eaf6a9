// @ts-check
/**
 * Nuxt UI's theme: colours, icons and component classes. A plain module, because the bundler reads it too.
 * @type {NonNullable<import('@nuxt/ui/vite').NuxtUIOptions['ui']>}
 */
export const uiTheme = {
  colors: { primary: 'orange', neutral: 'stone' },
};
