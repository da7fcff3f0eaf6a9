/** Of Electron, of the way the app was packed, and of how it was started: no business of other programs. */
const ours = /^(ELECTRON_.*|CHROME_.*|NODE_OPTIONS|NODE_ENV|GDK_BACKEND|APPDIR|APPIMAGE|ARGV0|OWD|ORIGINAL_XDG_CURRENT_DESKTOP|NETWRIGHT_.*)$/;

/**
 * The environment for programs of this computer: the user's own, without what belongs to the app. Inside an AppImage the
 * library path points into the image, and would break every other program.
 */
export function localEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const inAppImage = environment.APPIMAGE !== undefined;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || ours.test(name) || (inAppImage && name === 'LD_LIBRARY_PATH')) continue;
    kept[name] = value;
  }
  return kept;
}
