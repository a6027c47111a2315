import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const HEADER_BYTES = 44;
const RATE_HZ = 16_000;

/** English read aloud, from Debian's `pocketsphinx-testdata`: "and mister john dashwood had then …". */
export const ENGLISH =
  "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0870.wav";

/**
 * A recording of 16 kHz, mono, 16 bits, with silence behind it: played over and over, each round is
 * an utterance of its own.
 */
export async function withPause(from: string, folder: string, pause_s = 2.5): Promise<string> {
  const recording = await readFile(from);
  const silence = Buffer.alloc(RATE_HZ * 2 * pause_s);
  const wav = Buffer.concat([recording, silence]);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.writeUInt32LE(wav.length - HEADER_BYTES, HEADER_BYTES - 4);
  const file = join(folder, "with-pause.wav");
  await writeFile(file, wav);
  return file;
}
