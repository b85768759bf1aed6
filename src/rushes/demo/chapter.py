"""A chapter of about 3,000 characters, for a text that is longer than any screen."""

from __future__ import annotations

CHAPTER = """\
Chapter two. The archive stood at the end of the tram line, where the rails ran into the grass \
and nobody had ever come to lift them. It had been a brewery once. You could still smell it on \
wet days, a warm brown smell that got into the tapes, or so Mirja claimed, and made the voices on \
them sound a little rounder than they had been in life.

She came at seven, before the others, because at seven the building was quiet enough to hear the \
hum of the old machine on the second floor. Forty hertz and a bit, she said. If it was thirty- \
nine, it would rain. Nobody believed her, and everybody brought an umbrella when she did.

That morning the hum was gone.

She stood on the stairs with one glove on and listened. There was the clock. There was the tap in \
the kitchen that no plumber had ever beaten. There was her own breath, and under it, where the \
hum should have been, there was somebody speaking.

It was not a loud voice. It spoke the way people speak to a child that is nearly asleep, evenly, \
with long pauses, and it seemed to be reading a list. She heard a name, and a date, and the name \
of a street; then another name. She knew some of the streets. One of them had been under the \
reservoir for sixty years.

"Good morning," said Mirja, because it was the only thing she could think of.

The voice stopped in the middle of a date. The tap dripped. Then the machine on the second floor \
started up with a knock, as it did every morning, and the hum came back, forty hertz and a bit, \
and there was nothing else to hear.

When the others came, at nine, she had taken the machine apart on a bed sheet. Every screw lay \
beside the hole it had come from. There was no tape in it. There had been no tape in it since the \
spring, when the last reel of the harbour recordings had been copied, and the reel itself had \
been put in its tin, and the tin on its shelf, and the shelf in the book.

"You look as if you had heard a ghost," said Tomas, hanging up his umbrella.

"Ghosts don't read lists," said Mirja. "Do you know anybody called Ansgar Weil?"

He thought about it. He was a man who thought about everything, even about whether he wanted \
sugar. "No," he said in the end. "But there is a box of that name in the cellar. I have walked \
past it for eleven years. I always supposed that it was wine."

It was not wine. It was a wooden box with a sliding lid, such as chess pieces are kept in, and on \
the lid somebody had written, in pencil, in a hand that leaned backwards: to be played when the \
line is quiet. Inside lay one reel, no larger than a saucer, wound so tightly that its edge shone \
like a coin.

Nobody said anything for a while. Far away, on the line that ran into the grass and had carried \
no tram since before any of them was born, a bell rang twice.

"Well," said Tomas. "It is quiet now."
"""
