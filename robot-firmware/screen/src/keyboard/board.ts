import { KANA_MARKS, katakana } from "./compose";
import type { Layout } from "./layouts";

/** What a key does that writes no letter of its own. */
export type Act = "shift" | "delete" | "space" | "symbols" | "layouts" | "close";

/** A key: what it writes or does, and how many half columns it takes. */
export interface Key {
  span: number;
  /** Free half columns before it. */
  indent?: number;
  text?: string;
  act?: Act;
  /** What its sign is called, in the layout's language, where the sign doesn't say it. */
  name?: string;
}

/** The page of the keyboard that is seen. */
export interface Page {
  shifted: boolean;
  symbols: boolean;
}

const SYMBOLS = ["1234567890", "-/:;()@&%#", "'\"!+*=_¥€~"];
const STOPS = ",.?";

/** The keys of a layout's page, row by row; every row takes at most `columns` half columns. */
export function board(layout: Layout, page: Page): { rows: Key[][]; columns: number } {
  return layout.kana && !page.symbols ? kana(layout, page) : letters(layout, page);
}

/** What the key that leads back from the signs shows. */
export function sample(layout: Layout): string {
  if (layout.kana) return "あいう";
  const [first = ""] = layout.rows;
  return [...(first.startsWith("q") ? "abc" : first)].slice(0, 3).join("");
}

function kana({ rows }: Layout, { shifted }: Page): { rows: Key[][]; columns: number } {
  const side: Key[][] = [
    [
      { text: KANA_MARKS.voiced, span: 2, name: "゛濁点" },
      { text: KANA_MARKS.halfVoiced, span: 2, name: "゜半濁点" },
      { text: KANA_MARKS.small, span: 2, name: "小さい字" },
    ],
    [{ act: "delete", span: 6 }],
    [
      { act: "shift", span: 3, name: "カナ" },
      { act: "symbols", span: 3 },
    ],
    [{ act: "space", span: 6 }],
    [
      { act: "layouts", span: 3 },
      { act: "close", span: 3 },
    ],
  ];
  return {
    columns: 26,
    rows: rows.map((row, at) => [...keys(shifted ? katakana(row) : row), ...(side[at] ?? [])]),
  };
}

function letters(layout: Layout, { shifted, symbols }: Page): { rows: Key[][]; columns: number } {
  const shown = symbols ? SYMBOLS : shifted ? upper(layout) : layout.rows;
  const withShift = !symbols && !layout.single;
  const marked = symbols ? "" : (layout.marked ?? "");
  const lines = [...(marked ? [shifted ? capitals(marked, layout) : marked] : []), ...shown].map(
    keys,
  );
  const last = lines.at(-1) ?? [];
  const longest = Math.max(...lines.map((line) => line.length));
  const columns = 2 * Math.max(10, longest, last.length + (withShift ? 2 : 1));
  const free = columns - 2 * last.length;
  const left = withShift ? Math.floor(free / 2) : Math.max(0, Math.floor((free - 3) / 2));
  lines.forEach(([first, ...rest], at) => {
    const indent = Math.floor((columns - 2 * (rest.length + 1)) / 2);
    if (first && at < lines.length - 1 && indent > 0) first.indent = indent;
  });
  if (withShift) last.unshift({ act: "shift", span: left });
  else if (last[0] && left > 0) last[0].indent = left;
  last.push({ act: "delete", span: free - left });
  return { columns, rows: [...lines, bottom(layout, columns)] };
}

function bottom(layout: Layout, columns: number): Key[] {
  const [comma, ...stops] = keys(layout.stops ?? STOPS);
  const space: Key = { act: "space", span: columns - 9 - 6 };
  return [
    { act: "symbols", span: 3 },
    { act: "layouts", span: 3 },
    ...(comma ? [comma] : []),
    space,
    ...stops,
    { act: "close", span: 3 },
  ];
}

function keys(row: string): Key[] {
  return [...row].map((text) => ({ text, span: 2 }));
}

function upper(layout: Layout): string[] {
  return layout.shifted ?? layout.rows.map((row) => capitals(row, layout));
}

/** The capitals, key by key; a letter whose capital takes two stays as it is. */
function capitals(row: string, { language }: Layout): string {
  return [...row]
    .map((letter) => {
      const capital = letter.toLocaleUpperCase(language);
      return [...capital].length === 1 ? capital : letter;
    })
    .join("");
}
