import {
  ReconnectingSocket,
  socketAddress,
  type ConsoleToPhone,
  type OnsiteAct,
  type Packet,
  type PhoneToConsole,
} from "@madoguchi/wire";

/** The robot hears this often that somebody has the phone in hand. */
const IN_HAND_MS = 60_000;
/** Where the pass is kept for a reload of this tab. */
const PASS = "madoguchi-onsite-pass";

/** One case on a phone of staff in the room. */
export class Phone {
  /** The case, once it came. */
  packet = $state.raw<Packet | null>(null);
  /** Whether its robot can be reached. */
  online = $state(true);
  /** Whether the console can. */
  connected = $state(false);
  /** Set when there is nothing to be done here any more: the case has ended, or the link is no good. */
  over = $state<"ended" | "used" | null>(null);
  /** Whether the robot could not be reached for what was done last. */
  failed = $state(false);

  readonly #socket: ReconnectingSocket<PhoneToConsole, ConsoleToPhone>;
  #token: string;
  #inHand = -Infinity;

  /** `token` stood behind the `#` of the link. */
  constructor(token: string) {
    this.#token = token;
    this.#socket = new ReconnectingSocket(socketAddress("api/onsite", window.location), {
      message: (message) => this.#take(message),
      open: () => this.#introduce(),
      lost: () => (this.connected = false),
    });
  }

  /** Does something; `false` when that could not be sent. */
  do(what: OnsiteAct): boolean {
    this.failed = false;
    return this.#socket.send({ type: "do", what });
  }

  /** Somebody touches the page: a case of theirs stays theirs. */
  touched(): void {
    const now = performance.now();
    if (this.packet?.owner !== "onsite" || now - this.#inHand < IN_HAND_MS) return;
    if (this.do({ do: "in_hand" })) this.#inHand = now;
  }

  #introduce(): void {
    const pass = sessionStorage.getItem(PASS);
    if (this.#token) this.#socket.send({ type: "open", token: this.#token });
    else if (pass) this.#socket.send({ type: "resume", pass });
    else this.#end("used");
  }

  #take(message: ConsoleToPhone): void {
    switch (message.type) {
      case "opened":
        this.connected = true;
        this.#token = "";
        sessionStorage.setItem(PASS, message.pass);
        break;
      case "case":
        this.packet = message.packet;
        this.online = message.online;
        this.failed &&= !message.online;
        break;
      case "robot_away":
        this.failed = true;
        break;
      case "over":
        this.#end(message.ended ? "ended" : "used");
        break;
    }
  }

  #end(why: "ended" | "used"): void {
    this.over = why;
    this.packet = null;
    sessionStorage.removeItem(PASS);
    this.#socket.close();
  }
}
