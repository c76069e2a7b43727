"""Finding a few words in much text quickly."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

# What may stand before a word that begins a fact; not a hyphen: "all-one", "sixty-one".
_BEFORE = " \n\t\r\u00a0\u2009\u202f(['\"“‘’—–/"
_BOUNDARY = frozenset(_BEFORE)


class Lookout:
    """Finds the words of several lists, with or without a capital, at the beginnings of words.

    ``re`` is fast where a pattern begins with a literal or a set of few characters, and tells
    apart at once alternatives that begin with different ones. So small letters are looked for
    behind a boundary, in a tree of alternatives, and capitals, which are rare, by themselves;
    once for all lists.
    """

    def __init__(self, *lists: Collection[str]) -> None:
        words = frozenset[str]().union(*lists)
        capitals = (f"{word[0].upper()}{word[1:]}" for word in words)
        self._small = re.compile(rf"[{re.escape(_BEFORE)}](?:{tree(words)})\b")
        self._capital = re.compile(rf"(?:{tree(capitals)})\b")
        # The longest word of each list that a word begins with: "third" of "third quarter".
        self._in_lists = {word: tuple(_longest(word, own) for own in lists) for word in words}
        self._count = len(lists)

    def starts(self, text: str) -> tuple[list[tuple[int, str]], ...]:
        """Return, for each list, where its words begin, and the words in small letters.

        They are out of order. A word within another one of its list, as "hour" in "an hour", is
        left out, unless the longer one has a capital or begins the text.
        """
        found: tuple[list[tuple[int, str]], ...] = tuple([] for _ in range(self._count))
        for match in self._capital.finditer(text):
            start = match.start()
            if not start or text[start - 1] in _BOUNDARY:
                for own, place in zip(self._owned(match[0].lower()), found, strict=True):
                    if own:
                        place.append((start, own))
        for number, start, own in self._in_small(text):
            found[number].append((start, own))
        return found

    def _in_small(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the number of the list, the place and the word of each that is written small."""
        reached = [0] * self._count
        text = f" {text}"
        match = self._small.search(text)
        while match:
            start, word = match.start(), match[0][1:]
            for number, own in enumerate(self._owned(word)):
                if own and start >= reached[number]:
                    yield number, start, own
                    reached[number] = start + len(own) + 1 if start else 0
            match = self._small.search(text, start + 1 + len(word.split(None, 1)[0]))

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
    for word in sorted(set(words)):
        tails.setdefault(word[:1], []).append(word[1:])
    ends = tails.pop("", None) is not None
    branches = [
        (r"\s" if letter == " " else re.escape(letter)) + tree(rest)
        for letter, rest in tails.items()
    ]
    if len(branches) <= 1 and not ends:
        return "".join(branches)
    return f"(?:{'|'.join(branches)})" + "?" * (ends and bool(branches))
