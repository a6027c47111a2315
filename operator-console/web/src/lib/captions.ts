import type { Lang, Speaker, Translation, Turn, WordsSoFar } from "@madoguchi/wire";
import { UI_LANGUAGE } from "./words";

/** What is being said in a call, by either side. */
export type SoFar = Partial<Record<Speaker, WordsSoFar>>;

/** One line below the picture. */
export interface CallCaption {
  speaker: Speaker;
  text: string;
  language: Lang | null;
  /** The words as spoken, where `text` is their translation. */
  original: { text: string; language: Lang | null } | null;
  /** What a machine did with them beyond writing them down, or could not do. */
  mark: "translated" | "untranslated" | null;
  /** The language in which they were spoken. */
  from: Lang | null;
  partial: boolean;
}

/** Takes what is being said; words that are empty are over. */
export function withSoFar(soFar: SoFar, words: WordsSoFar): SoFar {
  return { ...soFar, [words.speaker]: words.text ? words : undefined };
}

/** What either side says, or said last, by voice: the visitor first. */
export function captionsOf(turns: Turn[], soFar: SoFar, languages: Lang[]): CallCaption[] {
  const reads = languages.length > 0 ? languages : [UI_LANGUAGE];
  return (["resident", "operator"] as const).flatMap((speaker) => {
    const now = soFar[speaker];
    if (now) {
      const { text, language } = now;
      return [{ ...PLAIN, speaker, text, language, from: language, partial: true }];
    }
    const last = turns.findLast((turn) => turn.speaker === speaker && turn.channel === "speech");
    return last ? [finished(last, reads)] : [];
  });
}

const PLAIN = { original: null, mark: null, partial: false };

/** The operator reads their own words as they spoke them, and how the visitor reads them. */
function finished({ speaker, text, language, translation }: Turn, reads: Lang[]): CallCaption {
  const spoken = { text, language };
  const plain = { ...PLAIN, speaker, from: language };
  if (speaker === "operator") return { ...plain, ...spoken };
  if (translation?.machine) return { ...plain, ...translated(translation), original: spoken };
  const foreign = language !== null && !reads.includes(language);
  return { ...plain, ...spoken, mark: foreign ? "untranslated" : null };
}

const translated = ({
  text,
  language,
}: Translation): Pick<CallCaption, "text" | "language" | "mark"> => ({
  text,
  language,
  mark: "translated",
});
