// How fast samples come, and when a clip that is still coming in may start: as
// rushes.playback.listening.pace. Times in seconds of one clock, sizes in bytes.

const LEAD = 0.1; // s of sound that are there before it starts
const SOON = 0.08; // s in which all would be there anyway
const CARE = 1.15;
const SPARE = 0.15;
const MEMORY = 2;

export class Pace {
  #came = [];
  #total = 0;

  came(size, now) {
    const last = this.#came.at(-1);
    if (last && now - last.when > MEMORY) {
      this.#came = []; // nothing was on its way meanwhile
      this.#total = 0;
    }
    this.#came.push({ when: now, size });
    this.#total += size;
    while (this.#came.length > 2 && now - this.#came[0].when > MEMORY) {
      this.#total -= this.#came.shift().size;
    }
  }

  get rate() {
    if (this.#came.length < 2) return 0;
    const took = this.#came.at(-1).when - this.#came[0].when;
    return (this.#total - this.#came[0].size) / Math.max(took, 1e-6);
  }
}

// From here on it comes at least as fast as it is played.
export function mayStart(ahead, missing, playing, coming) {
  if (!missing) return true;
  if (!coming || missing / coming <= SOON) return false;
  if (ahead < LEAD * playing) return false;
  return (missing / coming) * CARE + SPARE <= (ahead + missing) / playing;
}
