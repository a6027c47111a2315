import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answersForm } from "./support/form";
import { openWithBrowser, type House } from "./support/house";
import { caption, openDesk, openScreen, SOON, stage, types } from "./support/people";

/** From the page through the daemon to the office's records and back. */
let browser: Browser;
let house: House;
let close: () => Promise<void>;

/** Of the made-up records. */
const MARIA = { letter: "48213507", born: "19880512" };

beforeAll(async () => {
  ({ browser, house, close } = await openWithBrowser([], { records: true }));
}, 120_000);

afterAll(() => close());

async function comes(language: string): Promise<Page> {
  const screen = await openScreen(browser, house);
  await screen.getByTestId(`language-${language}`).click();
  await stage(screen, "conversation").waitFor();
  return screen;
}

async function leaves(screen: Page): Promise<void> {
  await screen.getByTestId("goodbye").click();
  await stage(screen, "greeting").waitFor({ timeout: 20_000 });
  await screen.close();
}

function inAWeek(): string {
  const day = new Date(Date.now() + 7 * 24 * 3_600_000);
  return day.toISOString().slice(0, 10).replaceAll("-", "");
}

test("an appointment is booked in the records, shown to the person who is called, and cancelled", async () => {
  const screen = await comes("en");
  await types(screen, "I want to book an appointment");
  const booked = caption(screen, "agent", "en").filter({ hasText: "It is booked" });
  await answersForm(screen, { choice: "childcare", date: inAWeek() }, booked);
  const number = /A-(\d{5})/u.exec(await booked.innerText())?.[1];
  expect(number, "its number is told").toBeDefined();
  await screen.getByTestId("attachment-note").getByRole("button").click();
  await expect.poll(() => screen.getByTestId("note").innerText(), SOON).toContain(`A-${number}`);
  await screen.getByTestId("close-large").click();

  const desk = await openDesk(browser, house);
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await expect.poll(() => desk.getByTestId("actions").innerText(), SOON).toContain(`A-${number}`);
  const actions = await desk.getByTestId("actions").innerText();
  const day = /date: (\d{4}-\d{2}-\d{2})/u.exec(actions)?.[1]?.replaceAll("-", "");
  expect(day, "its day is on record").toBeDefined();
  await screen.getByTestId("stop-waiting").click();
  await stage(screen, "conversation").waitFor(SOON);

  const said = (words: string) => caption(screen, "agent", "en").filter({ hasText: words });
  const tomorrow = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10);
  await types(screen, "I want to cancel my appointment");
  const notFound = said("I found no appointment with this number on that day.");
  await answersForm(screen, { number, date: tomorrow.replaceAll("-", "") }, notFound);
  // Asked once more; the number is read back digit by digit.
  const cancelled = said(`The appointment A-${number?.split("").join(" ")} is cancelled.`);
  await answersForm(screen, { number, date: day }, cancelled);
  await desk.context().close();
  await leaves(screen);
}, 180_000);

test("a sum is told to whoever knows the letter's code, and the code reaches nobody", async () => {
  const screen = await comes("pt");
  await types(screen, "Quero saber o que ainda tenho a pagar");
  const told = caption(screen, "agent", "pt").filter({ hasText: /43[.,]?400/u });
  await answersForm(screen, { number: MARIA.letter, date: MARIA.born }, told);

  const desk = await openDesk(browser, house);
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("actions").waitFor();
  const everything = (await desk.locator("body").innerText()) + (await screen.content());
  expect(everything).not.toContain(MARIA.letter);
  await screen.getByTestId("stop-waiting").click();
  await desk.context().close();
  await stage(screen, "conversation").waitFor(SOON);
  await leaves(screen);
}, 180_000);

test("three wrong codes call a person who knows why", async () => {
  const screen = await comes("ja");
  await types(screen, "未払いのものがあるか調べてください");
  await answersForm(screen, { number: "11111111", date: "19900101" }, stage(screen, "waiting"));
  const desk = await openDesk(browser, house);
  await desk.locator('[data-testid="case-row"][data-reason="identity_needed"]').waitFor(SOON);
  await desk.context().close();
}, 180_000);
