import type { CaseId } from "./wire.gen";

/** What a media session belongs to. */
export interface MediaSession {
  case_id: CaseId;
  /** What this page drew at random for its call. */
  nonce: string;
  session: number;
}

/** What the robot signs of its offer: see `shared/src/proof.rs`. */
export const ofOffer = (of: MediaSession, fingerprint: string): Uint8Array<ArrayBuffer> =>
  transcript("madoguchi-media-offer-v1", of, fingerprint);

/** What the page signs of its answer. */
export const ofAnswer = (
  of: MediaSession,
  offered: string,
  fingerprint: string,
): Uint8Array<ArrayBuffer> => transcript("madoguchi-media-answer-v1", of, offered, fingerprint);

function transcript(
  label: string,
  { case_id, nonce, session }: MediaSession,
  ...fingerprints: string[]
): Uint8Array<ArrayBuffer> {
  const lines = [label, case_id, nonce, String(session), ...fingerprints];
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}

/** The one SHA-256 fingerprint of a session description; `null` where it is another or not one. */
export function fingerprintOf(sdp: string): string | null {
  const lines = [...sdp.matchAll(/^a=fingerprint:(.*?)\s*$/gimu)].map((line) => line[1] ?? "");
  const found = new Set(lines.map((line) => line.toUpperCase()));
  const [only] = found;
  if (found.size !== 1 || !only) return null;
  return /^SHA-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/u.exec(only)?.[1] ?? null;
}

/** Bytes from base64; `null` where it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Base64 of bytes. */
export const toBase64 = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** Whether an Ed25519 key in base64 made a signature in base64; `false` without WebCrypto. */
export async function verifies(
  key: string,
  signature: string,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const [raw, made] = [fromBase64(key), fromBase64(signature)];
  if (!raw || !made || !globalThis.crypto?.subtle) return false;
  try {
    const subtle = crypto.subtle;
    const imported = await subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await subtle.verify("Ed25519", imported, made, signed);
  } catch {
    return false;
  }
}
