import type { Because, CaseEntry, Duty, Lang, ReasonCode } from "@madoguchi/wire";
import { languageName, timeOfDay } from "@madoguchi/wire";
import { call } from "./call-words";
import { FAILURES } from "./code-words";
import { drive } from "./drive-words";
import { packet } from "./packet-words";
import { pass } from "./pass-words";
import { form } from "./form-words";
import { show } from "./show-words";

export * from "./code-words";

/** The language of the words in this file. */
export const UI_LANGUAGE: Lang = "en";

/**
 * Every word of the operator's page that doesn't come from the server. This file and those that it
 * takes words from are what there is to translate.
 */
export const words = {
  product: "Madoguchi",
  signIn: {
    title: "Sign in",
    lead: "Operator's work place",
    user: "Account name",
    password: "Password",
    submit: "Sign in",
    busy: "Signing in…",
    unreachable: "The console can't be reached. Check your network connection and try again.",
    unexpected: (status: number) =>
      `The console answered with an unexpected error (${status}). Try again in a moment.`,
    expired: "Your session has ended. Please sign in again.",
  },
  top: {
    signOut: "Sign out",
    soundOn: "Sound for new cases is on",
    soundOff: "Sound for new cases is off",
    shortcuts: "Keyboard shortcuts",
    online: "Connected to the console",
    offline: "No connection to the console; trying again…",
  },
  duty: {
    label: "Duty",
    on: "On duty",
    off: "Off duty",
    backIn: (minutes: number) => `Back in ${minutes} minutes`,
  },
  queue: {
    title: "Waiting",
    empty: "Nobody is waiting.",
    others: "With others",
    elsewhere: "Offered to colleagues",
    keptForYou: (seconds: number) => `Kept for you: ${seconds} s`,
    keptFor: (name: string, seconds: number) => `Kept for ${name}: ${seconds} s`,
    mine: "With you",
    all: "All cases",
    waiting: "Waiting",
    urgent: "Urgent",
    newCase: (robot: string, reason: string) => `New case at ${robot}: ${reason}.`,
    count: (count: number) => (count === 1 ? "1 person is waiting" : `${count} people are waiting`),
    robots: "Robots",
    noRobots: "No robot has been claimed yet.",
    robotOnline: "Online",
    robotOffline: "Offline",
    battery: (charge: number) => `Battery ${Math.round(charge * 100)} %`,
    estop: "Emergency stop pressed",
    noCamera: "No camera",
    noMicrophone: "No microphone",
    lastSeen: (time: string) => `Last heard ${time}`,
    clock: "Time since the visitor asked for a person",
    withOperator: (name: string) => `With ${name}`,
  },
  tasks: {
    title: "Promised to visitors",
    ticket: "Comes to the counter",
    followUp: "Promised in a conversation",
    due: (when: string) => `Due ${when}`,
    overdue: (since: string) => `Overdue since ${since}`,
    tries: (count: number) => (count === 1 ? "Tried once" : `Tried ${count} times`),
    note: "What came of it",
    noteMissing: "Write what came of it first, for whoever tries next.",
    notReached: "Tried, not done",
    done: "Done",
  },
  centre: {
    noCase: "No case is open",
    noCaseHint: "Choose a case on the left, or press A to accept the first one.",
    accept: "Accept",
    acceptHint: "You and the visitor will see and hear each other.",
    accepting: "Accepting…",
    elsewhere: "You hold this conversation in another window.",
    goOnHere: "Go on here",
    goOnHereHint: "The other window lets it go. Picture and sound begin anew in this one.",
    because: "Offered to you:",
    decline: "Not now",
    declineHint: "It is offered to the next person at once.",
    heldBy: (name: string) => `${name} has taken this case.`,
    onsite: "Staff in the room have taken this visitor over.",
    closed: "This case has ended.",
    gone: "Nobody stands in front of the robot any more.",
    goneHint: "The call ends by itself in a few seconds, unless the visitor comes back.",
    end: "End…",
    hold: "Hold",
    takeUp: "Take up again",
    holdMinutes: "How long the visitor is told it may take",
    minutes: (count: number) => `${count} min`,
    onHold: (clock: string, minutes: number) =>
      `On hold for ${clock}; the visitor was told about ${minutes} min. Nothing of you reaches them, and nothing of them you; typed words do.`,
    holdIsLong: "The visitor has been on hold for longer than they were told.",
    onHoldLong: (clock: string) =>
      `On hold for ${clock}, longer than the visitor was told. Take them up again, or tell them in writing.`,
    pass: "Pass on…",
    onsiteHint:
      "They have the case on the robot's own screen. It comes back to the queue if they pass it on.",
    loading: "Loading the case…",
    transcript: "Conversation",
    transcriptEmpty: "Nothing has been said yet.",
    newest: "Newest lines",
  },
  call,
  drive,
  form,
  show,
  captions: {
    title: "What is being said",
    machine: "Automatic captions: a machine wrote this down, perhaps wrongly.",
    none: "Automatic captions appear here while somebody speaks.",
    missing:
      "No captions: the robot's speech recogniser doesn't work. Picture and sound go on; ask by voice, or type. On the robot, `madoguchi-robot check` tells why.",
    marks: {
      translated: (language: string) => `Machine translation from ${language}`,
      untranslated: (language: string) => `${language}, not translated`,
    },
  },
  message: {
    label: "Message to the visitor",
    placeholder: "Type words for the visitor's screen…",
    language: "Your message's language",
    send: "Send",
    sending: "On its way to the screen…",
    shown: (language: string) => `Shown in ${language}:`,
    shownAsWritten: (language: string) => `Shown as written (${language}):`,
    machine: "translated by machine",
    back: (text: string) => `Translated back: “${text}”`,
    notSent: "Not sent: the console can't be reached. Your words are still in the box.",
  },
  pass,
  watch: {
    begin: "Watch",
    beginHint: "The visitor is told first that a person reads along.",
    underWay: (language: string) => `Serves a visitor in ${language}`,
    by: (name: string) => `${name} reads along`,
    title: (robot: string) => `You read along at ${robot}`,
    told: "The robot serves; the visitor was told that you read along.",
    end: "Stop reading",
    ended: "The visit that you watched has ended, or a person is called for it.",
    suggest: "What the robot shall say next, as a person's words…",
    send: "Let it say that",
    takeOver: "Take over",
  },
  leave: {
    title: "You are in a conversation",
    what: "If you sign out now, the visitor waits for a colleague.",
    stay: "Stay",
    end: "End it…",
    confirm: "Sign out",
  },
  end: {
    title: "End this case",
    disposition: "How did it end?",
    note: "What was done or promised",
    notePlaceholder: "For the record, in your own words",
    resume: "The robot may go on serving this visitor",
    confirm: "End the case",
    cancel: "Back",
    promised: "What was promised",
    promisedPlaceholder: "Who does what; it becomes a task for everybody at the console",
    contact: "How the visitor is reached",
    contactPlaceholder: "Telephone or mail",
    due: "By when",
    noResume: (language: string) =>
      `The robot has no answers in ${language}; it says goodbye to the visitor.`,
    skip: "Don't note it",
    keep: "Note it",
    close: "Close",
    gone: "The visitor has left; the case is closed.",
    closed: "The case is closed.",
    returned: "The case has gone back to the robot.",
    noteKept: "This note was not sent; copy it if you need it:",
  },
  packet,
  transcript: {
    confidence: (value: number) => `heard ${Math.round(value * 100)} %`,
    lowConfidence: "unsure",
    doubtfulWord: "Perhaps misheard: ask again",
    interrupted: "cut off",
    typed: "typed",
    touch: "chosen",
    shown: (language: string) => `shown in ${language}`,
    shownAsWritten: "shown as written",
    machine: "Machine translation",
    trust: {
      low: "probably wrong somewhere",
      medium: "the gist is probably right",
      high: "probably right",
    },
    unknownLanguage: "language not recognised",
  },
  shortcuts: {
    title: "Keyboard shortcuts",
    close: "Close",
    single: "Use single keys",
    list: [
      ["A", "Accept the open case, or the first one waiting"],
      ["J / K", "Open the next or previous case"],
      ["T", "Go to the message box"],
      ["Esc", "Leave the message box; your words stay in it"],
      ["M", "Microphone on or off"],
      ["C", "Camera on or off"],
      ["S", "Show something on the robot's screen"],
      ["H", "Put the visitor on hold, or take them up again"],
      ["P", "Pass the conversation on"],
      ["O", "Take over the visit that you watch"],
      ["E", "End the case"],
      ["?", "Show these shortcuts"],
    ] as const,
  },
  errors: {
    dismiss: "Dismiss",
    prefixCase: "About this case:",
  },
} as const;

/** The name of a language for the operator. */
export function nameOf(language: Lang | null | undefined): string {
  return language ? languageName(language, UI_LANGUAGE) : "Unknown language";
}

const REASONS: Record<ReasonCode, string> = {
  unsupported_language: "Speaks a language the office doesn't have",
  policy_exception: "Asks for an exception to a rule",
  distress: "Seems distressed",
  asked_for_person: "Asked for a person",
  low_confidence: "The robot isn't sure what was meant",
  repeated_failure: "The robot's answers did not help",
  identity_needed: "Identity must be checked",
  irreversible_action: "Asks for something that can't be undone",
  safety: "Somebody may be in danger",
  accessibility_need: "Needs help that the robot can't give",
  system_fault: "The robot has a fault",
  stepped_in: "Somebody who watched the visit took it over",
};

/** Why a case opened, as a sentence. */
export function reasonInWords(code: ReasonCode, language?: Lang | null): string {
  return code === "unsupported_language" && language
    ? `Speaks ${nameOf(language)}, which the office doesn't have`
    : REASONS[code];
}

/** Why a case is offered to the reader, as a sentence without its full stop. */
export function becauseInWords(because: Because): string {
  switch (because.kind) {
    case "same_visit":
      return "you spoke with this visitor before";
    case "language": {
      const level = because.level === null ? "" : ` (level ${because.level} of 5)`;
      return `you speak ${nameOf(because.language)}${level}`;
    }
    case "topic":
      return `you know the topic “${spelt(because.topic)}”`;
    case "authority":
      return `you may decide “${spelt(because.authority)}”`;
    case "urgent":
      return "it is urgent, so everybody is asked";
    case "nobody_else":
      return "nobody who fits better has taken it yet";
    case "supervisor":
      return "you are a supervisor";
    case "everything":
      return "no skills are set for you, so you are asked about every case";
    case "passed_on":
      return `${because.by} passes it on`;
  }
}

/** Whether cases are offered, where it isn't simply yes or no. */
export function dutyInWords(duty: Duty): string {
  switch (duty.state) {
    case "back_at":
      return `Back at ${timeOfDay(duty.at)}`;
    case "outside_hours":
      return "Outside your duty hours";
    case "on":
      return words.duty.on;
    case "off":
      return words.duty.off;
  }
}

/** A name such as `date_of_move` as words: "Date of move". */
export function spelt(name: string): string {
  const text = name.replace(/[_-]+/gu, " ").trim();
  return text.charAt(0).toLocaleUpperCase(UI_LANGUAGE) + text.slice(1);
}

/** Why a case that was held is closed. */
export function endInWords({ failure }: CaseEntry): string {
  const left = failure === null || failure === "resident_left";
  return left ? words.end.gone : `${FAILURES[failure]} ${words.end.closed}`;
}
