// Waveforms on a canvas. Heights are amplitude^0.7 of full scale, whatever the clip's own range:
// true extremes, with the loudness as a brighter core, and the part that was played in amber.

const COLUMNS = 1024; // kept of a clip that comes in
const CURVE = 0.7;
const FULL_RMS = 0.5; // fills a thumbnail
const SILENCE = 0.002;
const PITCH = 3; // CSS pixels from one bar to the next
const BAR = 2;

// Lowest and highest sample and loudness in each part of a clip, while it comes in.
export class Wave {
  #squares;
  #counts;

  constructor(frames) {
    this.frames = frames;
    this.columns = Math.min(COLUMNS, Math.max(1, frames));
    this.min = new Float32Array(this.columns);
    this.max = new Float32Array(this.columns);
    this.version = 0; // another one whenever something was added
    this.#squares = new Float64Array(this.columns);
    this.#counts = new Uint32Array(this.columns);
  }

  add(first, samples, channels) {
    for (let at = 0; at < samples.length; at += 1) {
      const frame = first + Math.floor(at / channels);
      const column = Math.min(this.columns - 1, Math.floor((frame / this.frames) * this.columns));
      const value = samples[at] / 32768;
      if (value < this.min[column]) this.min[column] = value;
      if (value > this.max[column]) this.max[column] = value;
      this.#squares[column] += value * value;
      this.#counts[column] += 1;
    }
    this.version += 1;
  }

  rms(column) {
    return this.#counts[column] ? Math.sqrt(this.#squares[column] / this.#counts[column]) : 0;
  }
}

// The same of what the history says of a clip: channels of min, max and rms.
export class ToldWave {
  constructor(channels) {
    this.columns = channels[0]?.min.length ?? 0;
    this.version = 1;
    const column = (pick, of) => Float32Array.from({ length: this.columns }, (_, at) =>
      of(channels.map((channel) => pick(channel)[at])));
    this.min = column((channel) => channel.min, (values) => Math.min(0, ...values));
    this.max = column((channel) => channel.max, (values) => Math.max(0, ...values));
    const loudness = column((channel) => channel.rms, (values) => Math.hypot(...values));
    this.#rms = loudness.map((value) => value / Math.sqrt(Math.max(1, channels.length)));
  }

  #rms;

  rms(column) {
    return this.#rms[column];
  }
}

const height = (amplitude) => Math.sign(amplitude) * Math.min(1, Math.abs(amplitude)) ** CURVE;

function fitted(canvas) {
  const scale = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: tall } = canvas;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(tall * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(tall * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, tall);
  return { pen, width, tall };
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The large waveform; played is the part of it, 0 to 1, before the playhead, or null without one.
export function drawWave(canvas, wave, played) {
  const { pen, width, tall } = fitted(canvas);
  const middle = tall / 2;
  const bars = Math.max(1, Math.floor(width / PITCH));
  const [amber, blue, faint, ink] = ["--amber", "--blue", "--faint", "--ink"].map(colour);
  const reached = played === null ? 0 : played * bars;
  for (let bar = 0; bar < bars; bar += 1) {
    const first = wave ? Math.floor((bar / bars) * wave.columns) : 0;
    const last = wave ? Math.max(first + 1, Math.floor(((bar + 1) / bars) * wave.columns)) : 0;
    let low = 0, high = 0, squares = 0;
    for (let column = first; column < last; column += 1) {
      low = Math.min(low, wave.min[column]);
      high = Math.max(high, wave.max[column]);
      squares += wave.rms(column) ** 2;
    }
    const rms = last > first ? Math.sqrt(squares / (last - first)) : 0;
    const x = bar * PITCH;
    if (high - low <= 2 * SILENCE) {
      pen.globalAlpha = 1;
      pen.fillStyle = faint;
      pen.fillRect(x, middle - 0.5, BAR, 1);
      continue;
    }
    pen.fillStyle = bar < reached ? amber : blue;
    const top = height(high) * middle, foot = height(low) * middle;
    pen.globalAlpha = 0.45;
    pen.fillRect(x, middle - top, BAR, Math.max(1, top - foot));
    const core = Math.min(height(rms) * middle, Math.max(top, -foot));
    pen.globalAlpha = 1;
    pen.fillRect(x, middle - core, BAR, Math.max(1, 2 * core));
  }
  pen.globalAlpha = 1;
  if (played !== null) {
    pen.fillStyle = ink;
    pen.fillRect(Math.min(width - 2, Math.max(0, played * width - 1)), 0, 2, tall);
  }
}

// The small waveform of a row: 64 bytes of loudness as they are stored, 255 * sqrt(amplitude).
export function drawThumb(canvas, bytes, played = null) {
  const { pen, width, tall } = fitted(canvas);
  const bars = Math.min(bytes.length, Math.max(1, Math.floor(width / PITCH)));
  const [amber, blue, faint] = ["--amber", "--blue", "--faint"].map(colour);
  for (let bar = 0; bar < bars; bar += 1) {
    const first = Math.floor((bar / bars) * bytes.length);
    const last = Math.max(first + 1, Math.floor(((bar + 1) / bars) * bytes.length));
    let squares = 0;
    for (let at = first; at < last; at += 1) squares += (bytes[at] / 255) ** 4;
    const rms = Math.sqrt(squares / (last - first));
    const isSilent = rms <= SILENCE;
    const high = isSilent ? 1 : Math.max(2, Math.min(1, rms / FULL_RMS) ** CURVE * tall);
    pen.fillStyle = isSilent ? faint : played !== null && bar < played * bars ? amber : blue;
    pen.fillRect((bar * width) / bars, tall - high, Math.max(1, width / bars - 1), high);
  }
}
