import { generateKeyPairSync, sign } from "node:crypto";
import {
  fingerprintOf,
  ofOffer,
  toBase64,
  type OperatorToConsole,
  type Signal,
} from "@madoguchi/wire";
import type { Page } from "playwright-core";
import type { Wire } from "./pages";

const KEYS = generateKeyPairSync("ed25519");

/** The public key of the robot that a test plays, in base64. */
export const ROBOT_KEY = Buffer.from(
  KEYS.publicKey.export({ format: "jwk" }).x ?? "",
  "base64url",
).toString("base64");

/** An offer as this robot signs it for the newest call that a page began; other signals as they are. */
export function signed(heard: OperatorToConsole[], signal: Signal): Signal {
  const call = heard.findLast((message) => message.type === "accept");
  if (signal.kind !== "offer" || !call) return signal;
  const { case_id, nonce } = call;
  const { session, sdp } = signal;
  const signature = sign(
    null,
    ofOffer({ case_id, nonce, session }, fingerprintOf(sdp) ?? ""),
    KEYS.privateKey,
  );
  return { ...signal, proof: toBase64(signature) };
}

/**
 * A page that plays the robot's part of a media session: it offers picture and sound, wants the
 * other side's, and opens both data channels.
 */
export async function playRobot(
  page: Page,
  send: (signal: Signal) => void,
  options: { session: number; listens: boolean },
): Promise<(signal: Signal) => Promise<void>> {
  await page.exposeFunction("sendSignal", send);
  await page.evaluate(async ({ session, listens }) => {
    const scope = globalThis as unknown as {
      sendSignal: (signal: Signal) => void;
      robot: RTCPeerConnection;
    };
    const peer = new RTCPeerConnection();
    scope.robot = peer;
    peer.onicecandidate = ({ candidate }) =>
      scope.sendSignal({
        kind: "candidate",
        session,
        candidate: candidate?.candidate ?? "",
        sdp_mid: candidate?.sdpMid ?? null,
        sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
      });
    peer.ontrack = ({ track }) => {
      // Sound is only decoded, and so measured, where something plays it.
      const player = new Audio();
      player.srcObject = new MediaStream([track]);
      void player.play();
    };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of stream.getTracks()) {
      if (!listens && track.kind === "audio") continue;
      peer.addTransceiver(track, {
        direction: listens ? "sendrecv" : "sendonly",
        streams: [stream],
      });
    }
    if (listens) {
      peer.createDataChannel("control");
      peer.createDataChannel("motion", { ordered: false, maxRetransmits: 0 });
    }
    await peer.setLocalDescription();
    scope.sendSignal({ kind: "offer", session, sdp: peer.localDescription?.sdp ?? "" });
  }, options);
  return (signal) =>
    page.evaluate(async (signal) => {
      const { robot } = globalThis as unknown as { robot: RTCPeerConnection };
      if (signal.kind === "answer") {
        await robot.setRemoteDescription({ type: "answer", sdp: signal.sdp });
      } else if (signal.kind === "candidate" && signal.candidate) {
        await robot.addIceCandidate({
          candidate: signal.candidate,
          sdpMid: signal.sdp_mid,
          sdpMLineIndex: signal.sdp_m_line_index,
        });
      }
    }, signal);
}

/** Passes a page's signals on to the robot while something is waited for. */
export async function relay<ToPage, FromPage extends { type: string }>(
  wire: Wire<ToPage, FromPage>,
  answer: (signal: Signal) => Promise<void>,
  meanwhile: () => Promise<void>,
): Promise<void> {
  let passed = wire.heard.length;
  const timer = setInterval(() => {
    for (const message of wire.heard.slice(passed)) {
      passed += 1;
      // Candidates of a session that was replaced meanwhile are refused: that is their end.
      if ("signal" in message) void answer(message.signal as Signal).catch(() => undefined);
    }
  }, 20);
  await meanwhile().finally(() => clearInterval(timer));
}

/** What a peer connection of the robot's page has received. */
export async function received(page: Page): Promise<{ frames: number; energy: number }> {
  return page.evaluate(async () => {
    const { robot } = globalThis as unknown as { robot: RTCPeerConnection };
    const sum = { frames: 0, energy: 0 };
    for (const row of (await robot.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (row["type"] !== "inbound-rtp") continue;
      sum.frames += Number(row["framesDecoded"] ?? 0);
      sum.energy += Number(row["totalAudioEnergy"] ?? 0);
    }
    return sum;
  });
}

/** How many frames a video element has shown. */
export async function framesShown(page: Page, testid: string): Promise<number> {
  return page
    .getByTestId(testid)
    .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);
}
