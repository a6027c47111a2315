import { expect, it } from "vitest";
import { isolateNumbers } from "./bidi";

const shown = (text: string, language = "ar"): string =>
  isolateNumbers(text, language).replaceAll("\u2066", "⟦").replaceAll("\u2069", "⟧");

it.each([
  "090-1234-5678",
  "+81 3 1234 5678",
  "+81 (3) 1234-5678",
  "(03)1234-5678",
  "٠٩٠-١٢٣٤-٥٦٧٨",
  "2026-11-22",
  "22/11/2026",
  "¥1,500",
  "1 500,50 €",
  "12.5%",
])("%s keeps its order in Arabic, Persian, Hebrew and Urdu", (number) => {
  expect(shown(`اتصل على ${number}، من فضلك.`)).toBe(`اتصل على ⟦${number}⟧، من فضلك.`);
  expect(shown(`חייג ${number}.`, "he")).toBe(`חייג ⟦${number}⟧.`);
  expect(shown(`(${number})`, "fa")).toBe(`(⟦${number}⟧)`);
  expect(shown(`${number} ہے`, "ur")).toBe(`⟦${number}⟧ ہے`);
});

it("every number of a line is isolated by itself", () => {
  expect(shown("هاتف 090-1234-5678، فاكس 03-1234-5678")).toBe(
    "هاتف ⟦090-1234-5678⟧، فاكس ⟦03-1234-5678⟧",
  );
});

it.each(["الشباك 3", "من 8:30 إلى 17:00", "8:30-17:00", "1, 2, 3", "الأيام 9-17", "14 يومًا"])(
  "%s stays as it is",
  (text) => {
    expect(isolateNumbers(text, "ar")).toBe(text);
  },
);

it("text from left to right stays as it is, unless it quotes the other direction", () => {
  expect(isolateNumbers("Ligue para 03-1234-5678.", "pt")).toBe("Ligue para 03-1234-5678.");
  expect(isolateNumbers("電話 03-1234-5678", null)).toBe("電話 03-1234-5678");
  expect(shown("Asked: “رقم 03-1234-5678”", "en")).toBe("Asked: “رقم ⟦03-1234-5678⟧”");
});
