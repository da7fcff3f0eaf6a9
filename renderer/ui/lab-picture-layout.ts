import type { LabPicture, PictureBox, PictureNetwork } from '../../shared/domain/labs/lab-picture';

/** Where things stand in a picture of a lab, in the units of its view box: boxes on the left, plates in the middle, outside on the right. */
export interface LabPictureLayout {
  height: number;
  boxes: { box: PictureBox; y: number }[];
  plates: { network: PictureNetwork; y: number }[];
  cables: { id: string; key: string; path: string; isOpen: boolean }[];
  /** From the first plate that leads outside to the last; null: none does. */
  outside: { y: number; height: number } | null;
}

export const boxSize = { width: 76, height: 34 };
export const plateSize = { x: 98, width: 114, height: 34 };
export const outsideX = 228;
export const pictureWidth = 286;
const slot = 44;

/** Each network has as many slots as boxes that have their first plug in it, and stands in their middle. Pure. */
export function layOutLab({ networks, boxes }: LabPicture): LabPictureLayout {
  const placed: LabPictureLayout['boxes'] = [];
  const plates: LabPictureLayout['plates'] = [];
  let top = 0;
  for (const network of networks) {
    const own = boxes.filter((box) => box.plugs[0] === network.key);
    own.forEach((box, at) => placed.push({ box, y: top + at * slot }));
    const rows = Math.max(1, own.length);
    plates.push({ network, y: top + ((rows - 1) * slot) / 2 });
    top += rows * slot;
  }
  const out = plates.filter(({ network }) => network.way !== 'none');
  const [first, last] = [out[0], out.at(-1)];
  return {
    height: Math.max(slot, top) - (slot - plateSize.height), boxes: placed, plates, cables: cablesOf(placed, plates),
    outside: first && last ? { y: first.y, height: last.y - first.y + plateSize.height } : null,
  };
}

function cablesOf(boxes: LabPictureLayout['boxes'], plates: LabPictureLayout['plates']): LabPictureLayout['cables'] {
  const plugs = boxes.flatMap(({ box, y }) => box.plugs.map((key, at) => ({ box, key, y: spread(y, boxSize.height, at, box.plugs.length) })));
  return plates.flatMap(({ network, y }) => {
    const ends = plugs.filter(({ key }) => key === network.key).sort((a, b) => a.y - b.y);
    return ends.map(({ box, key, y: from }, at) => {
      const to = spread(y, plateSize.height, at, ends.length);
      const middle = (boxSize.width + plateSize.x) / 2;
      return { id: `${box.id} ${key}`, key, isOpen: box.kind === 'open', path: `M${boxSize.width} ${from}C${middle} ${from} ${middle} ${to} ${plateSize.x} ${to}` };
    });
  });
}

/** The `at`th of `count` places along an edge. */
function spread(top: number, height: number, at: number, count: number): number {
  const inner = Math.min(height - 12, (count - 1) * 6);
  return top + height / 2 + (count === 1 ? 0 : (at / (count - 1) - 0.5) * inner);
}

/** As much of a name as has room, in characters. */
export function shortened(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** The same in sentences, for those who can't see it. */
export function storyOfLab({ networks, boxes }: LabPicture): string {
  const words = { translated: 'leads outside under the host’s address', plain: 'leads outside', none: 'leads nowhere outside' };
  return networks.map(({ key, address, place, way }) => {
    const plugged = boxes.filter((box) => box.kind !== 'open' && box.plugs.includes(key)).map(({ name }) => name);
    return `${key}${address ?? place ? `, ${address ?? place}` : ''}, ${words[way]}${plugged.length > 0 ? `, with ${plugged.join(', ')}` : ''}.`;
  }).join(' ');
}
