import type { CaseEntry, OperatorId } from "@madoguchi/wire";

/** The cases as an operator looks at them. */
export interface Queue {
  /** Anybody may take these; the most urgent first, then the longest wait. */
  waiting: CaseEntry[];
  /** Mine. */
  mine: CaseEntry[];
  /** Taken by others. */
  others: CaseEntry[];
}

/** Sorts cases; closed ones leave. */
export function sortCases(cases: Iterable<CaseEntry>, me: OperatorId): Queue {
  const queue: Queue = { waiting: [], mine: [], others: [] };
  for (const entry of cases) {
    if (entry.state === "closed") continue;
    if (isWaiting(entry)) queue.waiting.push(entry);
    else if (entry.operator?.id === me) queue.mine.push(entry);
    else queue.others.push(entry);
  }
  for (const list of Object.values(queue) as CaseEntry[][]) {
    list.sort((a, b) => b.priority - a.priority || a.opened_at - b.opened_at);
  }
  return queue;
}

/** Whether anybody may take a case. */
export function isWaiting(entry: CaseEntry): boolean {
  return (entry.state === "requested" || entry.state === "offered") && entry.operator === null;
}
