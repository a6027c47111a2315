import { toBase64 } from "@madoguchi/wire";
import { closeDevices, openDevices, type Devices } from "../call/devices";

/** This page's try to carry a case. */
export class Attempt {
  #number = 0;
  #nonce = "";
  #devices: Promise<Devices> | undefined;

  /** Tells the console and the robot this page's call from another one's. */
  get number(): number {
    return this.#number;
  }

  /** Drawn with the number, for the robot's signature. */
  get nonce(): string {
    return this.#nonce;
  }

  /** Whether camera and microphone are being opened for a call that isn't there yet. */
  get opens(): boolean {
    return this.#devices !== undefined;
  }

  /** The next call is another one. */
  draw(): void {
    this.#number = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    this.#nonce = toBase64(crypto.getRandomValues(new Uint8Array(16)));
  }

  /** Opens camera and microphone ahead of the call, so that the answer needn't wait. */
  openDevices(): void {
    this.#devices = openDevices();
  }

  /** Camera and microphone, which are the call's from now on. */
  takeDevices(): Promise<Devices> {
    const devices = this.#devices ?? openDevices();
    this.#devices = undefined;
    return devices;
  }

  /** Lets camera and microphone go, where no call has taken them. */
  letDevicesGo(): void {
    void this.#devices?.then(closeDevices);
    this.#devices = undefined;
  }
}
