import type { Evidence } from "@madoguchi/wire";
import { nameOf, spelt, UI_LANGUAGE, words } from "./words";

const w = words.packet;

/** Detectors whose detail is what the visitor said. */
const QUOTING = new Set([
  "answer_score",
  "distress",
  "distress_words",
  "language_id",
  "person_request",
  "sentence",
]);

const DANGERS: Record<string, string> = {
  self_harm: "self-harm",
  violence: "violence",
  abuse: "abuse",
  medical: "a medical emergency",
};

/** What made the robot call a person. Its own notes become sentences, the visitor's words a quote. */
export function evidenceInWords({ detector, detail }: Evidence): string {
  const [, key = "", rest] = /^([a-z_ ]+?)(?:: (.+))?$/su.exec(detail) ?? [];
  if (detector === "language_id" && rest) {
    if (key === "written language") return w.written(nameOf(rest));
    if (key === "spoken language") return w.spoken(nameOf(rest));
  }
  const danger = DANGERS[key];
  if (danger && detector === "crisis_words" && rest) return w.dangerWords(danger, rest);
  if (danger && detector === "crisis") return w.dangerSense(danger);
  return QUOTING.has(detector)
    ? `“${detail}”`
    : detail.charAt(0).toLocaleUpperCase(UI_LANGUAGE) + detail.slice(1);
}

/** Where a step comes from, as words after "from". */
export function sourceInWords(source: string): string {
  const [, kind, name = ""] = /^(reason|rule|topic)[ _](.+)$/u.exec(source) ?? [];
  if (kind === "reason") return w.fromReason;
  if (kind === "topic") return w.fromTopic(spelt(name));
  if (kind === "rule") {
    const [rule = "", version] = name.split(" ");
    return w.fromRule(spelt(rule), version);
  }
  return spelt(source);
}
