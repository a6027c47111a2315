import type {
  CaseId,
  ConsoleToOperator,
  OperatorToConsole,
  Still,
  StillStep,
} from "@madoguchi/wire";

/** The still of the case that this page carries, and how far one is that was asked for. */
export class StillOfCase {
  /** What the case holds. */
  still = $state.raw<Still | null>(null);
  /** How far it is; absent when none was asked for. */
  step = $state<StillStep | null>(null);

  readonly #send: (message: OperatorToConsole) => boolean;

  /** `send` says whether a message went out. */
  constructor(send: (message: OperatorToConsole) => boolean) {
    this.#send = send;
  }

  /** Whether the visitor is at it. */
  get pending(): boolean {
    return this.step === "asked" || this.step === "preview";
  }

  /** Asks the visitor, or no longer. */
  ask(case_id: CaseId, on: boolean): boolean {
    const sent = this.#send({ type: "ask_still", case_id, on });
    if (sent && !on) this.step = null;
    return sent;
  }

  /** The robot or the console told of it. */
  take(message: StillMessage): void {
    if (message.type === "still_step") {
      this.step = message.step;
    } else {
      this.still = message.still;
      if (this.step === "sent") this.step = null;
    }
  }

  /** Another case is held, or none. */
  forget(): void {
    this.still = null;
    this.step = null;
  }
}

/** What the console passes on of it. */
export type StillMessage = Extract<ConsoleToOperator, { type: "still" | "still_step" }>;
