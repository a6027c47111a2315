import type { RobotToScreen, ScreenToRobot, Stage } from "@madoguchi/wire";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { TONGUES, view, VISITORS } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { launch } from "./support/browser";
import { layoutFaults } from "./support/layout";
import { ORIGIN, serve, troubles, Wire } from "./support/pages";
import { framesShown, playRobot, relay } from "./support/robot";

const STAGES: Stage[] = ["greeting", "conversation", "waiting", "connecting", "live", "goodbye"];
const DISPLAYS = [
  [1080, 1920],
  [1920, 1080],
  [1280, 800],
  [800, 480],
] as const;

let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
afterEach(() => context.close());

async function open(
  first: RobotToScreen[],
  [width, height]: readonly [number, number] = [1280, 800],
): Promise<{ page: Page; daemon: Wire<RobotToScreen, ScreenToRobot>; bad: string[] }> {
  context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: "reduce",
    permissions: ["camera", "microphone"],
  });
  await serve(context, "screen");
  const page = await context.newPage();
  const bad = troubles(page);
  const daemon = await Wire.attach<RobotToScreen, ScreenToRobot>(page, /\/ws$/u, first);
  await page.goto(ORIGIN);
  return { page, daemon, bad };
}

const show = (...args: Parameters<typeof view>): RobotToScreen => ({
  type: "view",
  view: view(...args),
});

/** What reaches into the strip of sample visitors, or has no room because of it. */
async function clearOfStrip(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const strip = document.querySelector("[data-testid=sample-visitors]")?.closest("aside");
    const box = strip?.getBoundingClientRect();
    if (!box) return ["there is no strip"];
    const least_px = { ".captions": 64, "[data-testid=typed]": 64, ".actions button": 64 };
    return Object.entries(least_px).flatMap(([selector, least]) =>
      [...document.querySelectorAll(selector)].flatMap((element) => {
        const { left, right, top, bottom, height } = element.getBoundingClientRect();
        const over = right > box.left + 1 && left < box.right - 1 && bottom > box.top + 1;
        if (over) return [`${selector} ends ${bottom - box.top} px inside the strip`];
        if (bottom > innerHeight || top < 0) return [`${selector} leaves the display`];
        return height < least - 0.5 ? [`${selector} is only ${height} px high`] : [];
      }),
    );
  });
}

describe.each(DISPLAYS)("on a display of %i × %i", (width, height) => {
  it.each(Object.keys(TONGUES))("every stage in %s can be read and touched", async (language) => {
    const { page, daemon, bad } = await open([show("greeting", language)], [width, height]);
    const faults: Record<string, string[]> = {};
    for (const stage of STAGES) {
      daemon.say(show(stage, language, stage === "greeting" ? { sample_visitors: VISITORS } : {}));
      await page.locator(`[data-testid=stage][data-stage=${stage}]`).waitFor();
      const found = await layoutFaults(page, {
        touch_px: 64,
        reading: "[data-testid=caption] .text, [data-testid=notice] p",
        reading_px: 32,
        contrast: 7,
        whole: "[data-testid=notice], .dock button, .in-use p, .shape, .word",
      });
      if (found.length > 0) faults[stage] = found;
    }
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});

describe("the screen page", () => {
  it("says in which language and direction it is", async () => {
    const { page } = await open([show("conversation", "ar")]);
    const root = page.locator("html");
    await page.getByTestId("caption").first().waitFor();
    expect(await root.getAttribute("lang")).toBe("ar");
    expect(await root.getAttribute("dir")).toBe("rtl");
    expect(await page.getByTestId("caption").first().getAttribute("data-language")).toBe("ar");
  });

  it.each(STAGES)("passes the accessibility rules while in %s", async (stage) => {
    const { page } = await open([show(stage, "pt", { sample_visitors: VISITORS })]);
    await page.getByTestId("stage").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it("has room for many languages", async () => {
    const tags = "ja en zh zh-Hant ko vi tl pt es ne id th my ar fr de ru uk hi bn".split(" ");
    const languages = tags.map((language) => ({
      language,
      name: new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language,
    }));
    const { page } = await open([show("greeting", "ja", { languages })], [800, 480]);
    await page.getByTestId("language-bn").scrollIntoViewIfNeeded();
    expect(await layoutFaults(page, { touch_px: 64, contrast: 7 })).toEqual([]);
  });

  it("shows a long answer from its beginning, and a growing line at its end", async () => {
    const { page, daemon } = await open([show("conversation", "pt")], [800, 480]);
    const captions = view("conversation", "pt").captions.slice(0, 3);
    const answer = captions[2];
    if (!answer) throw new Error("no answer in the fixture");
    const long = { ...answer, text: `${answer.text} ${answer.text}` };
    const place = (): Promise<{ top: number; bottom: number }> =>
      page.locator("[data-testid=caption]", { has: page.getByText(long.text) }).evaluate((line) => {
        const list = line.parentElement?.parentElement?.getBoundingClientRect();
        const { top, bottom } = line.getBoundingClientRect();
        return { top: top - (list?.top ?? 0), bottom: bottom - (list?.bottom ?? 0) };
      });
    daemon.say(show("conversation", "pt", { captions: [...captions.slice(0, 2), long] }));
    const fade_px = 20;
    await expect.poll(async () => Math.abs((await place()).top - fade_px)).toBeLessThan(3);
    const growing = { ...long, partial: true };
    daemon.say(show("conversation", "pt", { captions: [...captions.slice(0, 2), growing] }));
    await expect.poll(async () => Math.abs((await place()).bottom)).toBeLessThan(2);
  });

  it("hints at what is below the edge, until it is shown", async () => {
    const { page, daemon } = await open([show("conversation", "pt")], [800, 480]);
    const [greeting, question, answer] = view("conversation", "pt").captions;
    if (!greeting || !question || !answer) throw new Error("no answer in the fixture");
    const long = { ...answer, detail: answer.text };
    daemon.say(show("conversation", "pt", { captions: [greeting, question, long] }));
    await page.getByTestId("more-below").waitFor();
    await page.locator(".captions").evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.getByTestId("more-below").waitFor({ state: "detached" });
  });

  it.each(DISPLAYS)(
    "keeps answer and input clear of the sample visitors on %i × %i",
    async (...display) => {
      const { page, daemon } = await open([show("greeting", "de")], display);
      for (const stage of ["greeting", "conversation", "live"] as const) {
        daemon.say(
          show(stage, "de", {
            sample_visitors: VISITORS,
            activity: stage === "live" ? "quiet" : "speaking",
          }),
        );
        await page.locator(`[data-testid=stage][data-stage=${stage}]`).waitFor();
        const toggle = page.getByTestId("sample-visitors");
        const opened = stage === "greeting" && display[1] >= 1_000;
        expect(await toggle.getAttribute("aria-expanded")).toBe(String(opened));
        expect(await clearOfStrip(page)).toEqual([]);
      }
      await page.getByTestId("sample-visitors").click();
      await page.getByTestId("visitor-vi-help").waitFor();
      expect(await clearOfStrip(page)).toEqual([]);
    },
  );

  it("keeps the order of a telephone number in an Arabic answer", async () => {
    const captions = view("conversation", "ar").captions.slice(0, 3);
    const text = "اتصل على الرقم 090-1234-5678 من فضلك.";
    const { page } = await open([
      show("conversation", "ar", {
        captions: captions.map((line) => ({ ...line, text, detail: text })),
      }),
    ]);
    for (const part of [".text", ".detail"]) {
      const places = await page
        .locator(`[data-testid=caption] ${part}`)
        .last()
        .evaluate((element) => {
          const node = element.firstChild;
          const words = node?.textContent ?? "";
          return ["090", "1234", "5678"].map((group) => {
            const range = document.createRange();
            range.setStart(node as Node, words.indexOf(group));
            range.setEnd(node as Node, words.indexOf(group) + group.length);
            return range.getBoundingClientRect().left;
          });
        });
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  });

  it.each(["pt", "ja", "ar"])("marks the words that are being spoken in %s", async (language) => {
    const captions = view("conversation", language).captions.slice(0, 3);
    const answer = captions[2];
    if (!answer) throw new Error("no answer in the fixture");
    const sounding = (start: number, end: number): RobotToScreen =>
      show("conversation", language, {
        activity: "speaking",
        captions: [...captions.slice(0, 2), { ...answer, sounding: { start, end } }],
      });
    const { page, daemon } = await open([show("conversation", language, { captions })]);
    const line = page.locator("[data-testid=caption] .text").last();
    const before = await line.boundingBox();
    expect(await page.getByTestId("sounding").count()).toBe(0);
    const readOut = await page.getByTestId("read-out").textContent();
    for (const [start, end] of [
      [0, 5],
      [5, answer.text.length],
    ] as const) {
      daemon.say(sounding(start, end));
      const words = answer.text.slice(start, end);
      await expect.poll(() => page.getByTestId("sounding").textContent()).toBe(words);
      expect(await line.textContent()).toContain(answer.text);
      expect(await line.boundingBox(), "the lines stay where they are").toEqual(before);
      expect(await page.getByTestId("read-out").textContent(), "said once").toBe(readOut);
    }
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  it("reads out whole lines, not growing ones", async () => {
    const { page } = await open([show("conversation", "pt")]);
    const lines = view("conversation", "pt").captions;
    expect(lines.at(-1)?.partial).toBe(true);
    const words = await page.getByTestId("read-out").textContent();
    expect(words).toContain(lines.at(-2)?.text);
  });

  it("passes on what is touched and typed", async () => {
    const { page, daemon } = await open([show("greeting", "ja", { sample_visitors: VISITORS })]);
    await page.getByTestId("language-pt").click();
    await page.getByTestId("typed").fill("  horário  ");
    await page.getByTestId("send").click();
    await page.getByTestId("sample-visitors").click();
    await page.getByTestId("visitor-vi-help").click();
    await page.getByTestId("suggestion").first().click();
    await page.getByTestId("talk-to-person").click();
    daemon.say(show("conversation", "pt", { activity: "speaking" }));
    await page.getByTestId("stop-speaking").click();
    await page.keyboard.press("Escape");
    await page.getByTestId("choose-language").click();
    await page.getByTestId("language-en").click();
    daemon.say(show("waiting", "pt"));
    await page.getByTestId("stop-waiting").click();
    await page.getByTestId("goodbye").click();
    await expect
      .poll(() => daemon.heard)
      .toEqual([
        { type: "choose_language", language: "pt" },
        { type: "typed", text: "horário" },
        { type: "play_visitor", id: "vi-help" },
        { type: "typed", text: TONGUES["ja"]?.suggestions[0] },
        { type: "talk_to_person" },
        { type: "stop_speaking" },
        { type: "stop_speaking" },
        { type: "choose_language", language: "en" },
        { type: "stop_waiting" },
        { type: "goodbye" },
      ]);
    expect(await page.getByTestId("typed").inputValue()).toBe("");
  });

  it("shows each activity by its own word and shape", async () => {
    const { page, daemon } = await open([show("conversation", "pt")]);
    const seen = new Set<string>();
    for (const activity of [
      "listening",
      "hearing",
      "thinking",
      "speaking",
      "cannot_hear",
      "microphone_off",
      "quiet",
    ] as const) {
      daemon.say(show("conversation", "pt", { activity }));
      const shown = page.locator(`[data-testid=activity][data-activity=${activity}]`);
      await shown.waitFor();
      seen.add(
        await shown.evaluate((element) => {
          const shape = element.querySelector(".shape");
          if (!shape) return "";
          const { borderRadius, borderStyle, backgroundColor, color } = getComputedStyle(shape);
          const drawing = shape.querySelector("svg")?.getAttribute("class") ?? "dots";
          const word = element.querySelector(".word")?.textContent;
          return [word, borderRadius, borderStyle, backgroundColor, color, drawing].join("|");
        }),
      );
    }
    expect(seen.size).toBe(7);
  });

  it("shows a pause without moving anything, and takes it back", async () => {
    const { page, daemon } = await open([show("conversation", "pt", { activity: "hearing" })]);
    const activity = page.getByTestId("activity");
    await activity.waitFor();
    const place = (): Promise<string> =>
      activity.evaluate((element) =>
        [...element.querySelectorAll("*")]
          .map((each) => {
            const { x, y, width, height } = each.getBoundingClientRect();
            return [x, y, width, height].map(Math.round).join();
          })
          .join(" "),
      );
    const before = await place();
    const noticed = activity.locator(".noticed");
    daemon.say(show("conversation", "pt", { activity: "hearing", hushed: true }));
    await expect.poll(() => noticed.evaluate((e) => getComputedStyle(e).opacity)).toBe("1");
    expect(await place()).toBe(before);
    daemon.say(show("conversation", "pt", { activity: "hearing" }));
    await expect.poll(() => noticed.evaluate((e) => getComputedStyle(e).opacity)).toBe("0");
  });

  it("shows the first words over the greeting while they are being said", async () => {
    const { page, daemon } = await open([show("greeting", "pt")]);
    const cards = page.locator(".cards");
    await cards.waitFor();
    const before = await cards.boundingBox();
    const words = view("conversation", "pt").captions.filter(({ partial }) => partial);
    daemon.say(show("greeting", "pt", { captions: words }));
    const line = page.locator("[data-testid=caption][data-partial=true]");
    await line.waitFor();
    expect(await line.innerText()).toContain(TONGUES["pt"]?.question);
    expect(await cards.boundingBox()).toEqual(before);
  });

  it("asks in each likely language, and passes the answer on", async () => {
    const which_language = [
      { language: "es", name: "Español", text: "Elija su idioma" },
      { language: "ar", name: "العربية", text: "اختر اللغة" },
      { language: "ja", name: "日本語", text: "言葉を選んでください" },
    ];
    const { page, daemon } = await open([show("conversation", "pt", { which_language })]);
    await page.getByTestId("which-language").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const arabic = page.getByTestId("spoke-ar");
    expect(await arabic.getAttribute("dir")).toBe("rtl");
    expect(await arabic.innerText()).toContain("اختر اللغة");
    for (const { language } of which_language) {
      const box = await page.getByTestId(`spoke-${language}`).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(64);
    }
    await arabic.click();
    await expect
      .poll(() => daemon.heard)
      .toContainEqual({ type: "choose_language", language: "ar" });
  });

  it("switches the microphone off and on", async () => {
    const { page, daemon } = await open([show("conversation", "pt")]);
    const button = page.getByTestId("switch-microphone");
    expect(await button.getAttribute("aria-label")).toBe("Desligar o microfone");
    await button.click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "switch_microphone", on: false });
    daemon.say(show("conversation", "pt", { activity: "microphone_off", microphone_off: true }));
    await expect.poll(() => button.getAttribute("aria-label")).toBe("Ligar o microfone");
    await button.click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "switch_microphone", on: true });
  });

  it("lets a level fall when none follows", async () => {
    const { page, daemon } = await open([show("conversation", "pt")]);
    await page.getByTestId("activity").waitFor();
    daemon.say({ type: "level", microphone: 0.5, loudspeaker: 0.25 });
    const level = (which: string): Promise<string | null> =>
      page.getByTestId(`${which}-level`).getAttribute("data-level");
    await expect.poll(() => level("microphone")).toBe("0.500");
    expect(await level("loudspeaker")).toBe("0.250");
    await expect.poll(() => level("microphone")).toBe("0.000");
  });

  it("shows a key where the pack has no word", async () => {
    const { page } = await open([show("conversation", "pt", { labels: {} })]);
    expect(await page.getByTestId("talk-to-person").textContent()).toContain("talk_to_person");
  });

  it("shows words of people as words", async () => {
    const captions = view("conversation", "pt").captions.map((line) => ({
      ...line,
      text: "<img src=x onerror=alert(1)>",
    }));
    const { page } = await open([show("conversation", "pt", { captions })]);
    await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
    expect(await page.locator("img").count()).toBe(0);
  });

  it("shows the operator's face while frames come, and initials before and after", async () => {
    const { page, daemon, bad } = await open([show("live", "pt")]);
    await page.getByTestId("initials").waitFor();
    const robot = await context.newPage();
    await robot.goto(`${ORIGIN}/favicon.svg`);
    const answer = await playRobot(robot, (signal) => daemon.say({ type: "signal", signal }), {
      session: 7,
      listens: false,
    });
    await relay(daemon, answer, async () => {
      await page.getByTestId("initials").waitFor({ state: "detached" });
      await expect.poll(() => framesShown(page, "face")).toBeGreaterThan(10);
    });
    await robot.close();
    await page.getByTestId("initials").waitFor();
    daemon.say(show("greeting", "pt"));
    await page.getByTestId("face").waitFor({ state: "detached" });
    expect(bad).toEqual([]);
  });

  it("says that the robot is away and comes back by itself, with what was typed", async () => {
    const { page, daemon } = await open([show("conversation", "pt")]);
    await page.getByTestId("typed").fill("meia frase");
    await daemon.leave();
    await page.getByText(TONGUES["pt"]?.labels["connection_lost"] ?? "").waitFor();
    daemon.comeBack(show("conversation", "pt"));
    await page.getByTestId("connection-lost").waitFor({ state: "detached" });
    expect(await page.getByTestId("typed").inputValue()).toBe("meia frase");
  });
});
