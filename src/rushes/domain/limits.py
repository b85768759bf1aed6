"""Every limit on what people and programs hand in, and why it is there.

Each is checked in one place, by the function that its docstring names, which refuses what is
beyond it with an error that tells the limit.
"""

from __future__ import annotations

LONGEST_TEXT = 1_000_000
"""Characters of a text, an instruction, a note or an error: a novel. ``library.checks``."""

LONGEST_NAME = 200
"""Characters of the name of a profile, an engine, a model, a language, a tag: what a list can
show in part. ``library.checks``."""

HIGHEST_SEED = 2**63
"""Seeds lie below this and not below its negative: SQLite's integers. ``library.checks``."""

LARGEST_TEXT_FILE = 10_000_000
"""Bytes of a file that a text is read from; more can't be a text of that length.
``cli.details``."""

LARGEST_CONFIG = 1_000_000
"""Bytes of a configuration file; a larger one is something else. ``config``."""

LONGEST_JSON = 16_000_000
"""Characters of a parameter snapshot as JSON: room for an embedding or two.
``library.snapshots``."""

DEEPEST_JSON = 100
"""Objects and lists within each other in a parameter snapshot: Python's own reader ends at about
a thousand, other programs' sooner. ``library.snapshots``."""

LONGEST_LINE = 2_000
"""Characters of a line of the filter language that is kept. ``library.filters`` for those under a
name, ``domain.retention`` for that of a clean-up."""

MOST_FILTER_WORDS = 500
"""Words and values in one line of the filter language: databases take expressions of about a
thousand levels. ``domain.filter_language``."""

DEEPEST_FILTER = 8
"""Saved filters within each other, which could go round in a circle.
``domain.filter_language``."""

LARGEST_PAGE = 1_000
"""Generations on a page. ``store.history``."""

MOST_NAMED = 100_000
"""Ids or their beginnings that one command takes, each of which is looked for by itself; queries
are not limited. ``cli.queries``."""

MOST_IDS = 1_000_000
"""Ids in one call of the library, which is one commit. ``library.checks``."""

LOWEST_RATE, HIGHEST_RATE = 100, 1_000_000
"""Samples a second outside of which a header is taken for damaged. ``media.decode`` for files,
``media.wav`` for arrays."""

MOST_CHANNELS = 64
"""Channels of what is recorded: more is an array with its axes swapped, or a damaged header.
``media.facts`` for files, ``media.wav`` for arrays."""

LONGEST_AUDIO = 24 * 3600
"""Seconds of what is recorded: no generation is longer, but a few bytes of a compressed file can
hold more. ``media.facts``."""

LARGEST_FILE = 16_000_000_000
"""Bytes of a file that is recorded, some four times what a WAV file holds: what is larger was
given by mistake, and would fill the disk before anybody heard it. ``media.files``."""

LARGEST_WAV = 0xFFFFFFFF - 64
"""Bytes of samples in a WAV file that is written: its sizes are 32 bits wide. ``media.wav``."""

LARGEST_CLIP = 2**31 - 1
"""Bytes of 16-bit samples that can be played: simpleaudio counts them in a C int.
``playback.clip``."""

MOST_DAYS = 36_500
"""Days that a clean-up looks back: a hundred years. ``domain.retention``."""

LARGEST_SIZE = 2**62
"""Bytes of a quota, or of what a clean-up leaves: SQLite's integers. ``domain.retention``,
``library.quotas``."""

MOST_ENTRIES = 2_000
"""Files in an archive: a generation has a few, a profile some dozens. ``exchange.end_of_zip``."""

LARGEST_DIRECTORY = 1_000_000
"""Bytes of an archive's directory, each entry of which takes ten times as many in memory.
``exchange.end_of_zip``."""

LARGEST_RECORD = 10_000_000
"""Bytes of a JSON document in an archive: text takes up to four times as many in memory.
``domain.strict_json``."""

MOST_VALUES = 400_000
"""Values in such a document: room for a snapshot with an embedding or two.
``domain.strict_json``."""

LARGEST_LEAVENED = 64_000_000
HIGHEST_RATIO = 100
"""Bytes of an archive's entry beyond which it may be so many times its compressed size at most:
audio shrinks to a half, digital silence to a thousandth. ``exchange.zip_archive``."""

MOST_DENSE_SAMPLES = 500_000_000
"""Samples beyond which audio out of an archive may hold so many times its bytes at most, too: some
three hours of silence at 48 kHz, which take seconds to decode. ``media.facts``."""

LONGEST_STORY = 24 * 3600 * 1000
"""Milliseconds after which a story ends, as what is recorded does. ``domain.story_editing``, and
``library.story_mixing`` for what other programs wrote."""

HIGHEST_TRACK = 999
"""Tracks of a story are numbered up to this, and down to its negative. ``domain.story_editing``."""

HIGHEST_VOLUME = 4.0
"""How many times as loud an item of a story may be: +12 dB. Voicebox ends at 2.
``domain.story_editing``."""

MOST_ADDED = 1_000
"""Generations that are added to a story at once. ``library.story_items``."""
