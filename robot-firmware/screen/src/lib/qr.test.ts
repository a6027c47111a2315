import { expect, it } from "vitest";
import { qrPath } from "./qr";

it("draws the three finders of a code, and a larger code for more words", () => {
  const small = qrPath("K7Q-4MX");
  const large = qrPath("星川区役所 K7Q-4MX".repeat(4));
  expect(small.size).toBe(21 + 8);
  expect(large.size).toBeGreaterThan(small.size);
  const far = small.size - 4 - 7;
  for (const [x, y] of [
    [4, 4],
    [far, 4],
    [4, far],
  ]) {
    for (let at = 0; at < 7; at++) expect(small.path).toContain(`M${x! + at} ${y}h1`);
  }
});
