import type { Turn } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { captionsOf, withSoFar } from "./captions";

function turn(change: Partial<Turn>): Turn {
  return {
    number: 1,
    speaker: "resident",
    said_by: null,
    channel: "speech",
    text: "Onde fica?",
    language: "pt",
    translation: null,
    confidence: 0.9,
    doubtful: [],
    shown: null,
    interrupted: false,
    spoken: null,
    at: 0,
    ...change,
  };
}
const ENGLISH = {
  language: "en",
  text: "Where is it?",
  machine: true,
  back: null,
  confidence: null,
};

describe("captions of a call", () => {
  it("show the newest spoken words of either side, the visitor's translated", () => {
    const turns = [
      turn({ text: "Olá", translation: { ...ENGLISH, text: "Hello" } }),
      turn({ translation: ENGLISH }),
      turn({ speaker: "operator", text: "Second floor", language: "en", translation: null }),
      turn({ speaker: "resident", channel: "typed", text: "K7Q" }),
      turn({ speaker: "agent", text: "…" }),
    ];
    const [visitor, own, ...more] = captionsOf(turns, {}, ["en"]);
    expect(visitor).toMatchObject({ text: "Where is it?", mark: "translated", from: "pt" });
    expect(visitor?.original?.text).toBe("Onde fica?");
    expect(own).toMatchObject({ speaker: "operator", text: "Second floor", mark: null });
    expect(more).toEqual([]);
  });

  it("mark what could not be translated, unless the operator reads that language", () => {
    expect(captionsOf([turn({})], {}, ["en"])[0]?.mark).toBe("untranslated");
    expect(captionsOf([turn({})], {}, ["en", "pt"])[0]?.mark).toBeNull();
    expect(captionsOf([turn({})], {}, [])[0]?.mark).toBe("untranslated");
    expect(captionsOf([turn({ language: "en" })], {}, [])[0]?.mark).toBeNull();
  });

  it("show what is being said in place of what was said, until it is over", () => {
    const words = { speaker: "resident", text: "Onde", language: "pt" } as const;
    const soFar = withSoFar({}, words);
    expect(captionsOf([turn({})], soFar, ["pt"])[0]).toMatchObject({ text: "Onde", partial: true });
    const over = withSoFar(soFar, { ...words, text: "" });
    expect(captionsOf([turn({})], over, ["pt"])[0]).toMatchObject({ partial: false });
  });
});
