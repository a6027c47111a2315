import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openWithBrowser } from "./support/house";
import { canHear, caption, end, leave, openDesk, openScreen, play, stage } from "./support/people";

/** What `make bench` prints: times of a whole visit, measured from outside on the real programs. */
const RUNS = Number(process.env["RUNS"] ?? 20);
/** Every answer of the pack is spoken into memory, on two cores that draw two pages as well. */
const PREPARED = { timeout: 400_000, interval: 1_000 };
/** A small window: the browser draws without a graphics card here, and is no part of the times. */
const VIEWPORT = { width: 1280, height: 720 };

interface Step {
  now: { monotonic_ms: number; wall: number };
  input: unknown;
}

type Stage = "total" | "shown" | "endpointing" | "recognition" | "decision" | "voice";

declare global {
  interface Window {
    /** When the page showed that somebody paused, by the wall clock. */
    pausesShown: number[];
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

async function benchAnswers() {
  const question = { id: "q", language: "en", say: "What are your opening hours?" };
  const { browser, house, close } = await openWithBrowser([question], { record: true });
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
  const { browser, house, close } = await openWithBrowser();
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
