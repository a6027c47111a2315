import type { CaseEntry, OperatorId, Transfer } from "@madoguchi/wire";

/** The cases as an operator looks at them. */
export interface Queue {
  /** Offered to me, by the console or a colleague; danger to life first, then urgency and waiting together. */
  waiting: CaseEntry[];
  /** Waiting, and offered to colleagues only. */
  elsewhere: CaseEntry[];
  /** Mine. */
  mine: CaseEntry[];
  /** Taken by others. */
  others: CaseEntry[];
}

/** Sorts cases; closed ones leave. */
export function sortCases(cases: Iterable<CaseEntry>, me: OperatorId): Queue {
  const queue: Queue = { waiting: [], elsewhere: [], mine: [], others: [] };
  for (const entry of cases) {
    if (entry.state === "closed") continue;
    if (isOffered(entry)) queue.waiting.push(entry);
    else if (isWaiting(entry)) queue.elsewhere.push(entry);
    else if (entry.operator?.id === me) queue.mine.push(entry);
    else queue.others.push(entry);
  }
  for (const list of Object.values(queue) as CaseEntry[][]) {
    list.sort((a, b) => Number(isLife(b)) - Number(isLife(a)) || rank(b) - rank(a));
  }
  return queue;
}

/** Six seconds of waiting weigh as much as a point of priority, as in the console's routing. */
function rank({ priority, opened_at }: CaseEntry): number {
  return priority * 6_000 - opened_at;
}

function isLife({ priority }: CaseEntry): boolean {
  return priority >= 100;
}

/** How long a case is kept for somebody, in whole seconds; 0 when it isn't. */
export function keptFor_s({ offer }: CaseEntry, now: number): number {
  return offer?.reserved ? Math.max(0, Math.ceil((offer.reserved.until - now) / 1_000)) : 0;
}

/** Whether the reader is offered a case, by the console or by a colleague who holds it. */
export function isOffered(entry: CaseEntry): boolean {
  return entry.offer !== null && (isWaiting(entry) || entry.transfer?.ended === null);
}

/** Whether whoever passes a case on to the reader wants to talk first. */
export function isTalkFirst({ offer, transfer }: CaseEntry): boolean {
  return offer !== null && transfer?.warm === true && !transfer.ended && !transfer.talk;
}

/** The passing on about which the reader and a colleague talk, whichever of them has the visitor. */
export function talkOf({ offer, transfer }: CaseEntry, me: OperatorId): Transfer | null {
  const part = offer !== null || transfer?.from.id === me;
  return part && transfer?.talk && !transfer.ended ? transfer : null;
}

/** Whether nobody holds a case yet. */
export function isWaiting(entry: CaseEntry): boolean {
  return (entry.state === "requested" || entry.state === "offered") && entry.operator === null;
}
