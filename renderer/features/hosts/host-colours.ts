import { hostColours } from '../../../shared/domain/host-colours';
import type { HostProfile } from '../../../shared/domain/host';

export type HostColour = NonNullable<HostProfile['colour']>;

const labels: Record<HostColour, string> = { copper: 'Copper', teal: 'Teal', blue: 'Blue', violet: 'Violet', rose: 'Rose', moss: 'Moss' };

/** The marks a host may have in the rail, each with its word; the colours themselves are in theme.css. */
export const hostColourChoices = hostColours.map((value) => ({ value, label: labels[value] }));

export const hostColourLabel = (colour: HostColour): string => labels[colour];
