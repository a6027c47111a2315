import type { CaseId, Lang } from "@madoguchi/wire";

/** What became of the operator's newest typed words. */
export interface SaidMessage {
  /** Its number in the case. */
  message: number;
  /** The words as typed. */
  text: string;
  /** How the visitor's screen shows them; absent while they are on their way. */
  shown?: { language: Lang; text: string; translated: boolean };
}

/**
 * The next number for a message of a case. It survives a reload of the page, because the robot
 * takes a number that it knows for a repetition.
 */
export function nextMessageNumber(case_id: CaseId, store: Storage = sessionStorage): number {
  const key = `madoguchi.message.${case_id}`;
  const next = Number(store.getItem(key) ?? 0) + 1;
  store.setItem(key, String(next));
  return next;
}

/** Forgets the numbers of a case that is over. */
export function forgetMessages(case_id: CaseId, store: Storage = sessionStorage): void {
  store.removeItem(`madoguchi.message.${case_id}`);
}
