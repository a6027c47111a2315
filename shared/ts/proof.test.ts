import { describe, expect, it } from "vitest";
import { fingerprintOf, ofAnswer, ofOffer, toBase64, verifies } from "./proof";

const digest = (pair: string): string => Array.from({ length: 32 }, () => pair).join(":");
const line = (pair: string): string => `a=fingerprint:sha-256 ${digest(pair)}\r\n`;
const OF = { case_id: "01-case", nonce: "n", session: 7 };

describe("the fingerprint of a description", () => {
  it("is one for all of its media, or none", () => {
    expect(fingerprintOf(`v=0\r\n${line("ab")}m=audio\r\n${line("AB")}`)).toBe(digest("AB"));
    for (const bad of [
      "",
      "v=0\r\n",
      line("AB") + line("CD"),
      `${line("AB")}a=fingerprint:sha-1 AB:CD\r\n`,
      "a=fingerprint:sha-256 AB:CD\r\n",
      line("G1"),
    ]) {
      expect(fingerprintOf(bad), bad).toBeNull();
    }
  });
});

describe("what is signed", () => {
  it("is the same text as the robot's", () => {
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    expect(text(ofOffer(OF, "AA"))).toBe("madoguchi-media-offer-v1\n01-case\nn\n7\nAA\n");
    expect(text(ofAnswer(OF, "AA", "BB"))).toBe(
      "madoguchi-media-answer-v1\n01-case\nn\n7\nAA\nBB\n",
    );
  });

  it("verifies by the key that signed it, and by no other", async () => {
    const make = (): Promise<CryptoKeyPair> =>
      crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]) as Promise<CryptoKeyPair>;
    const [ours, theirs] = await Promise.all([make(), make()]);
    const raw = async ({ publicKey }: CryptoKeyPair): Promise<string> =>
      toBase64(await crypto.subtle.exportKey("raw", publicKey));
    const signed = ofOffer(OF, "AA");
    const proof = toBase64(await crypto.subtle.sign("Ed25519", ours.privateKey, signed));
    expect(await verifies(await raw(ours), proof, signed)).toBe(true);
    expect(await verifies(await raw(theirs), proof, signed)).toBe(false);
    expect(await verifies(await raw(ours), proof, ofOffer(OF, "AB"))).toBe(false);
    for (const [key, signature] of [
      ["", ""],
      ["not base64!", proof],
      ["AAAA", proof],
      [await raw(ours), "AAAA"],
    ] as const) {
      expect(await verifies(key, signature, signed)).toBe(false);
    }
  });
});
