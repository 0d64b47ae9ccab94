"""What is said in the role-play, by whom and when; invented, in plain words.

The scenes stand where a playlist can show something of each: taking turns (19-47 s), wondering
together (66-104 s), stop and rewind (133-171 s). After `LENGTH_MS` it starts again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LENGTH_MS: Final = 190_000

SPEAKERS: Final = ("T1", "P1", "P2")
"""Codes of who takes part, as a library names people."""

_LEAST_MS: Final = 900
_MS_A_LETTER: Final = 56


@dataclass(frozen=True, slots=True)
class Line:
    """One person's words."""

    start_ms: int
    speaker: int
    """Place in `SPEAKERS`."""
    text: str

    @property
    def end_ms(self) -> int:
        """When the last word is over."""
        return self.start_ms + _LEAST_MS + _MS_A_LETTER * len(self.text)


_T1, _P1, _P2 = range(3)

LINES: Final = (
    Line(5_000, _T1, "Welcome back. Who would like to begin today?"),
    Line(9_300, _P1, "I can start. Something happened at work this week."),
    Line(14_200, _T1, "Good. Take the time you need."),
    Line(19_400, _P1, "My boss walked past me and said nothing. So I knew she was done with me."),
    Line(25_300, _P1, "I did not sleep that night. I kept thinking about it, over and over."),
    Line(32_300, _T1, "May I pause you there? P2, what came up in you as you listened?"),
    Line(37_900, _P2, "I felt tense. I wanted to say something, and was not sure that I could."),
    Line(43_800, _T1, "I am glad that you say it now."),
    Line(48_200, _P1, "I had no idea that you were thinking that."),
    Line(52_700, _P2, "You seemed so certain. It was hard to come in."),
    Line(57_400, _P1, "I was not certain at all. I was scared, I think."),
    Line(61_900, _T1, "That sounds important. Let us stay with it."),
    Line(67_000, _T1, "What do you imagine was in her mind when she walked past?"),
    Line(72_600, _P1, "That she regrets hiring me. It is obvious. I could see it in her face."),
    Line(78_800, _P2, "Could you? From behind?"),
    Line(81_900, _P1, "Well. I saw her back."),
    Line(85_500, _T1, "She was probably just busy. Bosses often are."),
    Line(90_000, _P1, "Maybe. I do not know."),
    Line(93_200, _P2, "I would not know what she thought. How can one tell?"),
    Line(98_200, _T1, "That is a better question than mine. What else could it be?"),
    Line(105_000, _P1, "She had a letter in her hand. Perhaps she was on her way somewhere."),
    Line(111_000, _P2, "When you say that, you look calmer."),
    Line(115_200, _P1, "I feel it in my shoulders. They come down a little."),
    Line(120_500, _T1, "What is it like for you to see him calmer, P2?"),
    Line(125_000, _P2, "Good. And a bit strange, that my words did something."),
    Line(133_500, _P2, "But now I feel silly for having asked."),
    Line(137_900, _P1, "Here we go. Now I am the problem again."),
    Line(142_200, _P2, "That is not what I said!"),
    Line(145_000, _P1, "It is what you meant. It always ends like this."),
    Line(152_000, _T1, "Stop. Can we rewind? What happened just before you said that?"),
    Line(157_600, _P1, "She said that she felt silly. And I heard that it was my fault."),
    Line(163_300, _P2, "I was ashamed. It was not about you."),
    Line(167_400, _T1, "So: two minds, two stories."),
    Line(171_900, _P1, "I like that we could look at it together."),
    Line(176_500, _P2, "Me too. I will think about that."),
    Line(180_600, _T1, "Thank you both. We stop here for today."),
)


def lines_until(length_ms: int) -> list[Line]:
    """Every line that starts before `length_ms`, in order."""
    said = []
    for lap in range(0, length_ms, LENGTH_MS):
        for line in LINES:
            if lap + line.start_ms < length_ms:
                said.append(Line(lap + line.start_ms, line.speaker, line.text))
    return said
