import type { NotShown, StillStep } from "@madoguchi/wire";

const refused: Record<NotShown, string> = {
  not_in_pack: "The robot's pack doesn't have that, or it doesn't hold today. Choose another one.",
  no_address:
    "That is no whole address. Write it from https:// on, with letters, digits and plain signs only, at most 120 characters.",
  foreign_host:
    "The office doesn't allow links to that host. Whoever looks after the robot's pack lists more in pack.toml, as link_hosts.",
};

const steps: Record<StillStep, string> = {
  asked: "The visitor is asked on the screen whether a photo may be taken and kept with the case.",
  preview: "The visitor looks at the photo and decides whether you get it.",
  declined: "The visitor said no. Nothing was kept.",
  failed: "The camera gave no photo. Take the visitor up again if they are on hold, or ask anew.",
  sent: "The visitor has sent it; it is being stored.",
};

/** Words around what is shown to the visitor. */
export const show = {
  begin: "Show…",
  title: "Show on the robot's screen",
  find: "Find a topic",
  none: "No topic has these words.",
  missing: "What the robot has to show is not known yet.",
  page: "Page",
  picture: "Picture",
  map: "Map",
  link: "Link as a code",
  of: (kind: string, title: string) => `${kind}: ${title}`,
  address: "A link of your own, as a code",
  addressHint: (hosts: readonly string[]) => `Only to: ${hosts.join(", ")}`,
  addressShow: "Show the code",
  close: "Back",
  now: "On the visitor's screen",
  inLanguage: (language: string) => `in ${language}`,
  takeAway: "Take away",
  point: (alt: string) =>
    `${alt} Click, drag or use the arrow keys to point; Delete takes the pointer away. The visitor sees it and may point as well.`,
  pointsAt: (right: number, down: number) =>
    `Pointer ${right} % from the left, ${down} % from the top`,
  pointsNowhere: "No pointer",
  refused,
  still: {
    begin: "Ask for a photo",
    hint: "One photo of what is before the camera, such as a document, if the visitor agrees on the screen",
    title: "Photo",
    taken: (time: string) => `Photo that the visitor sent at ${time}`,
    kept: "This photo is kept with the case, and erased with it.",
    withdraw: "Don't ask any more",
    steps,
  },
} as const;
