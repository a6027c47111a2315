import type {
  Because,
  CaseState,
  Disposition,
  Duty,
  FactSource,
  Failure,
  Lang,
  ReasonCode,
  Speaker,
  SummaryPart,
} from "@madoguchi/wire";
import { languageName, timeOfDay } from "@madoguchi/wire";
import { drive } from "./drive-words";

/** The language of the words in this file. */
export const UI_LANGUAGE: Lang = "en";

/** Every word of the operator's page that doesn't come from the server: the file to translate. */
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
    closed: "This case has ended.",
    gone: "Nobody stands in front of the robot any more.",
    goneHint: "The call ends by itself in a few seconds, unless the visitor comes back.",
    end: "End…",
    hold: "Hold",
    takeUp: "Take up again",
    holdMinutes: "How long the visitor is told it may take",
    minutes: (count: number) => `about ${count} min`,
    onHold: (clock: string, minutes: number) =>
      `On hold for ${clock}; the visitor was told about ${minutes} min. Nothing of you reaches them, and nothing of them you; typed words do.`,
    holdIsLong: "The visitor has been on hold for longer than they were told.",
    onHoldLong: (clock: string) =>
      `On hold for ${clock}, longer than the visitor was told. Take them up again, or tell them in writing.`,
    pass: "Pass on…",
    loading: "Loading the case…",
    transcript: "Conversation",
    transcriptEmpty: "Nothing has been said yet.",
    newest: "Newest lines",
  },
  call: {
    video: "Picture from the robot",
    own: "Your own picture",
    noVideo: "No picture from the robot yet",
    mute: "Mute microphone",
    unmute: "Switch microphone on",
    cameraOff: "Switch camera off",
    cameraOn: "Switch camera on",
    muted: "You are muted",
    held: "On hold",
    robotLevel: "Sound from the robot",
    ownLevel: "Your microphone",
    hear: "Click here to hear the robot. Your browser held the sound back.",
    states: {
      preparing: "Preparing camera and microphone…",
      waiting: "Waiting for the robot's picture…",
      connecting: "Connecting…",
      connected: "Connected",
      interrupted: "Interrupted; trying again…",
      refused: "Refused: not proven to be genuine",
      given_up: "No picture and sound; words only",
      failed: "Picture and sound were lost; waiting for the robot to call again…",
    },
    roundTrip: (ms: number) => `${ms} ms`,
    loss: (share: number) => `${(share * 100).toFixed(1)} % lost`,
    audioOnly:
      "Your camera can't be used, so the visitor hears you and sees your initials. Check that no other program uses it.",
    cameraOnly:
      "Your microphone can't be used, so the visitor sees but doesn't hear you. Check that it is plugged in; you can type meanwhile.",
    receiveOnly:
      "Neither camera nor microphone can be used, so the visitor can't see or hear you. Allow them in the browser's address bar; you can type meanwhile.",
    insecure:
      "The browser allows no camera or microphone on this address. Open the console by https or on this computer itself; you can type meanwhile.",
    distrusted:
      "No picture and no sound: the call that arrived was not signed by this robot, so somebody on the way may have changed it. You can type meanwhile. Tell whoever runs the console; loading this page anew tries again.",
    refusedByRobot:
      "No picture and no sound: the robot could not verify that this page answered, so somebody on the way may have changed the answer. You can type meanwhile. Sign out and in again; if it happens again, tell whoever runs the console.",
    notSetUp:
      "Picture and sound could not be set up after several tries. You can type meanwhile; loading this page anew tries again. If it stays so, ask whoever runs the network to let UDP through, or for a TURN server.",
    answerFailed: "The call to the robot could not be answered. The robot will try again.",
  },
  drive,
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
  pass: {
    title: "Pass this conversation on",
    to: "To whom?",
    colleagues: "A colleague on duty",
    noColleagues: "No colleague is on duty now.",
    busy: "in a conversation",
    groups: "Anyone who can",
    anyone: "Anyone on duty",
    language: (language: string) => `Speaks ${language}`,
    topic: (topic: string) => `Knows the topic “${topic}”`,
    authority: (authority: string) => `May decide “${authority}”`,
    supervisors: "A supervisor",
    note: "What they should know",
    notePlaceholder: "The case's packet and conversation go along anyway",
    confirm: "Ask them",
    cancel: "Back",
    asking: (whom: string, seconds: number) =>
      `Asking ${whom} to take over: ${seconds} s. You stay in the conversation until somebody accepts.`,
    group: "colleagues",
    keep: "Keep it",
    from: (name: string) => `${name} asks you to take this conversation over.`,
    came: (name: string) => `Passed on to you by ${name}.`,
    noted: "Note:",
    declined: (whom: string) => `${whom} can't take over now. The visitor stays with you.`,
    noOne: (whom: string) => `${whom} didn't accept in time. The visitor stays with you.`,
    nobody: "None of those who were asked",
    taken: (name: string) => `${name} has taken the conversation over.`,
    decline: "Not now",
    warm: "Talk to them first: they take over only after that",
    fromWarm: (name: string) =>
      `${name} wants to talk to you about this visitor before you take over.`,
    join: "Talk first",
    joinHint: "You read the case and write to each other; the visitor stays with your colleague.",
    talkingTo: (name: string) =>
      `You are talking to ${name}. The visitor sees that they are there, and reads none of this. They stay with you until ${name} takes over.`,
    talkingFrom: (name: string) =>
      `You are talking to ${name}, who has the visitor. The visitor reads none of this.`,
    notHere: (name: string) => `${name} is not connected at the moment.`,
    talk: "Words to your colleague",
    tell: "Tell",
    you: "You",
    takeOver: "Take over now",
    stepBack: "Step back",
  },
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
  packet: {
    title: "About this case",
    reason: "Reason",
    evidence: "Evidence",
    score: (score: number) => `${Math.round(score * 100)} %`,
    turn: (number: number) => `line ${number}`,
    route: "Needed",
    skills: "Skills",
    summary: "Summary",
    facts: "Facts",
    nextSteps: "What you could do",
    source: "from",
    fromReason: "the reason of this case",
    fromTopic: (topic: string) => `the topic “${topic}”`,
    fromRule: (rule: string, version?: string) =>
      version ? `the rule “${rule}” (${version})` : `the rule “${rule}”`,
    written: (language: string) => `Written in ${language}`,
    spoken: (language: string) => `Spoken in ${language}`,
    dangerWords: (danger: string, said: string) => `Words of ${danger}: “${said}”`,
    dangerSense: (danger: string) => `What was said sounds like ${danger}`,
    policies: "Policies",
    policyAsked: "Asked",
    policySays: "Rule",
    actions: "Actions",
    noUndo: "can't be undone",
    undo: "To undo",
    history: "Earlier dealings",
    verified: "Verified by",
    resident: "Visitor",
    distress: "Distress",
    trends: { rising: "rising", falling: "falling" },
    kept: "Erased",
    keptFor: (hours: number) =>
      hours < 48
        ? `${hours} h after the last change`
        : `${Math.round(hours / 24)} days after the last change`,
    authority: "To decide",
    link: "Connection",
    models: "Other models",
    accessibility: "Needs",
    consent: "Agreed to",
    redacted: "Left out",
    robot: "Robot",
    site: "Site",
    place: "Place",
    camera: "Camera",
    microphone: "Microphone",
    motion: "May move",
    estop: "Emergency stop",
    pressed: "pressed",
    yes: "yes",
    no: "no",
    battery: "Battery",
    mains: "mains power",
    versions: "Versions",
    software: "Software",
    pack: "Knowledge pack",
    recogniser: "Recogniser",
    none: "none",
    languages: "Languages",
  },
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

export const DISPOSITIONS: Record<Disposition, string> = {
  resolved: "Settled",
  follow_up: "Somebody will come back to the visitor",
  referred: "Sent to another place or person",
  resident_left: "The visitor left",
  not_resolved: "Could not be helped",
};

export const STATES: Record<CaseState, string> = {
  requested: "Waiting",
  offered: "Waiting",
  accepted: "Accepted",
  connecting: "Connecting",
  live: "In conversation",
  hold: "On hold",
  transferring: "Being passed on",
  returning: "Going back to the robot",
  closed: "Ended",
};

export const FAILURES: Record<Failure, string> = {
  no_one_in_time: "Nobody took the case in time.",
  nobody_on_duty: "Nobody was on duty.",
  console_unreachable: "The robot could not reach the console.",
  media_failed: "Picture and sound could not be set up.",
  untrusted: "Picture and sound were refused: one end was not proven to be genuine.",
  resident_left: "The visitor left.",
  operator_left: "The operator's connection was lost.",
  robot_fault: "The robot had a fault.",
};

export const SPEAKERS: Record<Speaker, string> = {
  resident: "Visitor",
  agent: "Robot",
  operator: "Operator",
};

export const SUMMARY: Record<SummaryPart, string> = {
  wanted: "Wanted",
  done: "Done so far",
  needed: "Needed now",
};

export const FACT_SOURCES: Record<FactSource, string> = {
  heard: "heard, not confirmed",
  confirmed_by_resident: "confirmed by the visitor",
  system_of_record: "from the office's records",
  inferred: "concluded by the robot",
};

/** A name such as `date_of_move` as words: "Date of move". */
export function spelt(name: string): string {
  const text = name.replace(/[_-]+/gu, " ").trim();
  return text.charAt(0).toLocaleUpperCase(UI_LANGUAGE) + text.slice(1);
}
