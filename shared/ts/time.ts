/**
 * A span as a running clock: `0:07`, `12:40`, `1:02:09`. Negative spans, which a clock that is
 * behind the server's can make, count as nothing.
 */
export function runningClock(span_ms: number): string {
  const total = Math.max(0, Math.floor(span_ms / 1_000));
  const seconds = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3_600);
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`
    : `${minutes}:${seconds}`;
}

/** A moment of today as hours and minutes in the reader's own way. */
export function timeOfDay(at_ms: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(at_ms);
}
