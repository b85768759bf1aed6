// The loudspeaker's inside, in the thread that renders sound: plays interleaved int16 of any rate
// while it is still coming in, and knows of every sample when it is heard.
//
// Asked: {play, how: "now" | "here" | "then"}, {piece}, {go}, {loop}, {stop}.
// Tells:  begun, dry and done with the name of the voice and a context time; at, every 20 ms while
//         anything is heard and for a second after: timers sleep in a page that nobody looks at.

import { PHASES, TAPS } from "./kernel.js";

const TELL_EVERY = 0.02;
const TELL_AFTER = 1;
const BLOCK = 128;

class Voice {
  constructor({ name, clip, frame, loop }) {
    Object.assign(this, clip, { name, loop });
    this.samples = new Int16Array(clip.samples);
    this.missing = this.there.reduce((sum, is) => sum + (is ? 0 : 1), 0);
    this.place = frame; // in frames of the clip, with a fraction
    this.step = this.rate / sampleRate;
    this.begun = false;
    this.dry = false;
  }

  add({ piece, samples }) {
    this.samples.set(new Int16Array(samples), piece * this.pieceSamples);
    if (!this.there[piece]) this.missing -= 1;
    this.there[piece] = 1;
  }

  // Whether all that a block wants is there.
  canRender(count) {
    if (!this.missing) return true;
    const first = Math.max(0, Math.floor(this.place) - TAPS) * this.channels;
    const end = Math.min(this.frames, Math.ceil(this.place + count * this.step) + TAPS);
    const last = Math.max(first, end * this.channels - 1);
    for (let at = Math.floor(first / this.pieceSamples); at * this.pieceSamples <= last; at += 1) {
      if (at < this.there.length && !this.there[at]) return false;
    }
    return true;
  }

  get over() {
    return !this.loop && this.place >= this.frames;
  }

  // Adds sound to the outputs from one place on; gives how many places it has filled.
  render(outputs, from, gainAt) {
    let at = from;
    for (; at < BLOCK && !this.over; at += 1) {
      if (this.place >= this.frames) this.place -= this.frames;
      const gain = gainAt ? gainAt(at) : 1;
      for (let side = 0; side < outputs.length; side += 1) {
        outputs[side][at] += gain * this.sample(Math.min(side, this.channels - 1));
      }
      this.place += this.step;
    }
    return at - from;
  }

  sample(channel) {
    const whole = Math.floor(this.place);
    if (!this.rows) return this.samples[whole * this.channels + channel] / 32768;
    const phase = (this.place - whole) * PHASES;
    const low = Math.floor(phase);
    const share = phase - low;
    const row = low * 2 * TAPS;
    let sum = 0;
    for (let tap = 0; tap < 2 * TAPS; tap += 1) {
      let frame = whole + tap - TAPS + 1;
      if (this.loop) frame = (frame + this.frames) % this.frames;
      // Beyond its ends a clip is what it is there: what follows joins on without a dip.
      else frame = Math.min(Math.max(frame, 0), this.frames - 1);
      const factor = this.rows[row + tap] * (1 - share) + this.rows[row + 2 * TAPS + tap] * share;
      sum += factor * this.samples[frame * this.channels + channel];
    }
    return sum / 32768;
  }
}

class Loudspeaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.current = null;
    this.following = null;
    this.leaving = null; // fades away within a block, so that no cut clicks
    this.toldAt = 0;
    this.activeAt = -TELL_AFTER;
    this.port.onmessage = ({ data }) => this.heed(data);
  }

  heed(asked) {
    if (asked.play) this.play(new Voice(asked.play), asked.how);
    else if (asked.piece) this.named(asked.piece.name)?.add(asked.piece);
    else if (asked.go) {
      const voice = this.named(asked.go.name);
      if (voice) Object.assign(voice, { place: asked.go.frame, dry: false, begun: false });
    } else if (asked.loop) {
      const voice = this.named(asked.loop.name);
      if (voice) voice.loop = asked.loop.on;
    } else if (asked.stop) {
      this.leave();
      this.current = this.following = null;
    }
  }

  named(name) {
    return [this.current, this.following].find((voice) => voice?.name === name);
  }

  leave() {
    if (this.current?.begun && !this.current.dry) this.leaving = this.current;
  }

  play(voice, how) {
    if (how === "then" && this.current) {
      this.following = voice;
      return;
    }
    if (how === "here" && this.current) {
      const frame = (this.current.place / this.current.rate) * voice.rate;
      voice.place = frame < voice.frames ? frame : 0;
    }
    this.leave();
    this.current = voice;
    this.following = null;
  }

  tell(word, voice, offset = 0) {
    const when = currentTime + offset / sampleRate;
    this.port.postMessage({ word, name: voice.name, frame: voice.place, when });
  }

  tick() {
    const sounds = this.current?.begun && !this.current.dry;
    if (sounds) this.activeAt = currentTime;
    const isDue = currentTime - this.toldAt > TELL_EVERY;
    if (!isDue || currentTime - this.activeAt > TELL_AFTER) return;
    this.toldAt = currentTime;
    if (sounds) this.tell("at", this.current, BLOCK);
    else this.port.postMessage({ word: "at", name: 0 });
  }

  process(_, [outputs]) {
    const crossing = this.leaving !== null;
    if (this.leaving) {
      if (this.leaving.canRender(BLOCK)) this.leaving.render(outputs, 0, (at) => 1 - at / BLOCK);
      this.leaving = null;
    }
    let at = 0;
    while (this.current && at < BLOCK) {
      const voice = this.current;
      if (voice.dry) break;
      if (!voice.over && !voice.canRender(BLOCK - at)) {
        voice.dry = true;
        this.tell("dry", voice);
        break;
      }
      const fade = voice.begun || (voice.place === 0 && !crossing) ? null : (place) => place / BLOCK;
      if (!voice.begun) {
        voice.begun = true;
        this.tell("begun", voice, at);
      }
      at += voice.render(outputs, at, fade);
      if (voice.over) {
        this.tell("done", voice, at);
        this.current = this.following;
        this.following = null;
      }
    }
    this.tick();
    return true;
  }
}

registerProcessor("rushes-loudspeaker", Loudspeaker);
