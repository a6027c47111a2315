import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answersForm } from "./support/form";
import { openWithBrowser, type House } from "./support/house";
import { accept, end, openDesk, openScreen, SOON, stage } from "./support/people";

/** A form that both fill in, with the office's records behind it. */
let browser: Browser;
let house: House;
let close: () => Promise<void>;

/** Of the made-up records. */
const MARIA = { letter: "48213507", born: "19880512" };

beforeAll(async () => {
  ({ browser, house, close } = await openWithBrowser([], { records: true }));
}, 120_000);

afterAll(() => close());

async function called(): Promise<{ screen: Page; desk: Page }> {
  const screen = await openScreen(browser, house, { width: 1280, height: 800 });
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await accept(screen, desk);
  return { screen, desk };
}

async function opens(desk: Page, flow: string): Promise<void> {
  await desk.getByTestId("show").click();
  await desk.locator(`[data-testid="form-row"][data-flow="${flow}"]`).getByRole("button").click();
}

const field = (desk: Page, id: string): Locator => desk.locator(`[data-field="${id}"]`);

function inAWeek(): string {
  const day = new Date(Date.now() + 7 * 24 * 3_600_000);
  return day.toISOString().slice(0, 10);
}

test("an appointment is booked by both together, over a reload of either page", async () => {
  const { screen, desk } = await called();
  await opens(desk, "book-appointment");
  await screen.getByTestId("together").waitFor(SOON);
  const service = field(desk, "book-appointment/service");
  await service.getByRole("combobox").selectOption("childcare");
  const marked = screen.locator('[data-testid="form-choice"][data-value="childcare"] svg');
  await marked.waitFor(SOON);
  await service.getByRole("button").click();
  await screen.getByTestId("form-value").filter({ hasText: "Crianças e creche" }).waitFor(SOON);
  await expect.poll(() => service.getAttribute("data-state"), SOON).toBe("read_back");
  await screen.reload();
  await screen.getByTestId("confirm-yes").click();
  await expect.poll(() => service.getAttribute("data-state"), SOON).toBe("confirmed");

  const day = field(desk, "book-appointment/day");
  await day.getByRole("textbox").fill(inAWeek().slice(0, 7));
  const digits = screen.getByTestId("digits");
  const shown = async (): Promise<string> => (await digits.innerText()).replaceAll(/\D/gu, "");
  await expect.poll(shown, SOON).toBe(inAWeek().slice(0, 7).replaceAll("-", ""));
  await screen.getByTestId("form-by").waitFor(SOON);
  await screen.keyboard.type("1");
  await day.getByText("The visitor is writing").waitFor(SOON);
  await expect
    .poll(() => day.getByRole("textbox").inputValue(), SOON)
    .toBe(`${inAWeek().slice(0, 7)}-1`);
  await desk.reload();
  await expect
    .poll(() => day.getByRole("textbox").inputValue(), SOON)
    .toBe(`${inAWeek().slice(0, 7)}-1`);
  await day.getByRole("textbox").fill(inAWeek());
  await desk.keyboard.press("Enter");
  await screen.getByTestId("form-value").waitFor(SOON);
  const done = screen.getByTestId("together-close");
  await answersForm(screen, {}, done);
  const said = screen.getByTestId("together-said");
  const number = /A-(\d{5})/u.exec(await said.innerText())?.[1];
  expect(number, "its number is told").toBeDefined();
  await expect.poll(() => desk.getByTestId("form-said").innerText(), SOON).toContain(`A-${number}`);
  await expect.poll(() => desk.getByTestId("actions").innerText(), SOON).toContain(`A-${number}`);
  await screen.getByTestId("attachment-note").waitFor(SOON);
  await done.click();
  await desk.getByTestId("filling").waitFor({ state: "detached", ...SOON });
  await end(desk);
  await stage(screen, "live").waitFor({ state: "detached", ...SOON });
  await screen.getByTestId("goodbye").click();
  await Promise.all([screen.close(), desk.close()]);
}, 180_000);

test("the code of a letter is seen by nobody at the console, and either side leaves the form", async () => {
  const { screen, desk } = await called();
  const frames: string[] = [];
  desk.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => void frames.push(String(payload))),
  );
  await desk.reload();
  await opens(desk, "fees-due");
  const code = field(desk, "verify/letter_code");
  await code.getByText("you don't see it").waitFor(SOON);
  expect(await code.getByRole("textbox").count()).toBe(0);
  const verified = screen.getByTestId("together-close");
  await answersForm(screen, { number: MARIA.letter, date: MARIA.born }, verified);
  await screen.getByTestId("together-said").waitFor(SOON);
  await expect
    .poll(() => desk.getByTestId("filling").getAttribute("data-ended"), SOON)
    .toBe("true");
  expect(frames.length).toBeGreaterThan(5);
  const told = frames.filter((own) => own.includes(MARIA.letter) || own.includes("1988-05-12"));
  expect(told).toEqual([]);

  await opens(desk, "cancel-appointment");
  await screen.getByTestId("form-cancel").click();
  await screen.getByTestId("together-said").waitFor(SOON);
  await desk.getByTestId("leave-form").click();
  await screen.getByTestId("together").waitFor({ state: "detached", ...SOON });
  await opens(desk, "cancel-appointment");
  await screen.getByTestId("form").waitFor(SOON);
  await desk.getByTestId("leave-form").click();
  await screen.getByTestId("together").waitFor({ state: "detached", ...SOON });
  await desk.getByTestId("filling").waitFor({ state: "detached", ...SOON });
  await Promise.all([screen.close(), desk.close()]);
}, 180_000);
