import type { Page } from "playwright-core";

/**
 * Sentences about words and controls that something else lies over, and about parts that must be
 * scrolled sideways; empty when there are none. While a dialog is open, it alone is looked at.
 */
export async function reachFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults = new Set<string>();
    const name = (element: Element | null): string =>
      element
        ? `<${element.tagName.toLowerCase()} ${element.getAttribute("data-testid") ?? element.className}>`
        : "nothing";
    const CONTROL = "button, input, textarea, select, summary";
    /** What is seen of an element: the display without what the frames around it cut off. */
    const seen = (element: Element): DOMRect => {
      let [left, top, right, bottom] = [0, 0, window.innerWidth, window.innerHeight];
      for (let at = element.parentElement; at; at = at.parentElement) {
        if (getComputedStyle(at).overflow === "visible") continue;
        const box = at.getBoundingClientRect();
        [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
        [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
      }
      return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
    };
    const places = (element: Element): DOMRect[] => {
      if (element.matches(CONTROL)) return [element.getBoundingClientRect()];
      const range = document.createRange();
      return [...element.childNodes].flatMap((node) => {
        if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) return [];
        range.selectNodeContents(node);
        return [...range.getClientRects()];
      });
    };
    /** Whether an element only passes under a part of its scrolled frame that stays in place. */
    const passesUnder = (element: Element, hit: Element | null): boolean => {
      let stays = hit;
      while (stays && getComputedStyle(stays).position !== "sticky") stays = stays.parentElement;
      let frame = stays?.parentElement ?? null;
      while (frame && !/auto|scroll/u.test(getComputedStyle(frame).overflowY)) {
        frame = frame.parentElement;
      }
      return !!frame?.contains(element) && frame.scrollHeight > frame.clientHeight;
    };
    /** How much of the chosen words a list hides, in pixels. */
    const hidden_px = (list: HTMLSelectElement): number => {
      const whole = list.cloneNode() as HTMLSelectElement;
      whole.append(new Option(list.selectedOptions[0]?.text));
      Object.assign(whole.style, { position: "fixed", width: "max-content", maxWidth: "none" });
      list.after(whole);
      const width_px = whole.getBoundingClientRect().width;
      whole.remove();
      return width_px - list.getBoundingClientRect().width;
    };
    const look = (element: Element): void => {
      const frame = seen(element);
      for (const { left, right, top, bottom, width } of places(element)) {
        const y = (top + bottom) / 2;
        for (const x of [
          left + Math.min(8, width / 4),
          left + width / 2,
          right - Math.min(8, width / 4),
        ]) {
          if (x < frame.left || x > frame.right || y < frame.top || y > frame.bottom) continue;
          const hit = document.elementFromPoint(x, y);
          if (hit && (hit === element || element.contains(hit))) continue;
          if (passesUnder(element, hit)) continue;
          const text = (element.textContent ?? "").trim().slice(0, 40);
          faults.add(`${name(element)} "${text}" is covered by ${name(hit)}`);
        }
      }
    };
    const dialog = document.querySelector("dialog[open]");
    for (const element of (dialog ?? document.body).querySelectorAll("*")) {
      const shown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      if (!shown || element.closest(".visually-hidden, option")) continue;
      const hasWords = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (hasWords || element.matches(CONTROL)) look(element);
      if (element instanceof HTMLSelectElement && hidden_px(element) > 1) {
        faults.add(`${name(element)} hides ${hidden_px(element).toFixed(0)} px of its words`);
      }
      const { overflowX } = getComputedStyle(element);
      const over_px = element.scrollWidth - element.clientWidth;
      if (/auto|scroll/u.test(overflowX) && over_px > 1 && element.clientWidth > 0) {
        faults.add(`${name(element)} must be scrolled ${over_px} px sideways`);
      }
    }
    return [...faults];
  });
}
