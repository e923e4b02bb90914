// EventSource for Node 18 and 20, which have none: as much of it as GrowthBook's client uses.

export class EventSource {
  #listeners = new Map();
  #stop = new AbortController();
  onopen = null;
  onerror = null;

  constructor(url) {
    this.#read(url).catch(() => this.onerror?.());
  }

  addEventListener(type, listener) {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  close() {
    this.#stop.abort();
  }

  async #read(url) {
    const response = await fetch(url, { signal: this.#stop.signal, headers: { Accept: 'text/event-stream' } });
    if (!response.ok) throw new Error(`status ${response.status}`);
    this.onopen?.();
    let text = '';
    const decoder = new TextDecoder();
    for await (const bytes of response.body) {
      text += decoder.decode(bytes, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        this.#dispatch(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }

  #dispatch(block) {
    const event = { type: 'message', data: [] };
    for (const line of block.split('\n')) {
      const [, name, value] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
      if (name === 'event') event.type = value;
      if (name === 'data') event.data.push(value);
    }
    if (event.data.length === 0) return;
    for (const listener of this.#listeners.get(event.type) ?? []) listener({ type: event.type, data: event.data.join('\n') });
  }
}
