"""Finding a few words in much text quickly."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

# What may stand before a word that begins a fact; not a hyphen: "all-one", "sixty-one".
_BEFORE = "\n\t\r\u00a0\u2009\u202f(['\"“‘’—–/"


class Lookout:
    """Finds the words of several lists, with or without a capital, at the beginnings of words.

    ``re`` is ten times as fast where a pattern begins with one character as with any of several,
    and tells apart at once alternatives that begin with different ones. So all that may stand
    before a word is made a space, and words are looked for behind it, in a tree of alternatives,
    once for all lists.
    """

    def __init__(self, *lists: Collection[str]) -> None:
        words = frozenset[str]().union(*lists)
        capitals = [f"{word[0].upper()}{word[1:]}" for word in words]
        every = tree([*words, *capitals])
        self._behind_space, self._here = re.compile(rf" {every}\b"), re.compile(rf"{every}\b")
        # The longest word of each list that a word begins with: "third" of "third quarter".
        self._in_lists = {
            word: tuple(_longest(word, own) for own in lists) for word in words | {""}
        }
        self._count = len(lists)

    def starts(self, text: str) -> tuple[list[tuple[int, str]], ...]:
        """Return, for each list, where its words begin, in order, and the words in small letters.

        A word within another one of its list, as "hour" in "an hour", is left out, unless the
        longer one has a capital or begins the text.
        """
        found: tuple[list[tuple[int, str]], ...] = tuple([] for _ in range(self._count))
        reached = [0] * self._count
        spaced = f" {text}"
        for mark in _BEFORE:
            spaced = spaced.replace(mark, " ")
        match = self._behind_space.search(spaced)
        while match:
            start, word = match.start(), self._word(text, match)
            is_capital = word[:1].isupper()
            for number, own in enumerate(self._owned(word.lower())):
                if own and (is_capital or start >= reached[number]):
                    found[number].append((start, own))
                    if start and not is_capital:
                        reached[number] = start + len(own) + 1
            match = self._behind_space.search(spaced, start + 1 + len(match[0].split(None, 1)[0]))
        return found

    def _word(self, text: str, match: re.Match[str]) -> str:
        """Return the word that was found behind a space, as it stands: "a/hundred" is none."""
        word = match[0][1:]
        if " " not in word:
            return word
        here = self._here.match(text, match.start())
        return here[0] if here else ""

    def _owned(self, word: str) -> tuple[str, ...]:
        """Return what each list has of a word that was found; the empty word for nothing."""
        return self._in_lists.get(word) or self._in_lists[" ".join(word.split())]


def _longest(word: str, own: Collection[str]) -> str:
    """Return the longest word of a list that a word begins with, up to a space or a hyphen."""
    while word and word not in own:
        word = word[: max(word.rfind(" "), word.rfind("-"), 0)]
    return word


def tree(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, branching at the first letters that differ."""
    tails: dict[str, list[str]] = {}
    for word in sorted(set(words), key=str.swapcase):  # small letters, which are more, first
        tails.setdefault(word[:1], []).append(word[1:])
    ends = tails.pop("", None) is not None
    branches = [
        (r"\s" if letter == " " else re.escape(letter)) + tree(rest)
        for letter, rest in tails.items()
    ]
    if len(branches) <= 1 and not ends:
        return "".join(branches)
    return f"(?:{'|'.join(branches)})" + "?" * (ends and bool(branches))
