import type { RobotToScreen } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { TONGUES, view } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { useBrowser } from "./support/profile";
import { open, show } from "./support/screen";

useBrowser();

describe("the captions", () => {
  it("says in which language and direction it is", async () => {
    const { page } = await open([show("conversation", "ar")]);
    const root = page.locator("html");
    await page.getByTestId("caption").first().waitFor();
    expect(await root.getAttribute("lang")).toBe("ar");
    expect(await root.getAttribute("dir")).toBe("rtl");
    expect(await page.getByTestId("caption").first().getAttribute("data-language")).toBe("ar");
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

  it("keeps apart the facts that a pack sets apart on one line", async () => {
    const detail = "Papel: sex.   Vidro: qua.";
    const captions = view("conversation", "pt").captions.slice(0, 3);
    const { page } = await open([
      show("conversation", "pt", { captions: captions.map((line) => ({ ...line, detail })) }),
    ]);
    const gaps = await page
      .locator("[data-testid=caption] .detail")
      .last()
      .evaluate((element) => {
        const node = element.firstChild as Text;
        const box = (word: string): DOMRect => {
          const range = document.createRange();
          range.setStart(node, node.data.indexOf(word));
          range.setEnd(node, node.data.indexOf(word) + word.length);
          return range.getBoundingClientRect();
        };
        return {
          inside: box("sex.").left - box("Papel:").right,
          between: box("Vidro:").left - box("sex.").right,
          begins: box("Papel:").left - element.getBoundingClientRect().left,
        };
      });
    expect(gaps.between).toBeGreaterThan(2.5 * gaps.inside);
    expect(gaps.begins).toBeLessThan(1);
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

  it("shows words of people as words", async () => {
    const captions = view("conversation", "pt").captions.map((line) => ({
      ...line,
      text: "<img src=x onerror=alert(1)>",
    }));
    const { page } = await open([show("conversation", "pt", { captions })]);
    await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
    expect(await page.locator("img").count()).toBe(0);
  });
});
