import type {
  ConsoleToOperator,
  Lang,
  OperatorId,
  OperatorToConsole,
  RobotEntry,
  RobotId,
  Turn,
} from "@madoguchi/wire";

/** The visit of a robot's agent that this operator watches. */
export class Watching {
  /** Whether the operator may. */
  may = $state(false);
  /** The robot whose visit is watched by this page. */
  robot = $state<RobotId | null>(null);
  /** What was said in it. */
  turns = $state.raw<Turn[]>([]);

  readonly #send: (message: OperatorToConsole) => boolean;

  /** `send` says whether a message went out. */
  constructor(send: (message: OperatorToConsole) => boolean) {
    this.#send = send;
  }

  /** Begins to watch a robot's visit, instead of another one. */
  begin(robot_id: RobotId): boolean {
    if (this.robot) this.end();
    if (!this.#send({ type: "watch", robot_id, on: true })) return false;
    this.robot = robot_id;
    this.turns = [];
    return true;
  }

  /** Watches no longer. */
  end(): void {
    if (this.robot) this.#send({ type: "watch", robot_id: this.robot, on: false });
    this.forget();
  }

  /** The agent says this next, as the operator's words; `false` when that could not be sent. */
  suggest(text: string, language: Lang): boolean {
    const robot_id = this.robot;
    return robot_id !== null && this.#send({ type: "suggest", robot_id, text, language });
  }

  /** Takes lines that are new or have changed. */
  take({ turns }: Extract<ConsoleToOperator, { type: "watched" }>): void {
    const fresh = turns.map(({ number }) => number);
    const kept = this.turns.filter(({ number }) => !fresh.includes(number));
    this.turns = [...kept, ...turns].sort((a, b) => a.number - b.number);
  }

  /** Follows what the console says of a robot; whether this page's watch has ended by it. */
  follow(robot: RobotEntry, me: OperatorId): boolean {
    if (robot.id !== this.robot || robot.watched_by?.id === me) return false;
    if (robot.visit && !robot.watched_by && this.turns.length === 0) return false;
    this.forget();
    return true;
  }

  /** Watches nothing. */
  forget(): void {
    this.robot = null;
    this.turns = [];
  }
}
