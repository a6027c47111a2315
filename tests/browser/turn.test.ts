import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createSocket } from "node:dgram";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, type House } from "./support/house";
import { watch } from "./support/media";
import { bothMove, openDesk, openScreen, SOON } from "./support/people";

const SECRET = "only for this test, and no other";

let folder: string;
let browser: Browser;
let house: House | undefined;
let server: { process: ChildProcess; log: () => string } | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "madoguchi-turn-"));
  browser = await launch();
});

afterEach(async (context) => {
  if (context.task.result?.state === "fail") {
    console.error(house?.robotLog().slice(-3_000), server?.log().slice(-3_000));
  }
  await browser.close();
  await house?.stop();
  if (server && server.process.exitCode === null && server.process.pid !== undefined) {
    const ended = once(server.process, "exit");
    server.process.kill("SIGTERM");
    await ended;
  }
  house = server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** An address of this machine at which a TURN server can be reached by all. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

async function freeUdpPort(address: string): Promise<number> {
  const socket = createSocket("udp4").bind(0, address);
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((closed) => socket.close(closed));
  return port;
}

/** Debian's coturn, which knows no user but those that its secret makes. */
async function coturn(secret: string): Promise<string> {
  const address = ownAddress();
  const port = await freeUdpPort(address);
  const config = join(folder, "turnserver.conf");
  await writeFile(
    config,
    `listening-ip=${address}\nrelay-ip=${address}\nlistening-port=${port}\nrealm=test\n` +
      `use-auth-secret\nstatic-auth-secret=${secret}\nallow-loopback-peers\nno-tls\nno-dtls\n` +
      `no-cli\nno-tcp\nverbose\nlog-file=stdout\nsimple-log\npidfile=${join(folder, "pid")}\n` +
      `userdb=${join(folder, "users.db")}\n`,
  );
  const process = spawn("turnserver", ["-c", config], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [process.stdout, process.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (log += text));
  }
  process.on("error", (error) => (log += `install coturn: ${error.message}`));
  server = { process, log: () => log };
  await expect.poll(() => log, SOON).toMatch(/UDP listener opened|install coturn/u);
  expect(log).not.toMatch(/install coturn/u);
  return `turn:${address}:${port}?transport=udp`;
}

/** Lets a page go through TURN only, and take no other way to the robot. */
const relayOnly = (): void => {
  const Peer = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Peer {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceTransportPolicy: "relay" });
    }
  };
};

/** A house whose console issues credentials under `secret`. */
async function office(url: string, secret: string): Promise<House> {
  const file = join(folder, "turn-secret");
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return openHouse([], {
    console: `[turn]\nurls = ["${url}"]\nsecret_file = ${JSON.stringify(file)}\n`,
  });
}

test("with TURN forced, robot and page get in with credentials that hold for this call", async () => {
  house = await office(await coturn(SECRET), SECRET);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house, house.user, relayOnly);
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  await bothMove(screen, desk);
  const log = (): string => server?.log() ?? "";
  const allocated = (end: string): RegExp =>
    new RegExp(
      `user <\\d{10}:${end}-[0-9a-f-]{36}>.*(?:ALLOCATE|CREATE_PERMISSION).*success`,
      "iu",
    );
  await expect.poll(log, SOON).toMatch(allocated("page"));
  await expect.poll(log, SOON).toMatch(allocated("robot"));
  expect(log()).not.toContain(SECRET);
  const [end] = /user <(\d{10}):page/u.exec(log())?.slice(1) ?? [];
  const hours = (Number(end) - Date.now() / 1_000) / 3_600;
  expect(hours, "it ends by itself").toBeGreaterThan(11);
  expect(hours).toBeLessThan(12.1);
}, 120_000);

test("credentials of another secret are refused by the server", async () => {
  house = await office(await coturn("quite another secret"), SECRET);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house, house.user, relayOnly);
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  await expect
    .poll(() => server?.log() ?? "", SOON)
    .toMatch(/page-.*(?:401|unauthori[sz]ed|credentials)/iu);
  expect((await watch(desk, "robot-video")).frames, "no picture in two seconds").toBe(0);
  expect(await desk.locator('[data-testid="call-state"][data-state="connected"]').count()).toBe(0);
}, 120_000);
