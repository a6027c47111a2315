import type { Twist } from "@madoguchi/wire";

/** How far an operator pushes, each part from -1 to 1: forward, and to the left. */
export interface Push {
  forward: number;
  left: number;
}

/** Nothing is held. */
export const NO_PUSH: Push = { forward: 0, left: 0 };

/** The keys that drive, by where they are on the keyboard (UI Events, `code`). */
const KEYS: Record<string, Push> = {
  ArrowUp: { forward: 1, left: 0 },
  ArrowDown: { forward: -1, left: 0 },
  ArrowLeft: { forward: 0, left: 1 },
  ArrowRight: { forward: 0, left: -1 },
  KeyW: { forward: 1, left: 0 },
  KeyS: { forward: -1, left: 0 },
  KeyA: { forward: 0, left: 1 },
  KeyD: { forward: 0, left: -1 },
};

/** A stick that rests isn't quite in its middle. */
const DEAD_ZONE = 0.15;
/** Shoulder buttons of the standard layout (W3C Gamepad): one of them is held to drive. */
const HOLD_TO_DRIVE = [4, 5, 6, 7];

/** Whether a key drives. */
export function drives(code: string): boolean {
  return code in KEYS;
}

/** What the keys that are down ask for together. */
export function pushOfKeys(down: Iterable<string>): Push {
  let push = NO_PUSH;
  for (const code of down) {
    const { forward, left } = KEYS[code] ?? NO_PUSH;
    push = { forward: push.forward + forward, left: push.left + left };
  }
  return bounded(push);
}

/** What a stick asks for that is so far to the right and so far down, from -1 to 1. */
export function pushOfStick(right: number, down: number): Push {
  return bounded({ forward: -beyondDeadZone(down), left: -beyondDeadZone(right) });
}

/** What the first gamepad asks for whose operator holds a shoulder button. */
export function pushOfGamepads(gamepads: readonly (Gamepad | null)[]): Push {
  for (const gamepad of gamepads) {
    if (!gamepad?.connected) continue;
    const held = HOLD_TO_DRIVE.some((button) => gamepad.buttons[button]?.pressed);
    if (held) return pushOfStick(gamepad.axes[0] ?? 0, gamepad.axes[1] ?? 0);
  }
  return NO_PUSH;
}

/** Whether something is held. */
export function isPushing({ forward, left }: Push): boolean {
  return forward !== 0 || left !== 0;
}

/** The motion that is asked for where a full push means `fastest`. */
export function twistOf({ forward, left }: Push, fastest: Twist): Twist {
  // Without this, -0 would be written into the message.
  return {
    linear_m_s: forward * fastest.linear_m_s || 0,
    angular_rad_s: left * fastest.angular_rad_s || 0,
  };
}

function beyondDeadZone(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) < DEAD_ZONE) return 0;
  return (Math.sign(value) * (Math.abs(value) - DEAD_ZONE)) / (1 - DEAD_ZONE);
}

function bounded({ forward, left }: Push): Push {
  const within = (value: number): number => Math.max(-1, Math.min(1, value));
  return { forward: within(forward), left: within(left) };
}
