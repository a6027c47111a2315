import type { CaseEntry, CaseId, Lang, Packet, TranslationConfidence, Turn } from "@madoguchi/wire";
import { UI_LANGUAGE } from "./words";

interface Shown {
  language: Lang;
  text: string;
  translated: boolean;
  /** A translation's way back, and how far it can be trusted; they come with the transcript. */
  back?: string | null;
  confidence?: TranslationConfidence | null;
}

/** What became of the operator's newest typed words. */
export interface SaidMessage {
  /** Its number in the case. */
  message: number;
  /** The words as typed. */
  text: string;
  /** How the visitor's screen shows them; absent while they are on their way. */
  shown?: Shown;
}

const isMessage = ({ speaker, channel }: Turn): boolean =>
  speaker === "operator" && channel === "typed";

/** The operator's newest typed words in a packet, with what became of them. */
export function lastSaid({ transcript }: Packet): SaidMessage | null {
  const said = transcript.filter(isMessage);
  const turn = said.at(-1);
  if (!turn) return null;
  const message = { message: said.length, text: turn.text };
  if (!turn.shown) return message;
  const { text, machine, back, confidence } = turn.translation ?? {
    text: turn.text,
    machine: false,
    back: null,
    confidence: null,
  };
  return {
    ...message,
    shown: { language: turn.shown, text, translated: machine, back, confidence },
  };
}

const KEY = "madoguchi.message";
const LANGUAGE_KEY = "madoguchi.message_language";

/** What an operator may write in: their own languages, the first by default, and the visitor's. */
export function messageLanguages(
  own: Lang[],
  { language }: CaseEntry,
  packet: Packet | null,
): Lang[] {
  const first = own.length > 0 ? own : [UI_LANGUAGE];
  const visitors = [language, ...(packet?.resident.languages ?? [])].filter((one) => one !== null);
  return [...new Set([...first, ...visitors])];
}

/** The language that was chosen for messages of a case. */
export function chosenLanguage(case_id: CaseId, keep: Keep = () => localStorage): Lang | undefined {
  try {
    const [of, language] = keep().getItem(LANGUAGE_KEY)?.split(" ") ?? [];
    return of === case_id ? language : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the language that was chosen for messages of a case, until one is chosen for another. */
export function chooseLanguage(
  case_id: CaseId,
  language: Lang,
  keep: Keep = () => localStorage,
): void {
  try {
    keep().setItem(LANGUAGE_KEY, `${case_id} ${language}`);
  } catch {
    // A browser that keeps nothing begins with the operator's own language again.
  }
}

/** Where these are kept; a browser may refuse to. */
type Keep = () => Pick<Storage, "getItem" | "setItem">;

/**
 * Numbers the next message of a packet's case. The robot takes a number that isn't above the last
 * one for a repetition and shows nothing; so the count goes on in a reloaded page and in another
 * window of this browser, and elsewhere from what the transcript holds of the operator.
 */
export function nextMessageNumber(packet: Packet, keep: Keep = () => localStorage): number {
  const shown = packet.transcript.filter(isMessage).length;
  const next = Math.max(shown, lastNumber(packet.case_id, keep)) + 1;
  try {
    keep().setItem(KEY, `${packet.case_id} ${String(next)}`);
  } catch {
    // A browser that keeps nothing counts by the transcript.
  }
  return next;
}

function lastNumber(case_id: CaseId, keep: Keep): number {
  try {
    const [of, number] = keep().getItem(KEY)?.split(" ") ?? [];
    return of === case_id ? Number(number) : 0;
  } catch {
    return 0;
  }
}
