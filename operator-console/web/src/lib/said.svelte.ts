import type { CaseId, ConsoleToOperator, Packet } from "@madoguchi/wire";
import { lastSaid, nextMessageNumber, type SaidMessage } from "./messages";

/** What became of the words that the operator typed for the visitor of the case that is held. */
export class Said {
  /** The newest ones. */
  newest = $state.raw<SaidMessage | null>(null);

  /** Numbers words of a packet's case; they are the newest once `send` has sent them. */
  say(packet: Packet, text: string, send: (message: number) => boolean): boolean {
    const message = nextMessageNumber(packet);
    if (!send(message)) return false;
    this.newest = { message, text };
    return true;
  }

  /** The screen shows them. */
  shown({ message, language, text, translated }: Shown): void {
    if (this.newest?.message !== message) return;
    this.newest = { ...this.newest, shown: { ...this.newest.shown, language, text, translated } };
  }

  /** The packet knows what became of words that were typed before this page was loaded. */
  follow(packet: Packet | null, holding: CaseId | null): void {
    if (!packet || packet.case_id !== holding) return;
    const last = lastSaid(packet);
    if (!this.newest) this.newest = last;
    else if (last?.shown && last.text === this.newest.text) {
      this.newest = { ...this.newest, shown: last.shown };
    }
  }

  /** Another case is held, or none. */
  forget(): void {
    this.newest = null;
  }
}

type Shown = Extract<ConsoleToOperator, { type: "shown" }>;
