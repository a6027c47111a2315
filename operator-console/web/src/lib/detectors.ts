import { spelt } from "./words";

const DETECTORS: Record<string, string> = {
  language_id: "Language recognition",
  person_request: "Request for a person",
  button: "Button on the screen",
  crisis_words: "Words of danger",
  crisis: "Meaning of what was said",
  sentence: "Meaning of what was said",
  distress: "Meaning of what was said",
  distress_words: "Words of distress",
  repeats: "Repetition",
  silence: "Silence",
  failed_answers: "Answers that did not help",
  repeated_failure: "Answers that did not help",
  answer_score: "Score of the best answer",
  watcher: "A person who watched",
};

/** The name of a detector; an unknown one by its own name, spelt as words. */
export function detectorName(detector: string): string {
  return DETECTORS[detector] ?? spelt(detector);
}
