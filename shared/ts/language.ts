import type { Lang } from "./wire.gen";

const RIGHT_TO_LEFT = new Set(
  "ar arc ckb dv fa he ku-Arab nqo pa-Arab ps sd syr ug ur yi".split(" "),
);

/** The text direction of a language, for the `dir` attribute. */
export function direction(language: Lang | null | undefined): "ltr" | "rtl" {
  if (!language) return "ltr";
  const [primary = "", script = ""] = language.split("-");
  if (script === "Latn" || script === "Cyrl") return "ltr";
  return RIGHT_TO_LEFT.has(primary) || RIGHT_TO_LEFT.has(`${primary}-${script}`) ? "rtl" : "ltr";
}

/** The name of a language in another language; its tag where the browser knows no name. */
export function languageName(language: Lang, shownIn: Lang): string {
  try {
    return new Intl.DisplayNames([shownIn, "en"], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** Up to two letters that stand for a person while there is no picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toLocaleUpperCase();
}
