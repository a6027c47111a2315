import type {
  CaseId,
  ConsoleToOperator,
  FormWish,
  NotFilled,
  OperatorToConsole,
  SharedForm,
} from "@madoguchi/wire";

/** The form that is filled in together in the call that this page carries. */
export class FormOfCall {
  /** How it stands; absent when there is none. */
  form = $state.raw<SharedForm | null>(null);

  readonly #send: (message: OperatorToConsole) => boolean;
  readonly #refused: (why: NotFilled) => void;

  /** `send` says whether a message went out; `refused` is told why a wish isn't done. */
  constructor(send: (message: OperatorToConsole) => boolean, refused: (why: NotFilled) => void) {
    this.#send = send;
    this.#refused = refused;
  }

  /** Does something with it. */
  ask(case_id: CaseId, wish: FormWish): boolean {
    return this.#send({ type: "fill_in", case_id, wish });
  }

  /** The robot told how it stands. */
  take({ form, refused }: FormMessage): void {
    this.form = form;
    if (refused) this.#refused(refused);
  }

  /** Another case is held, or none. */
  forget(): void {
    this.form = null;
  }
}

/** What the console passes on of it. */
export type FormMessage = Extract<ConsoleToOperator, { type: "form" }>;
