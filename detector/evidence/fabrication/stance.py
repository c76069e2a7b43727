"""Stance: whether some words report something that happened, or comment, advise, and muse.

"Several chairmen have privately agreed" can be checked; "Stop us if you heard this one" cannot.
Only closed classes of words are counted, so that the subject of a text makes no difference.
"""

from __future__ import annotations

import re

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
    r"\W*(?:it|that|this|these|those|there|which|what|here|one|some|none|such|no)\b", re.I
)
_PERSONAL = re.compile(r"\W*(?:he|she|they|his|her|their)\b", re.I)
_JOINING = re.compile(
    r"\W*(?:and|but|so|yet|or|nor|still|then|now|if|whether|when|while|because|for|as|who)\b", re.I
)
_SEVERAL = re.compile(
    r"\W*(?:several|many|some|most|a number of|a few|dozens|hundreds|thousands|two|three|four|"
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


def stance(words: str, sentence: str) -> tuple[float, ...]:
    """Count how some words speak, in the order of ``STANCE``.

    Args:
        words: a clause.
        sentence: the sentence it stands in.
    """
    return (
        float(len(_MAY.findall(words))),
        float(len(_TOLD.findall(words))),
        float(len(_PERFECT.findall(words))),
        float(len(_PASSIVE.findall(words))),
        float(len(_PRESENT.findall(words))),
        float(len(_FURTHER.findall(words))),
        float(_POINTING.match(words) is not None),
        float(_PERSONAL.match(words) is not None),
        float(_JOINING.match(words) is not None),
        float(_SEVERAL.match(words) is not None),
        float(len(_ADDRESSED.findall(sentence.replace("’", "'")))),
        float("?" in sentence),
        float(sentence.rstrip().endswith(":")),
        float(len(_CAPITAL.findall(words))),
        float(len(_FIGURE.findall(words))),
        float(len(_GENERIC.findall(words))),
    )
