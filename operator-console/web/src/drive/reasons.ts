import type { DriveState, Held, Side } from "@madoguchi/wire";
import { words } from "../lib/words";

const { held: HELD, sides: SIDES } = words.drive;

/** A limit, in words: what holds the robot, and what helps. */
export function inWords(held: Held): string {
  if (typeof held === "string") return HELD[held];
  const [[limit, side] = []] = Object.entries(held) as [keyof typeof words.drive.heldAt, Side][];
  return limit && side ? words.drive.heldAt[limit](SIDES[side]) : "";
}

/** Why the robot stands or is slow, or that it is ready. */
export function stateInWords(state: DriveState, pushing: boolean): string {
  if (state.emergency) return HELD.emergency_stop;
  if (state.stopped) return HELD.protective_stop;
  // Nobody has to be told that nothing moves while nothing is held.
  const meant = state.held !== null && (pushing || state.held !== "no_command");
  if (state.held !== null && meant) {
    const letGo = state.held === "let_go" && !pushing;
    if (!letGo) return inWords(state.held);
  }
  return pushing ? words.drive.moving : words.drive.ready;
}
