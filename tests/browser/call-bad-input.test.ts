import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { authored } from "./support/pack";
import { answersTyped, bothMove, end, openDesk, openScreen, SOON, stage } from "./support/people";

let browser: Browser;
let house: House | undefined;

beforeEach(async () => {
  browser = await launch();
});

afterEach(async (context) => {
  if (context.task.result?.state === "fail") console.error(house?.robotLog().slice(-4_000));
  await browser.close();
  await house?.stop();
  house = undefined;
});

/** A case at a desk whose page was tampered with. */
async function accepted(prepare: () => void): Promise<{ screen: Page; desk: Page; house: House }> {
  house = await openHouse([]);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house, house.user, prepare);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  return { screen, desk, house };
}

/** The robot answers whoever comes next. */
async function servesOn(screen: Page, desk: Page): Promise<void> {
  await end(desk);
  await stage(screen, "conversation").waitFor(SOON);
  await answersTyped(screen, "Quando é a coleta de lixo na minha rua?", "pt", "garbage-days");
}

test("a page that has none of the robot's codecs is told so, and words go on", async () => {
  const { screen, desk, house } = await accepted(() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      const other = typeof data === "string" && data.includes('"kind":"answer"');
      send.call(this, other ? data.replaceAll("VP8/90000", "H263/90000") : data);
    };
  });
  await desk
    .locator('[data-testid="call-state"][data-state="given_up"]')
    .waitFor({ timeout: 60_000 });
  expect(await desk.getByTestId("error").innerText()).toMatch(/could not be set up.*You can type/u);
  const told = await authored("phrases/pt.toml", ["phrases", "no_picture"]);
  await expect.poll(() => screen.getByTestId("notice").innerText(), SOON).toBe(told);
  expect(house.robotLog()).toMatch(/the call failed/u);
  await servesOn(screen, desk);
}, 180_000);

test("candidates that make no sense and an answer that comes twice change nothing", async () => {
  const { screen, desk } = await accepted(() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      send.call(this, data);
      if (typeof data !== "string" || !data.includes('"kind":"answer"')) return;
      send.call(this, data);
      const { case_id, signal } = JSON.parse(data) as {
        case_id: string;
        signal: { session: number };
      };
      for (const candidate of [
        "nonsense",
        "candidate:",
        "x".repeat(60_000),
        "candidate:1 1 udp -1 ::g 99999 typ moon",
      ]) {
        const bad = {
          kind: "candidate",
          session: signal.session,
          candidate,
          sdp_mid: "99",
          sdp_m_line_index: 9,
        };
        send.call(this, JSON.stringify({ type: "signal", case_id, signal: bad }));
      }
    };
  });
  await bothMove(screen, desk);
  await servesOn(screen, desk);
}, 180_000);

test("ten megabytes over the data channel, in the largest messages, cost nobody the call", async () => {
  const { screen, desk, house } = await accepted(() => {
    const scope = globalThis as unknown as { control?: RTCDataChannel };
    const Peer = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Peer {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener("datachannel", ({ channel }) => {
          if (channel.label === "control") scope.control = channel;
        });
      }
    };
  });
  await bothMove(screen, desk);
  const sent = await desk.evaluate(async () => {
    const { control } = globalThis as unknown as { control: RTCDataChannel };
    const message = new Uint8Array(65_536);
    let sent = 0;
    while (sent < 10_000_000 && control.readyState === "open") {
      if (control.bufferedAmount > 1_000_000) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      control.send(message);
      sent += message.length;
    }
    return sent;
  });
  expect(sent).toBeGreaterThan(10_000_000);
  await expect.poll(() => house.robotLog(), SOON).toMatch(/longer than any of ours/u);
  await bothMove(screen, desk);
  await servesOn(screen, desk);
}, 180_000);

test("an operator whose browser allows neither camera nor microphone is told, and sees the visitor", async () => {
  const { screen, desk } = await accepted(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("denied", "NotAllowedError"));
  });
  await desk.locator('[data-testid="call-state"][data-state="connected"]').waitFor(SOON);
  expect(await desk.getByTestId("error").innerText()).toMatch(/Allow them in the browser/u);
  await screen.getByTestId("initials").waitFor(SOON);
  await desk.getByTestId("message").fill("Please wait a moment");
  await desk.getByTestId("send").click();
  await desk.getByTestId("shown").first().waitFor(SOON);
  await servesOn(screen, desk);
}, 180_000);
