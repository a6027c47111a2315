// Translates lines with Firefox's own engine (Bergamot, compiled to WebAssembly) and the installed
// models: node scripts/firefox-own.mjs FOLDER-OF-BERGAMOT MODELS en pt <lines >translations
import { readFileSync, writeFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , bergamot, models, from, to] = process.argv;
// Node takes the worker for a module otherwise, since the package says so of all its files.
writeFileSync(join(bergamot, "worker/package.json"), '{"type":"commonjs"}\n');
const { LatencyOptimisedTranslator, TranslatorBacking } = await import(
  pathToFileURL(join(bergamot, "translator.js")).href
);

/** Takes the models from a folder instead of from a server. */
class Installed extends TranslatorBacking {
  async loadModelRegistery() {
    return [{ from, to, files: {} }];
  }

  async loadTranslationModel() {
    const folder = join(models, `firefox-${from}-${to}`);
    const names = await readdir(folder);
    const file = async (prefix) => {
      const bytes = await readFile(join(folder, names.find((name) => name.startsWith(prefix))));
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    };
    return {
      model: await file("model."),
      vocabs: [await file("vocab.")],
      shortlist: await file("lex."),
      config: { "beam-size": "1" },
    };
  }
}

const translator = new LatencyOptimisedTranslator({}, new Installed({}));
for (const text of readFileSync(0, "utf8").trimEnd().split("\n")) {
  const { target } = await translator.translate({ from, to, text, html: false });
  process.stdout.write(`${target.text}\n`);
}
process.exit(0);
