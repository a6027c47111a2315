import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { openWithBrowser, ROOT } from "./support/house";
import { accept, openDesk, openScreen, types } from "./support/people";

/** Takes the README's pictures from the running programs (`make pictures`). */
const FOLDER = join(ROOT, "docs", "images");

test("pictures", async () => {
  await mkdir(FOLDER, { recursive: true });
  const { browser, house, close } = await openWithBrowser();
  try {
    const screen = await openScreen(browser, house, { width: 1280, height: 800 });
    await screen.getByTestId("language-pt").click();
    await types(screen, "Em que dia passa o lixo reciclável?");
    await screen.locator('[data-testid="caption"][data-speaker="agent"]').last().waitFor();
    await screen.getByText("PET").first().waitFor();
    await screen.screenshot({ path: join(FOLDER, "screen.png") });

    const desk = await openDesk(browser, house);
    await types(screen, "Quero falar com uma pessoa, por favor");
    await accept(screen, desk);
    await desk.getByTestId("message").fill("Please wait a moment.");
    await desk.getByTestId("send").click();
    await desk.getByTestId("shown").first().waitFor();
    await desk.waitForFunction(() => {
      const video = document.querySelector<HTMLVideoElement>('[data-testid="robot-video"]');
      return (video?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 30;
    });
    await desk.screenshot({ path: join(FOLDER, "operator.png") });
    await screen.screenshot({ path: join(FOLDER, "screen-live.png") });
  } finally {
    await close();
  }
});
