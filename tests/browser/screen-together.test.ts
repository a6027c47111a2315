import type { FormKind, SharedField, SharedForm } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { form, TONGUES } from "./fixtures/screen";
import { accessibilityFaults } from "./support/accessibility";
import { layoutFaults } from "./support/layout";
import { useBrowser } from "./support/profile";
import { open, show } from "./support/screen";

useBrowser();

const DISPLAYS = [
  [1080, 1920],
  [1280, 800],
  [800, 480],
] as const;
/** A folder for pictures of every step, for who wants to look: `PICTURES=folder`. */
const PICTURES = process.env.PICTURES;
const KINDS: FormKind[] = ["choice", "number", "date", "confirm", "name"];

function together(language: string, kind: FormKind, change: Partial<SharedForm> = {}): SharedForm {
  const { prompt, title, choices } = form(kind, language);
  const field = (id: string, own: Partial<SharedField>): SharedField => ({
    id,
    label: prompt,
    kind: "number",
    choices: [],
    digits: null,
    secret: false,
    state: "later",
    draft: null,
    by: null,
    value: null,
    ...own,
  });
  const draft = { choice: "choice-1", number: "123", date: "2026-05", name: "Ana Souza" };
  return {
    flow: "book-appointment",
    title,
    language,
    fields: [
      field("a", { state: "confirmed", value: "2026-05-12", by: "visitor" }),
      field("b", {
        kind,
        choices,
        state: kind === "confirm" ? "read_back" : "asked",
        draft: draft[kind as keyof typeof draft] ?? "1",
        by: "operator",
      }),
      field("c", { draft: "54321", by: "operator" }),
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
}

describe.each(DISPLAYS)("a form that both fill in, on %i × %i", (width, height) => {
  it.each(Object.keys(TONGUES))(
    "can be read and answered beside the person in %s",
    async (language) => {
      const { page, daemon, bad } = await open([show("live", language)], [width, height]);
      const faults: Record<string, string[]> = {};
      const look = async (step: string): Promise<void> => {
        const found = await layoutFaults(page, {
          touch_px: 64,
          contrast: 7,
          whole: ".form .value, .form .digits, [data-testid=together-close]",
        });
        const face = await page.getByTestId("face").boundingBox();
        if (!face || Math.min(face.height, face.width) < 90) found.push("the face is too small");
        if (PICTURES) {
          await page.screenshot({ path: `${PICTURES}/together-${width}-${language}-${step}.png` });
        }
        if (found.length > 0) faults[step] = found;
      };
      for (const kind of KINDS) {
        daemon.say(
          show("live", language, {
            form: form(kind, language, { can_go_back: true }),
            together: together(language, kind),
          }),
        );
        await page.locator(`[data-testid=form][data-kind=${kind}]`).waitFor();
        await look(kind);
      }
      daemon.say(
        show("live", language, {
          together: together(language, "number", {
            ended: true,
            fields: [],
            said: TONGUES[language]?.answer ?? "",
            detail: "A-12345",
            attachments: [{ kind: "note", text: "A-12345" }],
          }),
        }),
      );
      await page.getByTestId("together-close").scrollIntoViewIfNeeded();
      await look("ended");
      expect(faults).toEqual({});
      expect(bad).toEqual([]);
    },
  );
});

describe("a form that both fill in", () => {
  it("shows the person's digits, tells every one of the visitor's, and who wrote them", async () => {
    const { page, daemon, bad } = await open([show("live", "pt")], [1280, 800]);
    const say = (fields: Partial<SharedField>): void => {
      const shared = together("pt", "number");
      const own = shared.fields.map((f) => (f.id === "b" ? { ...f, ...fields } : f));
      const shown = { ...shared, fields: own };
      daemon.say(show("live", "pt", { form: form("number", "pt"), together: shown }));
    };
    say({ draft: "12", by: "operator" });
    const digits = page.getByTestId("digits");
    await digits.filter({ hasText: "12" }).waitFor();
    await page.getByTestId("form-by").filter({ hasText: "Aiko Tanaka" }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.type("3");
    const told = { type: "write", form: 7, text: "123" } as const;
    await expect.poll(() => daemon.heard).toContainEqual(told);
    say({ draft: "123", by: "visitor" });
    await page.getByTestId("form-by").waitFor({ state: "detached" });
    await page.keyboard.type("4");
    await expect.poll(() => daemon.heard).toContainEqual({ ...told, text: "1234" });
    say({ draft: "9", by: "operator" });
    await page.getByTestId("form-by").waitFor();
    await page.getByTestId("enter").click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "answer", form: 7, text: "9" });
    expect(bad).toEqual([]);
  });

  it("tells no digit of a secret, and shows none", async () => {
    const { page, daemon } = await open([show("live", "pt")], [1280, 800]);
    const secret = form("number", "pt", { secret: true });
    const shared = together("pt", "number");
    const fields = shared.fields.map((f) => ({ ...f, secret: true, draft: null, by: null }));
    daemon.say(show("live", "pt", { form: secret, together: { ...shared, fields } }));
    await page.getByTestId("digits").waitFor();
    await page.keyboard.type("48");
    await page.getByTestId("digits").filter({ hasText: "••" }).waitFor();
    await page.getByTestId("enter").click();
    await expect.poll(() => daemon.heard).toContainEqual({ type: "answer", form: 7, text: "48" });
    expect(daemon.heard.filter(({ type }) => type === "write")).toEqual([]);
  });
});
