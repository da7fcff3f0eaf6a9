import type { Place } from './router';

/** The words for the places of a host, the same in rail, palette and shortcut list. */
export const placeLabels: Record<Place, string> = { map: 'Map', networks: 'Networks', machines: 'Machines', switches: 'Switches & NICs', labs: 'Labs', history: 'History', health: 'Health' };
