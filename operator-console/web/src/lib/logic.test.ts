import type { CaseEntry, Offer, Packet, Speaker, Turn } from "@madoguchi/wire";
import { describe, expect, it } from "vitest";
import { readStats } from "../call/stats";
import { dueInWords } from "./due";
import { evidenceInWords, sourceInWords } from "./evidence";
import { chooseLanguage, chosenLanguage, messageLanguages, nextMessageNumber } from "./messages";
import { withTurn } from "./packet";
import { keptFor_s, sortCases } from "./queue";
import { shortcutOf, type KeyPress } from "./shortcuts";
import { detectorName } from "./detectors";
import { becauseInWords, nameOf, reasonInWords, spelt } from "./words";

const ME = "me";

const OFFER: Offer = {
  step: "language",
  because: [{ kind: "language", language: "pt", level: 4 }],
  free: true,
  reserved: null,
};

function entry(case_id: string, change: Partial<CaseEntry> = {}): CaseEntry {
  return {
    case_id,
    robot_id: "robot",
    robot_name: "Entrance 1",
    reason: "asked_for_person",
    language: "pt",
    priority: 10,
    opened_at: 1_000,
    state: "offered",
    owner: "waiting",
    operator: null,
    failure: null,
    offer: OFFER,
    hold: null,
    transfer: null,
    ...change,
  };
}

const held = (id: string): Partial<CaseEntry> => ({
  state: "live",
  owner: "operator",
  operator: { id, name: id, languages: [] },
});

describe("the queue", () => {
  it("puts urgency first, then the longest wait", () => {
    const queue = sortCases(
      [
        entry("late", { opened_at: 3_000 }),
        entry("early", { opened_at: 2_000 }),
        entry("danger", { opened_at: 9_000, priority: 100 }),
      ],
      ME,
    );
    expect(queue.waiting.map(({ case_id }) => case_id)).toEqual(["danger", "early", "late"]);
  });

  it("lets waiting outweigh a little priority, but never danger to life", () => {
    const queue = sortCases(
      [
        entry("urgent", { opened_at: 59_000, priority: 20 }),
        entry("patient", { opened_at: 0, priority: 10 }),
        entry("more urgent", { opened_at: 59_000, priority: 21 }),
        entry("danger", { opened_at: 900_000, priority: 100 }),
      ],
      ME,
    );
    expect(queue.waiting.map(({ case_id }) => case_id)).toEqual([
      "danger",
      "more urgent",
      "urgent",
      "patient",
    ]);
  });

  it("keeps what is offered to colleagues apart, and counts what is kept down", () => {
    const queue = sortCases([entry("theirs", { offer: null }), entry("ours")], ME);
    expect(queue.waiting.map(({ case_id }) => case_id)).toEqual(["ours"]);
    expect(queue.elsewhere.map(({ case_id }) => case_id)).toEqual(["theirs"]);
    const reserved = { operator: ME, name: "Me", until: 20_000 };
    const kept = entry("kept", { offer: { ...OFFER, reserved } });
    expect([0, 100, 19_001, 20_000, 30_000].map((now) => keptFor_s(kept, now))).toEqual([
      20, 20, 1, 0, 0,
    ]);
    expect(keptFor_s(entry("free"), 0)).toBe(0);
  });

  it("keeps my cases from those of others and lets closed ones leave", () => {
    const queue = sortCases(
      [
        entry("mine", held(ME)),
        entry("hers", held("her")),
        entry("gone", { state: "closed" }),
        entry("returning", { ...held(ME), state: "returning" }),
      ],
      ME,
    );
    expect(queue.waiting).toEqual([]);
    expect(queue.mine.map(({ case_id }) => case_id)).toEqual(["mine", "returning"]);
    expect(queue.others.map(({ case_id }) => case_id)).toEqual(["hers"]);
  });
});

describe("a packet's lines", () => {
  const turn = (number: number): Turn => ({ number, text: `line ${number}` }) as Turn;
  const packet = { revision: 4, transcript: [turn(1), turn(3)] } as Packet;

  it("join in the order of their numbers", () => {
    const joined = withTurn(packet, 5, turn(2)) as Packet;
    expect(joined.transcript.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(joined.revision).toBe(5);
    expect(packet.transcript).toHaveLength(2);
  });

  it("replace an earlier version of themselves", () => {
    const joined = withTurn(packet, 5, { ...turn(3), text: "corrected" }) as Packet;
    expect(joined.transcript.map(({ text }) => text)).toEqual(["line 1", "corrected"]);
  });

  it("are known already, or tell of a gap", () => {
    expect(withTurn(packet, 4, turn(4))).toBe("known");
    expect(withTurn(packet, 6, turn(4))).toBe("gap");
  });
});

describe("message numbers", () => {
  const kept = (): Pick<Storage, "getItem" | "setItem"> => {
    const items = new Map<string, string>();
    return {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
    };
  };
  const packet = (case_id: string, ...speakers: Speaker[]): Packet =>
    ({ case_id, transcript: speakers.map((speaker) => ({ speaker, channel: "typed" })) }) as Packet;

  it("count on in another window of the browser and start over with a new case", () => {
    const store = kept();
    expect([1, 2].map(() => nextMessageNumber(packet("a"), () => store))).toEqual([1, 2]);
    expect(nextMessageNumber(packet("a", "operator"), () => store)).toBe(3);
    expect(nextMessageNumber(packet("b"), () => store)).toBe(1);
  });

  it("count on from the transcript where the browser knows nothing", () => {
    const held = packet("a", "agent", "operator", "resident", "operator");
    const store = kept();
    expect(nextMessageNumber(held, () => store)).toBe(3);
    expect(nextMessageNumber(held, () => store)).toBe(4);
    const refusing = (): never => {
      throw new DOMException("denied", "SecurityError");
    };
    expect(nextMessageNumber(held, refusing)).toBe(3);
  });
});

describe("the language of a message", () => {
  const of = (...languages: string[]): Packet => ({ resident: { languages } }) as Packet;

  it("is the operator's own first, or the visitor's", () => {
    const spanish = entry("a", { language: "es" });
    expect(messageLanguages(["en", "ja"], spanish, null)).toEqual(["en", "ja", "es"]);
    expect(messageLanguages(["es", "en"], spanish, of("es", "ca"))).toEqual(["es", "en", "ca"]);
    expect(messageLanguages([], entry("b", { language: null }), of())).toEqual(["en"]);
  });

  it("stays chosen in its case, and in no other", () => {
    const items = new Map<string, string>();
    const store = (): Pick<Storage, "getItem" | "setItem"> => ({
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
    });
    chooseLanguage("a", "es", store);
    expect(chosenLanguage("a", store)).toBe("es");
    expect(chosenLanguage("b", store)).toBeUndefined();
    const refusing = (): never => {
      throw new DOMException("denied", "SecurityError");
    };
    chooseLanguage("a", "es", refusing);
    expect(chosenLanguage("a", refusing)).toBeUndefined();
  });
});

describe("when a promise is due", () => {
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour, 30).getTime();
  const due = (due_at: number): string =>
    dueInWords(due_at, at(18, 10), "en-GB").replace(/\u202f/gu, " ");

  it("has a day, in words where there are any", () => {
    expect(due(at(18, 17))).toBe("Due today, 17:30");
    expect(due(at(19, 9))).toBe("Due tomorrow, 09:30");
    expect(due(at(23, 9))).toBe("Due Mon, Nov 23, 09:30");
  });

  it("is overdue in words", () => {
    expect(due(at(18, 9))).toBe("Overdue since today, 09:30");
    expect(due(at(17, 23))).toBe("Overdue since yesterday, 23:30");
    expect(due(at(13, 9))).toBe("Overdue since Fri, Nov 13, 09:30");
  });

  it("counts days over a change of the clocks", () => {
    for (const month of [2, 9]) {
      for (let day = 1; day < 31; day += 1) {
        const now = new Date(2026, month, day, 23, 30).getTime();
        const next = new Date(2026, month, day + 1, 0, 30).getTime();
        expect(dueInWords(next, now)).toContain("Due tomorrow");
      }
    }
  });
});

describe("single keys", () => {
  const press = (change: Partial<KeyPress>): KeyPress => ({
    key: "a",
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    isComposing: false,
    repeat: false,
    defaultPrevented: false,
    ...change,
  });

  it("act with or without Shift", () => {
    expect(shortcutOf(press({ key: "A" }), false)).toBe("accept");
    expect(shortcutOf(press({ key: "?" }), false)).toBe("help");
    expect(shortcutOf(press({ key: "x" }), false)).toBeUndefined();
  });

  it("stay words while somebody writes, and the browser's with its modifiers", () => {
    expect(shortcutOf(press({}), true)).toBeUndefined();
    expect(shortcutOf(press({ isComposing: true }), false)).toBeUndefined();
    expect(shortcutOf(press({ ctrlKey: true }), false)).toBeUndefined();
    expect(shortcutOf(press({ repeat: true }), false)).toBeUndefined();
  });
});

it("a call's loss is counted since the last reading", () => {
  const rows = [
    { type: "inbound-rtp", kind: "audio", packetsReceived: 150, packetsLost: 4, audioLevel: 0.2 },
    { type: "inbound-rtp", kind: "video", packetsReceived: 250, packetsLost: 6 },
    { type: "media-source", kind: "audio", audioLevel: 0.1 },
    { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
    { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.0424 },
  ];
  const { stats, counters } = readStats(rows, { received: 310, lost: 0 });
  expect(stats).toEqual({ robotLevel: 0.2, ownLevel: 0.1, roundTrip_ms: 42, loss: 0.1 });
  expect(counters).toEqual({ received: 400, lost: 10 });
});

it("a new session's counters never make a negative loss", () => {
  expect(readStats([], { received: 100, lost: 9 }).stats.loss).toBe(0);
});

it("codes become words, known or not", () => {
  expect(reasonInWords("unsupported_language", "vi")).toBe(
    "Speaks Vietnamese, which the office doesn't have",
  );
  expect(reasonInWords("unsupported_language", null)).toContain("language");
  expect(detectorName("noise_floor")).toBe("Noise floor");
  expect(becauseInWords({ kind: "language", language: "es", level: 4 })).toBe(
    "you speak Spanish (level 4 of 5)",
  );
  expect(becauseInWords({ kind: "topic", topic: "moving_in" })).toBe(
    "you know the topic “Moving in”",
  );
  expect(becauseInWords({ kind: "everything" })).toBe(
    "no skills are set for you, so you are asked about every case",
  );
  expect(spelt("date_of_move")).toBe("Date of move");
  expect(nameOf(null)).toBe("Unknown language");
});

it.each([
  ["language_id", "written language: es", "Written in Spanish"],
  ["language_id", "spoken language: pt-BR", "Spoken in Brazilian Portuguese"],
  ["language_id", "Xin chào: tôi", "“Xin chào: tôi”"],
  ["crisis_words", "self_harm: kill myself", "Words of self-harm: “kill myself”"],
  ["crisis", "medical", "What was said sounds like a medical emergency"],
  ["crisis_words", "unheard_of: some words", "Unheard_of: some words"],
  ["person_request", "violence: a person please", "“violence: a person please”"],
  ["silence", "silent for 30 s before", "Silent for 30 s before"],
])("evidence of %s, “%s”, becomes words", (detector, detail, told) => {
  expect(evidenceInWords({ detector, detail, score: 1, turn: 2 })).toBe(told);
});

it.each([
  ["reason unsupported_language", "the reason of this case"],
  ["topic moving_in", "the topic “Moving in”"],
  ["rule late_notice 2025-04", "the rule “Late notice” (2025-04)"],
  ["somewhere_else", "Somewhere else"],
])("the source %s becomes words", (source, told) => {
  expect(sourceInWords(source)).toBe(told);
});
