/** Marks in the rail; the palette is colour-blind-safe, as networks' colours are. */
export const hostColours = ['copper', 'teal', 'blue', 'violet', 'rose', 'moss'] as const;
