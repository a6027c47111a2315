import type { IceServer, Signal } from "./wire.gen";

/** What a page gets from a media session. */
export interface AnswererHandlers {
  /** Sends an answer or a candidate to the robot. */
  send: (signal: Signal) => void;
  /** The robot's picture and sound, once a session. */
  stream?: (stream: MediaStream) => void;
  /** The robot opened a data channel of this session. */
  channel?: (channel: RTCDataChannel) => void;
  /** The connection's state changed. */
  state?: (state: RTCPeerConnectionState) => void;
  /** An offer isn't the robot's, so it isn't answered. */
  distrusted?: (session: number) => void;
  /** A session can't be answered. */
  failed?: (error: unknown) => void;
}

/** How both ends know that nobody is between them. */
export interface Trust {
  /** Whether the robot has signed this offer. */
  verify: (session: number, sdp: string, proof: string | undefined) => Promise<boolean>;
  /** This page's proof of its answer to an offer. */
  prove: (session: number, offered: string, answer: string) => Promise<string | undefined>;
}

/** Settings of an {@link Answerer}. */
export interface AnswererOptions {
  /**
   * STUN and TURN servers, asked for once a session. Default none: loopback and local networks
   * need none.
   */
  iceServers?: () => IceServer[];
  /**
   * The page's own camera and microphone. The answer waits for it: tracks that join later would
   * need a second negotiation. Default: the page only receives.
   */
  local?: Promise<MediaStream | null>;
  /** Tells the robot's offers from others, and proves this page's answers. Default: no proof. */
  trust?: Trust;
  /** Makes a peer connection, for tests. */
  peer?: (configuration: RTCConfiguration) => RTCPeerConnection;
}

/**
 * The page's side of a media session: the robot offers, this answers, candidates trickle.
 *
 * An offer with a higher session number replaces the session; the same number renegotiates it
 * (RFC 9429); whatever belongs to another session is dropped. Messages are handled one after the
 * other in the order in which they came.
 */
export class Answerer {
  readonly #handlers: AnswererHandlers;
  readonly #options: AnswererOptions;
  #work: Promise<void> = Promise.resolve();
  #peer: RTCPeerConnection | undefined;
  #session = 0;
  #closed = false;

  constructor(handlers: AnswererHandlers, options: AnswererOptions = {}) {
    this.#handlers = handlers;
    this.#options = options;
  }

  /** The session that stands; 0 before the first offer. */
  get session(): number {
    return this.#session;
  }

  /** The connection that stands, for its statistics. */
  get peer(): RTCPeerConnection | undefined {
    return this.#peer;
  }

  /** Takes a message from the robot; resolves when it has been dealt with. */
  handle(signal: Signal): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (this.#closed) return;
      try {
        if (signal.kind === "offer") await this.#take(signal);
        else if (signal.kind === "candidate") await this.#add(signal);
      } catch (error) {
        if (!this.#closed) this.#handlers.failed?.(error);
      }
    });
    return this.#work;
  }

  /** Ends the session that stands; the robot's next offer is answered. */
  hangUp(): void {
    this.#drop();
  }

  /** Ends the session for good. The local stream stays with its owner. */
  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #take({ session, sdp, proof }: Extract<Signal, { kind: "offer" }>): Promise<void> {
    if (session < this.#session) return;
    const { trust } = this.#options;
    if (!trust || (await trust.verify(session, sdp, proof))) return this.#answer(session, sdp);
    this.#drop();
    this.#handlers.distrusted?.(session);
  }

  async #answer(session: number, sdp: string): Promise<void> {
    const peer = session === this.#session && this.#peer ? this.#peer : this.#open(session);
    await peer.setRemoteDescription({ type: "offer", sdp });
    const local = await (this.#options.local ?? Promise.resolve(null));
    if (this.#closed || peer !== this.#peer) return;
    if (local) await attach(peer, sdp, local);
    for (const receiver of peer.getReceivers()) receiver.jitterBufferTarget = 0;
    await peer.setLocalDescription();
    const answer = peer.localDescription?.sdp;
    const proof = answer && (await this.#options.trust?.prove(session, sdp, answer));
    if (answer && peer === this.#peer) {
      this.#handlers.send({ kind: "answer", session, sdp: answer, ...(proof && { proof }) });
    }
  }

  async #add(signal: Extract<Signal, { kind: "candidate" }>): Promise<void> {
    if (signal.session !== this.#session || !this.#peer) return;
    // "End of candidates" for all media at once: browsers know no such candidate.
    if (signal.sdp_mid === null && signal.sdp_m_line_index === null) return;
    await this.#peer.addIceCandidate({
      candidate: signal.candidate,
      sdpMid: signal.sdp_mid,
      sdpMLineIndex: signal.sdp_m_line_index,
    });
  }

  #open(session: number): RTCPeerConnection {
    this.#drop();
    this.#session = session;
    const make = this.#options.peer ?? ((configuration) => new RTCPeerConnection(configuration));
    const iceServers = this.#options.iceServers?.() ?? [];
    const peer = make({ iceServers, bundlePolicy: "max-bundle" });
    this.#peer = peer;
    const stream = new MediaStream();
    peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      if (stream.getTracks().length === 1) this.#handlers.stream?.(stream);
    };
    peer.ondatachannel = ({ channel }) => this.#handlers.channel?.(channel);
    peer.onicecandidate = ({ candidate }) => {
      this.#handlers.send({
        kind: "candidate",
        session,
        candidate: candidate?.candidate ?? "",
        sdp_mid: candidate?.sdpMid ?? null,
        sdp_m_line_index: candidate?.sdpMLineIndex ?? null,
      });
    };
    peer.onconnectionstatechange = () => {
      if (peer === this.#peer) this.#handlers.state?.(peer.connectionState);
    };
    return peer;
  }

  #drop(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    if (!peer) return;
    peer.ontrack = peer.ondatachannel = peer.onicecandidate = null;
    peer.onconnectionstatechange = null;
    peer.close();
  }
}

/** Gives each local track to the first media description of its kind that the robot receives. */
async function attach(peer: RTCPeerConnection, sdp: string, local: MediaStream): Promise<void> {
  const free = [...local.getTracks()];
  const offered = offeredDirections(sdp);
  for (const transceiver of peer.getTransceivers()) {
    const direction = offered.get(transceiver.mid ?? "");
    if (direction !== "sendrecv" && direction !== "recvonly") continue;
    const at = free.findIndex((track) => track.kind === transceiver.receiver.track.kind);
    const [track] = at < 0 ? [] : free.splice(at, 1);
    if (!track) continue;
    transceiver.direction = direction === "recvonly" ? "sendonly" : "sendrecv";
    transceiver.sender.setStreams?.(local);
    await transceiver.sender.replaceTrack(track);
  }
}

/** The direction of each media description of an offer by its `a=mid` (RFC 8866, RFC 5888). */
export function offeredDirections(sdp: string): Map<string, RTCRtpTransceiverDirection> {
  const directions = new Map<string, RTCRtpTransceiverDirection>();
  for (const media of sdp.split(/^m=/mu).slice(1)) {
    const mid = /^a=mid:(\S+)/mu.exec(media)?.[1];
    const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/mu.exec(media)?.[1];
    if (mid) directions.set(mid, (direction ?? "sendrecv") as RTCRtpTransceiverDirection);
  }
  return directions;
}
