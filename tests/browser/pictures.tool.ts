import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { launch } from "./support/browser";
import { openHouse, ROOT, warmUp } from "./support/house";

/** Takes the README's pictures from the running programs (`make pictures`). */
const FOLDER = join(ROOT, "docs", "images");

test("pictures", async () => {
  await mkdir(FOLDER, { recursive: true });
  await warmUp();
  const browser = await launch();
  const house = await openHouse([]);
  const screen = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await screen.goto(house.screen);
  await screen.getByTestId("language-pt").click();
  await screen.getByTestId("typed").fill("Em que dia passa o lixo reciclável?");
  await screen.getByTestId("send").click();
  await screen.locator('[data-testid="caption"][data-speaker="agent"]').last().waitFor();
  await screen.getByText("PET").first().waitFor();
  await screen.screenshot({ path: join(FOLDER, "screen.png") });

  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ["camera", "microphone"],
  });
  const desk = await context.newPage();
  await desk.goto(house.desk);
  await desk.getByTestId("user").fill(house.user);
  await desk.getByTestId("password").fill(house.password);
  await desk.getByTestId("sign-in").click();
  await screen.getByTestId("typed").fill("Quero falar com uma pessoa, por favor");
  await screen.getByTestId("send").click();
  await desk.getByTestId("case-row").first().click();
  await desk.getByTestId("accept").click();
  await screen.locator('[data-testid="stage"][data-stage="live"]').waitFor({ timeout: 15_000 });
  await desk.getByTestId("message").fill("Please wait a moment.");
  await desk.getByTestId("send").click();
  await desk.getByTestId("shown").first().waitFor();
  await desk.waitForFunction(() => {
    const video = document.querySelector<HTMLVideoElement>('[data-testid="robot-video"]');
    return (video?.getVideoPlaybackQuality().totalVideoFrames ?? 0) > 30;
  });
  await desk.screenshot({ path: join(FOLDER, "operator.png") });
  await screen.screenshot({ path: join(FOLDER, "screen-live.png") });
  await browser.close();
  await house.stop();
});
