// The page as a whole: signing in, listening, looking through the history.

import { ask, Refused, signIn } from "./api.js";
import { Clips } from "./clips.js";
import { Deck } from "./deck.js";
import { Line } from "./line.js";
import { History } from "./list.js";
import { Own } from "./own.js";
import { Session } from "./session.js";
import { Speaker } from "./speaker.js";
import { Stage } from "./stage.js";
import { total } from "./words.js";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LISTENED = "rushes-listened"; // in this tab, before it was loaded anew

const element = (id) => document.getElementById(id);

let listening = "no"; // "no", "waiting", "listening"
let asked = ""; // the title that the take below belongs to
let askedTake = null;
let isLookedUp = false; // in vain, where there is no take

const speaker = new Speaker((told) => stage.heed(told), () => interrupted());
const line = new Line({
  address: new URL("page/sound", location.href).href.replace(/^http/, "ws"),
  told: (word, why) => tell(word, why),
  refused: isRefused,
  hear: (frame) => session.hear(frame),
  hangUp: () => session.hangUp(),
});
const send = (kind, channel, body) => line.send(kind, channel, body);
const stage = new Stage(speaker, send, () => turned());
const session = new Session(new Clips(), stage, send);
const own = new Own(element("own"), {
  begins: () => stage.giveWay(),
  changed: () => show(),
  failed: say,
});
const history = new History({
  play: (take) => own.toggle(take).catch((error) => say(error.message)),
  refused: () => close(),
  failed: say,
});
const deck = new Deck(shown, (position) => own.seek(position));

// What is heard, and is to be seen in the deck

function turned() {
  const heard = stage.heard;
  if (heard) own.pause();
  if (heard && heard.title !== asked) {
    asked = heard.title;
    askedTake = null;
    isLookedUp = false;
    lookUp(heard.title);
  }
  show();
}

// The player names a clip by its generation's id, and perhaps that of a version.
async function lookUp(title) {
  const [id] = title.split("/");
  if (!ID.test(id)) return;
  const take = await history.find(id);
  if (title !== asked) return;
  askedTake = take;
  isLookedUp = true;
  show();
}

const plain = (title) => (ID.test(title.split("/")[0]) ? "" : title);

function shown() {
  const heard = stage.heard;
  if (heard) {
    return {
      key: heard.title,
      profile: askedTake?.profile_name,
      profileId: askedTake?.profile_id,
      text: askedTake?.text ?? (isLookedUp ? "a take of another library" : plain(heard.title)),
      from: "from the server",
      wave: heard.clip.wave,
      position: heard.position,
      length: heard.clip.seconds,
      sounds: heard.sounds,
      own: false,
    };
  }
  if (!own.take) return null;
  return {
    key: own.take.id,
    profile: own.take.profile_name,
    profileId: own.take.profile_id,
    text: own.take.text,
    from: "played here",
    wave: own.wave,
    position: own.position,
    length: own.length,
    sounds: own.plays,
    own: true,
  };
}

function show() {
  const now = shown();
  document.title = now?.sounds ? `▶ ${now.text} · rushes` : "rushes";
  deck.redraw();
  followRow();
}

function followRow() {
  const now = shown();
  const id = now?.key.split("/")[0];
  history.shows(now && now.length ? { id, part: now.position / now.length } : null);
  if (now?.sounds) requestAnimationFrame(followRow);
}

// Listening

async function listen() {
  if (!(await speaker.unlock())) {
    say("The browser gives no sound to this page. Press Listen once more.");
    return;
  }
  element("welcome").hidden = true;
  tell("waiting", "Looking for the server…");
  line.begin();
}

function tell(word, why) {
  const route = element("route");
  if (word === "over") {
    invite(why);
    return;
  }
  listening = word;
  route.className = word;
  route.textContent = word === "listening" ? "♪ listening here" : why;
  if (word === "listening") sessionStorage.setItem(LISTENED, "yes");
}

// Say that nothing is heard yet, and what to do.
function invite(why = "") {
  listening = "no";
  sessionStorage.removeItem(LISTENED);
  element("route").className = "";
  element("route").textContent = "not listening";
  element("welcome").hidden = false;
  if (why) element("welcome-words").textContent = `${why}. Press Listen to hear it here again.`;
}

// The browser has taken the sound away, as for a call.
function interrupted() {
  if (listening === "no") return;
  line.end();
  session.hangUp();
  invite("The browser has stopped the sound of this page");
}

// Why there is no use in trying again; empty where there is.
async function isRefused() {
  try {
    await ask("history?limit=1");
    return "";
  } catch (error) {
    if (!(error instanceof Refused)) return "";
    close();
    return "This page is no longer let in";
  }
}

function close() {
  line.end();
  for (const id of ["welcome", "history", "deck", "keys"]) element(id).hidden = true;
  element("closed").hidden = false;
  element("route").textContent = "";
}

let saying = 0;

function say(text) {
  element("said").textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => (element("said").textContent = ""), 8000);
}

// The history as a whole

async function readTotals() {
  const told = await ask("history/stats").catch(() => null);
  if (!told) return;
  const count = document.createElement("b");
  count.textContent = told.total_generations.toLocaleString("en");
  element("totals").replaceChildren(count, ` takes   ${total(told.total_duration_seconds)}`);
}

function watch() {
  const events = new EventSource("events");
  let known = false;
  let rest = 0;
  const changed = () => {
    clearTimeout(rest);
    rest = setTimeout(() => {
      history.changed();
      readTotals();
    }, 100);
  };
  events.addEventListener("change", changed);
  events.addEventListener("hello", () => {
    if (known) changed(); // who knows what has happened while the line was broken
    known = true;
  });
}

// The keyboard, as in the terminal

const KEYS = {
  j: () => history.step(1),
  k: () => history.step(-1),
  ArrowDown: () => history.step(1),
  ArrowUp: () => history.step(-1),
  g: () => history.focus(0),
  G: () => history.focus(Infinity),
  " ": () => history.focused ? history.start(history.focused) : own.take && own.toggle(own.take),
  f: () => history.focused && history.favourite(history.focused),
  ArrowLeft: () => own.seek(own.position - 1),
  ArrowRight: () => own.seek(own.position + 1),
  H: () => own.seek(own.position - 5),
  L: () => own.seek(own.position + 5),
  "/": () => element("search").focus(),
};
for (let rating = 0; rating <= 5; rating += 1) {
  KEYS[rating] = () => history.focused && history.rate(history.focused, rating || null);
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const search = element("search");
  if (event.target === search) {
    if (event.key === "Escape") {
      search.value = "";
      history.read();
      search.blur();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      history.focus(0);
    }
    return;
  }
  const isButton = event.target.matches("button:not(.take)");
  if (isButton && (event.key === " " || event.key === "Enter")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// From the beginning

async function begin() {
  try {
    await signIn();
    await ask("history?limit=1");
  } catch (error) {
    if (error instanceof Refused) close();
    else say(`The server doesn’t answer as it should: ${error.message}`);
    return;
  }
  element("history").hidden = false;
  invite();
  history.read();
  readTotals();
  watch();
  element("listen").addEventListener("click", listen);
}

// Another address of this page, typed into the same tab, loads nothing by itself.
addEventListener("hashchange", () => location.hash && location.reload());

const listenedBefore = sessionStorage.getItem(LISTENED) !== null;
await begin();
if (listenedBefore && element("closed").hidden) {
  // Loaded anew: some browsers let the sound go on, others wait for any click or key.
  sessionStorage.setItem(LISTENED, "yes");
  const once = () => {
    removeEventListener("pointerdown", once);
    removeEventListener("keydown", once);
    if (listening === "no") listen();
  };
  addEventListener("pointerdown", once);
  addEventListener("keydown", once);
  if (await speaker.unlock()) once();
}
