/** A sentence that somebody should read soon. */
export interface Toast {
  id: number;
  text: string;
}

const LIFETIME_MS = 12_000;

/** Sentences at the edge of the page; each leaves by itself or when it is dismissed. */
export class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  /** Shows a sentence; one that already stands isn't repeated. */
  show(text: string): void {
    if (this.list.some((toast) => toast.text === text)) return;
    const id = this.#next++;
    this.list.push({ id, text });
    setTimeout(() => this.dismiss(id), LIFETIME_MS);
  }

  /** Takes a sentence away. */
  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}
