import type { ShowableTopic } from "@madoguchi/wire";
import { expect, it } from "vitest";
import { found } from "./find";

const topic = (name: string, title: string, text: string): ShowableTopic => ({
  topic: name,
  title,
  text,
  language: "en",
  picture: false,
  map: false,
  link: false,
});

const TOPICS = [
  topic("childcare", "Child care", "The toilets for children are beside it."),
  topic("toilets", "Toilets", "On the ground floor."),
  topic("tax", "Isenção", "Imposto"),
];

it("finds all words, in titles first, whatever their accents and case", () => {
  const names = (typed: string): string[] => found(TOPICS, typed).map((own) => own.topic);
  expect(names("")).toEqual(["childcare", "toilets", "tax"]);
  expect(names("TOILETS")).toEqual(["toilets", "childcare"]);
  expect(names("floor  ground")).toEqual(["toilets"]);
  expect(names("isencao")).toEqual(["tax"]);
  expect(names("ＴＡＸ")).toEqual(["tax"]);
  expect(names("nothing of that")).toEqual([]);
});
