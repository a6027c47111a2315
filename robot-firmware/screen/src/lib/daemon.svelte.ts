import {
  Answerer,
  ReconnectingSocket,
  socketAddress,
  type RobotToScreen,
  type ScreenToRobot,
  type ScreenView,
  type Signal,
  type Stage,
} from "@madoguchi/wire";

/** A level that isn't renewed falls to silence after this. */
const LEVEL_LIFETIME_MS = 400;
/** Somebody who touches or types is told of this often. */
const TOUCHED_MS = 5_000;
/** Where the robot may move, a touch keeps it still: it counts there for a second. */
const TOUCHED_MOVING_MS = 300;
/** A shorter break isn't worth a word to the resident. */
const LOST_AFTER_MS = 1_500;
/** Whoever was here is gone by then, and what was said is nobody else's business. */
const FORGET_AFTER_MS = 60_000;

/** The daemon as this page knows it: what to show, and the way to answer. */
export class Daemon {
  /** What to show; the last known one while the connection is down for less than a minute. */
  view = $state.raw<ScreenView | null>(null);
  /** Whether the daemon has been gone for longer than a blink. */
  lost = $state(false);
  /** Sound levels from 0 to 1. */
  levels = $state.raw({ microphone: 0, loudspeaker: 0 });
  /** The operator's picture. */
  face = $state.raw<MediaStream | null>(null);

  readonly #socket: ReconnectingSocket<ScreenToRobot, RobotToScreen>;
  #answerer: Answerer | undefined;
  #touched = -Infinity;
  #pressed: ReturnType<typeof setInterval> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #loss: ReturnType<typeof setTimeout> | undefined;
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor(address = socketAddress("ws", window.location)) {
    this.#socket = new ReconnectingSocket(address, {
      message: (message) => this.#take(message),
      open: () => this.#dropFace(),
      lost: () => {
        this.#dropFace();
        this.#loss ??= setTimeout(() => (this.lost = true), LOST_AFTER_MS);
        this.#forgetting ??= setTimeout(() => this.#forget(), FORGET_AFTER_MS);
      },
    });
  }

  /** Tells the daemon something; `false` when it can't be reached. */
  send(message: ScreenToRobot): boolean {
    return this.#socket.send(message);
  }

  /** Somebody touches or types: their visit goes on. */
  touched(): void {
    const now = performance.now();
    const often_ms = this.view?.motion ? TOUCHED_MOVING_MS : TOUCHED_MS;
    if (!this.view || this.view.stage === "greeting" || now - this.#touched < often_ms) return;
    if (this.send({ type: "touched" })) this.#touched = now;
  }

  /** A finger is on the screen. */
  press(): void {
    this.touched();
    this.#pressed ??= setInterval(() => this.touched(), TOUCHED_MOVING_MS);
  }

  /** It isn't any more. */
  release(): void {
    clearInterval(this.#pressed);
    this.#pressed = undefined;
  }

  #take(message: RobotToScreen): void {
    clearTimeout(this.#loss);
    clearTimeout(this.#forgetting);
    this.#loss = this.#forgetting = undefined;
    this.lost = false;
    switch (message.type) {
      case "view":
        if (withPerson(this.view?.stage) && !withPerson(message.view.stage)) this.#dropFace();
        this.view = message.view;
        break;
      case "level":
        this.levels = { microphone: message.microphone, loudspeaker: message.loudspeaker };
        clearTimeout(this.#silence);
        this.#silence = setTimeout(
          () => (this.levels = { microphone: 0, loudspeaker: 0 }),
          LEVEL_LIFETIME_MS,
        );
        break;
      case "signal":
        this.#signal(message.signal);
        break;
    }
  }

  #signal(signal: Signal): void {
    this.#answerer ??= new Answerer({
      send: (answer) => void this.send({ type: "signal", signal: answer }),
      stream: (stream) => (this.face = stream),
      failed: (error) => console.error("The operator's picture can't be shown:", error),
    });
    void this.#answerer.handle(signal);
  }

  #forget(): void {
    // Nobody is here while the robot starts anew, and it takes longer.
    if (this.view?.renewing.length === 0) this.view = null;
  }

  #dropFace(): void {
    this.#answerer?.close();
    this.#answerer = undefined;
    this.face = null;
  }
}

function withPerson(stage: Stage | undefined): boolean {
  return stage === "connecting" || stage === "live";
}
