import type { DriveState, Twist } from "@madoguchi/wire";

/** A short way that ends by itself. */
export interface Step {
  /** In metres, backward negative; 0 for a turn. */
  way_m: number;
  /** In radians, to the right negative; 0 for a way. */
  turn_rad: number;
}

/** The steps that are offered. */
export const STEPS = {
  forward: { way_m: 0.2, turn_rad: 0 },
  backward: { way_m: -0.2, turn_rad: 0 },
  left: { way_m: 0, turn_rad: Math.PI / 12 },
  right: { way_m: 0, turn_rad: -Math.PI / 12 },
} as const satisfies Record<string, Step>;

/** Steps are slow: what a connection's delay adds to them stays small. */
const PACE: Twist = { linear_m_s: 0.1, angular_rad_s: 0.3 };

/** Where a step began. */
export type Begun = Pick<DriveState, "travelled_m" | "turned_rad">;

/** The motion that is left of a step; `null` when it is done. */
export function restOf(step: Step, begun: Begun, state: DriveState): Twist | null {
  const delay_s = (state.round_trip_ms ?? 0) / 1_000;
  const way = left(step.way_m, state.travelled_m - begun.travelled_m, PACE.linear_m_s * delay_s);
  const turn = left(
    step.turn_rad,
    state.turned_rad - begun.turned_rad,
    PACE.angular_rad_s * delay_s,
  );
  if (way === 0 && turn === 0) return null;
  return { linear_m_s: way * PACE.linear_m_s, angular_rad_s: turn * PACE.angular_rad_s };
}

/** Which way to go on, or 0 where what is on its way already is enough. */
function left(whole: number, done: number, coming: number): number {
  const rest = Math.abs(whole) - Math.sign(whole) * done - coming;
  return rest > 0 ? Math.sign(whole) : 0;
}

/** A robot that is let move does so within this. */
const BEGINS_WITHIN_MS = 1_000;

/** A step that was begun: it ends where the robot has gone so far, or was stopped. */
export class StepUnderWay {
  readonly #step: Step;
  readonly #begun: DriveState;
  #moved = false;

  constructor(step: Step, begun: DriveState) {
    this.#step = step;
    this.#begun = begun;
  }

  /** The motion that is left; `null` when the step is over. */
  restAt(state: DriveState): Twist | null {
    const moves = state.commanded.linear_m_s !== 0 || state.commanded.angular_rad_s !== 0;
    // After a stop somebody lets go first; a step would never.
    if (!moves && (this.#moved || state.clock_ms - this.#begun.clock_ms > BEGINS_WITHIN_MS)) {
      return null;
    }
    this.#moved ||= moves;
    return restOf(this.#step, this.#begun, state);
  }
}
