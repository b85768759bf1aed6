// What is heard of what the programs on the server ask for: one clip at a time, perhaps while it
// still comes in. As rushes.playback.listening.stage, on a loudspeaker that can do more.

import * as frames from "./frames.js";
import { mayStart, Pace } from "./pace.js";

const DEVICE = 2, TAKEN = 4; // faults in a FAILED
const ALIVE_EVERY = 1;
const TWICE = 0.06; // s that are heard again after a wait
const ASTRAY = 0.1; // s that the playhead on the server may be wrong

const seconds = () => performance.now() / 1000;

class Playing {
  constructor(channel, wish, clip) {
    Object.assign(this, { channel, wish, clip, asked: seconds(), alive: seconds() });
    this.frame = wish.frame;
    this.name = 0; // the voice's, once there is one
    this.dry = false;
    this.began = false; // it is heard
    this.follows = false; // by itself, at the end of what was before
    this.report = null; // { frame, when } of the voice
    this.told = null; // { at, position } as the server knows it
  }

  // Where the playhead is, in seconds; audible is the context's time of what is heard.
  position(audible) {
    const { rate, seconds: length } = this.clip;
    if (!this.began || !this.report) return this.frame / rate;
    const reached = this.report.frame / rate + audible - this.report.when;
    if (this.wish.loop) return ((reached % length) + length) % length;
    return Math.min(Math.max(reached, 0), length);
  }
}

export class Stage {
  #current = null;
  #joining = null; // takes over from what plays as soon as it can
  #following = null;
  #due = []; // what happens once it is heard: { when, what }
  pace = new Pace();

  constructor(speaker, send, changed) {
    this.speaker = speaker;
    this.send = send; // kind, channel, body
    this.changed = changed; // hears that something else plays
  }

  // What is heard: title, clip and position in seconds; null while nothing is.
  get heard() {
    const current = this.#current;
    if (!current) return null;
    const position = current.position(this.speaker.audible);
    return { title: current.wish.title, clip: current.clip, position, sounds: current.began };
  }

  // Play a clip; false where it isn't there though it should be.
  ask(channel, wish, clip, isThere) {
    const asked = new Playing(channel, wish, clip);
    if (wish.place === frames.NOW) {
      this.#makeWay(channel);
      this.#current = asked;
      if (wish.frame >= clip.frames) {
        this.#end(frames.ENDED, frames.packTake(wish.take));
        return true;
      }
    } else if (this.#current?.channel !== channel) {
      this.send(frames.MISSED, channel, frames.packTake(wish.take));
      return true;
    } else if (wish.place === frames.HERE) {
      this.#joining = asked;
      this.#following = null;
    } else {
      asked.follows = true;
      this.#following = asked;
    }
    this.consider();
    this.changed();
    return isThere || wish.coming;
  }

  stop(channel) {
    if (this.#current?.channel === channel) this.#silence();
  }

  uses(clip) {
    return [this.#current, this.#joining, this.#following].some((one) => one?.clip === clip);
  }

  // The page itself plays something: whoever was heard is told.
  giveWay() {
    this.#makeWay(null);
  }

  failed(clip, text) {
    const current = this.#current;
    if (current?.clip !== clip) return;
    this.#end(frames.FAILED, frames.packFailed(current.wish.take, DEVICE, text));
  }

  // What has come of a clip wasn't the clip: it comes again.
  lost(clip) {
    const current = this.#current;
    if (current?.clip !== clip) return;
    this.speaker.stop();
    Object.assign(current, { name: 0, dry: false, began: false });
  }

  // Start what waits, if enough of it is there.
  consider() {
    const current = this.#current;
    if (!current) return;
    if (this.#joining) this.#considerJoining(current, this.#joining);
    else if (!current.name && this.#enough(current.clip, current.frame)) this.#play(current, "now");
    else if (current.dry && this.#enough(current.clip, current.frame)) {
      current.dry = false;
      this.speaker.go(current.name, current.frame);
    }
    const following = this.#following;
    if (following && !following.name && current.name && this.#enough(following.clip, 0)) {
      this.#play(following, "then");
    }
  }

  #considerJoining(current, joining) {
    const reached = current.position(this.speaker.audible);
    if (joining.clip === current.clip && current.began) {
      // The same clip, which ends at its end now, or no longer.
      this.#joining = null;
      current.wish = joining.wish;
      current.asked = joining.asked;
      this.speaker.loop(current.name, joining.wish.loop);
      this.#sayStarted(current);
      return;
    }
    const frame = Math.floor(reached * joining.clip.rate);
    joining.frame = frame < joining.clip.frames ? frame : 0;
    if (!this.#enough(joining.clip, joining.frame)) return;
    this.#current = joining;
    this.#joining = null;
    this.#play(joining, current.began && !current.dry ? "here" : "now");
    this.changed();
  }

  #play(playing, how) {
    playing.name = this.speaker.play(playing.clip, playing.frame, playing.wish.loop, how);
  }

  #enough(clip, frame) {
    if (clip.whole) return true;
    const ahead = clip.ahead(frame);
    const rest = clip.size - frame * clip.frameBytes - ahead;
    return mayStart(ahead, rest, clip.frameBytes * clip.rate, this.pace.rate);
  }

  // A word of the loudspeaker's; what it tells of is heard a little later.
  heed({ word, name, frame, when }) {
    const current = this.#current;
    if (word === "at" && current?.name === name) current.report = { frame, when };
    if (word === "dry") this.#due.push({ when: 0, what: () => this.#ranDry(name, frame) });
    if (word === "begun") this.#due.push({ when, what: () => this.#begun(name, frame, when) });
    if (word === "done") this.#due.push({ when, what: () => this.#done(name) });
    this.look();
  }

  // Do what is due; called whenever anything is heard of, and never too often.
  look() {
    while (this.#due.length && this.#due[0].when <= this.speaker.audible) this.#due.shift().what();
    this.consider();
    const current = this.#current;
    if (!current) return;
    const now = seconds();
    if (!current.began && !current.follows && now - current.alive > ALIVE_EVERY) {
      this.#sayHeld(current);
    }
    if (current.began && current.told) {
      // After the machine has slept, say, or went over to other headphones.
      const expected = current.told.position + now - current.told.at;
      const astray = Math.abs(current.position(this.speaker.audible) - expected);
      if (!current.wish.loop && expected < current.clip.seconds && astray > ASTRAY) {
        this.#sayStarted(current);
      }
    }
  }

  #begun(name, frame, when) {
    const current = this.#current;
    if (current?.name !== name) return;
    current.began = true;
    current.report ??= { frame, when };
    if (current.follows) current.follows = false; // the server counts on it
    else this.#sayStarted(current);
    this.changed();
  }

  #ranDry(name, frame) {
    const current = this.#current;
    if (current?.name !== name) return;
    current.frame = Math.max(0, Math.floor(frame - (frame ? TWICE * current.clip.rate : 0)));
    Object.assign(current, { dry: true, began: false, report: null, told: null });
    this.#sayHeld(current);
    this.changed();
  }

  #done(name) {
    const current = this.#current;
    if (current?.name !== name) return;
    if (this.#following) {
      const late = !this.#following.name;
      this.#current = this.#following;
      this.#following = null;
      if (late) this.#sayHeld(this.#current); // the server counts on it to play already
      this.changed();
      this.consider();
    } else {
      this.#end(frames.ENDED, frames.packTake(current.wish.take));
    }
  }

  #sayStarted(current) {
    const now = seconds();
    const position = current.position(this.speaker.audible);
    current.told = { at: now, position };
    const frame = position * current.clip.rate;
    const body = frames.packStarted(current.wish.take, frame, now - current.asked);
    this.send(frames.STARTED, current.channel, body);
  }

  #sayHeld(current) {
    current.alive = seconds();
    current.follows = false;
    this.send(frames.HELD, current.channel, frames.packHeld(current.wish.take, current.frame));
  }

  #makeWay(channel) {
    const before = this.#current;
    if (before && before.channel !== channel) {
      const words = "something else plays in the browser now";
      const body = frames.packFailed(before.wish.take, TAKEN, words);
      this.send(frames.FAILED, before.channel, body);
    }
    this.#silence();
  }

  #end(kind, body) {
    this.send(kind, this.#current.channel, body);
    this.#silence();
  }

  #silence() {
    this.speaker.stop();
    this.#current = this.#joining = this.#following = null;
    this.#due = [];
    this.changed();
  }
}
