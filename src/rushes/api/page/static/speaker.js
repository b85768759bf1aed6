// The page's loudspeaker: one AudioContext, and what is heard of it at this moment.

import { PIECE } from "./frames.js";
import { kernel } from "./kernel.js";

export class Speaker {
  #context = null;
  #node = null;
  #last = 0;
  #growing = new Map(); // by the name of a voice: the clip it is fed from, and how

  constructor(tell, lost) {
    this.tell = tell; // hears { word, name, frame, when } of the worklet
    this.lost = lost; // hears that the browser plays no longer
  }

  // Ask the browser for sound; true where it lets us. Before a click or a key it doesn't.
  async unlock() {
    if (!this.#context) {
      this.#context = new AudioContext({ latencyHint: "balanced" });
      this.#context.addEventListener("statechange", () => {
        if (this.#node && !this.isOn) this.lost();
      });
    }
    const context = this.#context;
    // It stays open, unanswered, until somebody has clicked.
    const limit = new Promise((over) => setTimeout(over, 1000));
    await Promise.race([context.resume(), limit]).catch(() => {});
    if (context.state !== "running") return false;
    this.#node ??= await this.#build(context);
    return true;
  }

  async #build(context) {
    await context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url));
    const options = { numberOfInputs: 0, outputChannelCount: [2] };
    const node = new AudioWorkletNode(context, "rushes-loudspeaker", options);
    node.port.onmessage = ({ data }) => this.tell(data);
    node.connect(context.destination);
    return node;
  }

  get isOn() {
    return this.#context?.state === "running";
  }

  // The context's time of the sample that is heard now, in seconds.
  get audible() {
    const context = this.#context;
    const least = context.currentTime - 2 * (context.outputLatency || context.baseLatency) - 0.1;
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    const told = contextTime + (performance.now() - performanceTime) / 1000;
    // Some browsers don't say, or not yet.
    if (!performanceTime || told < least || told > context.currentTime + 0.1) {
      return context.currentTime - (context.outputLatency || context.baseLatency || 0);
    }
    return Math.min(told, context.currentTime);
  }

  // how: "now", in place of what plays; "here", from where that is; "then", after it.
  play(clip, frame, loop, how) {
    if (how !== "then") this.#feedNobody();
    const name = (this.#last += 1);
    const samples = clip.bytes ? clip.bytes.slice().buffer : new ArrayBuffer(clip.size);
    const there = clip.there.slice();
    const { rate, channels, frames } = clip;
    const rows = kernel(rate, this.#context.sampleRate);
    const told = { samples, there, rate, channels, frames, rows, pieceSamples: PIECE / 2 };
    this.#ask({ play: { name, frame, loop, clip: told }, how }, [samples]);
    if (!clip.whole) {
      const feed = (piece) => {
        const data = clip.samples(piece).slice().buffer;
        this.#ask({ piece: { name, piece, samples: data } }, [data]);
        if (clip.whole) this.#fed(name);
      };
      clip.listeners.add(feed);
      this.#growing.set(name, { clip, feed });
    }
    return name;
  }

  go(name, frame) {
    this.#ask({ go: { name, frame } });
  }

  loop(name, on) {
    this.#ask({ loop: { name, on } });
  }

  stop() {
    this.#feedNobody();
    this.#ask({ stop: true });
  }

  #feedNobody() {
    for (const name of [...this.#growing.keys()]) this.#fed(name);
  }

  #fed(name) {
    const { clip, feed } = this.#growing.get(name);
    clip.listeners.delete(feed);
    this.#growing.delete(name);
  }

  #ask(what, given = []) {
    this.#node?.port.postMessage(what, given);
  }
}
