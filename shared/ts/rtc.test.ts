import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { Answerer, offeredDirections } from "./rtc";
import type { Signal } from "./wire.gen";

interface FakeTransceiver {
  mid: string;
  direction: string;
  receiver: { track: { kind: string } };
  sender: { replaceTrack: (track: unknown) => Promise<void> };
}

class FakePeer {
  static made: FakePeer[] = [];
  static transceivers: FakeTransceiver[] = [];
  closed = false;
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  remote: string[] = [];
  candidates: unknown[] = [];
  receivers = [{ jitterBufferTarget: null as number | null }];
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: unknown) => void) | null = null;

  constructor() {
    FakePeer.made.push(this);
  }
  async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    if (sdp === "garbage") throw new Error("Failed to parse SessionDescription.");
    this.remote.push(sdp);
  }
  async setLocalDescription(): Promise<void> {
    this.localDescription = { sdp: `answer to ${this.remote.at(-1)}` };
  }
  async addIceCandidate(candidate: unknown): Promise<void> {
    this.candidates.push(candidate);
  }
  getReceivers(): unknown[] {
    return this.receivers;
  }
  getTransceivers(): unknown[] {
    return FakePeer.transceivers;
  }
  close(): void {
    this.closed = true;
  }
}

const peer = (): RTCPeerConnection => new FakePeer() as unknown as RTCPeerConnection;
const offer = (session: number, sdp = `offer ${session}`): Signal => ({
  kind: "offer",
  session,
  sdp,
});
const candidate = (session: number): Signal => ({
  kind: "candidate",
  session,
  candidate: "candidate:1 1 UDP 1 127.0.0.1 9 typ host",
  sdp_mid: "0",
  sdp_m_line_index: 0,
});

let sent: Signal[];
let failures: unknown[];
const handlers = {
  send: (signal: Signal) => sent.push(signal),
  failed: (error: unknown) => failures.push(error),
};

beforeAll(() => {
  vi.stubGlobal("MediaStream", EventTarget);
});
beforeEach(() => {
  sent = [];
  failures = [];
  FakePeer.made = [];
  FakePeer.transceivers = [];
});

it("a session that was hung up says nothing more, and the next offer is answered", async () => {
  const states: string[] = [];
  const subject = new Answerer({ ...handlers, state: (state) => states.push(state) }, { peer });
  await subject.handle(offer(1));
  const [first] = FakePeer.made;
  const told = first?.onconnectionstatechange;
  subject.hangUp();
  if (first) first.connectionState = "connecting";
  told?.call(first as FakePeer);
  expect(states).toEqual([]);
  expect(first?.closed).toBe(true);
  expect(subject.peer).toBeUndefined();
  await subject.handle(candidate(1));
  await subject.handle(offer(2));
  expect(sent.map(({ session }) => session)).toEqual([1, 2]);
  expect(failures).toEqual([]);
});

it("a later offer replaces the session and an earlier one is dropped", async () => {
  const subject = new Answerer(handlers, { peer });
  await subject.handle(offer(2));
  await subject.handle(offer(3));
  await subject.handle(offer(1));
  expect(sent).toEqual([
    { kind: "answer", session: 2, sdp: "answer to offer 2" },
    { kind: "answer", session: 3, sdp: "answer to offer 3" },
  ]);
  expect(FakePeer.made.map(({ closed }) => closed)).toEqual([true, false]);
});

it("the same number renegotiates on the same connection", async () => {
  const subject = new Answerer(handlers, { peer });
  await subject.handle(offer(1));
  await subject.handle(offer(1, "offer 1 again"));
  expect(FakePeer.made).toHaveLength(1);
  expect(sent.at(-1)).toEqual({ kind: "answer", session: 1, sdp: "answer to offer 1 again" });
});

it("candidates wait for their offer and those of other sessions are dropped", async () => {
  const subject = new Answerer(handlers, { peer });
  await subject.handle(candidate(1));
  const first = subject.handle(offer(1));
  const second = subject.handle(candidate(1));
  await Promise.all([first, second, subject.handle(candidate(2))]);
  expect(FakePeer.made[0]?.candidates).toHaveLength(1);
});

it("the answer waits for the camera, and tracks go where the robot listens", async () => {
  const replaced: string[] = [];
  const transceiver = (mid: string, kind: string): FakeTransceiver => ({
    mid,
    direction: "recvonly",
    receiver: { track: { kind } },
    sender: { replaceTrack: async () => void replaced.push(mid) },
  });
  FakePeer.transceivers = [
    transceiver("0", "video"),
    transceiver("1", "video"),
    transceiver("2", "audio"),
  ];
  const sdp =
    "v=0\r\nm=video 9\r\na=mid:0\r\na=sendonly\r\nm=video 9\r\na=mid:1\r\na=sendrecv\r\n" +
    "m=audio 9\r\na=mid:2\r\na=recvonly\r\n";
  let ready: (stream: MediaStream) => void = () => undefined;
  const local = new Promise<MediaStream>((resolve) => (ready = resolve));
  const subject = new Answerer(handlers, { peer, local });
  const answered = subject.handle(offer(1, sdp));
  await Promise.resolve();
  expect(sent).toEqual([]);
  ready({ getTracks: () => [{ kind: "audio" }, { kind: "video" }] } as unknown as MediaStream);
  await answered;
  expect(sent).toHaveLength(1);
  expect(replaced).toEqual(["1", "2"]);
  expect(FakePeer.transceivers.map(({ direction }) => direction)).toEqual([
    "recvonly",
    "sendrecv",
    "sendonly",
  ]);
  expect(FakePeer.made[0]?.receivers[0]?.jitterBufferTarget).toBe(0);
});

it("a bad offer is told and the next one is answered", async () => {
  const subject = new Answerer(handlers, { peer });
  await subject.handle(offer(1, "garbage"));
  await subject.handle(offer(2));
  expect(failures).toHaveLength(1);
  expect(sent).toEqual([{ kind: "answer", session: 2, sdp: "answer to offer 2" }]);
});

it("own candidates carry the session they belong to", async () => {
  const subject = new Answerer(handlers, { peer });
  await subject.handle(offer(4));
  FakePeer.made[0]?.onicecandidate?.({ candidate: null });
  expect(sent.at(-1)).toEqual({
    kind: "candidate",
    session: 4,
    candidate: "",
    sdp_mid: null,
    sdp_m_line_index: null,
  });
});

it("after closing nothing is answered", async () => {
  const subject = new Answerer(handlers, { peer });
  await subject.handle(offer(1));
  subject.close();
  await subject.handle(offer(2));
  expect(sent).toHaveLength(1);
  expect(FakePeer.made.map(({ closed }) => closed)).toEqual([true]);
});

it("a media description without a direction is sendrecv", () => {
  expect([...offeredDirections("m=audio 9\na=mid:a\nm=video 9\na=mid:b\na=inactive\n")]).toEqual([
    ["a", "sendrecv"],
    ["b", "inactive"],
  ]);
});
