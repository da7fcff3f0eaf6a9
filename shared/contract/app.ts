import { z } from 'zod';
import { dockHeights } from './default-settings';

/** Flat, as all settings are: a change names one of them. */
const terminalSettings = {
  /** In pixels. */
  terminalFontSize: z.number().int().min(8).max(32),
  /** Lines kept above the screen. */
  terminalScrollback: z.number().int().min(0).max(100_000),
  terminalCopyOnSelect: z.boolean(),
  /** Before several lines are pasted; `auto`: only where each would run at once, for the shell takes no bracketed paste. */
  terminalPasteWarning: z.enum(['auto', 'always', 'never']),
  /** Ask before closing a terminal in which something seems to run. */
  terminalConfirmClose: z.boolean(),
  terminalScreenReader: z.boolean(),
};

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  dockOpen: z.boolean(),
  dockHeight: z.number().int().min(dockHeights.least).max(dockHeights.most),
  /** Hosts to connect to at start, in no order. */
  connectAtStart: z.array(z.string()),
  lastHostId: z.string().nullable(),
  ...terminalSettings,
  /** How long a typed sudo password stays in memory: while its session stands, for so long after it was typed, or until the app quits. */
  sudoPasswordKept: z.enum(['until-disconnect', '15-minutes', 'until-quit']),
  /** Codes of preflight's notes that the user put aside, by host. */
  dismissedNotes: z.record(z.string(), z.array(z.string())),
  /** Headings of the rail whose hosts are hidden. */
  collapsedGroups: z.array(z.string()),
});
export type Settings = z.infer<typeof settingsSchema>;

export const aboutSchema = z.object({
  version: z.string(),
  electron: z.string(), chromium: z.string(), node: z.string(),
  platform: z.string(),
  /** True on the end-of-life runtime that is only for trials where the official one can't be downloaded. */
  trialRuntime: z.boolean(),
  /** Where secrets go: the system's keychain, or memory until the app closes. */
  secretStore: z.enum(['keychain', 'session']),
  dataFolder: z.string(),
  /** Where updates are looked for: an https: address, or null for nowhere. */
  updateFeed: z.string().nullable(),
});
export type About = z.infer<typeof aboutSchema>;
