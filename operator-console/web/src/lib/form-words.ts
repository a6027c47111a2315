import type { NotFilled } from "@madoguchi/wire";

const refused: Record<NotFilled, string> = {
  not_in_pack: "The robot's pack doesn't have that form. Choose another one.",
  rule_forbids: "A rule of the office keeps this form closed; the case says which.",
  secret: "Only the visitor may write there.",
  gone: "That field is not open any more. Look at the form again.",
  not_read: "That is no answer to this question. Write it in another way.",
};

/** Words around a form that operator and visitor fill in together. */
export const form = {
  list: "Fill in together",
  open: (title: string) => `Fill in together: ${title}`,
  title: (title: string) => `On the visitor's screen: ${title}`,
  hint: "Both of you can write. Nothing is used before the visitor says on the screen that it is right.",
  close: "Leave the form",
  takeAway: "Take away",
  back: "Field before",
  ask: "Ask the visitor",
  askOf: (label: string) => `Ask the visitor whether this is right: ${label}`,
  choose: "Choose …",
  secret: "Only the visitor fills this in; you don't see it.",
  states: {
    later: "comes later",
    asked: "is asked now",
    read_back: "the visitor is asked whether it is right",
    confirmed: "the visitor said that it is right",
  },
  visitorWrites: "The visitor is writing",
  youWrote: "Written by you",
  consent: "The visitor is asked to agree:",
  busy: "The office's systems are at work.",
  ended: "The form is over.",
  left: (reason: string) => `The robot leaves this to you and has gone no further: ${reason}.`,
  refused,
} as const;
