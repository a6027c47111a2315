import {
  type CaseId,
  type ConsoleToOperator,
  type NotShown,
  type OperatorToConsole,
  type Point,
  type Showable,
  type Showing,
  type ShowWish,
} from "@madoguchi/wire";

/** What stands on the screen of the robot whose call this page carries. */
export class Show {
  /** What there is to show. */
  showable = $state.raw<Showable | null>(null);
  /** What is shown. */
  showing = $state.raw<Showing | null>(null);
  /** Where it is pointed at. */
  pointer = $state.raw<Point | null>(null);

  readonly #send: (message: OperatorToConsole) => boolean;
  readonly #refused: (why: NotShown) => void;

  /** `send` says whether a message went out; `refused` is told why something isn't shown. */
  constructor(send: (message: OperatorToConsole) => boolean, refused: (why: NotShown) => void) {
    this.#send = send;
    this.#refused = refused;
  }

  /** The picture that is shown, as an address of the browser's own. */
  get picture(): string | null {
    const picture = this.showing?.picture;
    return picture ? `data:${picture.kind};base64,${picture.base64}` : null;
  }

  /** Puts something on the screen, or takes away what is there. */
  ask(case_id: CaseId, wish: ShowWish | null): boolean {
    return this.#send({ type: "show", case_id, wish });
  }

  /** Points at the picture, or no longer. */
  point(case_id: CaseId, at: Point | null): void {
    if (!this.showing) return;
    this.pointer = at;
    this.#send({ type: "point", case_id, shown: this.showing.number, at });
  }

  /** The robot told what it shows. */
  take(message: ShowMessage): void {
    if (message.type === "showable") {
      this.showable = message.showable;
    } else if (message.type === "showing") {
      if (message.refused) this.#refused(message.refused);
      if (message.showing?.number !== this.showing?.number) {
        this.pointer = message.showing?.pointer ?? null;
      }
      this.showing = message.showing;
    } else if (message.shown === this.showing?.number) {
      this.pointer = message.at;
    }
  }

  /** Another case is held, or none. */
  forget(): void {
    this.showable = null;
    this.showing = null;
    this.pointer = null;
  }
}

/** What the console passes on of it. */
export type ShowMessage = Extract<ConsoleToOperator, { type: "showable" | "showing" | "pointed" }>;
