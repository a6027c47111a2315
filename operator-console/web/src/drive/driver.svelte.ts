import type {
  DriveState,
  LeaseGrant,
  PageToWheels,
  SimulatedRoom,
  Twist,
  WheelsToPage,
} from "@madoguchi/wire";
import { SvelteSet } from "svelte/reactivity";
import { StepUnderWay, type Step } from "./step";
import { drives, isPushing, NO_PUSH, pushOfGamepads, pushOfKeys, twistOf, type Push } from "./wish";

/** What driving needs of the console and the call. */
export interface DriverWires {
  /** Asks the console for the lease, or gives it back; `false` when it can't be reached. */
  lease: (on: boolean) => boolean;
  /** Sends to the robot what is useless when late. */
  send: (message: PageToWheels) => void;
  /** The RTP timestamp of the picture that is shown. */
  shown: () => number | null;
}

/** A command this often: the robot holds one for 100 ms. */
const COMMAND_EVERY_MS = 30;
/** The console lets a lease end after 3 s. */
const LEASE_EVERY_MS = 1_000;
/** Without a state for so long the robot isn't heard. */
const SILENT_MS = 600;
/** RTP timestamps of pictures count 1/90000 s. */
const RTP_PER_MS = 90;
const LOSS_WINDOW = 60;

/** Drives the robot of one call: holds the lease, and sends what is held, for as long as it is. */
export class Driver {
  /** Whether the operator wants to drive. */
  wanted = $state(false);
  /** The lease. */
  lease = $state.raw<LeaseGrant | null>(null);
  /** What the robot told last. */
  state = $state.raw<DriveState | null>(null);
  /** In simulation: where the robot stands. */
  room = $state.raw<SimulatedRoom | null>(null);
  /** Whether that is too long ago. */
  silent = $state(true);
  /** The fastest that a full push asks for. */
  fastest_m_s = $state(0.3);
  /** What is asked for at this moment. */
  wish = $state.raw<Twist>({ linear_m_s: 0, angular_rad_s: 0 });
  /** The part of the commands that got lost lately, from 0 to 1. */
  loss = $state(0);

  readonly #wires: DriverWires;
  readonly #keys = new SvelteSet<string>();
  readonly #timers: ReturnType<typeof setInterval>[];
  #stick: Push = NO_PUSH;
  #step: StepUnderWay | null = null;
  #sequence = 0;
  #heardAt = -Infinity;
  #asks: "nothing" | "stop" | "end_stop" = "nothing";
  #counted: { taken: number; arrived: number }[] = [];

  constructor(wires: DriverWires) {
    this.#wires = wires;
    this.#timers = [
      setInterval(() => this.#command(), COMMAND_EVERY_MS),
      setInterval(() => this.#renew(), LEASE_EVERY_MS),
    ];
  }

  /** Ends driving. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.give();
  }

  /** Asks for the lease. */
  take(): void {
    this.wanted = true;
    this.#renew();
  }

  /** Gives it back. */
  give(): void {
    this.release();
    if (this.wanted) this.#wires.lease(false);
    this.wanted = false;
    this.lease = null;
    this.state = null;
    this.room = null;
    this.silent = true;
  }

  /** What the console says of the lease. */
  granted(lease: LeaseGrant | null): void {
    if (lease?.id !== this.lease?.id) {
      this.#sequence = 0;
      this.#counted = [];
      this.loss = 0;
      this.release();
    }
    this.lease = this.wanted ? lease : null;
  }

  /** Takes a message of the robot. */
  hear(message: WheelsToPage): void {
    if (message.type === "room") this.room = message;
    else this.#heard(message);
  }

  /** How it stands; such messages overtake each other. */
  #heard(state: DriveState): void {
    if (!this.wanted) return;
    if (this.state && state.clock_ms <= this.state.clock_ms && !this.silent) return;
    this.state = state;
    this.silent = false;
    this.#heardAt = performance.now();
    this.#count(state);
    if (this.#asks === "stop" && state.stopped) this.#asks = "nothing";
    if (this.#asks === "end_stop" && !state.stopped) this.#asks = "nothing";
  }

  /** A key goes down; whether it is one that drives. */
  press(code: string, repeat: boolean): boolean {
    if (!drives(code)) return false;
    // What was let go by something else is not taken up by a key that only repeats.
    if (!repeat) this.#keys.add(code);
    this.#step = null;
    return true;
  }

  /** A key goes up. */
  lift(code: string): void {
    this.#keys.delete(code);
  }

  /** The stick on the screen is held so. */
  push(push: Push): void {
    this.#step = null;
    this.#stick = push;
  }

  /** Lets go of everything. */
  release(): void {
    this.#keys.clear();
    this.#stick = NO_PUSH;
    this.#step = null;
    this.wish = { linear_m_s: 0, angular_rad_s: 0 };
  }

  /** Goes a short way. */
  step(step: Step): void {
    if (!this.state || this.silent) return;
    this.#step = new StepUnderWay(step, this.state);
  }

  /** Stops the robot until that is taken back. */
  stop(): void {
    this.release();
    this.#asks = "stop";
    this.#wires.send({ type: "stop" });
  }

  /** Takes a stop back; nothing moves by it. */
  endStop(): void {
    this.#asks = "end_stop";
  }

  #renew(): void {
    if (this.wanted) this.#wires.lease(true);
  }

  #command(): void {
    this.silent = performance.now() - this.#heardAt > SILENT_MS;
    const { lease, state } = this;
    if (!lease || !state) return;
    if (this.silent) this.release();
    if (this.#asks === "stop") this.#wires.send({ type: "stop" });
    if (this.#asks === "end_stop") this.#wires.send({ type: "end_stop", lease: lease.id });
    this.wish = this.#wished(state);
    this.#sequence += 1;
    this.#wires.send({
      type: "command",
      lease: lease.id,
      sequence: this.#sequence,
      heard_ms: state.clock_ms,
      seen_ms: this.#seen(state),
      velocity: this.wish,
    });
  }

  #wished(state: DriveState): Twist {
    // A gamepad is heard in pages that nobody looks at.
    const looked = document.hasFocus() && !document.hidden;
    if (!looked) this.release();
    const pushes = [
      pushOfKeys(this.#keys),
      this.#stick,
      looked ? pushOfGamepads(navigator.getGamepads()) : NO_PUSH,
    ];
    const push = pushes.find(isPushing);
    const fastest = { linear_m_s: this.fastest_m_s, angular_rad_s: this.fastest_m_s * 2 };
    if (push) return twistOf(push, fastest);
    const rest = this.#step?.restAt(state) ?? null;
    if (!rest) this.#step = null;
    return rest ?? { linear_m_s: 0, angular_rad_s: 0 };
  }

  /** When the picture was taken that is shown, on the robot's clock; 0 when nobody knows. */
  #seen({ picture, clock_ms }: DriveState): number {
    const shown = this.#wires.shown();
    if (!picture || shown === null) return 0;
    // The timestamps count in 32 bits and begin anywhere.
    const behind_ms = ((picture.rtp - shown) | 0) / RTP_PER_MS;
    return Math.max(0, Math.min(clock_ms, Math.floor(picture.clock_ms - behind_ms)));
  }

  #count({ taken, arrived }: DriveState): void {
    this.#counted.push({ taken, arrived });
    const first = this.#counted.length > LOSS_WINDOW ? this.#counted.shift() : this.#counted[0];
    const sent = taken - (first?.taken ?? 0);
    const came = arrived - (first?.arrived ?? 0);
    this.loss = sent > 0 ? Math.max(0, 1 - came / sent) : 0;
  }
}
