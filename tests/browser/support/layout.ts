import type { Page } from "playwright-core";

/** What a person would trip over. */
export interface LayoutRules {
  /** The least width and height of what can be touched, in CSS pixels. */
  touch_px?: number;
  /** Letters of these elements … */
  reading?: string;
  /** … are at least this large. */
  reading_px?: number;
  /** These elements must be seen whole, without scrolling. */
  whole?: string;
  /** The least contrast of text (WCAG 2.2, 1.4.3 and 1.4.6). */
  contrast?: number;
}

/** Sentences about every place where the page breaks the rules; empty when all is well. */
export async function layoutFaults(page: Page, rules: LayoutRules): Promise<string[]> {
  return page.evaluate((rules) => {
    const faults: string[] = [];
    const width = window.innerWidth;
    const name = (element: Element): string =>
      `<${element.tagName.toLowerCase()} ${element.getAttribute("data-testid") ?? element.className}> ` +
      `"${(element.textContent ?? "").trim().slice(0, 40)}"`;
    const scrolls = (element: Element | null, axis: "x" | "y"): boolean => {
      for (let at = element; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (/auto|scroll/u.test(axis === "x" ? style.overflowX : style.overflowY)) return true;
      }
      return false;
    };
    const shown = (element: Element): boolean =>
      !element.closest(".visually-hidden") &&
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    /** The nearest element around that has a ground or an edge of its own. */
    const card = (element: Element): Element | null => {
      for (let at: Element | null = element; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (/auto|scroll/u.test(style.overflowX)) return null;
        if (style.display === "inline") continue;
        if (parse(style.backgroundColor)[3] > 0 || parseFloat(style.borderLeftWidth) > 0) return at;
      }
      return null;
    };
    /** How far the letters of an element reach out of a box, to the left or the right. */
    const reach = (element: Element, box: DOMRect): number => {
      const range = document.createRange();
      const out = [...element.childNodes].flatMap((node) => {
        if (node.nodeType !== Node.TEXT_NODE || !node.textContent?.trim()) return [];
        range.selectNodeContents(node);
        return [...range.getClientRects()].map(({ left, right }) =>
          Math.max(box.left - left, right - box.right),
        );
      });
      return Math.max(0, ...out);
    };
    const parse = (colour: string): [number, number, number, number] => {
      const [r = 0, g = 0, b = 0, a = 1] = (colour.match(/[\d.]+/gu) ?? []).map(Number);
      return [r, g, b, a];
    };
    const luminance = ([r, g, b]: number[]): number => {
      const [x, y, z] = [r, g, b].map((value) => {
        const part = (value ?? 0) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * (x ?? 0) + 0.7152 * (y ?? 0) + 0.0722 * (z ?? 0);
    };
    const ground = (element: Element): number[] | null => {
      const layers: [number, number, number, number][] = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.backgroundImage !== "none") return null;
        const colour = parse(style.backgroundColor);
        if (colour[3] > 0) layers.push(colour);
        if (colour[3] === 1) break;
      }
      return layers.reduceRight<number[]>(
        (under, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + (under[i] ?? 255) * (1 - a)),
        [255, 255, 255],
      );
    };

    if (document.documentElement.scrollWidth > width) {
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide on ${width} px`);
    }
    for (const element of document.body.querySelectorAll("*")) {
      if (!(element instanceof HTMLElement) || !shown(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      if ((box.left < -1 || box.right > width + 1) && !scrolls(element, "x")) {
        faults.push(`${name(element)} reaches from ${box.left} to ${box.right} px of ${width} px`);
      }
      if (box.bottom > window.innerHeight + 1 && !scrolls(element, "y")) {
        faults.push(
          `${name(element)} ends ${box.bottom - window.innerHeight} px below the display`,
        );
      }
      const style = getComputedStyle(element);
      const ownText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (/hidden|clip/u.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1) {
        faults.push(
          `${name(element)} hides ${element.scrollWidth - element.clientWidth} px of its width`,
        );
      }
      if (/hidden|clip/u.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1) {
        faults.push(
          `${name(element)} hides ${element.scrollHeight - element.clientHeight} px of its height`,
        );
      }
      if (
        ownText &&
        style.overflowX === "visible" &&
        style.display !== "inline" &&
        element.scrollWidth > element.clientWidth + 1
      ) {
        faults.push(
          `the words of ${name(element)} reach out of it by ${element.scrollWidth - element.clientWidth} px`,
        );
      }
      const around = ownText && card(element);
      const out_px = around ? reach(element, around.getBoundingClientRect()) : 0;
      if (around && out_px > 1) {
        faults.push(
          `the words of ${name(element)} reach ${out_px.toFixed(0)} px out of ${name(around)}`,
        );
      }
      if (
        rules.touch_px &&
        element.matches("button, input:not([type=radio], [type=checkbox]), textarea, select")
      ) {
        if (box.width < rules.touch_px - 0.5 || box.height < rules.touch_px - 0.5) {
          faults.push(`${name(element)} is only ${box.width} × ${box.height} px to touch`);
        }
      }
      if (rules.reading && rules.reading_px && element.matches(rules.reading)) {
        const size = Number.parseFloat(style.fontSize);
        if (size < rules.reading_px) faults.push(`${name(element)} has letters of ${size} px`);
      }
      if (rules.whole && element.matches(rules.whole)) {
        for (let at = element.parentElement; at; at = at.parentElement) {
          const frame = at.getBoundingClientRect();
          const cuts = getComputedStyle(at).overflowY !== "visible";
          if (cuts && (box.top < frame.top - 1 || box.bottom > frame.bottom + 1)) {
            faults.push(`${name(element)} is cut off by ${name(at)}`);
          }
        }
      }
      if (rules.contrast && ownText && !element.closest(":disabled")) {
        const below = ground(element);
        if (below) {
          const [light, dark] = [luminance(below), luminance(parse(style.color))].sort(
            (a, b) => b - a,
          );
          const contrast = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
          if (contrast < rules.contrast) {
            faults.push(`${name(element)} has a contrast of ${contrast.toFixed(1)}`);
          }
        }
      }
    }
    return faults;
  }, rules);
}
