/** The end-of-life Electron that stands in where the official one cannot be downloaded (build/electron-fallback.mjs). */
const trialElectronVersion = '25.1.1';

export interface RuntimeFacts {
  /** Of the app. */
  version: string;
  electron: string;
  chromium: string;
  node: string;
  /** Like `linux x64`. */
  platform: string;
  /** True on the end-of-life runtime meant for tests and trials only. */
  trialRuntime: boolean;
}

/** What the app runs on. Electron and Chromium are `none` in plain Node, as under the command line. */
export function runtimeFacts(version: string, runtime: Pick<NodeJS.Process, 'versions' | 'platform' | 'arch'> = process): RuntimeFacts {
  const electron = runtime.versions.electron ?? 'none';
  return {
    version,
    electron,
    chromium: runtime.versions.chrome ?? 'none',
    node: runtime.versions.node,
    platform: `${runtime.platform} ${runtime.arch}`,
    trialRuntime: electron === trialElectronVersion,
  };
}

/** The lines of the About box. `updateFeed` as in `About`. */
export function aboutText(facts: RuntimeFacts, updateFeed: string | null): string {
  const lines = [
    `Version ${facts.version}`,
    `Electron ${facts.electron}, Chromium ${facts.chromium}, Node ${facts.node}`,
    facts.platform,
    `Updates: ${updateFeed === null ? 'off (no feed set)' : `from ${updateFeed}`}`,
  ];
  if (facts.trialRuntime) {
    lines.push(
      '',
      'This is the trial runtime: Electron could not be downloaded, so an old one stands in that gets no security ' +
        'updates any more. It is good for tests and for a first look. Where github.com can be reached, start Netwright ' +
        'again to get the current one.',
    );
  }
  return lines.join('\n');
}
