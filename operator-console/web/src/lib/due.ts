import { timeOfDay } from "@madoguchi/wire";
import { UI_LANGUAGE, words } from "./words";

const DAY_MS = 86_400_000;

/** When a promise is due, or since when it is overdue: the day in words, and the time. */
export function dueInWords(due_at: number, now: number, locale?: string): string {
  const at = `${dayInWords(due_at, now)}, ${timeOfDay(due_at, locale)}`;
  return due_at < now ? words.tasks.overdue(at) : words.tasks.due(at);
}

function dayInWords(at: number, now: number): string {
  // A day on which clocks change isn't 24 hours long.
  const days = Math.round((midnight(at) - midnight(now)) / DAY_MS);
  return Math.abs(days) <= 1
    ? new Intl.RelativeTimeFormat(UI_LANGUAGE, { numeric: "auto" }).format(days, "day")
    : new Intl.DateTimeFormat(UI_LANGUAGE, {
        weekday: "short",
        day: "numeric",
        month: "short",
      }).format(at);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The same time on the next day, on the full five minutes. */
export function dayAfter(now: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  day.setMinutes(Math.ceil(day.getMinutes() / 5) * 5, 0, 0);
  return day.getTime();
}

/** A moment as a field for day and time takes it, in the time zone here. */
export function toInput(at: number): string {
  const day = new Date(at);
  const local = new Date(day.getTime() - day.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, "2026-11-30T12:45".length);
}

/** The moment that such a field names. */
export function fromInput(value: string): number {
  return new Date(value).getTime();
}
