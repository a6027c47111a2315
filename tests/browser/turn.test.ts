import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
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

/** A port that is free for UDP and TCP alike. */
async function freePort(address: string): Promise<number> {
  for (;;) {
    const socket = createSocket("udp4").bind(0, address);
    await once(socket, "listening");
    const { port } = socket.address();
    const server = createServer();
    const free = await new Promise<boolean>((tell) => {
      server.once("error", () => tell(false)).listen(port, address, () => tell(true));
    });
    await new Promise<void>((closed) => socket.close(closed));
    if (!free) continue;
    await new Promise((closed) => server.close(closed));
    return port;
  }
}

/** How clients reach the server; it listens to nothing else. */
type Reach = "udp" | "tcp" | "tls";

/** A certificate for an address, which whoever trusts the file takes for genuine. */
async function certificate(address: string): Promise<{ key: string; cert: string }> {
  const [key, cert] = [join(folder, "turn.key"), join(folder, "turn.pem")];
  const openssl = spawn(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"].concat(
      ["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=turn"],
      ["-addext", `subjectAltName=IP:${address}`, "-addext", "basicConstraints=critical,CA:FALSE"],
    ),
    { stdio: "ignore" },
  );
  const [code] = (await once(openssl, "exit")) as [number];
  if (code !== 0) throw new Error("openssl made no certificate; install openssl");
  return { key, cert };
}

/** Debian's coturn, which knows no user but those that its secret makes. */
async function coturn(secret: string, reach: Reach = "udp"): Promise<Turn> {
  const address = ownAddress();
  const port = await freePort(address);
  const tlsPort = await freePort(address);
  const { key, cert } = reach === "tls" ? await certificate(address) : { key: "", cert: "" };
  const listens = {
    udp: "no-tcp\nno-tls\n",
    tcp: "no-udp\nno-tls\n",
    tls: `no-udp\ntls-listening-port=${tlsPort}\ncert=${cert}\npkey=${key}\n`,
  };
  const config = join(folder, "turnserver.conf");
  await writeFile(
    config,
    // Robot and page have the address that is denied as a peer: the server carries only what comes
    // from another of its own allocations, so that neither end gets past its relay.
    `listening-ip=${address}\nrelay-ip=127.0.0.1\ndenied-peer-ip=${address}\n` +
      `listening-port=${port}\nrealm=test\n` +
      `use-auth-secret\nstatic-auth-secret=${secret}\nallow-loopback-peers\nno-dtls\n` +
      `${listens[reach]}no-cli\nverbose\nlog-file=stdout\nsimple-log\n` +
      `pidfile=${join(folder, "pid")}\nuserdb=${join(folder, "users.db")}\n`,
  );
  const process = spawn("turnserver", ["-c", config], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [process.stdout, process.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (log += text));
  }
  process.on("error", (error) => (log += `install coturn: ${error.message}`));
  server = { process, log: () => log };
  const opened = { udp: "UDP", tcp: "TCP", tls: "TLS/TCP" }[reach];
  await expect
    .poll(() => log, SOON)
    .toMatch(new RegExp(`${opened} listener opened|install coturn`, "u"));
  expect(log).not.toMatch(/install coturn/u);
  const byTcp = `turn:${address}:${port}?transport=tcp`;
  const url = {
    udp: `turn:${address}:${port}?transport=udp`,
    tcp: byTcp,
    tls: `turns:${address}:${tlsPort}?transport=tcp`,
  };
  return { url: url[reach], byTcp, cert };
}

/** A TURN server. */
interface Turn {
  url: string;
  /** The same for a browser, which trusts no certificate of ours. */
  byTcp: string;
  cert: string;
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
  house = await office((await coturn(SECRET)).url, SECRET);
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
  house = await office((await coturn("quite another secret")).url, SECRET);
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

/** The same for a page, which goes to the server at `byTcp` in place of `url`. */
function relayOnlyBy({ url, byTcp }: Turn): { content: string } {
  const own = JSON.stringify({ [url]: byTcp });
  return {
    content: `{
      const Peer = RTCPeerConnection;
      const own = ${own};
      globalThis.RTCPeerConnection = class extends Peer {
        constructor(configuration) {
          const iceServers = (configuration?.iceServers ?? []).map((server) => ({
            ...server,
            urls: [server.urls].flat().map((url) => own[url] ?? url),
          }));
          super({ ...configuration, iceServers, iceTransportPolicy: "relay" });
        }
      };
    }`,
  };
}

test.each(["tcp", "tls"] as const)(
  "where the server takes no UDP, robot and page get through by %s",
  async (reach) => {
    const turn = await coturn(SECRET, reach);
    const before = process.env["SSL_CERT_FILE"];
    if (turn.cert) process.env["SSL_CERT_FILE"] = turn.cert;
    try {
      house = await office(turn.url, SECRET);
    } finally {
      if (before === undefined) delete process.env["SSL_CERT_FILE"];
      else process.env["SSL_CERT_FILE"] = before;
    }
    const screen = await openScreen(browser, house);
    const desk = await openDesk(browser, house, house.user, relayOnlyBy(turn));
    await screen.getByTestId("language-en").click();
    await screen.getByTestId("talk-to-person").click();
    await desk.getByTestId("case-row").first().click();
    const accepted = Date.now();
    await desk.getByTestId("accept").click();
    await desk.waitForFunction(
      () =>
        (document.querySelector<HTMLVideoElement>("[data-testid=robot-video]")?.currentTime ?? 0) >
        0,
      undefined,
      SOON,
    );
    console.info(`accept → first frame through TURN by ${reach}: ${Date.now() - accepted} ms`);
    await bothMove(screen, desk);
    const log = (): string => server?.log() ?? "";
    const allocated = /user <\d{10}:robot-[0-9a-f-]{36}>.*ALLOCATE.*success/iu;
    await expect.poll(log, SOON).toMatch(allocated);
    expect(log()).not.toMatch(/UDP listener opened/u);
    const byTls = /username=<\d{10}:robot-[^>]*>.*method=TLS/u.test(log());
    expect(byTls).toBe(reach === "tls");
  },
  120_000,
);

test("a TURN server whose certificate nobody vouches for is not used", async () => {
  const turn = await coturn(SECRET, "tls");
  house = await office(turn.url, SECRET);
  const screen = await openScreen(browser, house);
  const desk = await openDesk(browser, house, house.user, relayOnlyBy(turn));
  await screen.getByTestId("language-en").click();
  await screen.getByTestId("talk-to-person").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  await expect
    .poll(() => house?.robotLog() ?? "", SOON)
    .toMatch(/stream to a TURN server ended: .*certificate/u);
  expect(server?.log()).not.toMatch(/username=<\d{10}:robot-/u);
}, 120_000);
