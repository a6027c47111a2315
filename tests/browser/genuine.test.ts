import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { watch } from "./support/media";
import { authored } from "./support/pack";
import { answersTyped, bothMove, end, openDesk, openScreen, SOON, stage } from "./support/people";

let browser: Browser;
let house: House | undefined;

beforeEach(async () => {
  browser = await launch();
});

afterEach(async (context) => {
  if (context.task.result?.state === "fail") {
    for (const page of browser.contexts().flatMap((each) => each.pages()))
      console.error(await page.locator("body").innerText());
    console.error(house?.robotLog().slice(-4_000));
  }
  await browser.close();
  await house?.stop();
  house = undefined;
});

/**
 * Somebody between page and robot: `which` of the descriptions that pass gets another fingerprint,
 * as it would to lead picture and sound through a machine of theirs.
 */
const between = {
  offer: (): void => {
    const text = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data")?.get;
    Object.defineProperty(MessageEvent.prototype, "data", {
      get(this: MessageEvent) {
        const data: unknown = text?.call(this);
        if (typeof data !== "string" || !data.includes('"kind":"offer"')) return data;
        return data.replaceAll(/(?<=sha-256 )[0-9A-F]/giu, (digit) => (digit === "0" ? "1" : "0"));
      },
    });
  },
  answer: (): void => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      const swapped =
        typeof data === "string" && data.includes('"kind":"answer"')
          ? data.replaceAll(/(?<=sha-256 )[0-9A-F]/giu, (digit) => (digit === "0" ? "1" : "0"))
          : data;
      send.call(this, swapped);
    };
  },
  nonsense: (): void => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      const answers = typeof data === "string" && data.includes('"kind":"answer"');
      send.call(this, answers ? data.replace(/"sdp":"[^"]*"/u, '"sdp":"complete nonsense"') : data);
    };
  },
  /** Whoever has the cookie alone has no key: another browser signs for this page. */
  key: (): void => {
    const sign = SubtleCrypto.prototype.sign;
    SubtleCrypto.prototype.sign = async function (algorithm, _key, data) {
      const other = await this.generateKey("Ed25519", false, ["sign", "verify"]);
      return sign.call(this, algorithm, (other as CryptoKeyPair).privateKey, data);
    };
  },
};

/** Accepts the visitor's case at a desk with somebody between. */
async function accepted(screen: Page, prepare: () => void, office: House): Promise<Page> {
  const desk = await openDesk(browser, office, office.user, prepare);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  return desk;
}

test.each([
  ["the robot's offer", between.offer, /not signed by this robot/u],
  ["the page's answer", between.answer, /robot could not verify/u],
  ["the key that answers", between.key, /robot could not verify/u],
  ["the page's answer for nonsense", between.nonsense, /robot could not verify/u],
])(
  "who swaps %s on the way gets neither picture nor sound, and both ends say so",
  async (_, prepare, told) => {
    house = await openHouse([]);
    const screen = await openScreen(browser, house);
    const desk = await accepted(screen, prepare, house);
    await desk.locator('[data-testid="call-state"][data-state="refused"]').waitFor(SOON);
    expect(await desk.getByTestId("error").innerText()).toMatch(told);
    const notice = screen.getByTestId("notice");
    const words = await authored("phrases/pt.toml", ["phrases", "not_genuine"]);
    await expect.poll(() => notice.innerText(), SOON).toBe(words);
    expect((await watch(desk, "robot-video")).frames, "no picture at the desk").toBe(0);
    expect((await watch(screen, "face")).frames, "nor on the screen").toBe(0);
    expect(await screen.getByTestId("camera-in-use").count(), "no camera in use").toBe(0);
    expect(house.robotLog()).toMatch(/refuse/u);

    // Words go through the console, and the robot answers again afterwards.
    await desk.getByTestId("message").fill("Please wait a moment");
    await desk.getByTestId("send").click();
    await desk.getByTestId("shown").first().waitFor(SOON);
    await end(desk);
    await stage(screen, "conversation").waitFor(SOON);
    await answersTyped(screen, "Quando é a coleta de lixo na minha rua?", "pt", "garbage-days");
  },
  120_000,
);

test("a page that is loaded anew keeps its key and is answered again", async () => {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house);
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  await bothMove(screen, desk);
  await desk.reload();
  await bothMove(screen, desk);
}, 120_000);
