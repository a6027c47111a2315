import { describe, expect, it } from "vitest";
import { erase, katakana, type } from "./compose";

/** What a row of key presses makes, one after the other. */
function typed(...keys: string[]): string {
  return keys.reduce(type, "");
}

describe("a key", () => {
  it("appends itself", () => {
    expect(typed(..."João 3")).toBe("João 3");
  });

  it("voices, half-voices and shrinks the last kana, and takes it back", () => {
    expect(typed("し", "゛", "ゆ", "小", "う", "み", "ん")).toBe("じゅうみん");
    expect(typed("は", "゜")).toBe("ぱ");
    expect(typed("は", "゜", "゛")).toBe("ば");
    expect(typed("は", "゛", "゛")).toBe("は");
    expect(typed("つ", "小")).toBe("っ");
    expect(typed("っ", "小")).toBe("つ");
    expect(typed("ウ", "゛")).toBe("ヴ");
  });

  it("changes no kana that has no such form, and nothing where nothing is", () => {
    expect(typed("ん", "゛")).toBe("ん");
    expect(typed("か", "゜")).toBe("か");
    expect(typed("あ", "ら", "小")).toBe("あら");
    expect(typed("゛")).toBe("");
    expect(typed("小")).toBe("");
    expect(typed("\u0301")).toBe("");
  });

  it("puts a Vietnamese tone on the vowel and its circumflex, one at a time", () => {
    expect(typed("t", "i", "ê", "\u0301", "n", "g")).toBe("tiếng");
    expect(typed("a", "\u0301", "\u0300")).toBe("à");
    expect(typed("ê", "\u0301", "\u0301")).toBe("ê");
    expect(typed("b", "\u0301")).toBe("b");
  });

  it("joins Korean letters to syllables and gives the last one to the next vowel", () => {
    expect(typed(..."ㄱㅣㅁㅁㅣㄴㅅㅜ")).toBe("김민수");
    expect(typed(..."ㄱㅏㅂㅅㅣ")).toBe("갑시");
    expect(typed(..."ㄱㅗㅏ")).toBe("과");
    expect(typed("나", " ", "ㅏ")).toBe("나 ㅏ");
  });

  it("puts vowel signs after their consonants, as they are stored", () => {
    expect(typed(..."किताब")).toBe("किताब");
    expect(typed(..."ที่")).toBe("ที่");
  });
});

describe("the delete key", () => {
  it("takes one letter, also one beyond the basic plane", () => {
    expect(erase("São")).toBe("Sã");
    expect(erase("𠮷")).toBe("");
    expect(erase("")).toBe("");
  });

  it("takes a Korean syllable apart", () => {
    expect(erase("값")).toBe("갑");
    expect(erase("가")).toBe("ㄱ");
    expect(erase("ㄱ")).toBe("");
  });
});

it("turns hiragana into katakana and leaves the rest", () => {
  expect(katakana("がっこう、ー？")).toBe("ガッコウ、ー？");
});
