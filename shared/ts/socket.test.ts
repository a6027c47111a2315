import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Backoff } from "./backoff";
import { ReconnectingSocket, socketAddress } from "./socket";

class FakeSocket {
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.();
  }
}

describe("Backoff", () => {
  it("doubles up to its limit and starts over after a success", () => {
    const backoff = new Backoff({ first_ms: 100, longest_ms: 500, random: () => 0.999 });
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([100, 200, 400, 500, 500]);
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  it("never waits less than half a step", () => {
    const backoff = new Backoff({ first_ms: 100, random: () => 0 });
    expect([backoff.next(), backoff.next()]).toEqual([50, 100]);
  });
});

describe("ReconnectingSocket", () => {
  let made: FakeSocket[];
  const seen = { messages: [] as unknown[], opened: 0, lost: [] as number[] };

  function socket(): ReconnectingSocket<unknown, unknown> {
    return new ReconnectingSocket(
      "ws://127.0.0.1/ws",
      {
        message: (message) => seen.messages.push(message),
        open: () => (seen.opened += 1),
        lost: (wait) => seen.lost.push(wait),
      },
      {
        connect: () => {
          const fake = new FakeSocket();
          made.push(fake);
          return fake as unknown as WebSocket;
        },
        backoff: new Backoff({ first_ms: 100, longest_ms: 400, random: () => 0.999 }),
        open_timeout_ms: 1_000,
      },
    );
  }

  beforeEach(() => {
    vi.useFakeTimers();
    made = [];
    Object.assign(seen, { messages: [], opened: 0, lost: [] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("comes back with growing waits until a message arrives", () => {
    socket();
    made[0]?.close();
    vi.advanceTimersByTime(99);
    expect(made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(made).toHaveLength(2);
    made[1]?.open();
    made[1]?.close();
    vi.advanceTimersByTime(200);
    made[2]?.open();
    made[2]?.onmessage?.({ data: '{"a":1}' });
    made[2]?.close();
    expect(seen.lost).toEqual([100, 200, 100]);
    expect(seen.messages).toEqual([{ a: 1 }]);
  });

  it("gives up a connection that never opens", () => {
    socket();
    vi.advanceTimersByTime(1_000);
    expect(made[0]?.readyState).toBe(3);
    vi.advanceTimersByTime(100);
    expect(made).toHaveLength(2);
  });

  it("says that nothing was sent while the connection is down", () => {
    const subject = socket();
    expect(subject.send({ type: "goodbye" })).toBe(false);
    made[0]?.open();
    expect(subject.send({ type: "goodbye" })).toBe(true);
    expect(made[0]?.sent).toEqual(['{"type":"goodbye"}']);
  });

  it("leaves out what is no JSON and goes on", () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    socket();
    made[0]?.open();
    made[0]?.onmessage?.({ data: "{" });
    made[0]?.onmessage?.({ data: new ArrayBuffer(2) });
    made[0]?.onmessage?.({ data: "2" });
    expect(seen.messages).toEqual([2]);
  });

  it("stays closed when it was closed", () => {
    const subject = socket();
    subject.close();
    vi.advanceTimersByTime(60_000);
    expect(made).toHaveLength(1);
    expect(seen.lost).toEqual([]);
  });
});

it("a WebSocket address follows the page's own scheme, host and port", () => {
  expect(socketAddress("/ws", { href: "http://127.0.0.1:8700/x?y" })).toBe(
    "ws://127.0.0.1:8700/ws",
  );
  expect(socketAddress("api/live", { href: "https://console.example/office/" })).toBe(
    "wss://console.example/office/api/live",
  );
});
