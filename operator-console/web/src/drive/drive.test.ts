import type { DriveState, Held } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { words } from "../lib/words";
import { pathOf, spotOf, trackOf } from "./path";
import { stateInWords } from "./reasons";
import { restOf, STEPS, StepUnderWay } from "./step";
import { isPushing, NO_PUSH, pushOfGamepads, pushOfKeys, pushOfStick, twistOf } from "./wish";

const FASTEST = { linear_m_s: 0.3, angular_rad_s: 0.6 };

const state = (change: Partial<DriveState> = {}): DriveState => ({
  clock_ms: 1_000,
  picture: null,
  lease: 1,
  commanded: { linear_m_s: 0, angular_rad_s: 0 },
  measured: { linear_m_s: 0, angular_rad_s: 0 },
  forward: { max: 0.3, held: "people_near" },
  backward: { max: 0.3, held: "people_near" },
  turn: { max: 0.6, held: "people_near" },
  held: null,
  ranges_m: [2, 2],
  battery: 0.8,
  travelled_m: 0,
  turned_rad: 0,
  round_trip_ms: 60,
  picture_age_ms: 100,
  taken: 10,
  arrived: 10,
  stopped: false,
  emergency: false,
  ...change,
});

describe("what is held", () => {
  it("adds up, and cancels out", () => {
    expect(pushOfKeys(["ArrowUp"])).toEqual({ forward: 1, left: 0 });
    expect(pushOfKeys(["ArrowUp", "KeyW", "ArrowRight"])).toEqual({ forward: 1, left: -1 });
    expect(isPushing(pushOfKeys(["ArrowUp", "ArrowDown"]))).toBe(false);
    expect(pushOfKeys(["KeyM"])).toEqual(NO_PUSH);
  });

  it("of a stick begins outside of its dead zone and is bounded", () => {
    expect(isPushing(pushOfStick(0.1, -0.1))).toBe(false);
    expect(pushOfStick(0, -1).forward).toBe(1);
    expect(pushOfStick(-7, 0).left).toBe(1);
    expect(isPushing(pushOfStick(NaN, Infinity))).toBe(false);
  });

  it("of a gamepad counts only while a shoulder button is held and it is connected", () => {
    const gamepad = (pressed: boolean, connected = true): Gamepad =>
      ({
        connected,
        axes: [0, -1],
        buttons: [0, 1, 2, 3, 4].map((at) => ({ pressed: pressed && at === 4 })),
      }) as unknown as Gamepad;
    expect(pushOfGamepads([null, gamepad(true)]).forward).toBe(1);
    expect(isPushing(pushOfGamepads([gamepad(false)]))).toBe(false);
    expect(isPushing(pushOfGamepads([gamepad(true, false)]))).toBe(false);
    expect(isPushing(pushOfGamepads([]))).toBe(false);
  });

  it("is a part of the fastest", () => {
    expect(twistOf({ forward: 0.5, left: -1 }, FASTEST)).toEqual({
      linear_m_s: 0.15,
      angular_rad_s: -0.6,
    });
  });
});

describe("a step", () => {
  const begun = { travelled_m: 1, turned_rad: 0.5 };

  it("goes on until the robot has gone so far, what is on its way counted in", () => {
    const at = (travelled_m: number) =>
      restOf(STEPS.forward, begun, state({ travelled_m, turned_rad: 0.5 }));
    expect(at(1)?.linear_m_s).toBeGreaterThan(0);
    expect(at(1.19)?.linear_m_s).toBeGreaterThan(0);
    expect(at(1.196), "6 mm come within 60 ms").toBeNull();
    expect(at(1.5), "a wheel that slipped").toBeNull();
  });

  it("is over where the robot was stopped in it, or isn't let move", () => {
    const commanded = { linear_m_s: 0.1, angular_rad_s: 0 };
    const stopped = new StepUnderWay(STEPS.forward, state());
    expect(stopped.restAt(state({ clock_ms: 1_040 }))).not.toBeNull();
    expect(stopped.restAt(state({ clock_ms: 1_080, commanded }))).not.toBeNull();
    expect(stopped.restAt(state({ clock_ms: 1_120 }))).toBeNull();
    const never = new StepUnderWay(STEPS.forward, state());
    expect(never.restAt(state({ clock_ms: 2_000 }))).not.toBeNull();
    expect(never.restAt(state({ clock_ms: 2_001 }))).toBeNull();
  });

  it("turns, and goes back", () => {
    const right = restOf(STEPS.right, begun, state({ travelled_m: 1, turned_rad: 0.5 }));
    expect(right?.angular_rad_s).toBeLessThan(0);
    const back = restOf(STEPS.backward, begun, state({ travelled_m: 1, turned_rad: 0.5 }));
    expect(back?.linear_m_s).toBeLessThan(0);
    const turned = state({ travelled_m: 1, turned_rad: 0.5 - Math.PI / 12 });
    expect(restOf(STEPS.right, begun, turned)).toBeNull();
  });
});

describe("the path on the picture", () => {
  it("goes straight ahead and narrows", () => {
    const [left, right] = trackOf({ linear_m_s: 0.8, angular_rad_s: 0 }, 0.3);
    const width = (at: number): number => (right.at(at)?.x ?? 0) - (left.at(at)?.x ?? 0);
    expect(width(0)).toBeGreaterThan(width(-1));
    expect(left.at(-1)?.y).toBeLessThan(left.at(0)?.y ?? 0);
    expect((left.at(0)?.x ?? 0) + (right.at(0)?.x ?? 0)).toBeCloseTo(1);
  });

  it("bends to where the robot turns", () => {
    expect(pathOf({ linear_m_s: 0.3, angular_rad_s: 0.6 }).at(-1)?.left_m).toBeGreaterThan(0);
    expect(pathOf({ linear_m_s: 0.3, angular_rad_s: -0.6 }).at(-1)?.left_m).toBeLessThan(0);
  });

  it("leaves out what is behind the camera", () => {
    expect(spotOf({ ahead_m: -3, left_m: 0 })).toBeNull();
  });
});

describe("why it doesn't move", () => {
  it("is told for every limit", () => {
    const limits: Held[] = [
      ...(Object.keys(words.drive.held) as (keyof typeof words.drive.held)[]),
      ...(Object.keys(words.drive.heldAt) as (keyof typeof words.drive.heldAt)[]).map(
        (limit) => ({ [limit]: "front" }) as unknown as Held,
      ),
    ];
    for (const held of limits) {
      const said = stateInWords(state({ held }), true);
      expect(said, JSON.stringify(held)).toMatch(/\w{3}.*\.$/u);
      expect(said).not.toBe(words.drive.moving);
    }
  });

  it("isn't asked while nothing is held and nothing holds it back", () => {
    expect(stateInWords(state({ held: "no_command" }), false)).toBe(words.drive.ready);
    expect(stateInWords(state({ held: "let_go" }), false)).toBe(words.drive.ready);
    expect(stateInWords(state({ held: "no_consent" }), false)).toBe(words.drive.held.no_consent);
    expect(stateInWords(state(), true)).toBe(words.drive.moving);
  });

  it("names a stop before anything else", () => {
    expect(stateInWords(state({ stopped: true, held: "picture" }), true)).toBe(
      words.drive.held.protective_stop,
    );
    expect(stateInWords(state({ emergency: true, stopped: true }), false)).toBe(
      words.drive.held.emergency_stop,
    );
  });
});
