/** Every word of the page for staff's phones that the operator's page doesn't have. */
export const onsiteWords = {
  title: "A visitor at the robot",
  case: "About the case",
  opening: "Opening the case…",
  waits: "The visitor waits for a person.",
  has: "You have this visitor. The robot waits.",
  takesCall: "An operator is talking with the visitor. Taking over ends their call.",
  take: "I take over",
  end: "Give the visitor back…",
  away: "The robot can't be reached right now; nothing is done until it is back. On its own screen it goes on.",
  ended: "This case has ended. Thank you.",
  used: "This link can't be used (any more). Ask for a new one on the robot's screen.",
};
