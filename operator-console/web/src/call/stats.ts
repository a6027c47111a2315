/** How a call is doing. */
export interface CallStats {
  /** The robot's sound as played, 0 to 1. */
  robotLevel: number;
  /** The operator's microphone, 0 to 1. */
  ownLevel: number;
  /** To the robot and back, in milliseconds; absent before the first measurement. */
  roundTrip_ms: number | null;
  /** Share of the robot's packets that were lost since the last reading, 0 to 1. */
  loss: number;
}

/** Counters of an earlier reading. */
export interface LossCounters {
  received: number;
  lost: number;
}

type Row = Record<string, unknown> & { type: string };

/** Reads a call's statistics (W3C "Identifiers for WebRTC's Statistics API"). */
export function readStats(
  report: Iterable<Row>,
  before: LossCounters,
): { stats: CallStats; counters: LossCounters } {
  const stats: CallStats = { robotLevel: 0, ownLevel: 0, roundTrip_ms: null, loss: 0 };
  const counters: LossCounters = { received: 0, lost: 0 };
  for (const row of report) {
    if (row.type === "inbound-rtp") {
      counters.received += number(row["packetsReceived"]);
      counters.lost += number(row["packetsLost"]);
      if (row["kind"] === "audio") stats.robotLevel = number(row["audioLevel"]);
    } else if (row.type === "media-source" && row["kind"] === "audio") {
      stats.ownLevel = number(row["audioLevel"]);
    } else if (row.type === "candidate-pair" && row["nominated"] === true) {
      const seconds = row["currentRoundTripTime"];
      if (typeof seconds === "number") stats.roundTrip_ms = Math.round(seconds * 1_000);
    }
  }
  const received = Math.max(0, counters.received - before.received);
  const lost = Math.max(0, counters.lost - before.lost);
  if (received + lost > 0) stats.loss = lost / (received + lost);
  return { stats, counters };
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
