let context: AudioContext | undefined;

/** Two soft notes for a new case; silent where the browser allows no sound yet. */
export async function chime(): Promise<void> {
  context ??= new AudioContext();
  if (context.state === "suspended") await context.resume().catch(() => undefined);
  if (context.state !== "running") return;
  const start = context.currentTime + 0.02;
  note(context, 659.25, start);
  note(context, 880, start + 0.18);
}

function note(audio: AudioContext, frequency_hz: number, at_s: number): void {
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = frequency_hz;
  loudness.gain.setValueAtTime(0, at_s);
  loudness.gain.linearRampToValueAtTime(0.14, at_s + 0.03);
  loudness.gain.exponentialRampToValueAtTime(0.001, at_s + 0.7);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at_s);
  tone.stop(at_s + 0.75);
}
