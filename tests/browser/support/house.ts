import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { launch } from "./browser";
import { logsOf } from "./last-words";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const PROFILE = process.env["MADOGUCHI_PROFILE"] ?? "debug";
export const BIN = join(process.env["CARGO_TARGET_DIR"] ?? join(ROOT, "target"), PROFILE);
export const MODELS = join(ROOT, ".demo", "models");
export const PACK = join(ROOT, "robot-firmware", "pack");

/** Somebody who can be played into the robot's simulated microphone. */
export interface Visitor {
  id: string;
  language: string;
  wav?: string;
  say?: string;
  emergency_stop?: "press" | "reset";
}

/** A console and a robot of this checkout, with everything they keep in a folder of their own. */
export interface House {
  screen: string;
  desk: string;
  user: string;
  password: string;
  /** Makes or changes operators' accounts, as `madoguchi-console operator` does. */
  operators(args: string[]): void;
  /** Where robots reach the console, and the certificate that they must find there. */
  link: { url: string; fingerprint: string };
  /** A code by which the console takes one more robot in. */
  offer(name: string): string;
  /** Sets a new PIN for staff in the room. */
  staffPin(): string;
  /** Where each of the two programs keeps its files. */
  folders: { robot: string; console: string };
  /** The bytes that the robot keeps for its console. */
  owed(): Promise<number>;
  /** What the robot logged so far. */
  robotLog(): string;
  /** Where inputs and decisions are recorded, when that was asked for. */
  record: string;
  stopRobot(): Promise<void>;
  startRobot(): Promise<void>;
  /** Sends a signal to one of the programs: `SIGSTOP` is a hang; a crash, `SIGKILL`, is awaited. */
  signal(program: "robot" | "console", signal: NodeJS.Signals): Promise<void>;
  /** The process ids, as they are now. */
  pids(): { robot: number; console: number };
  /** Stops the console and leaves the robot alone. */
  stopConsole(): Promise<void>;
  startConsole(): Promise<void>;
  stop(): Promise<void>;
}

export interface HouseOptions {
  /** More of the console's configuration. */
  console?: string;
  /** Where the models are. */
  models?: string;
  pack?: string;
  /** Whether the robot has wheels, in a simulated room. */
  wheels?: boolean;
  record?: boolean;
  /**
   * Whether the robot synthesises the pack's sentences ahead, as one in service does: a minute of
   * processor time after each start, which tests beside it would have to wait for.
   */
  ahead?: boolean;
  /** Whether the made-up office's records are there to be asked. */
  records?: boolean;
}

export const DEMO = join(ROOT, "robot-firmware", "robot.demo.toml");
const RECORDS =
  `[[back_office]]\nname = "records"\ncommand = "hoshikawa-records"\n` +
  `args = ["--database", "records.db", "--seed-demo"]\n`;
/**
 * What a robot finds out at its first start, kept where the demonstration keeps it: the vectors of
 * the sample pack's examples, what was learned from them, and how fast the recogniser is here.
 */
const FOUND_OUT = ["example-vectors", "example-duals", "recogniser-fit.json"];
const KNOWN = join(ROOT, ".demo", "robot");

/**
 * Lets the demonstration's robot find that out once, before the first test, so that not every robot
 * does it again: learning takes minutes on a slow machine, which no test's or hook's limit should
 * have to cover, and a recogniser that is timed beside other tests is taken for slow. What the
 * Rust tests' robot has found out is taken over.
 */
export async function warmUp(): Promise<void> {
  await mkdir(KNOWN, { recursive: true, mode: 0o700 });
  for (const file of FOUND_OUT) {
    const found = join(ROOT, "target", "tmp", "robot", file);
    if (!existsSync(join(KNOWN, file)) && existsSync(found)) await cp(found, join(KNOWN, file));
  }
  run("madoguchi-robot", ["ask", "--lang", "en", "hello", "--config", DEMO]);
  // Whatever else may be in trouble is no matter here.
  command("madoguchi-robot", ["check", "--config", DEMO]);
}

export async function openHouse(visitors: Visitor[], options: HouseOptions = {}): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), "madoguchi-test-"));
  const [tls, plain, screenPort] = await freePorts(3);
  await mkdir(join(folder, "console"));
  const consoleConfig = join(folder, "console", "console.toml");
  await writeFile(
    consoleConfig,
    `listen_tls = "127.0.0.1:${tls}"\nlisten_loopback = "127.0.0.1:${plain}"\n` +
      `database = "sqlite:console.db"\n${options.console ?? ""}`,
  );
  const robotConfig = join(folder, "robot.toml");
  await writeFile(
    robotConfig,
    `pack = ${JSON.stringify(options.pack ?? PACK)}\nmodels = ${JSON.stringify(options.models ?? MODELS)}\nstate = "robot"\n` +
      `[screen]\nlisten = "127.0.0.1:${screenPort}"\n` +
      (options.ahead ? "" : `[voice]\ncache_mb = 0\n`) +
      (options.wheels ? `[drive]\ncontroller = "simulated"\n` : "") +
      (options.records ? RECORDS : "") +
      visitors.map(visitorTable).join(""),
  );
  await mkdir(join(folder, "robot"), { mode: 0o700 });
  for (const file of FOUND_OUT) {
    const known = join(KNOWN, file);
    if (existsSync(known)) await cp(known, join(folder, "robot", file));
  }
  const password = "only-for-this-test";
  run(
    "madoguchi-console",
    [
      "operator",
      "add",
      "hana",
      "--name",
      "Sato Hana",
      "--languages",
      "en,ja",
      "--config",
      consoleConfig,
      "--password-stdin",
    ],
    `${password}\n`,
  );
  const place = ["--site", "Test office", "--place", "Hall"];
  const offer = (name: string): { code: string; fingerprint: string } => {
    const args = ["robot", "claim-code", "--name", name, ...place, "--json"];
    const made = run("madoguchi-console", [...args, "--config", consoleConfig]);
    return JSON.parse(made) as { code: string; fingerprint: string };
  };
  const claim = offer("Entrance 1");
  run("madoguchi-robot", [
    "claim",
    "--config",
    robotConfig,
    "--console",
    `wss://127.0.0.1:${tls}/robot/link`,
    "--fingerprint",
    claim.fingerprint,
    "--code",
    claim.code,
  ]);

  let server = start("madoguchi-console", ["serve", "--config", consoleConfig]);
  const record = join(folder, "record.jsonl");
  const recording = options.record ? ["--record", record] : [];
  let robot = start("madoguchi-robot", ["run", "--config", robotConfig, ...recording]);
  logsOf("the robot", () => robot.log());
  logsOf("the console", () => server.log());
  const desk = `http://127.0.0.1:${plain}/`;
  const screen = `http://127.0.0.1:${screenPort}/`;
  try {
    await answers(`${desk}api/health`, server);
    await answers(screen, robot);
  } catch (error) {
    await Promise.all([robot.stop(), server.stop()]);
    throw error;
  }
  return {
    screen,
    desk,
    user: "hana",
    password,
    record,
    operators: (args) => {
      const input = args[0] === "add" ? `${password}\n` : "";
      const secret = args[0] === "add" ? ["--password-stdin"] : [];
      run("madoguchi-console", ["operator", ...args, "--config", consoleConfig, ...secret], input);
    },
    link: { url: `wss://127.0.0.1:${tls}/robot/link`, fingerprint: claim.fingerprint },
    offer: (name) => offer(name).code,
    staffPin: () =>
      run("madoguchi-robot", ["staff-pin", "--random", "--config", robotConfig]).trim(),
    folders: { robot: join(folder, "robot"), console: join(folder, "console") },
    owed: () =>
      stat(join(folder, "robot", "owed.sealed")).then(
        ({ size }) => size,
        () => 0,
      ),
    robotLog: () => robot.log(),
    stopRobot: () => robot.stop(),
    startRobot: async () => {
      robot = start("madoguchi-robot", ["run", "--config", robotConfig]);
      await answers(screen, robot);
    },
    signal: async (program, signal) => {
      const { process } = program === "robot" ? robot : server;
      const ended = once(process, "exit");
      process.kill(signal);
      if (signal === "SIGKILL") await ended;
    },
    pids: () => ({ robot: robot.process.pid ?? 0, console: server.process.pid ?? 0 }),
    stopConsole: () => server.stop(),
    startConsole: async () => {
      server = start("madoguchi-console", ["serve", "--config", consoleConfig]);
      await answers(`${desk}api/health`, server);
    },
    stop: async () => {
      await Promise.all([robot.stop(), server.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A house and a browser to visit it with. */
export interface HouseWithBrowser {
  house: House;
  browser: Browser;
  close: () => Promise<void>;
}

/** Opens both. */
export async function openWithBrowser(
  visitors: Visitor[] = [],
  options: HouseOptions = {},
): Promise<HouseWithBrowser> {
  const browser = await launch();
  const house = await openHouse(visitors, options);
  return {
    house,
    browser,
    close: async () => {
      await house.stop();
      await browser.close();
    },
  };
}

/** An office that has no English. */
export const NO_ENGLISH = join(ROOT, "tests", "packs", "no-english");

/** Recordings in the folder of real voices beside the checkout, where there is one. */
export async function realVoices(): Promise<Map<string, string>> {
  const folder = join(ROOT, "..", "shared", "speech");
  if (!existsSync(folder)) return new Map();
  const names = await readdir(folder);
  return new Map(
    names.filter((name) => name.endsWith(".wav")).map((name) => [name, join(folder, name)]),
  );
}

function visitorTable({ id, language, wav, say, emergency_stop }: Visitor): string {
  const voice = emergency_stop
    ? `emergency_stop = "${emergency_stop}"`
    : wav
      ? `wav = ${JSON.stringify(wav)}`
      : `say = ${JSON.stringify(say)}`;
  return `[[visitor]]\nid = "${id}"\nlabel = "${id}"\nlanguage = "${language}"\n${voice}\n`;
}

/** What a command did. */
export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one of the programs to its end. */
export function command(program: string, args: string[], input = ""): Ran {
  const done = spawnSync(join(BIN, program), args, { input, encoding: "utf8" });
  if (done.error) throw new Error(`${program} can't be run; build it first: ${done.error.message}`);
  return done;
}

function run(program: string, args: string[], input = ""): string {
  const done = command(program, args, input);
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

interface Program {
  process: ChildProcess;
  log(): string;
  stop(): Promise<void>;
}

function start(program: string, args: string[]): Program {
  const process = spawn(join(BIN, program), args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  process.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const ended = once(process, "exit");
  return {
    process,
    log: () => log,
    stop: async () => {
      if (process.exitCode !== null || process.signalCode !== null) return;
      process.kill("SIGCONT");
      process.kill("SIGTERM");
      const force = setTimeout(() => process.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(force);
    },
  };
}

async function answers(address: string, program: Program): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    if (program.process.exitCode !== null || Date.now() > deadline) {
      throw new Error(`nothing answers at ${address}:\n${program.log()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Ports where nobody listens, below those that the kernel gives to whoever dials out, so that
 * nobody takes one before the program does; each worker of the tests has a thousand of its own.
 */
let nextPort = 12_000 + 1_000 * (Number(process.env["VITEST_POOL_ID"] ?? 0) % 16);

async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = nextPort++;
    const server = createServer();
    const free = await new Promise<boolean>((tell) => {
      server.once("error", () => tell(false)).listen(port, "127.0.0.1", () => tell(true));
    });
    if (!free) continue;
    await new Promise((done) => server.close(done));
    ports.push(port);
  }
  return ports;
}
