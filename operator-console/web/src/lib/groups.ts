import type { Colleague, Lang, Packet, TransferTo } from "@madoguchi/wire";
import { nameOf, spelt, words } from "./words";

/** Colleagues who are asked together. */
export interface Group {
  /** Unlike all other groups and colleagues. */
  key: string;
  /** What they have in common, in words. */
  label: string;
  to: TransferTo;
}

type ToGroup = Extract<TransferTo, { to: "group" }>;

const EVERYBODY: ToGroup = {
  to: "group",
  language: null,
  topic: null,
  authority: null,
  supervisors: false,
};

/**
 * The groups to whom a case may be passed on: by the visitor's language, by what the case or a
 * colleague is about, anybody, and supervisors.
 */
export function groupsFor(
  language: Lang | null,
  packet: Packet | null,
  colleagues: Colleague[],
): Group[] {
  const group = (key: string, label: string, change: Partial<ToGroup>): Group => ({
    key,
    label,
    to: { ...EVERYBODY, ...change },
  });
  const unique = (own: string[], theirs: string[]): string[] => [...new Set([...own, ...theirs])];
  const topics = unique(
    packet?.route.skills ?? [],
    colleagues.flatMap(({ topics }) => topics),
  );
  const authority = unique(
    packet?.route.authority ?? [],
    colleagues.flatMap(({ authority }) => authority),
  );
  return [
    ...(language ? [group("language", words.pass.language(nameOf(language)), { language })] : []),
    ...topics.map((topic) => group(`topic-${topic}`, words.pass.topic(spelt(topic)), { topic })),
    ...authority.map((authority) =>
      group(`authority-${authority}`, words.pass.authority(spelt(authority)), { authority }),
    ),
    ...(colleagues.some(({ supervisor }) => supervisor)
      ? [group("supervisors", words.pass.supervisors, { supervisors: true })]
      : []),
    group("anyone", words.pass.anyone, {}),
  ];
}
