// The history: searched while one types, read page by page as one scrolls.

import { ask, Refused, send } from "./api.js";
import { drawThumb } from "./wave.js";
import { length, moment, profileClass, stars } from "./words.js";

const PAGE = 50;
const MOST_WAVES = 5000; // of 64 bytes
const MOST_ROWS = 1000; // that are looked at anew at once
const REST = 150; // ms without a key until the server is asked

const element = (id) => document.getElementById(id);

function made(tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

const RUNNING = new Set(["pending", "generating", "loading_model"]);

export class History {
  #question = 0; // the newest; late answers to older ones are thrown away
  #next = null;
  #reading = false;
  #rest = 0;
  #takes = new Map(); // by id: { take, row, canvas }
  #waves = new Map(); // by id: bytes; they outlive their rows, which so don't flicker
  #seen = new IntersectionObserver((entries) => this.#drawSeen(entries), { rootMargin: "200px" });

  constructor({ play, refused, failed }) {
    Object.assign(this, { play, refused, failed });
    this.playing = null; // id and played part of the take that is heard
    element("search").addEventListener("input", () => {
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => this.read(), REST);
    });
    element("filter").addEventListener("submit", (event) => {
      event.preventDefault();
      this.read();
      element("search").blur();
      this.focus(0);
    });
    element("fresh").addEventListener("click", () => {
      document.querySelector("main").scrollTop = 0;
      this.read();
    });
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#readMore();
    }, { root: document.querySelector("main"), rootMargin: "600px" }).observe(element("more"));
    new ResizeObserver(() => this.#redraw()).observe(element("rows"));
    const light = matchMedia("(prefers-color-scheme: light)");
    light.addEventListener("change", () => this.#redraw());
  }

  get #words() {
    return element("search").value.trim();
  }

  #address(after, limit = PAGE) {
    const asked = new URLSearchParams({ limit });
    if (this.#words) asked.set("q", this.#words);
    if (after) asked.set("after", after);
    return `history?${asked}`;
  }

  // Read the first page anew; the rows stay until it is there.
  async read() {
    clearTimeout(this.#rest);
    const question = (this.#question += 1);
    this.#reading = true;
    try {
      const page = await ask(this.#address(null));
      if (question !== this.#question) return;
      element("fresh").hidden = true;
      this.#clear();
      this.#tell(page.total);
      this.#add(page);
    } catch (error) {
      if (question === this.#question) this.#complain(error);
    } finally {
      if (question === this.#question) this.#reading = false;
    }
  }

  async #readMore() {
    if (this.#reading || !this.#next) return;
    const question = this.#question;
    this.#reading = true;
    try {
      const page = await ask(this.#address(this.#next));
      if (question === this.#question) this.#add(page);
    } catch (error) {
      if (question === this.#question) this.#complain(error);
    } finally {
      if (question === this.#question) this.#reading = false;
    }
  }

  // Something has changed in the library: what is shown follows, where nobody is in its middle.
  async changed() {
    if (this.#reading) return;
    const question = this.#question;
    const shown = [...this.#takes.keys()];
    const limit = Math.min(MOST_ROWS, Math.max(PAGE, shown.length));
    const page = await ask(this.#address(null, limit)).catch(() => null);
    if (!page || question !== this.#question || this.#takes.size !== shown.length) return;
    this.#tell(page.total);
    const isSame = page.items.every(({ id }, place) => id === shown[place]);
    const focused = this.focused;
    if (isSame && page.items.length === Math.min(shown.length, MOST_ROWS)) {
      page.items.forEach((take) => this.#renew(take));
    } else if (document.querySelector("main").scrollTop < 40) {
      this.#clear();
      this.#add(page);
    } else {
      element("fresh").hidden = false;
    }
    if (focused && !this.focused) this.#takes.get(focused)?.row.querySelector(".take").focus();
  }

  #renew(take) {
    const before = this.#takes.get(take.id);
    if (JSON.stringify(before.take) !== JSON.stringify(take)) before.row.replaceWith(this.#row(take));
  }

  #clear() {
    this.#seen.disconnect();
    this.#takes.clear();
    this.#next = null;
    element("rows").replaceChildren();
  }

  #tell(count) {
    element("found").className = "";
    element("found").textContent = `${count.toLocaleString("en")} take${count === 1 ? "" : "s"}`;
    element("nothing").hidden = count > 0;
    element("nothing").textContent = this.#words ? "Nothing here is like that."
      : "No takes yet. On the server type: rushes add, or rushes demo.";
  }

  #complain(error) {
    if (error instanceof Refused) {
      this.refused();
      return;
    }
    element("found").className = "wrong";
    element("found").textContent = error.message;
  }

  #add(page) {
    this.#next = page.next;
    const rows = page.items.map((take) => this.#row(take));
    element("rows").append(...rows);
    this.#fetchWaves(page.items.filter((take) => take.audio_url));
    // A page may be shorter than the window.
    const { bottom } = element("more").getBoundingClientRect();
    if (this.#next && bottom < innerHeight + 600) setTimeout(() => this.#readMore());
  }

  #row(take) {
    const row = document.createElement("li");
    row.dataset.id = take.id;
    const heart = made("button", "heart");
    heart.type = "button";
    heart.addEventListener("click", () => this.favourite(take.id));
    const button = made("button", "take");
    button.type = "button";
    button.addEventListener("click", () => this.start(take.id));
    const wave = made("span", "wave");
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    if (take.audio_url) wave.append(canvas);
    button.append(
      made("span", "when", moment(take.created_at)),
      made("span", `profile ${profileClass(take.profile_id)}`, take.profile_name),
      wave,
      made("span", "seconds", length(take.duration)),
      made("span", "stars"),
      made("span", "text", take.status === "failed" && take.error ? take.error : take.text),
      made("span", "engine", [take.engine, take.model_size].filter(Boolean).join(" ")),
    );
    button.classList.toggle("mute", !take.audio_url);
    row.classList.toggle("failed", take.status === "failed" && !take.audio_url);
    row.classList.toggle("running", RUNNING.has(take.status));
    row.classList.toggle("plays", this.playing?.id === take.id);
    row.append(heart, button);
    this.#takes.set(take.id, { take, row, canvas });
    this.#mark(take.id);
    this.#watch(row);
    return row;
  }

  // What a person has said of a take.
  #mark(id) {
    const { take, row } = this.#takes.get(id);
    const heart = row.querySelector(".heart");
    heart.setAttribute("aria-pressed", String(take.is_favorited));
    heart.setAttribute("aria-label", `Favourite: ${take.profile_name}, ${take.text.slice(0, 60)}`);
    const rating = row.querySelector(".stars");
    rating.textContent = stars(take.rating);
    if (take.rating) rating.setAttribute("aria-label", `${take.rating} of 5 stars`);
  }

  async #fetchWaves(takes) {
    if (!takes.length) return;
    const asked = new URLSearchParams(takes.map((take) => ["id", take.id]));
    const waves = await ask(`page/waves?${asked}`).catch(() => ({}));
    for (const [id, told] of Object.entries(waves)) {
      this.#waves.set(id, Uint8Array.from(atob(told), (letter) => letter.charCodeAt(0)));
      const one = this.#takes.get(id);
      if (one) this.#watch(one.row);
    }
    const tooMany = [...this.#waves.keys()].slice(0, Math.max(0, this.#waves.size - MOST_WAVES));
    for (const id of tooMany) this.#waves.delete(id);
  }

  // Draw a row as soon as it is in sight, be it for the second time.
  #watch(row) {
    this.#seen.unobserve(row);
    this.#seen.observe(row);
  }

  #drawSeen(entries) {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) this.#drawRow(target.dataset.id);
    }
  }

  #drawRow(id) {
    const one = this.#takes.get(id);
    const bytes = this.#waves.get(id);
    if (!one || !bytes) return;
    drawThumb(one.canvas, bytes, this.playing?.id === id ? this.playing.part : null);
  }

  #redraw() {
    for (const { row } of this.#takes.values()) this.#watch(row);
  }

  // Show which take is heard, and how far.
  shows(playing) {
    const before = this.playing;
    this.playing = playing;
    if (before && before.id !== playing?.id) {
      this.#takes.get(before.id)?.row.classList.remove("plays");
      this.#drawRow(before.id);
    }
    if (!playing) return;
    this.#takes.get(playing.id)?.row.classList.add("plays");
    if (before?.id !== playing.id || Math.abs(before.part - playing.part) > 1 / 64) {
      this.#drawRow(playing.id);
    } else {
      this.playing = before;
    }
  }

  // The take, known already or asked for; null where there is none.
  async find(id) {
    const known = this.#takes.get(id)?.take;
    if (known) return known;
    return ask(`history/${encodeURIComponent(id)}`).catch(() => null);
  }

  start(id) {
    const { take } = this.#takes.get(id);
    if (take.audio_url) this.play(take);
  }

  async favourite(id) {
    const { take } = this.#takes.get(id);
    const said = { is_favorited: !take.is_favorited };
    await this.#change(id, () => send("PUT", `history/${id}/favorite`, said));
  }

  async rate(id, rating) {
    await this.#change(id, () => send("PUT", `history/${id}/rating`, { rating }));
  }

  async #change(id, work) {
    try {
      const take = await work();
      const one = this.#takes.get(id);
      if (!one) return;
      Object.assign(one.take, { is_favorited: take.is_favorited, rating: take.rating });
      this.#mark(id);
    } catch (error) {
      if (error instanceof Refused) this.refused();
      else this.failed(error.message);
    }
  }

  // The keyboard

  get focused() {
    return document.activeElement?.closest("#rows li")?.dataset.id ?? null;
  }

  focus(place) {
    const rows = element("rows").children;
    const row = rows[Math.min(Math.max(place, 0), rows.length - 1)];
    row?.querySelector(".take").focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    const rows = [...element("rows").children];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    this.focus(at < 0 ? 0 : at + by);
  }
}
