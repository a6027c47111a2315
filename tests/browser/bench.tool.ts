import { readFile } from "node:fs/promises";
import type { Packet } from "@madoguchi/wire";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openWithBrowser } from "./support/house";
import {
  canHear,
  caption,
  end,
  leave,
  openDesk,
  openScreen,
  play,
  stage,
  types,
} from "./support/people";

/** What `make bench` prints: times of a whole visit, measured from outside on the real programs. */
const RUNS = Number(process.env["RUNS"] ?? 20);
/** Every answer of the pack is spoken into memory, on two cores that draw two pages as well. */
const PREPARED = { timeout: 400_000, interval: 1_000 };
/** A small window: the browser draws without a graphics card here, and is no part of the times. */
const VIEWPORT = { width: 1280, height: 720 };

/** A wish that needs no model to be understood. */
const WISH = "I want to talk to a person";

interface Step {
  now: { monotonic_ms: number; wall: number };
  input: unknown;
}

type Arrival = Window["arrivals"][number];

type Stage = "total" | "shown" | "endpointing" | "recognition" | "decision" | "voice";

declare global {
  interface Window {
    /** When the page showed that somebody paused, by the wall clock. */
    pausesShown: number[];
    /** When the page showed a case that it had not shown before, likewise. */
    casesShown: number[];
    /** What arrived at the desk when: cases, and packets with so many lines. */
    arrivals: { type: string; lines: number; at: number }[];
  }
}

test("bench", async () => {
  const answers = await benchAnswers();
  const calls = await benchCalls();
  row("end of speech → first spoken audio", answers.total);
  row("  of it: waiting for the end of speech", answers.endpointing);
  row("  of it: recognition after that", answers.recognition);
  row("  of it: meaning and decision", answers.decision);
  row("  of it: voice, to the first sound", answers.voice);
  row("end of speech → shown as noticed on the screen", answers.shown);
  row("accept → first video frame at the operator", calls.robot);
  row("accept → first video frame on the screen", calls.face);
});

test("bench of handing over", async () => {
  const torch = await benchTorch();
  row("trigger → route and reason at the desk", torch.arrived);
  row("trigger → case visible in the operator's page", torch.visible);
  row("trigger → conversation there, opened at once", torch.readable);
  row("trigger → spoken notice to the resident", torch.spoken);
});

/** From words that call a person to the case at the desk and the first sound of the notice. */
async function benchTorch() {
  const { browser, house, close } = await openWithBrowser([], { record: true, ahead: true });
  const screen = await openScreen(browser, house, VIEWPORT);
  const desk = await openDesk(browser, house, house.user, stampArrivals);
  await expect.poll(() => house.robotLog(), PREPARED).toContain("are synthesised ahead");
  await stampCases(desk);
  for (let run = 0; run < RUNS; run += 1) {
    await screen.getByTestId("language-en").click();
    await types(screen, WISH);
    await desk.getByTestId("case-row").first().click();
    await desk.getByTestId("transcript-line").first().waitFor();
    await screen.locator('[data-activity="speaking"]').waitFor();
    await screen.getByTestId("stop-waiting").click();
    await stage(screen, "conversation").waitFor();
    await desk.getByTestId("case-row").first().waitFor({ state: "detached" });
    await leave(screen);
  }
  const shown = await desk.evaluate(() => window.casesShown);
  const arrivals = await desk.evaluate(() => window.arrivals);
  await house.stopRobot();
  const lines = (await readFile(house.record, "utf8")).trim().split("\n").slice(1);
  await close();
  const visible: number[] = [];
  const spoken: number[] = [];
  const arrived: number[] = [];
  const readable: number[] = [];
  const first = (called: number, wanted: (one: Arrival) => boolean): number =>
    (arrivals.find((one) => one.at >= called && wanted(one))?.at ?? Number.NaN) - called;
  let called = 0;
  for (const { input, now } of lines.map((line) => JSON.parse(line) as Step)) {
    const [kind] = Object.keys((input ?? {}) as object);
    if (kind === "typed") called = now.wall;
    if (kind === "say_started" && called) {
      spoken.push(now.wall - called);
      visible.push((shown.find((stamp) => stamp >= called) ?? Number.NaN) - called);
      arrived.push(first(called, ({ type }) => type === "case"));
      readable.push(first(called, ({ lines }) => lines > 0));
      called = 0;
    }
  }
  return { arrived, visible, readable, spoken };
}

/** Notes what arrives at the desk, before the page has seen it. */
function stampArrivals(): void {
  window.arrivals = [];
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) => {
        const message = JSON.parse(String(data)) as { type: string; packet?: Packet };
        const lines = message.packet?.transcript.length ?? 0;
        window.arrivals.push({ type: message.type, lines, at: Date.now() });
      });
    }
  };
}

/** Notes when the desk shows a case that it had not shown before, after it has painted it. */
async function stampCases(desk: Page): Promise<void> {
  await desk.evaluate(() => {
    window.casesShown = [];
    const known = new Set<string | undefined>();
    new MutationObserver(() => {
      const rows = document.querySelectorAll<HTMLElement>('[data-testid="case-row"]');
      const fresh = [...rows].filter((row) => !known.has(row.dataset["case"]));
      for (const row of fresh) known.add(row.dataset["case"]);
      if (fresh.length > 0) requestAnimationFrame(() => window.casesShown.push(Date.now()));
    }).observe(document.body, { subtree: true, childList: true });
  });
}

async function benchAnswers() {
  const question = { id: "q", language: "en", say: "What are your opening hours?" };
  const { browser, house, close } = await openWithBrowser([question], {
    record: true,
    ahead: true,
  });
  const screen = await openScreen(browser, house, VIEWPORT);
  await canHear(screen);
  // As a robot is that was switched on in the morning: what the pack says is ready in memory.
  await expect.poll(() => house.robotLog(), PREPARED).toContain("are synthesised ahead");
  await stampPauses(screen);
  for (let run = 0; run < RUNS; run += 1) {
    await play(screen, "q");
    await stage(screen, "conversation").waitFor();
    await caption(screen, "agent", "en").first().waitFor();
    await screen.locator('[data-activity="speaking"]').waitFor();
    await new Promise((resolve) => setTimeout(resolve, 700));
    await leave(screen);
  }
  const stamps = await screen.evaluate(() => window.pausesShown);
  await house.stopRobot();
  const lines = (await readFile(house.record, "utf8")).trim().split("\n").slice(1);
  await close();
  return stages(
    lines.map((line) => JSON.parse(line) as Step),
    stamps,
  );
}

/** Cuts each answer of a record into its stages; `stamps` says when the page showed a pause. */
function stages(steps: Step[], stamps: number[]): Record<Stage, number[]> {
  const times: Record<Stage, number[]> = {
    total: [],
    shown: [],
    endpointing: [],
    recognition: [],
    decision: [],
    voice: [],
  };
  let silent = { at: 0, wall: 0 };
  let ended = 0;
  let heard = 0;
  let decided = 0;
  for (const { input, now } of steps) {
    const [kind, rest] = Object.entries(input ?? {})[0] ?? [];
    const at = now.monotonic_ms;
    if (kind === "speech_paused") {
      const { silence_ms } = rest as { silence_ms: number };
      silent = { at: at - silence_ms, wall: now.wall - silence_ms };
    }
    if (kind === "speech_ended") ended = at;
    if (kind === "heard") heard = at;
    if (kind === "embedded") decided = at;
    if (kind === "say_started" && ended && heard >= ended && decided >= heard) {
      const shown = stamps.find((stamp) => stamp >= silent.wall) ?? Number.NaN;
      times.shown.push(shown - silent.wall);
      times.endpointing.push(ended - silent.at);
      times.recognition.push(heard - ended);
      times.decision.push(decided - heard);
      times.voice.push(at - decided);
      times.total.push(at - silent.at);
      ended = 0;
    }
  }
  return times;
}

/** Notes when the page shows that somebody paused, after it has painted it. */
async function stampPauses(screen: Page): Promise<void> {
  await screen.evaluate(() => {
    window.pausesShown = [];
    new MutationObserver((changes) => {
      const now = changes.some(
        ({ target }) => (target as HTMLElement).dataset["hushed"] === "true",
      );
      if (now) requestAnimationFrame(() => window.pausesShown.push(Date.now()));
    }).observe(document.body, { subtree: true, attributeFilter: ["data-hushed"] });
  });
}

async function benchCalls() {
  const { browser, house, close } = await openWithBrowser([], { ahead: true });
  const screen = await openScreen(browser, house, VIEWPORT);
  const desk = await openDesk(browser, house);
  const robot: number[] = [];
  const face: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    await screen.getByTestId("talk-to-person").click();
    await desk.getByTestId("case-row").first().click();
    await desk.getByTestId("accept").waitFor();
    const start = Date.now();
    const first = [firstFrame(desk, "robot-video", start), firstFrame(screen, "face", start)];
    await desk.getByTestId("accept").click();
    const [operator, resident] = await Promise.all(first);
    robot.push(operator ?? Number.NaN);
    face.push(resident ?? Number.NaN);
    await end(desk);
    await stage(screen, "conversation").waitFor();
    await leave(screen);
  }
  await close();
  return { robot, face };
}

/** Milliseconds from `start` to the first presented frame of a video element that may not exist yet. */
async function firstFrame(page: Page, testid: string, start: number): Promise<number> {
  return page.evaluate(
    async ({ testid, start }) => {
      const find = (): HTMLVideoElement | null =>
        document.querySelector(`[data-testid="${testid}"]`);
      while (!find()) await new Promise((resolve) => requestAnimationFrame(resolve));
      return new Promise<number>((resolve) => {
        find()?.requestVideoFrameCallback(() => resolve(Date.now() - start));
      });
    },
    { testid, start },
  );
}

function row(what: string, values: number[]): void {
  expect(values.length, what).toBe(RUNS);
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const nearestRank = (percent: number): number => Math.ceil((percent * sorted.length) / 100) - 1;
  const at = (percent: number): string => String(Math.round(sorted[nearestRank(percent)] ?? NaN));
  console.log(
    `${what.padEnd(46)} p50 ${at(50).padStart(6)} ms   p95 ${at(95).padStart(6)} ms   n ${sorted.length}`,
  );
}
