import type { Pane, TerminalTab } from './terminal-tabs';

/** What the dock keeps over a reload of the window. */
export interface KeptTabs { tabs: readonly TerminalTab[]; chosen: Readonly<Record<string, string>>; showsAll: boolean }

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function isPane(value: unknown): value is Pane {
  if (!isObject(value)) return false;
  if (value['kind'] === 'terminal') return typeof value['terminalId'] === 'string';
  const { kind, id, direction, ratio, first, second } = value;
  return kind === 'split' && typeof id === 'string' && (direction === 'right' || direction === 'down') &&
    typeof ratio === 'number' && ratio >= 0.1 && ratio <= 0.9 && isPane(first) && isPane(second);
}

const isTab = (value: unknown): value is TerminalTab =>
  isObject(value) && typeof value['id'] === 'string' && typeof value['activeId'] === 'string' && isPane(value['root']);

function isKept(value: unknown): value is KeptTabs {
  return isObject(value) && Array.isArray(value['tabs']) && value['tabs'].every(isTab) && isObject(value['chosen']) &&
    Object.values(value['chosen']).every((id) => typeof id === 'string') && typeof value['showsAll'] === 'boolean';
}

/**
 * From the window's storage; null for what isn't that. By hand: whatever the page starts with is compiled anew at each start, and a
 * library of schemas is more than all the rest of a store.
 */
export function readKeptTabs(text: string | null): KeptTabs | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isKept(value) ? value : null;
  } catch {
    return null;
  }
}
