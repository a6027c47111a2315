import type { Interpreted, InterpreterView } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { TONGUES, view } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show, type Screen } from "./support/screen";

const DISPLAYS = [
  [1080, 1920],
  [1280, 800],
  [800, 480],
] as const;
const WORDS = (language: "en" | "pt"): Record<string, string> => ({
  ...view("conversation", "pt").labels,
  ...(language === "en"
    ? {
        interpreter_title: "Machine interpreting. It can be wrong",
        interpreter_turn: "Turn this half",
        original: "Original",
        not_translated: "Not translated",
      }
    : {
        interpret: "Interpretar",
        interpreter_title: "Interpretação por máquina. Pode errar",
        interpreter_choose: "Entre quais línguas?",
        interpreter_clerk: "Atendente",
        interpreter_visitor: "Visitante",
        interpreter_start: "Começar",
        interpreter_end: "Terminar a interpretação",
      }),
});
const LINES: Interpreted[] = [
  {
    number: 5,
    side: "clerk",
    text: "Do you have your residence card and the moving-out certificate with you?",
    translation: "Você está com o cartão de residência e o certificado de mudança?",
    untranslated: false,
    sounding: false,
  },
  {
    number: 6,
    side: "visitor",
    text: "Tenho o cartão, mas não sei o que é o certificado.",
    translation: "I have the card, but I don't know what the certificate is.",
    untranslated: false,
    sounding: true,
  },
];

useBrowser();

function interpreter(change: Partial<InterpreterView> = {}): ReturnType<typeof show> {
  const own: InterpreterView = {
    running: true,
    refused: false,
    turned: false,
    clerk: "en",
    visitor: "pt",
    clerk_labels: WORDS("en"),
    choices: [
      { language: "ja", name: "日本語" },
      { language: "en", name: "English" },
      { language: "pt", name: "Português" },
    ],
    lines: LINES,
    ...change,
  };
  return show("interpreting", "pt", { interpreter: own, labels: WORDS("pt") });
}

const faultsOf = ({ page }: Screen): Promise<string[]> =>
  layoutFaults(page, { touch_px: 64, contrast: 7, whole: "[data-testid=half-visitor] .title" });

describe.each(DISPLAYS)("interpreter mode on a display of %i × %i", (...display) => {
  it("shows the newest line of both halves, and every button, in the choice as well", async () => {
    const screen = await open([interpreter()], display);
    const { page, daemon, bad } = screen;
    for (const [half, words] of [
      ["clerk", LINES[1]?.translation],
      ["visitor", LINES[1]?.text],
    ] as const) {
      const line = page.getByTestId(`half-${half}`).getByTestId("interpreted").last();
      await line.getByText(words ?? "").waitFor();
      const [box, room] = [
        await line.locator(".text").boundingBox(),
        await page.getByTestId(`half-${half}`).boundingBox(),
      ];
      expect(box && room && box.y >= room.y && box.y < room.y + room.height, half).toBe(true);
    }
    expect(await faultsOf(screen)).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
    daemon.say(interpreter({ turned: true }));
    await page.locator("[data-testid=half-clerk].turned").waitFor();
    expect(await faultsOf(screen)).toEqual([]);
    daemon.say(interpreter({ running: false, refused: true, lines: [] }));
    await page.getByTestId("interpreter-refused").waitFor();
    const whole = "[data-testid=start-interpreting], [data-testid=end-interpreting]";
    expect(await layoutFaults(page, { touch_px: 64, contrast: 7, whole })).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(bad).toEqual([]);
  });
});

describe("interpreter mode", () => {
  it("is asked for beside the microphone, chosen by two touches, and ended by one", async () => {
    const { page, daemon } = await open([show("conversation", "pt", { labels: WORDS("pt") })]);
    await page.getByRole("button", { name: "Interpretar" }).click();
    daemon.say(interpreter({ running: false, clerk: "ja", lines: [] }));
    await page.getByTestId("clerk-en").click();
    await page.getByTestId("start-interpreting").click();
    daemon.say(interpreter());
    await page.getByTestId("turn-half").click();
    await page.getByTestId("writer-clerk").click();
    await page.getByTestId("typed").fill("Please wait");
    await page.getByTestId("send").click();
    await page.getByTestId("end-interpreting").click();
    const wishes = [
      { kind: "choose" },
      { kind: "between", clerk: "en", visitor: "pt" },
      { kind: "turn", turned: true },
      { kind: "say", side: "clerk", text: "Please wait" },
      { kind: "end" },
    ];
    const sent = () => daemon.heard.filter(({ type }) => type === "interpreter");
    await expect.poll(sent).toEqual(wishes.map((wish) => ({ type: "interpreter", wish })));
  });

  it.each(Object.keys(TONGUES))(
    "has no button in %s where nothing translates",
    async (language) => {
      const { page } = await open([show("conversation", language, { may_interpret: false })]);
      await page.getByTestId("switch-microphone").waitFor();
      expect(await page.getByTestId("interpret").count()).toBe(0);
    },
  );
});
