import { assemble, removeLastCharacter } from "es-hangul";

/** The three keys that change the last kana. */
export const KANA_MARKS = { voiced: "゛", halfVoiced: "゜", small: "小" } as const;

/** The five tones that Vietnamese writes: grave, acute, hook above, tilde, dot below. */
export const TONES = "\u0300\u0301\u0309\u0303\u0323";

const HANGUL = /[\u3131-\u3163\uac00-\ud7a3]$/u;
const LARGE = "あいうえおつやゆよわアイウエオツヤユヨワカケ";
const SMALL = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ";

/** The keys that write nothing themselves, and what each makes of the last letter. */
const CHANGES = new Map<string, (letter: string) => string>([
  [KANA_MARKS.voiced, (kana) => marked(kana, "\u3099", /[\u3099\u309a]/gu)],
  [KANA_MARKS.halfVoiced, (kana) => marked(kana, "\u309a", /[\u3099\u309a]/gu)],
  [KANA_MARKS.small, resized],
  ...[...TONES].map(
    (tone) =>
      [tone, (vowel: string) => marked(vowel, tone, new RegExp(`[${TONES}]`, "gu"))] as const,
  ),
]);

/**
 * The text before the caret after a key: most keys append themselves; Korean letters join the last
 * syllable, accents the last letter, and the marks of kana change the last kana (a second touch
 * takes them back).
 */
export function type(before: string, key: string): string {
  const last = lastOf(before);
  const rest = before.slice(0, before.length - last.length);
  const change = CHANGES.get(key);
  if (change) return last && rest + change(last);
  if (HANGUL.test(key) && HANGUL.test(last)) return rest + assemble([last, key]);
  return before + key;
}

/** The text before the caret after the delete key: a Korean syllable loses its last letter. */
export function erase(before: string): string {
  const last = lastOf(before);
  const rest = before.slice(0, before.length - last.length);
  return HANGUL.test(last) ? rest + removeLastCharacter(last) : rest;
}

/** The same text in the other kana: hiragana lie 96 code points before their katakana. */
export function katakana(text: string): string {
  return text.replace(/[ぁ-ゖ]/gu, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) + 96));
}

function lastOf(text: string): string {
  return [...text.slice(-2)].at(-1) ?? "";
}

/**
 * The letter with a mark in the place of others of its kind, or without where it has it already;
 * the same letter where the two don't go together.
 */
function marked(letter: string, mark: string, kind: RegExp): string {
  const bare = letter.normalize("NFD").replace(kind, "");
  const composed = (bare + mark).normalize("NFC");
  if (composed === letter) return bare.normalize("NFC");
  return [...composed].length === 1 ? composed : letter;
}

function resized(kana: string): string {
  const large = LARGE.indexOf(kana);
  const small = SMALL.indexOf(kana);
  return SMALL[large] ?? LARGE[small] ?? kana;
}
