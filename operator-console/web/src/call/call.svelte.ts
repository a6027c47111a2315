import {
  Answerer,
  fingerprintOf,
  ofAnswer,
  ofOffer,
  verifies,
  type CaseId,
  type IceServer,
  type MediaSession,
  type Signal,
  type WheelsToPage,
} from "@madoguchi/wire";
import { Driver } from "../drive/driver.svelte";
import { sign } from "../lib/identity";
import { words } from "../lib/words";
import { closeDevices, type Devices } from "./devices";
import { readStats, type CallStats, type LossCounters } from "./stats";

/** Where a call stands, in the operator's eyes. */
export type CallState = keyof typeof words.call.states;

/** What a call needs of the console. */
export interface CallWires {
  /** Sends to the robot. */
  send: (signal: Signal) => void;
  /** Tells the robot that an offer was not proven to be its own. */
  distrust: (session: number) => void;
  /** Asks the console for the right to drive the robot, or gives it back. */
  drive: (on: boolean) => boolean;
  /** Drawn for this call. */
  nonce: string;
}

const STATS_EVERY_MS = 200;
/** The label of the channel between wheels and page, unordered and without retransmission. */
const MOTION_CHANNEL = "motion";

/** Picture and sound between this page and the robot of one case. */
export class Call {
  /** The case. */
  readonly case_id: CaseId;
  /** Where it stands. */
  state = $state<CallState>("preparing");
  /** The robot's picture and sound. */
  remote = $state.raw<MediaStream | null>(null);
  /** The operator's own picture. */
  own = $state.raw<MediaStream | null>(null);
  /** Whether the visitor doesn't hear the operator. */
  muted = $state(false);
  /** Whether the visitor doesn't see the operator. */
  cameraOff = $state(false);
  /** Whether the visitor is on hold: nothing of either side reaches the other. */
  held = $state(false);
  /** A sentence about camera or microphone. */
  problem = $state<string | null>(null);
  /** How it is doing. */
  stats = $state.raw<CallStats>({ robotLevel: 0, ownLevel: 0, roundTrip_ms: null, loss: 0 });

  /** Drives the robot. */
  readonly driver: Driver;
  /** The RTP timestamp of the robot's picture that is shown. */
  shown: number | null = null;

  readonly #wires: CallWires;
  readonly #devices: Promise<Devices>;
  readonly #timer: ReturnType<typeof setInterval>;
  #iceServers: IceServer[] = [];
  #robotKey = "";
  #answerer: Answerer | undefined;
  #counters: LossCounters = { received: 0, lost: 0 };
  #motion: RTCDataChannel | undefined;
  #closed = false;

  constructor(case_id: CaseId, devices: Promise<Devices>, wires: CallWires) {
    this.case_id = case_id;
    this.#devices = devices;
    this.#wires = wires;
    this.driver = new Driver({
      lease: wires.drive,
      send: (message) => {
        if (this.#motion?.readyState === "open") this.#motion.send(JSON.stringify(message));
      },
      shown: () => this.shown,
    });
    this.#timer = setInterval(() => void this.#measure(), STATS_EVERY_MS);
    void devices.then(({ stream, problem }) => {
      if (this.#closed) return;
      this.own = stream;
      this.problem ??= problem;
      this.#switchTracks();
      if (this.state === "preparing") this.state = "waiting";
    });
  }

  /** Whether there is a microphone to mute. */
  get hasMicrophone(): boolean {
    return (this.own?.getAudioTracks().length ?? 0) > 0;
  }

  /** Whether there is a camera to switch off. */
  get hasCamera(): boolean {
    return (this.own?.getVideoTracks().length ?? 0) > 0;
  }

  /**
   * The robot is about to call, with these servers, unless it knows of a call that stands: where
   * only a link to the console was lost, picture and sound went on. So nothing is closed here; an
   * offer of a new session replaces the old one.
   */
  expect(iceServers: IceServer[], robotKey: string): void {
    this.#iceServers = iceServers;
    this.#robotKey = robotKey;
  }

  /** Takes a message from the robot. */
  take(signal: Signal): void {
    this.#answerer ??= this.#newAnswerer();
    void this.#answerer.handle(signal);
  }

  /** Switches the microphone. */
  setMuted(muted: boolean): void {
    this.muted = muted;
    this.#switchTracks();
  }

  /** Switches the camera; without it no picture is sent, and the robot shows initials. */
  setCameraOff(off: boolean): void {
    this.cameraOff = off;
    this.#switchTracks();
  }

  /** Puts the visitor on hold or takes them up again, on this side; the robot does it on its own. */
  setHeld(held: boolean): void {
    if (this.held === held) return;
    this.held = held;
    if (held) this.driver.give();
    this.#switchTracks();
  }

  /** There is no picture and no sound, for this reason, until the robot calls again. */
  stop(state: "refused" | "given_up", why: string): void {
    this.state = state;
    this.problem = why;
    // Else what the browser still says of the connection would hide why there is none.
    this.#answerer?.hangUp();
    this.remote = null;
  }

  /** Ends the call and lets camera and microphone go. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.driver.close();
    this.#answerer?.close();
    this.remote = null;
    this.own = null;
    void this.#devices.then(closeDevices);
  }

  #newAnswerer(): Answerer {
    this.#counters = { received: 0, lost: 0 };
    return new Answerer(
      {
        send: this.#wires.send,
        stream: (stream) => (this.remote = stream),
        channel: (channel) => this.#open(channel),
        state: (state) => this.#follow(state),
        distrusted: (session) => {
          this.stop("refused", words.call.distrusted);
          this.#wires.distrust(session);
        },
        failed: (error) => {
          console.error("The robot's call can't be answered:", error);
          this.problem = words.call.answerFailed;
        },
      },
      {
        iceServers: () => this.#iceServers,
        local: this.#devices.then(({ stream }) => stream),
        trust: {
          verify: async (session, sdp, proof) => {
            const fingerprint = fingerprintOf(sdp);
            if (!fingerprint || !proof) return false;
            const signed = ofOffer(this.#sessionOf(session), fingerprint);
            return verifies(this.#robotKey, proof, signed);
          },
          prove: async (session, offered, answer) => {
            const [theirs, ours] = [fingerprintOf(offered), fingerprintOf(answer)];
            if (!theirs || !ours) return undefined;
            return sign(ofAnswer(this.#sessionOf(session), theirs, ours));
          },
        },
      },
    );
  }

  #open(channel: RTCDataChannel): void {
    if (channel.label !== MOTION_CHANNEL) return;
    this.#motion = channel;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string") this.driver.hear(JSON.parse(data) as WheelsToPage);
    };
  }

  #sessionOf(session: number): MediaSession {
    return { case_id: this.case_id, nonce: this.#wires.nonce, session };
  }

  #follow(state: RTCPeerConnectionState): void {
    if (state === "connected") {
      const { answerFailed, refusedByRobot, notSetUp } = words.call;
      const over: (string | null)[] = [answerFailed, refusedByRobot, notSetUp];
      if (over.includes(this.problem)) this.problem = null;
      this.#switchTracks();
      this.state = "connected";
    } else if (state === "connecting" || state === "new") {
      this.state = "connecting";
    } else if (state === "disconnected") {
      this.state = "interrupted";
    } else if (state === "failed") {
      this.state = "failed";
    }
  }

  #switchTracks(): void {
    for (const track of this.own?.getAudioTracks() ?? []) {
      track.enabled = !this.muted && !this.held;
    }
    const shown = !this.cameraOff && !this.held;
    const [track = null] = this.own?.getVideoTracks() ?? [];
    if (track) track.enabled = shown;
    void this.#sendPicture(shown ? track : null);
  }

  async #sendPicture(track: MediaStreamTrack | null): Promise<void> {
    const mine = this.#answerer?.peer
      ?.getTransceivers()
      .find(
        ({ receiver, currentDirection }) =>
          receiver.track.kind === "video" && /send/u.test(currentDirection ?? ""),
      );
    if (mine && mine.sender.track !== track) await mine.sender.replaceTrack(track);
  }

  async #measure(): Promise<void> {
    const peer = this.#answerer?.peer;
    if (!peer) return;
    const report = await peer.getStats().catch(() => null);
    if (!report || this.#closed) return;
    const { stats, counters } = readStats(report.values(), this.#counters);
    this.stats = stats;
    this.#counters = counters;
  }
}
