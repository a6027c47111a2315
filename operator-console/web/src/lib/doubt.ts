import type { Turn } from "@madoguchi/wire";

/** A piece of what was said, and whether the recogniser was unsure of it. */
export interface Part {
  text: string;
  doubtful: boolean;
}

/** A turn's text, cut where its doubtful words begin and end. */
export function parts({ text, doubtful }: Pick<Turn, "text" | "doubtful">): Part[] {
  const found: Part[] = [];
  let at = 0;
  const add = (end: number, doubtful: boolean): void => {
    if (end > at) found.push({ text: text.slice(at, end), doubtful });
    at = Math.max(at, end);
  };
  for (const { start, end } of doubtful) {
    add(Math.min(start, text.length), false);
    add(Math.min(end, text.length), true);
  }
  add(text.length, false);
  return found;
}
