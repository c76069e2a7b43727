"""Which language a text is in: English at a glance, others by py3langid."""

from __future__ import annotations

from detector.article import WORD
from detector.terms import STOPWORDS

# The first words tell; a page of navigation at the end would not.
GLANCE_WORDS = 200
GLANCE_CHARACTERS = 3_000
# English news has 35 to 55 % function words; other languages share few of them.
ENGLISH_SHARE = 0.25


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of a text's language, such as ``en``."""
    words = WORD.findall(text[: GLANCE_CHARACTERS // 2])
    if len(words) <= GLANCE_WORDS:  # the last one may be cut
        words = WORD.findall(text[:GLANCE_CHARACTERS])
    words = words[:GLANCE_WORDS]
    common = sum(map(STOPWORDS.__contains__, map(str.casefold, words)))
    if words and common >= ENGLISH_SHARE * len(words):
        return "en"
    from py3langid import classify  # loads its model on first use

    return str(classify(text[:GLANCE_CHARACTERS])[0])
