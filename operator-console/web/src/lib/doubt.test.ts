import { expect, it } from "vitest";
import { parts } from "./doubt";

const cut = (text: string, ...spans: [number, number][]): string =>
  parts({ text, doubtful: spans.map(([start, end]) => ({ start, end })) })
    .map((part) => (part.doubtful ? `[${part.text}]` : part.text))
    .join("");

it("cuts a text where its doubtful words stand", () => {
  expect(cut("Room 607, please", [5, 9])).toBe("Room [607,] please");
  expect(cut("𠮷野です", [0, 3])).toBe("[𠮷野]です");
  expect(cut("one two", [0, 3], [4, 7])).toBe("[one] [two]");
});

it("shows all of a text whatever the marks say", () => {
  expect(cut("yes")).toBe("yes");
  expect(cut("yes", [1, 90])).toBe("y[es]");
  expect(cut("yes", [7, 9])).toBe("yes");
  expect(cut("yes", [2, 3], [0, 3])).toBe("ye[s]");
});
