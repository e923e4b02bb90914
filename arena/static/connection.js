// A WebSocket that comes back: gently (each pause twice the last, with jitter), at once when the network or the
// window returns, and not at all when the server says that this window has been replaced.

const kFirstPause = 400;
const kLongestPause = 10_000;
const kPingEvery = 10_000;
const kAnswerWithin = 8_000;
export const kTakenOver = 4001;

export class Connection extends EventTarget {
  #url;
  #socket = null;
  #pause = kFirstPause;
  #retry = 0;
  #pinger = 0;
  #deadline = 0;
  #asked = null; // when the ping under way was sent
  #lag = null; // how long the last one took, for clocks that give it back
  state = "connecting"; // connecting, open, closed

  constructor(url) {
    super();
    this.#url = url;
    addEventListener("online", () => this.#retryNow());
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      if (this.state === "open") this.#ping();
      else this.#retryNow();
    });
  }

  /// Connects, and stays connected until closed for good. Dispatches "open", "message" (detail: the
  /// message) and "state".
  connect() {
    if (this.#socket) return;
    this.#setState("connecting");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = kFirstPause;
      this.#pinger = setInterval(() => this.#ping(), kPingEvery);
      this.#asked = null;
      this.#setState("open");
      this.dispatchEvent(new Event("open"));
      this.#ping();
    };
    socket.onmessage = ({ data }) => {
      clearTimeout(this.#deadline);
      const message = JSON.parse(data);
      if (message.action === "pong" && message.data.cid === "ping") this.#timePong();
      else this.dispatchEvent(new CustomEvent("message", { detail: message }));
    };
    socket.onclose = ({ code }) => this.#lost(socket, code);
  }

  /// Sends now, or not at all: what must not be lost is sent again after "open". True if it went out.
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearInterval(this.#pinger);
    clearTimeout(this.#deadline);
    if (code === kTakenOver) return this.#setState("closed");
    this.#setState("connecting");
    this.#retry = setTimeout(() => this.connect(), this.#pause * (0.5 + Math.random()));
    this.#pause = Math.min(2 * this.#pause, kLongestPause);
  }

  #retryNow() {
    if (this.#socket || this.state === "closed") return;
    clearTimeout(this.#retry);
    this.#pause = kFirstPause;
    this.connect();
  }

  // A socket whose other end has silently gone is open for ever; a question without an answer tells.
  #ping() {
    const lag = this.#lag === null ? {} : { lag: this.#lag };
    if (!this.send({ action: "ping", v: 1, cid: "ping", ...lag })) return;
    this.#asked = performance.now();
    const socket = this.#socket;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      socket.onclose = null;
      socket.close();
      this.#lost(socket, 1006);
    }, kAnswerWithin);
  }

  #timePong() {
    if (this.#asked === null) return;
    const isFirst = this.#lag === null;
    this.#lag = Math.round(performance.now() - this.#asked);
    this.#asked = null;
    if (isFirst) this.#ping(); // so that the server knows it before the first move
  }

  #setState(state) {
    if (this.state === state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
