import {
  ReconnectingSocket,
  socketAddress,
  type ApiError,
  type CaseEntry,
  type CaseId,
  type Colleague,
  type ConsoleToOperator,
  type Duty,
  type Lang,
  type OperatorCard,
  type OperatorToConsole,
  type Packet,
  type ReturnPacket,
  type RobotEntry,
  type RobotId,
  type SetDuty,
  type TaskEntry,
  type TaskId,
  type TransferTo,
} from "@madoguchi/wire";
import { SvelteMap } from "svelte/reactivity";
import { Call } from "../call/call.svelte";
import { Beside } from "../show/beside.svelte";
import { Attempt } from "./attempt";
import { withSoFar, type SoFar } from "./captions";
import { chime } from "./chime";
import { withTurn } from "./packet";
import { preferred } from "./preferences";
import { isOffered, sortCases } from "./queue";
import { Said } from "./said.svelte";
import { whoAmI } from "./session";
import { Toasts } from "./toasts.svelte";
import { Watching } from "./watching.svelte";
import { endInWords, FAILURES, reasonInWords, words } from "./words";

/** The console's code for a case that the same operator opened on another page. */
const MOVED_ELSEWHERE = "moved_elsewhere";

/** The console as this operator sees it, and what the operator can do. */
export class Console {
  /** The operator. */
  operator: OperatorCard = $state.raw() as OperatorCard;
  /** Whether the connection to the console stands. */
  connected = $state(false);
  /** Whether cases are offered to this operator. */
  duty: Duty = $state.raw({ state: "on" });
  /** Robots by id. */
  readonly robots = new SvelteMap<RobotId, RobotEntry>();
  /** Cases by id. */
  readonly cases = new SvelteMap<CaseId, CaseEntry>();
  /** Who else is on duty. */
  colleagues: Colleague[] = $state.raw([]);
  /** How long the next hold is announced to take, in minutes. */
  holdMinutes = $state(2);
  /** What was promised to visitors and isn't done, by id. */
  readonly tasks = new SvelteMap<TaskId, TaskEntry>();
  /** The case that is looked at. */
  opened = $state<CaseId | null>(null);
  /** Its packet, once it came. */
  packet = $state.raw<Packet | null>(null);
  /** The case that this operator holds. */
  holding = $state<CaseId | null>(null);
  /** Why the case that was held left this desk, as a sentence. */
  gone = $state("");
  /** The case that was held here and ended by itself, until its outcome is noted. */
  unnoted = $state<CaseId | null>(null);
  /** The case that is being accepted. */
  accepting = $state<CaseId | null>(null);
  /** The typed words of the case that is held. */
  readonly said = new Said();
  /** What is being said in the call. */
  soFar = $state.raw<SoFar>({});
  /** The call to the robot. */
  call = $state.raw<Call | null>(null);
  /** The newest arrival, as a sentence to read out. */
  arrival = $state("");
  /** The console's time, by the second. */
  now = $state(Date.now());
  /** Sentences about what can't be done. */
  readonly toasts = new Toasts();
  /** What there is in the call beside picture, sound and words. */
  readonly beside = new Beside(
    (message) => this.#socket.send(message),
    (text) => this.toasts.show(text),
  );
  /** The visit that this operator watches. */
  readonly watching = new Watching((message) => this.#socket.send(message));
  /** The cases, sorted. */
  readonly queue = $derived(sortCases(this.cases.values(), this.operator.id));

  readonly #socket: ReconnectingSocket<OperatorToConsole, ConsoleToOperator>;
  readonly #clock: ReturnType<typeof setInterval>;
  #clockAhead_ms = 0;
  readonly #attempt = new Attempt();
  /** The case that this page wants to carry; another window's is not taken from it unasked. */
  #wanted: CaseId | null = null;
  #fresh = true;

  /** `expired` is called when the console doesn't know this session any more. */
  constructor(operator: OperatorCard, expired: () => void) {
    this.operator = operator;
    this.#clock = setInterval(() => this.#tick(), 1_000);
    this.#socket = new ReconnectingSocket(socketAddress("api/live", window.location), {
      message: (message) => this.#take(message),
      lost: () => {
        this.connected = false;
        this.accepting = null;
        void whoAmI().then((who) => who === null && expired());
      },
    });
  }

  /** Leaves the console. */
  close(): void {
    clearInterval(this.#clock);
    this.#socket.close();
    this.#release();
  }

  /** Shows a case. */
  open(case_id: CaseId): void {
    if (this.opened !== case_id) this.packet = null;
    this.opened = case_id;
    this.#socket.send({ type: "open", case_id });
  }

  /**
   * Takes a case, or takes one up here that another window of this operator carries. Camera and
   * microphone open meanwhile, so that the answer needn't wait.
   */
  accept(case_id: CaseId): void {
    if (this.holding || this.accepting) return;
    this.#wanted = case_id;
    this.#attempt.draw();
    if (!this.#carry(case_id)) {
      this.toasts.show(words.top.offline);
      return;
    }
    this.accepting = case_id;
    this.#attempt.openDevices();
    if (this.opened !== case_id) this.open(case_id);
  }

  /** Takes over the visitor whom this operator watches; the case follows from the console. */
  takeVisit(): void {
    const robot_id = this.watching.robot;
    if (!robot_id || this.holding || this.accepting) return;
    this.#attempt.draw();
    const { number: call, nonce } = this.#attempt;
    if (this.#socket.send({ type: "take_visit", robot_id, call, nonce })) {
      this.#attempt.openDevices();
    } else {
      this.toasts.show(words.top.offline);
    }
  }

  /** Lets the next one have a case that waits. */
  decline(case_id: CaseId): void {
    if (!this.#socket.send({ type: "decline", case_id })) this.toasts.show(words.top.offline);
  }

  /** Comes to talk to the colleague who passes a case on. */
  join(case_id: CaseId): void {
    if (this.opened !== case_id) this.open(case_id);
    if (!this.#socket.send({ type: "join", case_id })) this.toasts.show(words.top.offline);
  }

  /** Words to the colleague in such a talk; `false` when they could not be sent. */
  tell(case_id: CaseId, text: string): boolean {
    return this.#socket.send({ type: "tell", case_id, text });
  }

  /** Tells what came of trying to keep a promise. */
  tryTask(task_id: TaskId, done: boolean, note: string): void {
    if (!this.#socket.send({ type: "try_task", task_id, done, note })) {
      this.toasts.show(words.top.offline);
    }
  }

  /** Goes on or off duty. */
  setDuty(duty: SetDuty): void {
    if (!this.#socket.send({ type: "duty", ...duty })) this.toasts.show(words.top.offline);
  }

  /** Shows words to the visitor; `false` when they could not be sent. */
  say(text: string, language: Lang): boolean {
    const case_id = this.holding;
    if (!case_id || !this.connected || this.packet?.case_id !== case_id) return false;
    const robot = this.cases.get(case_id)?.robot_id;
    if (robot && this.robots.get(robot)?.online === false) return false;
    return this.said.say(this.packet, text, (message) =>
      this.#socket.send({ type: "say", case_id, message, text, language }),
    );
  }

  /** Puts the visitor on hold, or takes them up again. */
  toggleHold(): void {
    const case_id = this.holding;
    if (!case_id) return;
    const minutes = this.cases.get(case_id)?.hold ? null : this.holdMinutes;
    if (!this.#socket.send({ type: "hold", case_id, minutes })) {
      this.toasts.show(words.top.offline);
    } else if (minutes !== null) {
      // At once; the robot follows when the console has told it.
      this.call?.setHeld(true);
    }
  }

  /** Asks colleagues to take over the case that is held; `false` when that could not be sent. */
  passOn(to: TransferTo, note: string, warm: boolean): boolean {
    const case_id = this.holding;
    return case_id !== null && this.#socket.send({ type: "transfer", case_id, to, note, warm });
  }

  /** Keeps the case that was to be passed on. */
  keep(case_id: CaseId): void {
    if (!this.#socket.send({ type: "keep_case", case_id })) this.toasts.show(words.top.offline);
  }

  /** Ends the case that is held, or notes how one ended; `false` when that could not be sent. */
  end(back: ReturnPacket): boolean {
    const case_id = this.holding ?? this.unnoted;
    if (!case_id || !this.#socket.send({ type: "end", case_id, back })) return false;
    this.unnoted = null;
    if (!this.holding) return true;
    this.#release();
    this.opened = null;
    this.packet = null;
    return true;
  }

  #carry(case_id: CaseId): boolean {
    const { number: call, nonce } = this.#attempt;
    return this.#socket.send({ type: "accept", case_id, call, nonce });
  }

  #tick(): void {
    this.now = Date.now() + this.#clockAhead_ms;
  }

  #take(message: ConsoleToOperator): void {
    switch (message.type) {
      case "snapshot":
        this.#takeSnapshot(message);
        break;
      case "task":
        if (message.task.done) this.tasks.delete(message.task.task.task_id);
        else this.tasks.set(message.task.task.task_id, message.task);
        break;
      case "duty":
        this.duty = message.duty;
        break;
      case "colleagues":
        this.colleagues = message.colleagues;
        break;
      case "robot":
        this.robots.set(message.robot.id, message.robot);
        if (this.watching.follow(message.robot, this.operator.id)) this.#watchEnded();
        break;
      case "watched":
        this.watching.take(message);
        break;
      case "case":
        this.#takeCase(message.case);
        break;
      case "packet":
        if (message.packet.case_id === this.opened) this.#takePacket(message.packet);
        break;
      case "turn":
        this.#takeTurn(message);
        break;
      case "accepted":
        this.#hold(message.case_id);
        this.call?.expect(message.ice_servers, message.robot_key);
        break;
      case "signal":
        if (message.case_id === this.holding) this.call?.take(message.signal);
        break;
      case "so_far":
        if (message.case_id === this.holding) this.soFar = withSoFar(this.soFar, message.words);
        break;
      case "lease":
        if (message.case_id === this.holding) this.call?.driver.granted(message.lease);
        break;
      case "still":
      case "still_step":
      case "form":
      case "showable":
      case "showing":
      case "pointed":
        if (message.case_id === this.holding) this.beside.take(message);
        break;
      case "shown":
        if (message.case_id === this.holding) this.said.shown(message);
        break;
      case "error":
        this.#takeError(message.case_id, message.error);
        break;
    }
  }

  /** A visit that is taken over ends as well, and becomes this operator's case. */
  #watchEnded(): void {
    if (!this.#attempt.opens) this.toasts.show(words.watch.ended);
  }

  #takeSnapshot(snapshot: Extract<ConsoleToOperator, { type: "snapshot" }>): void {
    this.connected = true;
    this.operator = snapshot.operator;
    this.duty = snapshot.duty;
    this.colleagues = snapshot.colleagues;
    this.watching.may = snapshot.may_watch;
    this.watching.forget();
    this.#clockAhead_ms = snapshot.now - Date.now();
    this.#tick();
    this.robots.clear();
    for (const robot of snapshot.robots) this.robots.set(robot.id, robot);
    this.tasks.clear();
    this.cases.clear();
    for (const entry of snapshot.cases) this.cases.set(entry.case_id, entry);
    const opened = snapshot.holding ?? this.opened;
    if (opened && this.cases.has(opened)) this.open(opened);
    else {
      this.opened = null;
      this.packet = null;
    }
    this.#takeHolding(snapshot);
    this.#followHold();
  }

  /** A call that stands goes on; a case that no window carries is taken up by this one. */
  #takeHolding({ holding, call, ended }: Extract<ConsoleToOperator, { type: "snapshot" }>): void {
    if (this.holding && this.holding !== holding) {
      if (this.holding === ended?.case_id) this.#loseEnded(ended);
      else if (this.cases.get(this.holding)?.owner === "onsite") this.#lose(words.centre.onsite);
      else this.#lose(words.end.closed);
    }
    if (!this.holding) {
      this.#release();
      const mine = this.#fresh || this.#wanted === holding;
      if (holding && call === null && mine) this.accept(holding);
    } else if (call === null || call === this.#attempt.number) {
      this.#carry(this.holding);
    } else {
      this.#moved(words.centre.elsewhere);
    }
    this.#fresh = false;
  }

  #takeCase(entry: CaseEntry): void {
    const before = this.cases.get(entry.case_id);
    const isNew = isOffered(entry) && !(before && isOffered(before));
    if (entry.state === "closed") this.cases.delete(entry.case_id);
    else this.cases.set(entry.case_id, entry);
    if (isNew) {
      this.arrival = words.queue.newCase(
        entry.robot_name,
        reasonInWords(entry.reason, entry.language),
      );
      if (preferred("chime")) void chime();
    }
    const held = entry.case_id === this.holding;
    if (held) this.#takeOwnCase(entry, before);
    this.#followHold();
    const over = entry.state === "closed" || entry.owner === "onsite";
    if (over && entry.case_id === this.opened) {
      this.opened = null;
      this.packet = null;
      if (held) return;
      if (entry.owner === "onsite") this.toasts.show(words.centre.onsite);
      else if (entry.failure) this.toasts.show(FAILURES[entry.failure]);
    }
  }

  /** The robot has given picture and sound up; words go on. */
  #takeFailure({ failure }: CaseEntry): void {
    if (failure === "media_failed") this.call?.stop("given_up", words.call.notSetUp);
    if (failure === "untrusted" && this.call?.state !== "refused") {
      this.call?.stop("refused", words.call.refusedByRobot);
    }
  }

  #takeOwnCase(entry: CaseEntry, before: CaseEntry | undefined): void {
    const { operator, state } = entry;
    if (state === "closed") {
      this.#loseEnded(entry);
    } else if (entry.owner === "onsite") {
      this.#lose(words.centre.onsite);
    } else if (operator && operator.id !== this.operator.id) {
      this.#lose(words.centre.heldBy(operator.name));
      this.opened = null;
      this.packet = null;
    } else if (state === "returning") {
      this.#lose(words.end.returned);
    } else if (entry.failure !== before?.failure) {
      this.#takeFailure(entry);
    }
  }

  #takePacket(packet: Packet): void {
    if (this.packet?.case_id === packet.case_id && packet.revision < this.packet.revision) return;
    this.packet = packet;
    this.said.follow(this.packet, this.holding);
  }

  #takeTurn({ case_id, revision, turn }: Extract<ConsoleToOperator, { type: "turn" }>): void {
    if (case_id !== this.opened || this.packet?.case_id !== case_id) return;
    const packet = withTurn(this.packet, revision, turn);
    if (packet === "gap") this.open(case_id);
    else if (packet !== "known") this.packet = packet;
    this.said.follow(this.packet, this.holding);
  }

  #takeError(case_id: CaseId | null, error: ApiError): void {
    if (case_id && case_id === this.accepting) {
      this.accepting = null;
      this.#attempt.letDevicesGo();
    }
    this.#followHold();
    if (error.code === MOVED_ELSEWHERE && case_id === this.holding) this.#moved(error.message);
    else this.toasts.show(error.message);
  }

  #hold(case_id: CaseId): void {
    this.accepting = null;
    if (this.holding === case_id && this.call) return;
    this.call?.close();
    this.holding = case_id;
    this.said.forget();
    this.beside.forget();
    this.soFar = {};
    this.call = new Call(case_id, this.#attempt.takeDevices(), {
      send: (signal) => void this.#socket.send({ type: "signal", case_id, signal }),
      distrust: (session) => void this.#socket.send({ type: "distrust", case_id, session }),
      drive: (on) => this.#socket.send({ type: "drive", case_id, on }),
      nonce: this.#attempt.nonce,
    });
    this.#followHold();
    if (this.opened !== case_id) this.open(case_id);
    this.said.follow(this.packet, this.holding);
  }

  /** The call is on hold when the console says so, whichever window asked for it. */
  #followHold(): void {
    const entry = this.holding ? this.cases.get(this.holding) : undefined;
    if (entry) this.call?.setHeld(entry.hold !== null);
  }

  /** Lets go of a case that ended by itself; how it ended for the visitor can still be noted. */
  #loseEnded(entry: CaseEntry): void {
    this.#lose(endInWords(entry));
    this.unnoted = entry.case_id;
  }

  /** Lets go of the case that is held, for a reason that the operator didn't give. */
  #lose(why: string): void {
    this.gone = why;
    this.toasts.show(why);
    this.#release();
  }

  /** Another window carries the case; the view of the case says so, with the way back. */
  #moved(why: string): void {
    this.gone = why;
    if (this.opened !== this.holding) this.toasts.show(why);
    this.#release();
  }

  #release(): void {
    this.call?.close();
    this.call = null;
    this.holding = null;
    this.said.forget();
    this.beside.forget();
    this.soFar = {};
    this.#attempt.letDevicesGo();
  }
}
