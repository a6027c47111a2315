import type { OperatorToConsole } from "@madoguchi/wire";
import { words } from "../lib/words";
import { FormOfCall, type FormMessage } from "./form.svelte";
import { Show, type ShowMessage } from "./show.svelte";
import { StillOfCase, type StillMessage } from "./still.svelte";

/** What an operator has in a call beside picture, sound and words. */
export class Beside {
  /** What the robot's screen shows. */
  readonly show: Show;
  /** The form that is filled in together. */
  readonly form: FormOfCall;
  /** The still that was asked for, or that the case holds. */
  readonly still: StillOfCase;

  /** `send` says whether a message went out; `tell` shows a sentence to the operator. */
  constructor(send: (message: OperatorToConsole) => boolean, tell: (text: string) => void) {
    this.show = new Show(send, (why) => tell(words.show.refused[why]));
    this.form = new FormOfCall(send, (why) => tell(words.form.refused[why]));
    this.still = new StillOfCase(send);
  }

  /** The robot or the console told of it. */
  take(message: BesideMessage): void {
    switch (message.type) {
      case "still":
      case "still_step":
        return this.still.take(message);
      case "form":
        return this.form.take(message);
      default:
        return this.show.take(message);
    }
  }

  /** Another case is held, or none. */
  forget(): void {
    this.show.forget();
    this.form.forget();
    this.still.forget();
  }
}

/** What the console passes on of it. */
export type BesideMessage = ShowMessage | StillMessage | FormMessage;
