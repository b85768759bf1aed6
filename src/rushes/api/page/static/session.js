// This page's side of one connection: which programs there are on the server, and the clips they
// send. As rushes.playback.listening.session.

import { Clip, LARGEST } from "./clips.js";
import * as frames from "./frames.js";

const MOST_CHANNELS = 64;
const MOST_CLIPS = 32;

export class Session {
  #channels = new Map();

  constructor(clips, stage, send) {
    this.clips = clips;
    this.stage = stage;
    this.send = send;
  }

  hear({ kind, channel, body }) {
    if (kind === frames.OPEN) this.#opened(frames.unpackNumber(body));
    else if (kind === frames.SHUT) this.#shut(frames.unpackNumber(body));
    else if (this.#channels.has(channel)) this.#heed(kind, channel, body);
    this.stage.look();
  }

  // The connection is gone: nobody is left who wants to hear anything.
  hangUp() {
    for (const channel of [...this.#channels.keys()]) this.#shut(channel);
  }

  #opened(channel) {
    if (this.#channels.size >= MOST_CHANNELS) throw new frames.Garbled("too many programs at once");
    this.#channels.set(channel, new Map());
    this.send(frames.HAVE, channel, this.clips.have());
  }

  #shut(channel) {
    this.stage.stop(channel);
    this.#channels.delete(channel);
  }

  #heed(kind, channel, body) {
    const known = this.#channels.get(channel);
    if (kind === frames.DATA) this.#takeIn(channel, known, body);
    else if (kind === frames.CLIP) this.#announced(channel, known, body);
    else if (kind === frames.START) this.#askedToPlay(channel, known, body);
    else if (kind === frames.STOP) this.stage.stop(channel);
    else if (kind === frames.FORGET) {
      const number = frames.unpackNumber(body);
      if (!this.stage.uses(known.get(number))) known.delete(number);
    }
  }

  #announced(channel, known, body) {
    const { number, ...facts } = frames.unpackClip(body);
    const stored = this.clips.find(facts.digest);
    known.set(number, stored ?? new Clip(facts));
    if (known.size > MOST_CLIPS) {
      const unused = [...known].find(([, clip]) => !this.stage.uses(clip));
      if (unused) known.delete(unused[0]);
    }
    if (stored) this.send(frames.WHOLE, channel, frames.packNumber(number));
  }

  #askedToPlay(channel, known, body) {
    const wish = frames.unpackStart(body);
    const clip = known.get(wish.number);
    if (!clip) throw new frames.Garbled("a start of no clip");
    if (!this.stage.ask(channel, wish, clip, clip.bytes !== null)) {
      // It was there once, as the server has been told.
      this.send(frames.MISSING, channel, frames.packNumber(wish.number));
    }
    if (clip.size > LARGEST) this.stage.failed(clip, "it is too long to be heard in a browser");
  }

  #takeIn(channel, known, body) {
    const { number, piece, samples } = frames.unpackData(body);
    this.send(frames.GOT, channel, frames.packGot(body));
    const clip = known.get(number);
    if (!clip || clip.whole || clip.size > LARGEST) return;
    this.stage.pace.came(samples.length, performance.now() / 1000);
    if (!clip.write(piece, samples)) throw new frames.Garbled("a piece that isn't of this clip");
    if (clip.whole) this.#keep(channel, number, clip);
  }

  // Take a clip up that is whole; it comes again where it isn't what it says.
  async #keep(channel, number, clip) {
    if (await clip.isWhatItSays()) {
      this.clips.keep(clip);
      this.send(frames.WHOLE, channel, frames.packNumber(number));
      return;
    }
    clip.clear();
    this.stage.lost(clip);
    this.send(frames.MISSING, channel, frames.packNumber(number));
  }
}
