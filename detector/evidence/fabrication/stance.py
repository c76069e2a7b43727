"""Stance: whether some words report something that happened, or comment, advise, and muse.

"Several chairmen have privately agreed" can be checked; "Stop us if you heard this one" cannot.
Only closed classes of words are counted, so that the subject of a text makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

STANCE = (
    "may", "told", "perfect", "passive", "present", "further", "pointing", "personal", "joining",
    "several", "addressed", "asking", "opening", "capitals", "figures", "generic",
)  # fmt: skip
# So many of them say something of half a sentence too.
OF_CLAUSES = 10
# What single words say, in any case.
_WORDS = {
    "may": "may might could would should can must perhaps likely maybe ought will wo",
    "present": "is are does do means makes seems remains feels gets looks has have",
    "further": "also since already later then after earlier meanwhile reportedly privately "
    "recently previously separately soon too another further",
    "addressed": "you your yours we our us ours i my me",
    "generic": "often sometimes usually tend tends typically need needs if whether every any "
    "always rarely never ever nobody everyone anyone people world",
}
_SAYS = {word: name for name, words in _WORDS.items() for word in words.split()}
# "let's" and "here's" speak to the reader too.
_WITH_S = frozenset({"let", "here"})
_S = re.compile(r"['’]s\b", re.I)
_TOLD = frozenset(
    "was were did said told went came took made gave found left had met held won lost began became "
    "sent saw led rose fell grew brought bought built paid kept".split()
)
# "ended" to words of 22 letters
_PAST = re.compile(r"[a-z]{3,20}ed")
_PERFECT = re.compile(
    r"(?:has|have|had|'ve)\s(?:\w{1,20}\s)?(?:been|begun|become|made|taken|gone|given|seen|said|"
    r"told|left|found|held|kept|met|paid|put|sent|set|sold|won|lost|run|come|done|grown|brought|"
    r"bought|built|led|\w{2,20}ed)\b",
    re.I,
)
_PASSIVE = re.compile(r"(?:was|were|is|are|be|been|being)\s(?:\w{1,20}ly\s)?\w{2,20}ed\b", re.I)
_LONGER = {"perfect": _PERFECT, "passive": _PASSIVE}
# The words with which these begin; "'ve" and "'ll" begin with their apostrophe.
_BEGINS = {
    **dict.fromkeys("has have had ve".split(), "perfect"),
    **dict.fromkeys("was were is are be been being".split(), "passive"),
}
_AFTER_APOSTROPHE = frozenset({"ll", "ve"})
_SHORTENED = re.compile(r"(?<=\w')")
# What a part may begin with.
_OPENINGS = {
    "pointing": "it|that|this|these|those|there|which|what|here|one|some|none|such|no",
    "personal": "he|she|they|his|her|their",
    "joining": "and|but|so|yet|or|nor|still|then|now|if|whether|when|while|because|for|as|who",
    "several": "several|many|some|most|a number of|a few|dozens|hundreds|thousands|two|three|four|"
    "five|both|others?",
}
# Each may be there or not: all are looked for at once.
_OPENING = re.compile(
    r"\W{0,9}(?=\w)" + "".join(rf"(?=((?:{words})\b)?)" for words in _OPENINGS.values()), re.I
)
_WORD = re.compile(r"\w+")
# Each begins with a set of characters, which is found faster than what stands before it.
_MARKS = {
    "capitals": re.compile(r"[A-Z](?<=\s[A-Z])\w"),
    "figures": re.compile(r"\d+"),
    "asking": re.compile(r"\?"),
}
_CLOSED = frozenset({*_SAYS, *_WITH_S, *_AFTER_APOSTROPHE, *_BEGINS, *_TOLD})


def _said(text: str) -> Iterator[tuple[str, int]]:
    """Yield what words say, and where they stand; of equal kinds in the order of the text."""
    reached = dict.fromkeys(_LONGER, 0)
    for found in _WORD.finditer(text):
        word, start = found[0], found.start()
        lower = word.lower()
        if lower not in _CLOSED and not word.endswith("ed"):
            continue
        if word in _TOLD or (word.endswith("ed") and _PAST.fullmatch(word)):
            yield "told", start
        if lower in _SAYS:
            yield _SAYS[lower], start
        elif lower in _WITH_S and _S.match(text, found.end()):
            yield "addressed", start
        elif lower in _AFTER_APOSTROPHE and not _SHORTENED.match(text, start):
            continue
        elif lower == "ll":
            yield "may", start - 1
        name = _BEGINS.get(lower)
        if name:
            start -= lower == "ve"
            whole = _LONGER[name].match(text, start) if start >= reached[name] else None
            if whole:
                reached[name] = whole.end()
                yield name, start


class Stances:
    """How the parts of a text speak; its words are looked through once, whatever the parts.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        places: dict[str, list[int]] = {name: [] for name in STANCE}
        for name, place in _said(text):
            places[name].append(place)
        for name, pattern in _MARKS.items():
            places[name] = [found.start() for found in pattern.finditer(text)]
        self._places = np.array([place for own in places.values() for place in own], np.intp)
        self._kinds = np.repeat(np.arange(len(STANCE)), [len(own) for own in places.values()])

    def of(self, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.float32]:
        """Count how some parts speak.

        Args:
            starts: where each part begins, ascending, shape ``(parts,)``.
            ends: where each ends, same shape.

        Returns:
            What is listed in ``STANCE``, shape ``(parts, signals)``.
        """
        text = self._text
        places = list(zip(starts.tolist(), ends.tolist(), strict=True))
        counts = self._counts(starts, ends)
        openings = [_OPENING.match(text, a) for a, _ in places]
        for number, name in enumerate(_OPENINGS, 1):
            counts[name] = [found is not None and found[number] is not None for found in openings]
        counts["asking"] = np.minimum(1, counts["asking"])
        counts["opening"] = [text[max(0, b - 3) : b + 1].rstrip().endswith(":") for _, b in places]
        return np.stack([np.asarray(counts[name], np.float32) for name in STANCE], axis=1)

    def _counts(
        self, starts: NDArray[np.intp], ends: NDArray[np.intp]
    ) -> dict[str, NDArray[np.intp] | list[bool]]:
        """Count the places of each kind within each part."""
        own = np.searchsorted(starts, self._places, side="right") - 1
        inside = (own >= 0) & (self._places < ends[own])
        cells = self._kinds[inside] * len(starts) + own[inside]
        counts = np.bincount(cells, minlength=len(STANCE) * len(starts))
        return dict(zip(STANCE, counts.reshape(len(STANCE), -1), strict=True))
