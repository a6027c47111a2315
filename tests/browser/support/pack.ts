import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, type TomlTable } from "smol-toml";
import { PACK } from "./house";

/** The words at `keys` in a file of a knowledge pack. */
export async function authored(file: string, keys: string[], pack = PACK): Promise<string> {
  let value: unknown = parse(await readFile(join(pack, file), "utf8"));
  for (const key of keys) value = (value as TomlTable)[key];
  if (typeof value !== "string") throw new Error(`${file} has no text at ${keys.join(".")}`);
  return value;
}
