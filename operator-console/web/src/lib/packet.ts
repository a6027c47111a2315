import type { Packet, Turn } from "@madoguchi/wire";

/**
 * A packet with one more line. `"known"` when the packet has it already, `"gap"` when a change
 * before it was missed and the whole packet must be asked for.
 */
export function withTurn(packet: Packet, revision: number, turn: Turn): Packet | "known" | "gap" {
  if (revision <= packet.revision) return "known";
  if (revision > packet.revision + 1) return "gap";
  const transcript = packet.transcript.filter(({ number }) => number !== turn.number);
  const at = transcript.findIndex(({ number }) => number > turn.number);
  transcript.splice(at < 0 ? transcript.length : at, 0, turn);
  return { ...packet, revision, transcript };
}
