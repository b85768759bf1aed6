// From one rate to another: a windowed sinc for each place between two samples.

export const TAPS = 16; // on either side of a sample
export const PHASES = 256;
const BETA = 8; // of Kaiser's window: what is folded back lies 80 dB below
const OPEN = 0.96; // of the lower rate's half that passes

function bessel(x) {
  let sum = 1, term = 1;
  for (let k = 1; k < 40; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const made = new Map();

// One row of 2 * TAPS factors for each of PHASES + 1 places; null where the rates are the same.
// It takes milliseconds, which the thread that renders sound hasn't got.
export function kernel(from, to) {
  if (from === to) return null;
  const cutoff = Math.min(1, to / from) * OPEN;
  if (!made.has(cutoff)) made.set(cutoff, rows(cutoff));
  return made.get(cutoff);
}

function rows(cutoff) {
  const all = new Float32Array((PHASES + 1) * 2 * TAPS);
  for (let phase = 0; phase <= PHASES; phase += 1) {
    const row = phase * 2 * TAPS;
    let sum = 0;
    for (let tap = 0; tap < 2 * TAPS; tap += 1) {
      const x = tap - TAPS + 1 - phase / PHASES;
      const inside = Math.max(0, 1 - (x / TAPS) ** 2);
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
      all[row + tap] = sinc * bessel(BETA * Math.sqrt(inside));
      sum += all[row + tap];
    }
    for (let tap = 0; tap < 2 * TAPS; tap += 1) all[row + tap] /= sum;
  }
  return all;
}
