// What a server and this page say to each other: the frames of rushes.playback.listening.frames.
// Numbers are in network order; samples are interleaved int16, least byte first. Takes are BigInt.

export const HELLO = 1, PING = 2, PONG = 3, BYE = 4;
export const OPEN = 10, SHUT = 11, AWAKE = 12;
export const CLIP = 20, DATA = 21, START = 22, STOP = 23, FORGET = 24;
export const HAVE = 40, MISSING = 41, GOT = 42, WHOLE = 43;
export const STARTED = 44, HELD = 45, ENDED = 46, FAILED = 47, MISSED = 48;
export const NOW = 0, HERE = 1, END = 2;

export const PIECE = 8192; // bytes of samples in a DATA
export const SHORT = 8; // bytes of a digest in a HAVE
const MOST_BODY = 65536;
const HEAD = 9;

const letters = new TextEncoder();
const words = new TextDecoder();
export const MAGIC = letters.encode("\0rushes relay\n");

export class Garbled extends Error {}

export function packed(kind, channel = 0, body = new Uint8Array()) {
  const whole = new Uint8Array(HEAD + body.length);
  const view = new DataView(whole.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, channel);
  view.setUint32(5, body.length);
  whole.set(body, HEAD);
  return whole;
}

// Finds the magic and then the frames in what comes, in whatever portions it comes.
export class Unpacker {
  #kept = new Uint8Array();
  #skipping = true;

  feed(data) {
    const all = new Uint8Array(this.#kept.length + data.length);
    all.set(this.#kept);
    all.set(data, this.#kept.length);
    let at = 0;
    if (this.#skipping) {
      if (all.length < MAGIC.length) {
        this.#kept = all;
        return [];
      }
      if (!MAGIC.every((letter, place) => all[place] === letter)) {
        throw new Garbled("no rushes answers there");
      }
      at = MAGIC.length;
      this.#skipping = false;
    }
    const frames = [];
    const view = new DataView(all.buffer);
    while (all.length - at >= HEAD) {
      const length = view.getUint32(at + 5);
      if (length > MOST_BODY) throw new Garbled(`a message of ${length} bytes`);
      const end = at + HEAD + length;
      if (all.length < end) break;
      const body = all.subarray(at + HEAD, end);
      frames.push({ kind: view.getUint8(at), channel: view.getUint32(at + 1), body });
      at = end;
    }
    this.#kept = all.subarray(at);
    return frames;
  }
}

const viewOf = (body) => new DataView(body.buffer, body.byteOffset, body.byteLength);

export const line = (body) => words.decode(body);

export function packHello() {
  const told = { rushes: "web", host: "browser", protocol: 1, oldest: 1, can: ["sound"], ping: 2 };
  return letters.encode(JSON.stringify(told));
}

export const unpackHello = (body) => JSON.parse(words.decode(body));

export function packNumber(number) {
  const body = new Uint8Array(4);
  viewOf(body).setUint32(0, number);
  return body;
}

export const unpackNumber = (body) => viewOf(body).getUint32(0);

export function unpackClip(body) {
  const view = viewOf(body);
  return {
    number: view.getUint32(0),
    digest: hex(body.subarray(4, 36)),
    rate: view.getUint32(36),
    channels: view.getUint8(40),
    frames: Number(view.getBigUint64(41)),
  };
}

export function unpackData(body) {
  const view = viewOf(body);
  return { number: view.getUint32(0), piece: view.getUint32(4), samples: body.subarray(8) };
}

export const packGot = (body) => body.slice(0, 8); // number and piece, as they came

export function unpackStart(body) {
  const view = viewOf(body);
  return {
    take: view.getBigUint64(0),
    number: view.getUint32(8),
    place: view.getUint8(12),
    frame: Number(view.getBigUint64(13)),
    loop: view.getUint8(21) !== 0,
    coming: view.getUint8(22) !== 0,
    title: line(body.subarray(23)),
  };
}

export function packStarted(take, frame, spent) {
  const body = new Uint8Array(24);
  const view = viewOf(body);
  view.setBigUint64(0, take);
  view.setBigUint64(8, BigInt(Math.max(0, Math.round(frame))));
  view.setFloat64(16, spent);
  return body;
}

export const packHeld = (take, frame) => packStarted(take, frame, 0).slice(0, 16);
export const packTake = (take) => packStarted(take, 0, 0).slice(0, 8);

export function packFailed(take, fault, text) {
  const said = letters.encode(text);
  const body = new Uint8Array(9 + said.length);
  body.set(packTake(take));
  body[8] = fault;
  body.set(said, 9);
  return body;
}

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
