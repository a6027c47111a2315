import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BIN, DEMO, ROOT, warmUp } from "./support/house";

/** Questions that were written after the pack and changed nothing in it. */
const QUESTIONS = join(ROOT, "robot-firmware", "core", "tests", "data", "questions_unseen.tsv");

interface Answer {
  topic: string | null;
  asks_for_person: number | null;
}

test("agent", async () => {
  await warmUp();
  const rows = readFileSync(QUESTIONS, "utf8")
    .split("\n")
    .filter((line) => line.trim() && !line.startsWith("#"))
    .map((line) => line.split("\t"));
  expect(rows.length).toBeGreaterThan(100);
  const right = { topic: 0, person: 0, none: 0 };
  const all = { topic: 0, person: 0, none: 0 };
  let wrongAnswers = 0;
  for (const [text = "", expected = "", language = ""] of rows) {
    const words = ["ask", "--lang", language, text, "--json", "--config", DEMO];
    const answer = JSON.parse(
      execFileSync(join(BIN, "madoguchi-robot"), words, { encoding: "utf8" }),
    ) as Answer;
    const got = answer.asks_for_person ? "person" : (answer.topic ?? "none");
    const kind = expected === "person" || expected === "none" ? expected : "topic";
    all[kind] += 1;
    if (got === expected) right[kind] += 1;
    else if (got !== "none" && got !== "person") wrongAnswers += 1;
  }
  console.log(`right topic            ${right.topic} of ${all.topic}`);
  console.log(`wrong answer given     ${wrongAnswers}`);
  console.log(`wish for a person      ${right.person} of ${all.person}`);
  console.log(`none of these          ${right.none} of ${all.none}`);
});
