"""What the demo's people said: values only. Times and takes are laid out by ``plan``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from rushes.demo.chapter import CHAPTER
from rushes.demo.synthesis import Throat
from rushes.demo.voices import Voice


class Flaw(Enum):
    """What is wrong with a take, so that there is something to find."""

    CLIPPED = "clipped"
    LATE = "three seconds of silence at its end"
    FAINT = "much too quiet"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine as it was set: its name, size of model, and usual parameters."""

    name: str
    model_size: str | None
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A profile, its voice, and the engine that usually makes it."""

    name: str
    language: str
    description: str
    voice: Voice
    engine: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words that were said ``takes`` times, ``day`` days ago; later lines of a day were earlier.

    ``spoken`` is what the voice is given where the text is in signs that it can't read. ``best``
    is the rating of the take that was liked most; ``error`` fails the last take.
    """

    person: str
    day: int
    text: str
    takes: int = 1
    language: str | None = None
    engine: str | None = None
    instruct: str | None = None
    spoken: str | None = None
    best: int | None = None
    favourite: bool = False
    flaw: Flaw | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A generation that is still being made, begun so many seconds ago."""

    person: str
    text: str
    seconds: float


ENGINES = {
    "qwen": Engine("qwen", "1.7B", {"temperature": 0.7, "top_p": 0.9, "repetition_penalty": 1.05}),
    "qwen-small": Engine("qwen", "0.6B", {"temperature": 0.6, "top_p": 0.85}),
    "kokoro": Engine("kokoro", "82M", {"speed": 1.0, "voice": "jf_alpha"}),
    "chatterbox": Engine(
        "chatterbox", None, {"cfg": 0.5, "exaggeration": 0.6, "temperature": 0.8, "min_p": 0.05}
    ),
    "luxtts": Engine("luxtts", None, {"steps": 4, "cfg": 1.3, "speed": 1.05, "rms": 0.1}),
}

PEOPLE = (
    Person(
        "Anna", "en", "Warm, close to the microphone", Voice("f3", 58, 165, Throat(205)), "qwen"
    ),
    Person(
        "Narrator",
        "en",
        "Long form, unhurried",
        Voice("m3", 38, 150, Throat(112, 0.92), 44_100),
        "chatterbox",
    ),
    Person(
        "Newsreader",
        "en",
        "Brisk and level",
        Voice("f2", 46, 178, Throat(180, 1.12), 24_000),
        "luxtts",
    ),
    Person(
        "Robot",
        "en",
        "Ship's computer",
        Voice("robosoft", 30, 150, Throat(96, 0.95, 0.95, 0.3), 22_050, stereo=True),
        "qwen-small",
    ),
    Person(
        "Grandpa",
        "en",
        "Dry, a little hoarse",
        Voice("grandpa", 25, 138, Throat(98, 0.82, 0.93, 0.4), 24_000),
        "chatterbox",
    ),
    Person(
        "声優 A",
        "ja",
        "明るく、はっきりと",
        Voice("f4", 70, 160, Throat(240, 1.05, 1.12), 24_000),
        "kokoro",
    ),
)

OUT_OF_MEMORY = "CUDA out of memory: tried to allocate 1.20 GiB (GPU 0; 23.65 GiB total)"
TOO_LONG = "Input of 4,112 tokens is longer than the model's 4,096"
LOST = "Connection to the worker was lost after 60 s"

RUNNING = (
    Running("Narrator", "The last line of the second chapter, read as if nobody listened.", 12),
    Running("Anna", "And this, dear listeners, is where we leave you until next week.", 40),
)

LINES = (
    Line("Anna", 0, "Hello and welcome to the show, [laughs] it is good to have you here.",
         takes=5, instruct="warm, unhurried", best=5, favourite=True),
    Line("Narrator", 0, "Chapter three. Nobody in the valley had ever asked why the bell"
         " rang at noon, and so nobody could say why it had stopped.", takes=3, best=4,
         error=OUT_OF_MEMORY),
    Line("声優 A", 0, "今日はいい天気ですね。散歩に行きませんか。", takes=3, best=5,
         favourite=True,
         spoken="きょうはいいてんきですね。さんぽにいきませんか。"),
    Line("Newsreader", 0, "Good evening. Here are the headlines at six.", takes=3, best=4),
    Line("Robot", 0, "100% of a_b [/whisper] done", takes=2),
    Line("Grandpa", 0, "When I was your age we walked to the tape shop, and it was closed.",
         takes=3, best=3, flaw=Flaw.LATE),
    Line("Anna", 0, "One, two. One, two. Is this on? 🎙️", takes=2, flaw=Flaw.CLIPPED),
    Line("Anna", 1, "Thank you for listening. See you tomorrow.", takes=4, best=5,
         favourite=True, instruct="smiling"),
    Line("Robot", 1, "Access denied.", takes=3, best=2),
    Line("Newsreader", 1, "Guten Abend. Hier sind die Schlagzeilen um sechs.", takes=2,
         language="de", best=4),
    Line("Newsreader", 1, "Bonsoir à toutes et à tous. Voici les titres de ce soir.", takes=2,
         language="fr", best=3),
    Line("Narrator", 1, CHAPTER, takes=2, best=4, instruct="slowly, as if by a fire"),
    Line("Anna", 2, "If you only keep one take of this line, keep the one where I breathe.",
         takes=4, best=5),
    Line("Newsreader", 2, "And now the weather.", takes=3, best=3, favourite=True),
    Line("Grandpa", 2, "Sit down, child, this one is a long story.", takes=2, best=2),
    Line("声優 A", 2, "えっ、本当に？ [gasp] 信じられない！", takes=3, best=4,
         spoken="えっ、ほんとうに？ しんじられない！"),
    Line("Robot", 3, "Affirmative.", takes=3),
    Line("Narrator", 3, "The river, which had been quiet for a hundred years, began to"
         " speak.", takes=3, best=5, favourite=True),
    Line("Anna", 3, "你好，欢迎收听我们的节目。", takes=2, language="zh",
         spoken="ni3 hao3, huan1ying2 shou1ting1 wo3men5 de5 jie2mu4.", best=3),
    Line("Newsreader", 4, "Straße gesperrt: Umleitung über die Grünwalder Brücke, bitte"
         " fahren Sie vorsichtig.", takes=2, language="de"),
    Line("Grandpa", 4, "They don't make reels like that any more.", takes=3, best=4,
         error=LOST),
    Line("Anna", 5, "Coming up after the break: a composer who has never owned a piano.",
         takes=3, best=3),
    Line("Robot", 5, "Warning. Coolant at 4 %. Please remain calm.", takes=2, best=4),
    Line("Narrator", 6, "“Is it far?” she asked. “Only if you hurry,” said the ferryman.",
         takes=3, best=4),
    Line("声優 A", 6, "第一章。むかしむかし、山の奥に小さな村がありました。", takes=2, best=4,
         spoken="だいいっしょう。むかしむかし、やまのおくにちいさなむらがありました。"),
    Line("Newsreader", 7, "Good evening. Here are the headlines at six.", takes=3, best=2,
         engine="qwen"),
    Line("Anna", 8, "[whispers] Don't turn around. [/whispers] Too late.", takes=3, best=5,
         favourite=True),
    Line("Grandpa", 8, "Your grandmother spliced this one with nail scissors.", takes=2),
    Line("Robot", 9, "Door. Door. Door. Door is a jar.", takes=2, best=1),
    Line("Narrator", 9, "There are three ways out of the archive, and all of them are"
         " downstairs.", takes=3, best=3, flaw=Flaw.FAINT),
    Line("Newsreader", 10, "Markets closed higher for the third day in a row; the index"
         " gained 1.4 %, to 12,806 points.", takes=2),
    Line("Anna", 11, "This episode is brought to you by nobody at all.", takes=3, best=4),
    Line("声優 A", 12, "お疲れさまでした 🌸 また明日！", takes=2, favourite=True, best=5,
         spoken="おつかれさまでした。またあした！"),
    Line("Grandpa", 12, "Back in my day a megabyte was a room.", takes=2, best=5),
    Line("Narrator", 13, CHAPTER * 4, error=TOO_LONG),
    Line("Narrator", 13, "He had kept every recording, and listened to none.", takes=3,
         best=4),
    Line("Robot", 14, "<b>Bold</b> text is read & <i>not</i> shown; $HOME stays $HOME.",
         takes=2),
    Line("Anna", 15, "Tell me about the first time you heard your own voice.", takes=4,
         best=4),
    Line("Newsreader", 16, "Le tramway de la ligne B circule normalement.", takes=2,
         language="fr", engine="qwen"),
    Line("Narrator", 17, "The lamp went out at ten, as it always did; the voice did not.",
         takes=3, best=3),
    Line("Narrator", 18, "She counted the steps down, and got one more than on the way up.",
         takes=3, best=4),
    Line("Robot", 18, "Lift doors opening. Lift doors closing. Lift doors undecided.", takes=2),
    Line("Anna", 18, "Sorry, can we take that from the top?", takes=2, best=2),
    Line("Grandpa", 19, "Listen. No, listen. There it is again.", takes=3, best=5,
         favourite=True),
    Line("声優 A", 20, "次は、新宿、新宿です。お出口は右側です。", takes=2, best=3,
         spoken="つぎは、しんじゅく、しんじゅくです。おでぐちはみぎがわです。"),
    Line("Robot", 21, "I am at your service, which is to say: idle.", takes=2, best=4,
         error=OUT_OF_MEMORY),
    Line("Newsreader", 22, "In other news: the library will open an hour later on Monday.",
         takes=2, best=3),
    Line("声優 A", 23, "はい、わかりました。すぐ行きます！", takes=3, best=4,
         spoken="はい、わかりました。すぐいきます！"),
    Line("Narrator", 23, "It is said that the sea remembers every ship, but not their"
         " names.", takes=3, best=5),
    Line("Anna", 24, "Give me the same again, but as if you meant it.", takes=3, best=3),
    Line("Anna", 25, "Naïve café owners: déjà vu, façade, jalapeño. Got all of them?",
         takes=2, best=3),
    Line("Grandpa", 26, "Turn it over. The good song is on the other side.", takes=2,
         best=4),
    Line("Robot", 27, "Good morning. It is still night.", takes=3, best=3, favourite=True),
    Line("Narrator", 27, "It began, as these things do, with a noise in the wall.", takes=3,
         best=4),
    Line("Newsreader", 28, "This is a test of the new voice. This is only a test.", takes=3,
         best=1),
    Line("Anna", 29, "Hello? Hello. Oh, it works! [laughs]", takes=3, best=4,
         favourite=True),
)  # fmt: skip
