import type { Page } from "playwright-core";

/** The least level of somebody who speaks; silence is far below. */
export const HEARD = 0.2;

/** What a video element really shows, measured over a second. */
export interface Picture {
  frames: number;
  width: number;
  /** How much two pictures half a second apart differ, per colour value from 0 to 255. */
  movement: number;
}

/** Counts decoded frames and compares pixels: a flag that says "playing" proves nothing. */
export async function watch(page: Page, testid: string): Promise<Picture> {
  return page.evaluate(async (testid) => {
    const video = document.querySelector<HTMLVideoElement>(`[data-testid="${testid}"]`);
    if (!video) return { frames: 0, width: 0, movement: 0 };
    const grab = (): Uint8ClampedArray => {
      const canvas = new OffscreenCanvas(64, 48);
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      context.drawImage(video, 0, 0, 64, 48);
      return context.getImageData(0, 0, 64, 48).data;
    };
    const before = video.getVideoPlaybackQuality().totalVideoFrames;
    const first = grab();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const second = grab();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const sum = first.reduce((all, value, i) => all + Math.abs(value - (second[i] ?? 0)), 0);
    return {
      frames: video.getVideoPlaybackQuality().totalVideoFrames - before,
      width: video.videoWidth,
      movement: sum / first.length,
    };
  }, testid);
}

/** The mean colour that a video element shows: red, green, blue from 0 to 255. */
export async function colour(page: Page, testid: string): Promise<[number, number, number]> {
  return page.getByTestId(testid).evaluate((video: HTMLVideoElement) => {
    const canvas = new OffscreenCanvas(8, 6);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(video, 0, 0, 8, 6);
    const sums: [number, number, number] = [0, 0, 0];
    context.getImageData(0, 0, 8, 6).data.forEach((value, i) => {
      const part = i % 4;
      if (part < 3) sums[part] = (sums[part] ?? 0) + value / 48;
    });
    return sums;
  });
}

/** Waits until an element's `data-level` has stayed low for a while: whoever spoke is done. */
export async function quiet(page: Page, testid: string): Promise<void> {
  const start = Date.now();
  let since = start;
  while (Date.now() - since < 1_500) {
    if ((await loudest(page, testid, 100)) > 0.05) since = Date.now();
    if (since - start > 60_000) throw new Error(`${testid} never falls silent`);
  }
}

/** The highest value of an element's `data-level` within some time. */
export async function loudest(page: Page, testid: string, ms: number): Promise<number> {
  return page.evaluate(
    async ({ testid, ms }) => {
      const end = Date.now() + ms;
      let loudest = 0;
      while (Date.now() < end) {
        const level = document
          .querySelector(`[data-testid="${testid}"]`)
          ?.getAttribute("data-level");
        loudest = Math.max(loudest, Number(level ?? 0));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return loudest;
    },
    { testid, ms },
  );
}

/** Waits until an element's `data-level` rises over what noise would give; the level it reached. */
export async function heard(page: Page, testid: string, ms = 6_000): Promise<number> {
  const end = Date.now() + ms;
  let level = 0;
  while (level <= HEARD && Date.now() < end) level = await loudest(page, testid, 100);
  return level;
}
