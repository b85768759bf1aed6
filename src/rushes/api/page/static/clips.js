// The clips that this page has: whole ones by their digest, and those that are coming in.

import { PIECE, SHORT, unhex } from "./frames.js";
import { Wave } from "./wave.js";

const MOST_KEPT = 192e6; // bytes of whole clips; the ones that were not heard for longest go first
export const LARGEST = 256e6; // bytes of a clip: 90 minutes at 24 kHz mono

export class Clip {
  #there;
  #missing;

  constructor({ digest, rate, channels, frames }) {
    Object.assign(this, { digest, rate, channels, frames });
    this.frameBytes = 2 * channels;
    this.size = frames * this.frameBytes;
    this.listeners = new Set(); // hear of every piece, by its number
    this.clear();
  }

  // Nothing of it has come.
  clear() {
    const pieces = Math.ceil(this.size / PIECE);
    this.bytes = null; // until the first piece: a clip may be announced and never sent
    this.#there = new Uint8Array(pieces);
    this.#missing = pieces;
    this.wave = new Wave(this.frames);
  }

  get whole() {
    return !this.#missing;
  }

  get seconds() {
    return this.frames / this.rate;
  }

  get there() {
    return this.#there;
  }

  // Puts a piece where it belongs; false where the clip has no such piece.
  write(piece, samples) {
    const start = piece * PIECE;
    if (samples.length !== Math.min(PIECE, this.size - start)) return false;
    this.bytes ??= new Uint8Array(this.size);
    this.bytes.set(samples, start);
    if (!this.#there[piece]) {
      this.#there[piece] = 1;
      this.#missing -= 1;
    }
    this.wave.add(start / this.frameBytes, this.samples(piece), this.channels);
    for (const hear of this.listeners) hear(piece);
    return true;
  }

  // The samples of one piece, interleaved.
  samples(piece) {
    const start = piece * PIECE;
    return new Int16Array(this.bytes.buffer, start, Math.min(PIECE, this.size - start) / 2);
  }

  // Bytes that are there from a frame on without a gap.
  ahead(frame) {
    const first = frame * this.frameBytes;
    const gap = this.#there.indexOf(0, Math.floor(first / PIECE));
    return Math.max(0, (gap < 0 ? this.size : gap * PIECE) - first);
  }

  // Whether the samples are those that were announced.
  async isWhatItSays() {
    const shape = new TextEncoder().encode(`${this.rate} ${this.channels} ${this.frames} `);
    const all = new Uint8Array(shape.length + this.size);
    all.set(shape);
    all.set(this.bytes, shape.length);
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
    return unhex(this.digest).every((byte, place) => byte === found[place]);
  }
}

export class Clips {
  #kept = new Map(); // by digest, the one heard longest ago first

  find(digest) {
    const clip = this.#kept.get(digest);
    if (clip) {
      this.#kept.delete(digest);
      this.#kept.set(digest, clip);
    }
    return clip;
  }

  keep(clip) {
    this.#kept.set(clip.digest, clip);
    let used = 0;
    for (const one of this.#kept.values()) used += one.size;
    for (const one of this.#kept.values()) {
      if (used <= MOST_KEPT || one === clip) break;
      this.#kept.delete(one.digest);
      used -= one.size;
    }
  }

  // The body of HAVE: the beginnings of all digests, the newest first.
  have() {
    const digests = [...this.#kept.keys()].reverse().slice(0, 1024);
    const body = new Uint8Array(SHORT * digests.length);
    digests.forEach((digest, place) => body.set(unhex(digest).subarray(0, SHORT), place * SHORT));
    return body;
  }
}
