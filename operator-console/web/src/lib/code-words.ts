import type {
  CaseEntry,
  CaseState,
  Disposition,
  FactSource,
  Failure,
  Speaker,
  SummaryPart,
} from "@madoguchi/wire";

/* The codes of the wire in words: a part of the file to translate. */

export const DISPOSITIONS: Record<Disposition, string> = {
  resolved: "Settled",
  follow_up: "Somebody will come back to the visitor",
  referred: "Sent to another place or person",
  resident_left: "The visitor left",
  not_resolved: "Could not be helped",
};

const STATES: Record<CaseState, string> = {
  requested: "Waiting",
  offered: "Waiting",
  accepted: "Accepted",
  connecting: "Connecting",
  live: "In conversation",
  hold: "On hold",
  transferring: "Being passed on",
  returning: "Going back to the robot",
  closed: "Ended",
};

export const FAILURES: Record<Failure, string> = {
  no_one_in_time: "Nobody took the case in time.",
  nobody_on_duty: "Nobody was on duty.",
  console_unreachable: "The robot could not reach the console.",
  media_failed: "Picture and sound could not be set up.",
  untrusted: "Picture and sound were refused: one end was not proven to be genuine.",
  resident_left: "The visitor left.",
  operator_left: "The operator's connection was lost.",
  robot_fault: "The robot had a fault.",
};

export const SPEAKERS: Record<Speaker, string> = {
  resident: "Visitor",
  agent: "Robot",
  operator: "Operator",
  clerk: "Staff at the robot",
};

export const SUMMARY: Record<SummaryPart, string> = {
  wanted: "Wanted",
  done: "Done so far",
  needed: "Needed now",
};

export const FACT_SOURCES: Record<FactSource, string> = {
  heard: "heard, not confirmed",
  confirmed_by_resident: "confirmed by the visitor",
  system_of_record: "from the office's records",
  inferred: "concluded by the robot",
};

/** Where a case stands. */
export function stateInWords({ state, owner }: Pick<CaseEntry, "state" | "owner">): string {
  return owner === "onsite" ? "With staff in the room" : STATES[state];
}
