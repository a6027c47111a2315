import { afterEach } from "vitest";
import { tellOf } from "./last-words";

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await tellOf(task.name);
});
