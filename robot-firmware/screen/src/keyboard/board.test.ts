import { describe, expect, it } from "vitest";
import { board } from "./board";
import { layoutFor, LAYOUTS, layoutsFor } from "./layouts";

const PAGES = [
  { shifted: false, symbols: false },
  { shifted: true, symbols: false },
  { shifted: false, symbols: true },
];

const texts = (language: string, shifted = false): string[] =>
  board(layoutFor(language), { shifted, symbols: false }).rows.flatMap((row) =>
    row.flatMap(({ text }) => text ?? []),
  );

describe.each(LAYOUTS.map((layout) => [layout.language, layout] as const))(
  "the keys of %s",
  (language, layout) => {
    it("fit into their rows, wide enough for a finger on 720 pixels", () => {
      for (const page of PAGES) {
        const { rows, columns } = board(layout, page);
        expect(columns).toBeLessThanOrEqual(26);
        for (const row of rows) {
          const taken = row.reduce((sum, { span, indent = 0 }) => sum + span + indent, 0);
          expect(taken).toBeLessThanOrEqual(columns);
          expect(Math.min(...row.map(({ span }) => span))).toBeGreaterThanOrEqual(2);
        }
        const acts = rows.flat().flatMap(({ act }) => act ?? []);
        expect(new Set(acts).size).toBe(acts.length);
        expect(acts).toEqual(expect.arrayContaining(["delete", "space", "layouts", "close"]));
      }
    });

    it("have no letter twice, and none that moves another when shift is pressed", () => {
      const plain = texts(language);
      expect(new Set(plain).size).toBe(plain.length);
      expect(texts(language, true)).toHaveLength(plain.length);
      if (layout.shifted) {
        expect(layout.shifted.map((row) => [...row].length)).toEqual(
          layout.rows.map((row) => [...row].length),
        );
      }
    });
  },
);

describe("a layout", () => {
  it.each([
    ["pt-BR", "çãõ"],
    ["ja", "あん"],
    ["ar", "ءأ"],
    ["vi", "đơ"],
    ["ko", "ㅎ"],
    ["th", "ก"],
  ])("for %s has %s", (language, letters) => {
    expect(texts(language)).toEqual(expect.arrayContaining([...letters]));
  });

  it("has English letters where a script has none here", () => {
    expect(layoutFor("am").language).toBe("en");
  });

  it("has a language's own capitals", () => {
    expect(texts("tr", true)).toContain("İ");
    expect(texts("de", true)).toContain("ß");
  });

  it("is offered once, the visit's and the office's first", () => {
    const offered = layoutsFor(["zh", "pt", "ja", "en"]).map(({ language }) => language);
    expect(offered.slice(0, 3)).toEqual(["en", "pt", "ja"]);
    expect(new Set(offered).size).toBe(offered.length);
    expect(offered).toHaveLength(LAYOUTS.length);
  });
});
