"""Where one name ends and the next begins in a run of capitalised words."""

from __future__ import annotations

from collections.abc import Sequence

from detector.facts.capitals import Word
from detector.facts.gazetteer import Gazetteer
from detector.facts.lexicon import (
    COURTESY,
    FUNCTION_WORDS,
    HONOURS,
    INSTITUTIONS,
    MINISTERS,
    PARTICLES,
    PRIZES,
    SITES,
    SUBJECTS,
    TITLES,
)

# No name has more words; a page of nothing but capitals would take time by their square.
LONGEST_NAME = 40
# "Counsel Robert Mueller": what somebody is, a first name and a surname.
SHORTEST_DESCRIBED = 3


class Cuts:
    """The words of a run, to be cut into names.

    A stretch is some of them side by side that can be one name.
    """

    def __init__(self, words: Sequence[Word], gazetteer: Gazetteer) -> None:
        self.words = words
        self.keys = [word.key for word in words]
        self.gazetteer = gazetteer

    def is_common(self, word: Word) -> bool:
        """Tell whether news mostly writes a word small."""
        return word.lower in self.gazetteer.common

    def is_given(self, word: Word) -> bool:
        """Tell whether a word is a first name, or begins a double one."""
        return self.gazetteer.is_given(word.key)

    def stretch_end(self, at: int) -> int:
        """Return the index behind the words that can be one name with the word at ``at``."""
        most = min(len(self.words), at + LONGEST_NAME)
        end = at + (self.gazetteer.longest(self.keys[at:most]) or 1)
        while end < most and not self.words[end - 1].is_closed:
            if self._breaks(self.words[end]) or self._is_in_league(at, end):
                break
            if self.words[end].is_connector:
                if not self._joins(at, end):
                    break
                while self.words[end].is_connector:
                    end += 1
            end += 1
        return end

    def _breaks(self, word: Word) -> bool:
        """Tell a capitalised "By" or "The" that starts something else; "May" may be a surname."""
        is_small = word.lower in FUNCTION_WORDS and not word.is_connector
        return is_small and not word.key.isupper() and word.key not in self.gazetteer.surnames

    def _is_in_league(self, at: int, end: int) -> bool:
        """Tell "Premier League Arsenal" from "Premier League Cup" and "League One"."""
        if end - at < 2 or self.words[end - 1].lower != "league":
            return False
        word = self.words[end]
        return not (word.is_connector or self.is_common(word) or word.lower in PRIZES)

    def _joins(self, at: int, connector: int) -> bool:
        """Tell whether a connector holds one name together."""
        left, right = self.words[at:connector], self.words[connector + 1 :]
        word = self.words[connector].lower
        if right[0].lower in FUNCTION_WORDS and not right[0].is_connector:
            return False
        if word == "&" or word in PARTICLES:
            return True
        if word == "and":
            return self._joins_and(left, right)
        if left[0].lower in TITLES and not any(w.lower in INSTITUTIONS for w in left):
            return False
        return left[-1].lower in INSTITUTIONS or (
            self.is_common(left[-1]) and not self.is_given(left[0]) and len(left) < 4
        )

    def _joins_and(self, left: Sequence[Word], right: Sequence[Word]) -> bool:
        """Tell whether "and" stands inside a name: Department of Health and Human Services."""
        if right[0].key in self.gazetteer.places or not self.is_common(right[0]):
            return False
        is_subject = left[-1].lower in SUBJECTS
        if any(word.lower in INSTITUTIONS for word in left) and not is_subject:
            return any(word.is_connector for word in left) and right[0].lower not in TITLES
        return self.is_common(left[-1]) and any(w.lower in INSTITUTIONS for w in right[:3])

    def is_title(self, stretch: Sequence[Word]) -> bool:
        """Tell whether the first word is a title, and not the start of General Motors."""
        first = stretch[0].lower
        if first not in TITLES or self.gazetteer.longest([word.key for word in stretch]) > 1:
            return False
        if first in COURTESY or len(stretch) == 1:
            return True
        if len(stretch) > 2 and stretch[1].lower in INSTITUTIONS:  # Premier League Arsenal
            return False
        if stretch[-1].lower in INSTITUTIONS:
            return any(self.is_given(word) for word in stretch[1:])
        return not all(self._is_plain(word) for word in stretch[1:])  # General Electric

    def _is_plain(self, word: Word) -> bool:
        """Tell a common word that is neither a title nor a surname."""
        return (
            self.is_common(word)
            and word.lower not in TITLES
            and word.key not in self.gazetteer.surnames
        )

    def title_in(self, stretch: Sequence[Word]) -> int:
        """Return the index of a title that ends the name before it: Ann Lee QC, Party Chairman."""
        for at in range(1, len(stretch)):
            if stretch[at].key in HONOURS and at > 1:  # but the team Sporting KC
                return at
            if stretch[at].lower in TITLES and not stretch[at - 1].is_connector:
                is_surname = at == len(stretch) - 1 and self.is_given(stretch[0])
                if not is_surname:
                    return self._office_start(stretch, at)
        return len(stretch)

    def _office_start(self, stretch: Sequence[Word], at: int) -> int:
        """Return the index of the first word of an office that ends with a title."""
        while stretch[at].lower in MINISTERS and at > 1 and self.is_office(stretch[at - 1]):
            if stretch[at - 1].lower in INSTITUTIONS - SUBJECTS:
                break
            at -= 1
        return at

    def is_office(self, word: Word) -> bool:
        """Tell whether a word after a title belongs to the office: Secretary of State."""
        return (
            self.is_common(word)
            and word.key not in self.gazetteer.places
            and not self.is_given(word)
        )

    def is_before_name(self, at: int, stretch: Sequence[Word], *, titled: bool) -> bool:
        """Tell whether a word belongs to what a person is: of the Exchequer, Special Counsel."""
        if len(stretch) < SHORTEST_DESCRIBED:
            return False
        if self.is_given(stretch[0]) or stretch[0].key in self.gazetteer.places:
            return False
        first = next((i for i, word in enumerate(stretch) if self.is_given(word)), 0)
        if not first or first + 1 >= len(stretch):
            return False
        if titled and self.words[at - 1].is_connector:
            return True
        is_name = self.may_be_surname(stretch, first + 1) and not stretch[first + 1].is_connector
        return is_name and all(self.is_described(word) for word in stretch[:first])

    def is_described(self, word: Word) -> bool:
        """Tell whether a word may say what a person is."""
        return self.is_office(word) and not word.is_connector and word.lower not in INSTITUTIONS

    def may_be_surname(self, stretch: Sequence[Word], at: int) -> bool:
        """Tell whether a word can go on with a name that starts with a first name."""
        word = stretch[at]
        if word.is_connector:
            return word.lower in PARTICLES and at + 1 < len(stretch)
        if word.lower in INSTITUTIONS or word.lower in SITES or len(word.key) == 1:
            return len(word.key) == 1
        if word.key.isupper() and len(word.key) > 3:
            return False
        place = self.gazetteer.places.get(word.key)
        if place and place.level != "city" and (place.is_adjective or place.level == "country"):
            return False
        return not self.is_common(word) or word.key in self.gazetteer.surnames
