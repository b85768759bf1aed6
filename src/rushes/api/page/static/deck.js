// The deck at the foot: what is heard, its waveform, and the playhead that moves.

import { fineClock, profileClass } from "./words.js";
import { drawWave } from "./wave.js";

const element = (id) => document.getElementById(id);

export class Deck {
  #drawn = "";
  #frame = 0;

  // shown() gives { title, profile, text, from, wave, position, length, sounds, own } or null.
  constructor(shown, seek) {
    this.shown = shown;
    this.canvas = element("deck-wave");
    this.canvas.addEventListener("pointerdown", (event) => {
      const box = this.canvas.getBoundingClientRect();
      const now = this.shown();
      if (now?.own) seek(((event.clientX - box.x) / box.width) * now.length);
    });
    const again = () => this.redraw();
    addEventListener("resize", again);
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", again);
  }

  // Draw everything anew, and go on while anything moves.
  redraw() {
    this.#drawn = "";
    this.follow();
  }

  follow() {
    cancelAnimationFrame(this.#frame);
    this.#draw();
    if (this.shown()?.sounds) this.#frame = requestAnimationFrame(() => this.follow());
  }

  #draw() {
    const now = this.shown();
    element("deck").hidden = !now;
    if (!now) return;
    const { position, length, wave } = now;
    const played = length ? Math.min(1, position / length) : 0;
    const pixels = Math.round(played * this.canvas.clientWidth);
    const drawn = `${now.key} ${wave?.version ?? 0} ${pixels} ${now.sounds} ${now.text}`;
    element("deck-position").textContent = fineClock(position);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    element("deck").classList.toggle("still", !now.sounds);
    element("deck").classList.toggle("own", now.own);
    element("deck-mark").textContent = now.sounds ? "▶" : "■";
    element("deck-profile").textContent = now.profile ?? "";
    element("deck-profile").className = now.profileId ? profileClass(now.profileId) : "";
    element("deck-text").textContent = now.text;
    element("deck-from").textContent = now.from;
    element("deck-length").textContent = fineClock(length);
    const slider = this.canvas;
    slider.tabIndex = now.own ? 0 : -1;
    slider.setAttribute("aria-disabled", String(!now.own));
    slider.setAttribute("aria-valuemax", length.toFixed(1));
    slider.setAttribute("aria-valuenow", position.toFixed(1));
    slider.setAttribute("aria-valuetext", `${fineClock(position)} of ${fineClock(length)}`);
    drawWave(this.canvas, wave, played);
  }
}
