// What the page itself plays: a take of the history, straight from its file.

import { ask } from "./api.js";
import { ToldWave } from "./wave.js";

const BUCKETS = 1000;

export class Own {
  take = null;
  wave = null;

  constructor(audio, { begins, changed, failed }) {
    this.audio = audio;
    this.begins = begins; // called before anything is heard
    for (const word of ["play", "pause", "ended", "seeked", "loadedmetadata"]) {
      audio.addEventListener(word, changed);
    }
    this.changed = changed;
    this.failed = failed;
  }

  get plays() {
    return this.take !== null && !this.audio.paused;
  }

  get position() {
    return this.audio.currentTime;
  }

  get length() {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : this.take?.duration ?? 0;
  }

  // The same take goes on or pauses; another one starts.
  async toggle(take) {
    if (this.take?.id === take.id) {
      if (this.plays) this.audio.pause();
      else await this.#run();
      return;
    }
    this.take = take;
    this.wave = null;
    this.audio.src = take.audio_url.slice(1);
    await this.#run();
    await this.#draw(take);
  }

  pause() {
    this.audio.pause();
  }

  seek(position) {
    if (this.take) this.audio.currentTime = Math.min(Math.max(position, 0), this.length);
  }

  async #run() {
    this.begins();
    this.changed();
    try {
      await this.audio.play();
    } catch (error) {
      // Another take in its place, or a pause, is no fault.
      if (error.name !== "AbortError") this.failed(`The take can’t be played: ${error.message}`);
    }
  }

  async #draw(take) {
    try {
      const told = await ask(`history/${take.id}/peaks?buckets=${BUCKETS}`);
      if (this.take === take) this.wave = new ToldWave(told.channels);
      this.changed();
    } catch (error) {
      this.failed(error.message);
    }
  }
}
