"""What the rules of scope see: the words before a match, its clause, what follows."""

from __future__ import annotations

import re
from typing import Final

from ruminate.text.scope.cues import CONTRASTS, ENDS, LINKS, SUBJECTS

__all__ = ["Context", "last"]

_TOKEN: Final = re.compile(r"\w+(?:['-]\w+|\.(?:(?<=\b[md][rs]\.)|(?<=\bmrs\.)|(?<=\b[ap]\.)m\.))*|\[name\]|@user|[^\w\s']")
_MARKS: Final = "\"'.,;:!?()*_-\u2026"
_REACH: Final = 220
"""How far back and ahead the rules look; it bounds their cost, whatever the text."""


_COPULAS: Final = frozenset("is was were be been being isn't wasn't isnt wasnt it's its all really of for entirely only partly".split())
"""After these a noun completes the clause ("it wasn't my fault"), it begins none."""
_AUXILIARIES: Final = frozenset("is isn't was wasn't are aren't were weren't will won't would wouldn't has hasn't had hadn't can can't could couldn't".split())
_NO_NOUNS: Final = _AUXILIARIES | frozenset("not never always and or that who which as than to if so still just really".split())


def last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match of a pattern in a text: the cue that is nearest to what it may govern."""
    found = None
    for each in pattern.finditer(text):
        found = each
    return found


class Context:
    """One match and its surroundings. Word lists are made when a rule first needs them."""

    __slots__ = ("_clause", "after", "before", "folded", "match", "opens", "second", "seen", "sentence", "start", "stop", "words")

    def __init__(self, folded: str, sentence: tuple[int, int], span: tuple[int, int]) -> None:
        self.folded = folded
        self.sentence = sentence
        self.start, self.stop = start, stop = span
        self.before = folded[max(sentence[0], start - _REACH) : start]
        self.after = folded[stop : min(sentence[1], stop + _REACH)]
        self.match = folded[start:stop]
        self.words: list[str] = _TOKEN.findall(self.before)
        self.seen = frozenset(self.words)
        opening = self.match.split(None, 2)
        self.opens = opening[0].strip(_MARKS) if opening else ""
        self.second = opening[1].strip(_MARKS) if len(opening) > 1 else ""
        self._clause: int | None = None

    @property
    def is_clause(self) -> bool:
        """Whether the match has its own subject ("I ruined it" against "blaming myself")."""
        if self.words and self.words[-1] in _COPULAS:
            return False
        if self.opens in SUBJECTS:
            return self.opens != "my" or self.match.count(" ") > 1
        return self.second in _AUXILIARIES and self.opens not in _NO_NOUNS  # "life will never …"

    @property
    def turns(self) -> bool:
        """Whether the match itself begins with a turn ("but I still …"): nothing before it reaches into it."""
        return self.opens in CONTRASTS or (self.opens == "even" and self.second == "though")

    @property
    def clause(self) -> list[str]:
        """The words before the match in its own clause."""
        if self._clause is None:
            self._clause = self._begin()
        return self.words[self._clause :]

    def _begin(self) -> int:
        words, follow = self.words, self.opens
        if self.turns:
            return len(words)
        for at in range(len(words) - 1, -1, -1):
            word = words[at]
            if word in CONTRASTS or word in ENDS or (word in LINKS and follow in SUBJECTS):
                return at + 1
            follow = word
        return 0
