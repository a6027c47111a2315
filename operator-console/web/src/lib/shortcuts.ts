/** What a single key does. */
export type Shortcut =
  | "accept"
  | "next"
  | "previous"
  | "message"
  | "microphone"
  | "camera"
  | "show"
  | "hold"
  | "pass"
  | "takeOver"
  | "end"
  | "help";

const KEYS: Record<string, Shortcut> = {
  a: "accept",
  j: "next",
  k: "previous",
  t: "message",
  m: "microphone",
  c: "camera",
  s: "show",
  h: "hold",
  p: "pass",
  o: "takeOver",
  e: "end",
  "?": "help",
};

/** What of a key press matters here. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "repeat" | "defaultPrevented"
>;

/**
 * The shortcut of a key press, if any: never while somebody writes (`writing`), composes a
 * character, holds the key down, or holds a modifier that belongs to the browser.
 */
export function shortcutOf(press: KeyPress, writing: boolean): Shortcut | undefined {
  if (writing || press.isComposing || press.repeat || press.defaultPrevented) return undefined;
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  return KEYS[press.key.toLowerCase()];
}

/** Whether keys typed into an element are words. */
export function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("textarea, select, input:not([type=radio], [type=checkbox])") ||
      target.closest("dialog") !== null)
  );
}
