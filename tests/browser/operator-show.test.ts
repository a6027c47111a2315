import { readFileSync } from "node:fs";
import { join } from "node:path";
import type {
  ConsoleToOperator,
  OperatorToConsole,
  SharedField,
  SharedForm,
  Showable,
  Showing,
} from "@madoguchi/wire";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { CASE, snapshot } from "./fixtures/operator";
import { accessibilityFaults } from "./support/accessibility";
import { accept, MOVED, workPlace, type Desk } from "./support/desk";
import { PACK } from "./support/house";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { reachFaults } from "./support/reach";

useBrowser();

const WIDE_PX = 900;
/** A folder for pictures of every step, for who wants to look: `PICTURES=folder`. */
const PICTURES = process.env.PICTURES;
const ALT = "Map of the ground floor. The toilets are on the right as you come in.";
const TEXT = "The toilets are on the ground floor, beside the elevators.";
const only = { picture: false, map: false, link: false };
const SHOWABLE: Showable = {
  topics: [
    { topic: "toilets", title: "Toilets", text: TEXT, language: "en", ...only, map: true },
    ...["Garbage days", "Moving in", "Residence card", "Seals", "Taxes", "Pension"].map(
      (title) => ({
        topic: title.toLowerCase(),
        title,
        text: `${title}: come to counter 3. `.repeat(4),
        language: "en",
        ...only,
        link: true,
        picture: true,
      }),
    ),
  ],
  forms: [{ flow: "cancel-appointment", title: "Cancel an appointment", language: "en" }],
  link_hosts: ["www.hoshikawa.example"],
};
const SHOWABLE_MESSAGE: ConsoleToOperator = { type: "showable", case_id: CASE, showable: SHOWABLE };

function showing(change: Partial<Showing> = {}): ConsoleToOperator {
  const svg = readFileSync(join(PACK, "pictures", "ground-floor.svg"));
  const shown: Showing = {
    number: 1,
    wish: { what: "map", topic: "toilets" },
    language: "pt",
    title: ALT,
    text: "",
    url: null,
    picture: { kind: "image/svg+xml", base64: svg.toString("base64") },
    pointer: null,
    ...change,
  };
  return { type: "showing", case_id: CASE, showing: shown, refused: null };
}

const NOTHING: ConsoleToOperator = {
  type: "showing",
  case_id: CASE,
  showing: null,
  refused: null,
};

function filling(change: Partial<SharedForm> = {}): ConsoleToOperator {
  const choices: SharedField["choices"] = [];
  const field = { kind: "number", choices, digits: 5, secret: false, value: null } as const;
  const form: SharedForm = {
    flow: "cancel-appointment",
    title: "Cancel an appointment",
    language: "en",
    fields: [
      {
        ...field,
        id: "cancel-appointment/appointment_number",
        label: "Please tell me the five digits of your appointment's number, after the A.",
        state: "asked",
        draft: "12",
        by: "visitor",
      },
      {
        ...field,
        id: "cancel-appointment/appointment_day",
        label: "On which day is the appointment?",
        kind: "date",
        digits: null,
        state: "later",
        draft: null,
        by: null,
      },
    ],
    consent: null,
    busy: false,
    can_go_back: true,
    said: null,
    detail: null,
    attachments: [],
    ended: false,
    left: null,
    ...change,
  };
  return { type: "form", case_id: CASE, form, refused: null };
}

const filled = (desk: Desk): OperatorToConsole[] =>
  desk.heard.filter(({ type }) => type === "fill_in");

const asked = (desk: Desk): OperatorToConsole[] => desk.heard.filter(({ type }) => type === "show");
const points = (desk: Desk): OperatorToConsole[] =>
  desk.heard.filter(({ type }) => type === "point");

async function called(look = {}): Promise<{ page: Page; desk: Desk; bad: string[] }> {
  const place = await workPlace(snapshot(), look);
  await accept(place.page, place.desk);
  place.desk.say(SHOWABLE_MESSAGE);
  return place;
}

describe("showing", () => {
  it("is chosen, and taken away, by keyboard alone", async () => {
    const { page, desk, bad } = await called();
    await page.keyboard.press("s");
    await page.getByTestId("show-dialog").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.type("toil");
    await expect.poll(() => page.getByTestId("topic-row").count()).toBe(1);
    await page.getByRole("button", { name: "Map: Toilets" }).focus();
    await page.keyboard.press("Enter");
    const wish = { what: "map", topic: "toilets" };
    await expect.poll(() => asked(desk)).toEqual([{ type: "show", case_id: CASE, wish }]);
    desk.say(showing());
    await page.getByTestId("showing").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByTestId("take-away").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => asked(desk).length).toBe(2);
    expect(asked(desk)[1]).toEqual({ type: "show", case_id: CASE, wish: null });
    desk.say(NOTHING);
    await page.getByTestId("showing").waitFor({ state: "detached" });
    expect(bad).toEqual([]);
  });

  it("points by arrow keys, says where, and follows the visitor's finger", async () => {
    const { page, desk } = await called();
    desk.say(showing());
    await page.getByRole("img", { name: ALT }).waitFor();
    await page.getByTestId("pointed").focus();
    for (const key of ["ArrowLeft", "ArrowRight", "Shift+ArrowUp"]) await page.keyboard.press(key);
    const at = { x: 5_200, y: 4_000 };
    await expect
      .poll(() => points(desk).at(-1), { timeout: 20_000 })
      .toEqual({ type: "point", case_id: CASE, shown: 1, at });
    const says = page.getByTestId("points-at");
    expect(await says.textContent()).toBe("Pointer 52 % from the left, 40 % from the top");
    desk.say({ type: "pointed", case_id: CASE, shown: 1, at: { x: 1_000, y: 9_000 } });
    await says.filter({ hasText: "10 % from the left, 90 %" }).waitFor({ state: "attached" });
    await page.getByTestId("pointed").focus();
    await page.keyboard.press("Delete");
    await expect.poll(() => points(desk).at(-1)).toMatchObject({ at: null });
    await says.filter({ hasText: "No pointer" }).waitFor({ state: "attached" });
    await page.keyboard.press("a");
    expect(await page.getByTestId("robot-video").count(), "letters stay shortcuts").toBe(1);
  });

  it("points where it is clicked, in the picture's own coordinates", async () => {
    const { page, desk } = await called();
    desk.say(showing());
    const picture = page.getByRole("img", { name: ALT });
    await picture.waitFor();
    const { width, height } = (await picture.boundingBox()) ?? { width: 0, height: 0 };
    await page.getByTestId("pointed").click({ position: { x: width * 0.75, y: height * 0.25 } });
    await expect.poll(() => points(desk).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [point] = points(desk);
    if (point?.type !== "point" || !point.at) throw new Error("it points nowhere");
    expect(point.at.x / 7_500).toBeCloseTo(1, 1);
    expect(point.at.y / 2_500).toBeCloseTo(1, 1);
  });

  it("of a foreign link is refused in words, and offered only where the office lists hosts", async () => {
    const { page, desk } = await called();
    await page.getByTestId("show").click();
    await page.getByText("Only to: www.hoshikawa.example").waitFor();
    await page.getByTestId("show-address").fill(" https://evil.test/ ");
    await page.keyboard.press("Enter");
    const wish = { what: "address", url: "https://evil.test/" };
    await expect.poll(() => asked(desk)).toEqual([{ type: "show", case_id: CASE, wish }]);
    desk.say({ type: "showing", case_id: CASE, showing: null, refused: "foreign_host" });
    await page.getByText("The office doesn't allow links to that host.").waitFor();
    desk.say({ ...SHOWABLE_MESSAGE, showable: { ...SHOWABLE, link_hosts: [] } });
    await page.getByTestId("show").click();
    await page.getByTestId("show-dialog").waitFor();
    await expect.poll(() => page.getByTestId("show-address").count()).toBe(0);
  });

  it("ends where the call goes to another window", async () => {
    const { page, desk } = await called();
    desk.say(showing());
    await page.getByTestId("showing").waitFor();
    await page.getByTestId("show").click();
    desk.say(MOVED);
    await page.getByTestId("showing").waitFor({ state: "detached" });
    await page.getByTestId("show-dialog").waitFor({ state: "hidden" });
  });
});

describe("a form that both fill in", () => {
  it("is opened, written in and left by keyboard alone; the last writer has the field", async () => {
    const { page, desk, bad } = await called();
    await page.keyboard.press("s");
    await page.getByTestId("show-dialog").waitFor();
    await page.keyboard.type("cancel");
    await page.getByRole("button", { name: "Fill in together: Cancel an appointment" }).focus();
    await page.keyboard.press("Enter");
    const flow = "cancel-appointment";
    const open = { type: "fill_in", case_id: CASE, wish: { what: "open", flow } };
    await expect.poll(() => filled(desk)).toEqual([open]);
    desk.say(filling());
    const number = page.getByRole("textbox", { name: "five digits" });
    await expect.poll(() => number.inputValue()).toBe("12");
    await page.getByText("The visitor is writing").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await number.focus();
    await page.keyboard.type("345");
    await page.keyboard.press("Enter");
    const field = "cancel-appointment/appointment_number";
    const answer = { what: "answer", field, text: "12345" };
    await expect.poll(() => filled(desk).at(-1)).toEqual({ ...open, wish: answer });
    desk.say(filling());
    expect(await number.inputValue(), "an old echo doesn't take the field").toBe("12345");
    const [first, ...rest] = (filling() as { form: SharedForm }).form.fields;
    if (!first) throw new Error("no field");
    desk.say(filling({ fields: [{ ...first, draft: "129" }, ...rest] }));
    await expect.poll(() => number.inputValue()).toBe("129");
    desk.say({ type: "form", case_id: CASE, form: null, refused: "not_in_pack" });
    await page.getByTestId("filling").waitFor({ state: "detached" });
    await page.getByText("The robot's pack doesn't have that form.").waitFor();
    expect(bad).toEqual([]);
  });
});

describe.each([
  [390, 844, "light"],
  [1024, 768, "dark"],
  [1280, 800, "light"],
  [1920, 1080, "light"],
] as const)("at %i × %i in %s", (width, height, colorScheme) => {
  it("what is shown, and what there is to show, are whole and in reach", async () => {
    const { page, desk, bad } = await called({ width, height, colorScheme });
    const faults: Record<string, string[]> = {};
    const look = async (step: string): Promise<void> => {
      const touch_px = width < WIDE_PX ? 44 : 24;
      const whole = "[data-testid=end], [data-testid=take-away], [data-testid=send]";
      const found = [
        ...(await layoutFaults(page, { contrast: 4.5, touch_px, whole })),
        ...(await reachFaults(page)),
        ...(await accessibilityFaults(page)),
      ];
      if (found.length > 0) faults[step] = found;
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/desk-${width}-${step}.png` });
    };
    await page.getByTestId("show").click();
    await page.getByTestId("topic-row").first().waitFor();
    await look("dialog");
    await page.keyboard.press("Escape");
    desk.say(showing());
    await page.getByRole("img", { name: ALT }).waitFor();
    await look("map");
    const map = await page.getByRole("img", { name: ALT }).boundingBox();
    expect(map?.height, "it can be pointed at").toBeGreaterThan(100);
    desk.say(
      showing({
        number: 2,
        title: "Banheiros",
        text: TEXT.repeat(6),
        url: "https://www.hoshikawa.example/pt/lixo",
        picture: null,
      }),
    );
    await page.getByText("Banheiros").waitFor();
    await look("page");
    desk.say(NOTHING);
    desk.say(filling());
    await page.getByTestId("filling").waitFor();
    await look("form");
    const left = { code: "policy_exception", detail: "rule 7 version 2026-04" } as const;
    desk.say(filling({ ended: true, fields: [], said: TEXT, can_go_back: false, left }));
    await page.getByTestId("left-to-you").waitFor();
    await look("form-left");
    expect(faults).toEqual({});
    expect(bad).toEqual([]);
  });
});
