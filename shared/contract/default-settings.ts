import type { Settings } from './app';

/** Of the dock, in pixels. */
export const dockHeights = { least: 96, most: 800 };

export const defaultSettings: Settings = {
  theme: 'system', dockOpen: true, dockHeight: 176, connectAtStart: [], lastHostId: null, sudoPasswordKept: 'until-quit', collapsedGroups: [], dismissedNotes: {},
  terminalFontSize: 13, terminalScrollback: 10_000, terminalCopyOnSelect: false, terminalPasteWarning: 'auto', terminalConfirmClose: true, terminalScreenReader: false,
};
