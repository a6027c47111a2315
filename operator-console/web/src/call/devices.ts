import { words } from "../lib/words";

/** The operator's own camera and microphone, as far as they can be had. */
export interface Devices {
  /** What can be sent; `null` when nothing can. */
  stream: MediaStream | null;
  /** A sentence about what is missing. */
  problem: string | null;
}

const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 30 },
};

/** Opens camera and microphone; else one of them; else nothing. Never rejects. */
export async function openDevices(): Promise<Devices> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (!media) return { stream: null, problem: words.call.insecure };
  const tries: [MediaStreamConstraints, string | null][] = [
    [{ audio: AUDIO, video: VIDEO }, null],
    [{ audio: AUDIO }, words.call.audioOnly],
    [{ video: VIDEO }, words.call.cameraOnly],
  ];
  for (const [constraints, problem] of tries) {
    try {
      return { stream: await media.getUserMedia(constraints), problem };
    } catch (error) {
      console.warn("Camera or microphone can't be opened:", error);
    }
  }
  return { stream: null, problem: words.call.receiveOnly };
}

/** Lets camera and microphone go, so that their lights go out. */
export function closeDevices(devices: Devices): void {
  for (const track of devices.stream?.getTracks() ?? []) track.stop();
}
