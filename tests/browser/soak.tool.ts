import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openWithBrowser, type House } from "./support/house";
import {
  accept,
  answersTyped,
  canHear,
  caption,
  end,
  leave,
  openDesk,
  openScreen,
  play,
  stage,
} from "./support/people";

/** How long `make soak` goes on. */
const MINUTES = Number(process.env["MINUTES"] ?? 30);
/** Growth between the first and the last quarter that counts as a leak. */
const RSS_GROWTH = 1.1;
const FILES_GROWTH = 4;

interface Sample {
  rss_mb: number;
  threads: number;
  files: number;
}

/** Visit after visit, spoken, typed and passed to a person, on one robot and one console. */
test("soak", { timeout: (MINUTES + 5) * 60_000 }, async () => {
  const voice = { id: "voice", language: "en", say: "What are your opening hours?" };
  const { browser, house, close } = await openWithBrowser([voice], { ahead: true });
  const until = Date.now() + MINUTES * 60_000;
  const samples: Record<"robot" | "console", Sample[]> = { robot: [], console: [] };
  try {
    const screen = await openScreen(browser, house);
    const desk = await openDesk(browser, house);
    await canHear(screen);
    for (let visit = 0; visit < 8 || Date.now() < until; visit += 1) {
      await play(screen, "voice");
      await caption(screen, "agent", "en").first().waitFor({ timeout: 30_000 });
      await answersTyped(screen, "Where can I pay my taxes?", "en", "tax-payment");
      if (visit % 2 === 1) {
        await screen.getByTestId("talk-to-person").click();
        await accept(screen, desk);
        await end(desk);
        await stage(screen, "conversation").waitFor({ timeout: 15_000 });
      }
      await leave(screen);
      for (const program of ["robot", "console"] as const) {
        samples[program].push(await sample(house, program));
      }
      if (visit % 10 === 9) console.log(`${visit + 1} visits: ${tell(samples)}`);
    }
  } finally {
    await close();
  }
  for (const [program, seen] of Object.entries(samples)) {
    const quarter = Math.floor(seen.length / 4);
    const early = middle(seen.slice(quarter, 2 * quarter));
    const late = middle(seen.slice(-quarter));
    console.log(
      `${program.padEnd(8)} ${seen.length} visits   resident set ${early.rss_mb} → ${late.rss_mb} MB   ` +
        `threads ${early.threads} → ${late.threads}   open files ${early.files} → ${late.files}`,
    );
    expect(late.rss_mb, `${program}: resident set, MB`).toBeLessThan(early.rss_mb * RSS_GROWTH + 4);
    expect(late.threads, `${program}: threads`).toBeLessThanOrEqual(early.threads + 1);
    expect(late.files, `${program}: open files`).toBeLessThanOrEqual(early.files + FILES_GROWTH);
  }
});

async function sample(house: House, program: "robot" | "console"): Promise<Sample> {
  const folder = `/proc/${house.pids()[program]}`;
  const status = await readFile(`${folder}/status`, "utf8");
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "mu").exec(status)?.[1]);
  return {
    rss_mb: Math.round(field("VmRSS") / 1024),
    threads: field("Threads"),
    files: (await readdir(`${folder}/fd`)).length,
  };
}

/** Field by field the median: the programs breathe. */
function middle(samples: Sample[]): Sample {
  const median = (pick: (sample: Sample) => number): number =>
    samples.map(pick).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? NaN;
  return {
    rss_mb: median((s) => s.rss_mb),
    threads: median((s) => s.threads),
    files: median((s) => s.files),
  };
}

function tell(samples: Record<string, Sample[]>): string {
  return Object.entries(samples)
    .map(([program, seen]) => {
      const last = seen.at(-1);
      return `${program} ${last?.rss_mb} MB, ${last?.threads} threads, ${last?.files} files`;
    })
    .join("; ");
}
