import type { NobodyStep, RobotToScreen, Way } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { TONGUES, VISITORS } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { context, useBrowser } from "./support/profile";
import { ORIGIN } from "./support/pages";
import { framesShown, playRobot, relay } from "./support/robot";
import { open, show } from "./support/screen";

useBrowser();

describe("the screen page", () => {
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
      .poll(() => daemon.heard.filter(({ type }) => type !== "touched"))
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

  it("tells that somebody is there, and forgets what the visitor before left unsent", async () => {
    const { page, daemon } = await open([show("greeting", "pt")]);
    const field = page.getByTestId("typed");
    const touches = (): number => daemon.heard.filter(({ type }) => type === "touched").length;
    await field.pressSequentially("my name is");
    expect(touches(), "nobody is served yet").toBe(0);
    daemon.say(show("conversation", "pt"));
    await page.locator("[data-stage=conversation]").waitFor();
    expect(await field.inputValue()).toBe("my name is");
    await field.pressSequentially(" Kunigunde");
    await expect.poll(touches).toBe(1);
    daemon.say(show("greeting", "ja"));
    await page.locator("[data-stage=greeting]").waitFor();
    await expect.poll(() => field.inputValue()).toBe("");
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

  it("lets the visitor choose when nobody comes, and shows what was promised", async () => {
    const ways: Way[] = ["wait", "callback", "ticket", "bell"];
    const nobody = (step: NobodyStep): RobotToScreen =>
      show("conversation", "pt", { nobody: { ways, step } });
    const { page, daemon } = await open([nobody({ step: "choose" })]);
    const card = page.getByTestId("nobody");
    for (const way of ways) {
      const box = await page.getByTestId(`way-${way}`).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(64);
      await page.getByTestId(`way-${way}`).click();
      await expect.poll(() => daemon.heard.at(-1)).toEqual({ type: "choose_way", way });
    }
    daemon.say(nobody({ step: "contact", wrong: true }));
    await card.getByRole("alert").waitFor();
    daemon.say(nobody({ step: "read_back", contact: "+34612345678" }));
    await page.getByTestId("contact-no").click();
    await expect.poll(() => daemon.heard.at(-1)).toEqual({ type: "confirm_contact", yes: false });
    daemon.say(nobody({ step: "ticket", reference: "K7Q-4MX", code: "星川区役所 K7Q-4MX" }));
    await page.getByTestId("qr").waitFor();
    expect(await page.getByTestId("reference").innerText()).toBe("K7Q-4MX");
    expect(await accessibilityFaults(page)).toEqual([]);
    daemon.say(show("waiting", "pt", { line: { place: 2, minutes: 5 } }));
    await page.getByTestId("place-in-line").waitFor();
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
    const level = (which: string): Promise<string | null> =>
      page.getByTestId(`${which}-level`).getAttribute("data-level");
    const said = async (which: string): Promise<string | null> => {
      daemon.say({ type: "level", microphone: 0.5, loudspeaker: 0.25 });
      return level(which);
    };
    await expect.poll(() => said("microphone")).toBe("0.500");
    await expect.poll(() => said("loudspeaker")).toBe("0.250");
    await expect.poll(() => level("microphone")).toBe("0.000");
  });

  it("shows a key where the pack has no word", async () => {
    const { page } = await open([show("conversation", "pt", { labels: {} })]);
    expect(await page.getByTestId("talk-to-person").textContent()).toContain("talk_to_person");
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

  it("shows nothing of a visit any more when the robot has been away for a minute", async () => {
    const { page, daemon } = await open([show("conversation", "pt")]);
    await page.locator("[data-stage=conversation]").waitFor();
    await page.clock.install();
    await daemon.leave();
    await page.getByTestId("connection-lost").waitFor({ state: "attached", timeout: 20_000 });
    await page.clock.runFor(61_000);
    await page.locator("[data-stage=starting]").waitFor();
    expect(await page.getByTestId("caption").count()).toBe(0);
    daemon.comeBack(show("greeting", "ja"));
    await page.clock.runFor(10_000);
    await page.locator("[data-stage=greeting]").waitFor();
  });
});
