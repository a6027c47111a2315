/** How long to wait before the next try. */
export interface BackoffOptions {
  /** The first wait. Default 250 ms. */
  first_ms?: number;
  /** No wait is longer. Default 8,000 ms. */
  longest_ms?: number;
  /** Randomness from 0 (included) to 1 (excluded). Default `Math.random`. */
  random?: () => number;
}

/**
 * Exponential back-off with jitter: every wait lies between half of and the whole current step,
 * so that many pages don't return to a restarted server in the same moment.
 */
export class Backoff {
  readonly #first: number;
  readonly #longest: number;
  readonly #random: () => number;
  #step: number;

  constructor(options: BackoffOptions = {}) {
    this.#first = options.first_ms ?? 250;
    this.#longest = options.longest_ms ?? 8_000;
    this.#random = options.random ?? Math.random;
    this.#step = this.#first;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const step = this.#step;
    this.#step = Math.min(step * 2, this.#longest);
    return Math.round(step / 2 + (step / 2) * this.#random());
  }

  /** Starts over after a success. */
  reset(): void {
    this.#step = this.#first;
  }
}
