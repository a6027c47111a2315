import type { Caption, ScreenView, StaffView } from "@madoguchi/wire";

/** The page's own words by their keys in the pack's phrases; a missing word shows its key. */
export type Words = (key: string) => string;

/** Looks words up in a view. */
export function wordsOf(view: ScreenView): Words {
  return (key) => view.labels[key] ?? key;
}

/** Looks words up for the panel of staff, in their language. */
export function staffWordsOf({ labels }: StaffView): Words {
  return (key) => labels[key] ?? key;
}

/** Who speaks a caption, in words. */
export function speakerName(caption: Caption, view: ScreenView): string {
  const words = wordsOf(view);
  switch (caption.speaker) {
    case "resident":
      return words("you");
    case "agent":
      return words("robot");
    case "clerk":
      return words("interpreter_clerk");
    case "operator":
      return caption.said_by || view.operator?.name || words("operator");
  }
}

/** A caption's words around those that the robot is speaking at this moment. */
export function spokenParts({ text, sounding }: Caption): {
  before: string;
  sounding: string;
  after: string;
} {
  const { start, end } = sounding ?? { start: text.length, end: text.length };
  return {
    before: text.slice(0, start),
    sounding: text.slice(start, end),
    after: text.slice(end),
  };
}

/** The newest line that the resident is to read: what the robot or the operator said last. */
export function latestAnswer(captions: Caption[]): Caption | undefined {
  return captions.findLast(({ speaker }) => speaker !== "resident");
}
