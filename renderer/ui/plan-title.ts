/** A piece of a step's sentence; `mono` for what a machine reads: addresses, subnets, ranges. */
export interface TitlePart { text: string; mono: boolean }

const machineWord = /(?:(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2})?|(?:[0-9a-f]{1,4}:){2,}[0-9a-f:]*(?:\/\d{1,3})?|\b(?:virbr|vnet|br|ovs|eno|enp|ens|eth|wlan|bond|docker)[0-9][\w.-]*)/gi;

/** Splits a sentence so that addresses and interface names can be set in the monospaced type. The text stays the same. */
export function splitTitle(text: string): TitlePart[] {
  const parts: TitlePart[] = [];
  let shownTo = 0;
  for (const match of text.matchAll(machineWord)) {
    // A full stop or comma after an address belongs to the sentence.
    const word = match[0].replace(/[.,:]+$/, '');
    if (match.index > shownTo) parts.push({ text: text.slice(shownTo, match.index), mono: false });
    parts.push({ text: word, mono: true });
    shownTo = match.index + word.length;
  }
  if (shownTo < text.length) parts.push({ text: text.slice(shownTo), mono: false });
  return parts;
}
