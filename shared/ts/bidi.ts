import { direction } from "./language";
import type { Lang } from "./wire.gen";

const LEFT_TO_RIGHT_ISOLATE = "\u2066";
const POP_ISOLATE = "\u2069";

const RIGHT_TO_LEFT_LETTER =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

const DIGITS = String.raw`\p{Nd}+(?!\p{Nd}|:\p{Nd})`;
const BRACKETED = String.raw`\(\p{Nd}+\)`;
const SIGN = String.raw`[+\p{Sc}]`;
const SPACE = String.raw`[ \u00A0\u202F]`;
const JOINED = String.raw`(?:[-\u2010\u2011./,\u066B\u066C]|${SPACE})(?:${BRACKETED}|${DIGITS})`;
const CLOCK_TIME = String.raw`\p{Nd}{1,2}:\p{Nd}{2}`;
const NUMBER = new RegExp(
  `${CLOCK_TIME}|${SIGN}?${SPACE}?(?:${BRACKETED}|${DIGITS})` +
    `(?:${JOINED}|${BRACKETED}|(?<=\\))${DIGITS})*(?:${SPACE}?[%\\p{Sc}])?`,
  "gu",
);

/** Shown in order by themselves, or read from the right as the words around them are. */
const PLAIN = /^(?:\p{Nd}+|\p{Nd}{1,2}[:-]\p{Nd}{1,2})$/u;

/**
 * The text with telephone numbers, dates and amounts isolated from left to right, so that a line
 * in Arabic, Hebrew, Persian or Urdu doesn't turn their groups round (UAX #9, rules W2 and N1).
 * Text that is written from left to right, single numbers, clock times and ranges such as `9-17`
 * stay as they are.
 */
export function isolateNumbers(text: string, language?: Lang | null): string {
  if (direction(language) === "ltr" && !RIGHT_TO_LEFT_LETTER.test(text)) return text;
  return text.replace(NUMBER, (number) => {
    const start = number.length - number.trimStart().length;
    const run = number.slice(start);
    if (PLAIN.test(run)) return number;
    return number.slice(0, start) + LEFT_TO_RIGHT_ISOLATE + run + POP_ISOLATE;
  });
}
