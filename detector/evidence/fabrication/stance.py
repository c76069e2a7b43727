"""Stance: whether some words report something that happened, or comment, advise, and muse.

"Several chairmen have privately agreed" can be checked; "Stop us if you heard this one" cannot.
Only closed classes of words are counted, so that the subject of a text makes no difference.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

STANCE = (
    "may", "told", "perfect", "passive", "present", "further", "pointing", "personal", "joining",
    "several", "addressed", "asking", "opening", "capitals", "figures", "generic",
)  # fmt: skip
# So many of them say something of half a sentence too.
OF_CLAUSES = 10
_MAY = re.compile(
    r"\b(?:may|might|could|would|should|can|must|perhaps|likely|maybe|ought|will|wo|'ll)\b", re.I
)
_TOLD = re.compile(
    r"\b(?:was|were|did|said|told|went|came|took|made|gave|found|left|had|met|held|won|lost|began|"
    r"became|sent|saw|led|rose|fell|grew|brought|bought|built|paid|kept|[a-z]{3,20}ed)\b"
)
_PERFECT = re.compile(
    r"\b(?:has|have|had|'ve)\s(?:\w{1,20}\s)?(?:been|begun|become|made|taken|gone|given|seen|said|"
    r"told|left|found|held|kept|met|paid|put|sent|set|sold|won|lost|run|come|done|grown|brought|"
    r"bought|built|led|\w{2,20}ed)\b",
    re.I,
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|be|been|being)\s(?:\w{1,20}ly\s)?\w{2,20}ed\b", re.I)
_PRESENT = re.compile(
    r"\b(?:is|are|does|do|means|makes|seems|remains|feels|gets|looks|has|have)\b", re.I
)
_FURTHER = re.compile(
    r"\b(?:also|since|already|later|then|after|earlier|meanwhile|reportedly|privately|recently|"
    r"previously|separately|soon|too|another|further)\b",
    re.I,
)
_POINTING = re.compile(
    r"\W{0,9}(?:it|that|this|these|those|there|which|what|here|one|some|none|such|no)\b", re.I
)
_PERSONAL = re.compile(r"\W{0,9}(?:he|she|they|his|her|their)\b", re.I)
_JOINING = re.compile(
    r"\W{0,9}(?:and|but|so|yet|or|nor|still|then|now|if|whether|when|while|because|for|as|who)\b",
    re.I,
)
_SEVERAL = re.compile(
    r"\W{0,9}(?:several|many|some|most|a number of|a few|dozens|hundreds|thousands|two|three|four|"
    r"five|both|others?)\b",
    re.I,
)
_ADDRESSED = re.compile(
    r"\b(?:you|yours?|we|our|us|ours|let's|I|my|me|(?:I|you|we)'\w{1,2}|here's)\b", re.I
)
_GENERIC = re.compile(
    r"\b(?:often|sometimes|usually|tends?|typically|needs?|if|whether|every|any|always|rarely|"
    r"never|ever|nobody|everyone|anyone|people|world)\b",
    re.I,
)
_CAPITAL = re.compile(r"(?<=\s)[A-Z]\w")
_FIGURE = re.compile(r"\d+")
_ASKING = re.compile(r"\?")


_COUNTED = (_MAY, _TOLD, _PERFECT, _PASSIVE, _PRESENT, _FURTHER)
_OPENING = (_POINTING, _PERSONAL, _JOINING, _SEVERAL)


def stance(text: str, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.float32]:
    """Count how some parts of a text speak.

    Args:
        text: the text.
        starts: where each part begins, ascending, shape ``(parts,)``.
        ends: where each ends, same shape.

    Returns:
        What is listed in ``STANCE``, shape ``(parts, signals)``.
    """
    plain = text.replace("’", "'")
    opens = [
        [float(pattern.match(text, int(start)) is not None) for start in starts]
        for pattern in _OPENING
    ]
    columns = (
        *(_counts(pattern, text, starts, ends) for pattern in _COUNTED),
        *(np.array(column) for column in opens),
        _counts(_ADDRESSED, plain, starts, ends),
        np.minimum(1, _counts(_ASKING, text, starts, ends)),
        np.array(
            [text[max(0, int(end) - 3) : int(end) + 1].rstrip().endswith(":") for end in ends]
        ),
        _counts(_CAPITAL, text, starts, ends),
        _counts(_FIGURE, text, starts, ends),
        _counts(_GENERIC, text, starts, ends),
    )
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _counts(
    pattern: re.Pattern[str], text: str, starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Count the places of a pattern within each part."""
    places = np.array([found.start() for found in pattern.finditer(text)], np.intp)
    own = np.searchsorted(starts, places, side="right") - 1
    inside = (own >= 0) & (places < ends[own])
    return np.bincount(own[inside], minlength=len(starts))
