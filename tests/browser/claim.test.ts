import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { command, MODELS, openHouse, PACK, type House, type Ran } from "./support/house";

let house: House;
let folder: string;

beforeEach(async () => {
  house = await openHouse([]);
  folder = await mkdtemp(join(tmpdir(), "madoguchi-test-"));
  await writeFile(
    join(folder, "robot.toml"),
    `pack = ${JSON.stringify(PACK)}\nmodels = ${JSON.stringify(MODELS)}\nstate = "robot"\n`,
  );
});

afterEach(async () => {
  await house.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Asks the second robot. */
function robot(...args: string[]): Ran {
  return command("madoguchi-robot", [...args, "--config", join(folder, "robot.toml")]);
}

function claim(code: string, fingerprint = house.link.fingerprint): Ran {
  const { url } = house.link;
  return robot("claim", "--console", url, "--fingerprint", fingerprint, "--code", code);
}

test("a code is believed only when the console has taken the robot in", async () => {
  const wrong = claim("WRNG-CODE");
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain("madoguchi-console robot claim-code");
  const other = claim(house.offer("Counter 2"), "ab".repeat(32));
  expect(other.status).toBe(1);
  expect(other.stderr).toContain("another certificate");
  expect(robot("check", "--json").stdout, "nothing is left of it").toContain("none yet");

  const code = house.offer("Counter 3");
  const taken = claim(code);
  expect(taken.stdout).toContain("“Counter 3”");
  expect(taken.status).toBe(0);
  expect(robot("check").stdout).toMatch(/Console +works +wss:/u);

  await house.stopConsole();
  expect(robot("check").stdout).toMatch(/Console +trouble .*can't be reached/u);
}, 120_000);
