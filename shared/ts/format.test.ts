import { expect, it } from "vitest";
import { direction, initials, languageName } from "./language";
import { meterLength } from "./level";
import { runningClock } from "./time";

it("a running clock grows from minutes to hours", () => {
  expect([0, 7_999, 65_000, 3_599_999, 3_729_000].map(runningClock)).toEqual([
    "0:00",
    "0:07",
    "1:05",
    "59:59",
    "1:02:09",
  ]);
});

it("a clock behind the server's shows nothing negative", () => {
  expect(runningClock(-5_000)).toBe("0:00");
});

it("text direction follows script before language", () => {
  expect(["ar", "he", "fa", "ur", "pa-Arab"].map(direction)).toEqual(Array(5).fill("rtl"));
  expect(["ja", "pt-BR", "az", "pa", "ar-Latn", null].map(direction)).toEqual(Array(6).fill("ltr"));
});

it("a language without a name is shown as its tag", () => {
  expect(languageName("pt", "en")).toBe("Portuguese");
  expect(languageName("vi", "ja")).toBe("ベトナム語");
  expect(languageName("qqq", "en")).toBe("qqq");
  expect(languageName("not a tag", "en")).toBe("not a tag");
});

it("initials survive one word, many words and none", () => {
  expect(["Aiko Tanaka", "田中 愛子", "maria", "Ana B. Souza", " "].map(initials)).toEqual([
    "AT",
    "田愛",
    "M",
    "AS",
    "",
  ]);
});

it("a meter shows speech in its middle and nothing at silence", () => {
  expect([0, Number.NaN, -1].map(meterLength)).toEqual([0, 0, 0]);
  expect(meterLength(1)).toBe(1);
  expect(meterLength(7)).toBe(1);
  expect(meterLength(0.06)).toBeGreaterThan(0.4);
  expect(meterLength(0.001)).toBe(0);
});
