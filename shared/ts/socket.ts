import { Backoff } from "./backoff";

/** What a page is told about its connection. */
export interface SocketHandlers<Received> {
  /** A message came. */
  message: (message: Received) => void;
  /** The connection stands; everything known before may be stale. */
  open?: () => void;
  /** The connection is gone; `retry_ms` until the next try. */
  lost?: (retry_ms: number) => void;
}

/** Replaceable ends, for tests. */
export interface SocketEnds {
  /** Opens a WebSocket. */
  connect: (address: string) => WebSocket;
  /** The waits between tries. */
  backoff: Backoff;
  /** A connection that is not open after this is given up. Default 10,000 ms. */
  open_timeout_ms: number;
}

/**
 * A WebSocket that carries JSON and comes back by itself.
 *
 * It keeps nothing for later: words typed while the connection is down would arrive in another
 * situation than the one they were typed in. {@link send} says whether a message went out.
 */
export class ReconnectingSocket<Sent, Received> {
  readonly #address: string;
  readonly #handlers: SocketHandlers<Received>;
  readonly #ends: SocketEnds;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(address: string, handlers: SocketHandlers<Received>, ends: Partial<SocketEnds> = {}) {
    this.#address = address;
    this.#handlers = handlers;
    this.#ends = {
      connect: (at) => new WebSocket(at),
      backoff: new Backoff(),
      open_timeout_ms: 10_000,
      ...ends,
    };
    this.#connect();
  }

  /** Sends a message; `false` when the connection is down. */
  send(message: Sent): boolean {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Ends the connection for good. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    const socket = this.#ends.connect(this.#address);
    this.#socket = socket;
    this.#timer = setTimeout(() => socket.close(), this.#ends.open_timeout_ms);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      this.#handlers.open?.();
    };
    socket.onmessage = (event: MessageEvent) => {
      const message = parse<Received>(event.data);
      if (message === undefined) return;
      // A server that accepts and then drops every connection earns no quick retries.
      this.#ends.backoff.reset();
      this.#handlers.message(message);
    };
    socket.onclose = () => {
      clearTimeout(this.#timer);
      if (this.#closed) return;
      const wait = this.#ends.backoff.next();
      this.#timer = setTimeout(() => this.#connect(), wait);
      this.#handlers.lost?.(wait);
    };
  }
}

function parse<T>(data: unknown): T | undefined {
  if (typeof data !== "string") return undefined;
  try {
    return JSON.parse(data) as T;
  } catch {
    console.warn("A message from the server is no JSON and was left out.");
    return undefined;
  }
}

/** The WebSocket address of a path on the server that this page came from. */
export function socketAddress(path: string, page: Pick<Location, "href">): string {
  const address = new URL(path, page.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}
