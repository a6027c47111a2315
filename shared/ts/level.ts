/**
 * A sound level (linear, 0 to 1) as a length from 0 to 1 that looks right to the eye: a scale in
 * decibels from −48 dB to 0 dB.
 */
export function meterLength(level: number): number {
  if (!(level > 0)) return 0;
  const decibels = 20 * Math.log10(Math.min(level, 1));
  return Math.max(0, 1 + decibels / 48);
}
