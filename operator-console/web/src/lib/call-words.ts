/** Words around picture and sound of a call. */
export const call = {
  video: "Picture from the robot",
  own: "Your own picture",
  noVideo: "No picture from the robot yet",
  stale: "The picture stands still: you see what was some seconds ago.",
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
} as const;
