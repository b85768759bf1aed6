// The line to the relay: a WebSocket that is taken up again whenever it breaks.

import * as frames from "./frames.js";

const FIRST_PAUSE = 500, LONGEST_PAUSE = 30_000; // ms
const STEADY = 10_000;
const SILENT_AFTER = 3.5; // the relay's pings

export class Line {
  #socket = null;
  #timer = 0;
  #pause = FIRST_PAUSE;
  #wanted = false;
  #bye = "";

  // told("listening" | "waiting" | "over", a line for people); refused() gives why for good, or "".
  constructor({ address, told, refused, hear, hangUp }) {
    Object.assign(this, { address, told, refused, hear, hangUp });
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => this.#hurry());
  }

  begin() {
    this.#wanted = true;
    this.#pause = FIRST_PAUSE;
    this.#connect();
  }

  end() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  send(kind, channel = 0, body = new Uint8Array()) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(frames.packed(kind, channel, body));
    }
  }

  #hurry() {
    if (this.#wanted && !this.#socket && !document.hidden) this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    if (this.#socket) return;
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#bye = "";
    const unpacker = new frames.Unpacker();
    const began = performance.now();
    let ping = 30; // s; a tunnel may take its time
    let watch = 0;
    const heard = () => {
      clearTimeout(watch);
      watch = setTimeout(() => socket.close(), ping * SILENT_AFTER * 1000);
    };
    socket.onopen = () => {
      socket.send(frames.MAGIC);
      this.send(frames.HELLO, 0, frames.packHello());
      heard();
    };
    socket.onmessage = ({ data }) => {
      heard();
      try {
        for (const frame of unpacker.feed(new Uint8Array(data))) {
          if (frame.kind === frames.HELLO) ping = frames.unpackHello(frame.body).ping;
          this.#heed(frame);
        }
      } catch (error) {
        console.error(error);
        socket.close();
      }
    };
    socket.onclose = () => {
      clearTimeout(watch);
      this.#socket = null;
      this.hangUp();
      if (performance.now() - began > STEADY) this.#pause = FIRST_PAUSE;
      this.#closed();
    };
  }

  #heed(frame) {
    if (frame.kind === frames.PING) this.send(frames.PONG);
    else if (frame.kind === frames.AWAKE) this.told("listening", "");
    else if (frame.kind === frames.BYE) this.#bye = frames.line(frame.body);
    else if (frame.channel || frame.kind === frames.OPEN || frame.kind === frames.SHUT) {
      this.hear(frame);
    }
  }

  async #closed() {
    if (!this.#wanted) return;
    const why = this.#bye || (await this.refused());
    if (why) {
      this.#wanted = false;
      this.told("over", why);
      return;
    }
    this.told("waiting", "The server is out of reach; trying again.");
    this.#timer = setTimeout(() => this.#connect(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }
}
