"""What tells a block of an article's text from the page's other blocks, as numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.blocks import MARKS, Containers, PageBlocks

Column = NDArray[np.float64]
Numbers = NDArray[np.int64]

# A block is prose when it has this many words, and a sentence's end.
PROSE_WORDS = 10
# The body is the innermost container with this share of the page's prose, in two blocks at least.
BODY_SHARE = 0.55
BODY_BLOCKS = 2
# What there is nothing to measure from; below every value, so that trees need no case for it.
MISSING = -1_000.0
# Without a heading, a block that shares more than this of its words with the title, and of the
# title's with it, is the headline.
SAME_TITLE = 0.6
# How many containers outwards a block is described by.
LEVELS = 4
# Places further off than this are far off.
FARTHEST = 99
_WORD = re.compile(r"\w+")
# What makes a text in ASCII one of words in lower case with spaces between; \0 ends one here.
_PLAIN = bytes(
    n if n == 0 or n > 127 else ord(chr(n).lower() if _WORD.match(chr(n)) else " ")
    for n in range(256)
)
# Many a text is in ASCII but for these, of which no word is made.
_TYPOGRAPHIC = "’‘“”–—…"
_SENTENCE = re.compile(r"[.!?…][\"”’)]*+(?:\s|$)")
_ENDS = '.!?…:"”’)'
_KINDS = {
    "p": 1, "li": 2, "h1": 3, "h2": 4, "h3": 5, "h4": 6, "h5": 6, "h6": 6, "td": 7, "th": 7,
    "blockquote": 8, "pre": 9, "figcaption": 10, "dd": 11, "dt": 11, "div": 12, "section": 12,
    "article": 12, "main": 12, "button": 13, "label": 13,
}  # fmt: skip
_OTHER_KIND = 14
_HEADING_KINDS = (3, 6)
_FRAMES = ("main", "article", "footer", "aside", "nav", "figure", "table", "ul", "ol")
# Words of what stands beside a text, and how its headings begin.
_LISTS = {
    "promotion": "subscribe subscribers newsletter sign inbox signup join unsubscribe email free "
                 "download offer cookies cookie privacy terms policy advertisement sponsored "
                 "affiliate commission donate membership member demo trial contact cart",
    "further": "related more read next previous popular trending recommended latest recent also "
               "similar stories articles posts see explore discover",
    "talk": "comment comments reply replies leave respond discussion says said-on log logged "
            "required website",
    "rights": "copyright reserved rights © photo image credit photograph getty courtesy images "
              "source illustration screenshot via",
    "byline": "by author written published updated posted min mins minute minutes ago editor "
              "reviewed edited jan feb mar apr may jun jul aug sep oct nov dec january february "
              "march april june july august september october november december",
    "spread": "share tweet facebook twitter linkedin pinterest whatsapp copy link print follow "
              "instagram youtube reddit",
}  # fmt: skip
_LIST_OF = {word: name for name, words in _LISTS.items() for word in words.split()}
# What a heading opens: the lists that say that the article is over.
_OPENED = ("further", "talk", "promotion")


@dataclass(frozen=True, slots=True)
class _Read:
    """What is counted of each block.

    Attributes:
        telling: which words it holds that are in a list.
    """

    words: Column
    linked: Column
    prose: Column
    kind: Column
    capital: Column
    container: Numbers
    telling: Sequence[Set[str]]


@dataclass(frozen=True, slots=True)
class _Inside:
    """What stands in each container, inner ones included.

    Attributes:
        words, linked, prose: how many words, of them in links, in blocks of prose.
        blocks, prose_blocks: how many of each.
        parent: number of the next outer one; 0 of the page.
    """

    words: Column
    linked: Column
    prose: Column
    blocks: Column
    prose_blocks: Column
    parent: Numbers


def signals_of(page: PageBlocks, title: str) -> Mapping[str, Column]:
    """Measure the blocks of a page.

    Args:
        page: at least one block.
        title: the page's.

    Returns:
        For each signal a number per block; ``MISSING`` where a page has nothing to measure from.
    """
    own, read = _own(page, title)
    inside = _inside(page.containers, read)
    path = _body_path(inside)
    return {
        **own,
        **_places(read, own),
        **_bodies(page.containers, read, inside, path),
        **_around(read, inside),
        **_marks(page.containers, read.container, path),
        **_neighbours(read),
        **_headings(read),
    }


def table_of(page: PageBlocks, title: str) -> NDArray[np.float64]:
    """Return the signals of a page's blocks, shape ``(blocks, signals)``."""
    return np.ascontiguousarray(np.array([*signals_of(page, title).values()]).T)


def _own(page: PageBlocks, title: str) -> tuple[dict[str, Column], _Read]:
    texts = [block.text for block in page.blocks]
    lists = _words(texts)
    titled = frozenset(_WORD.findall(title.lower()))
    wanted = titled.union(_LIST_OF)
    telling = [wanted.intersection(words) for words in lists]
    shared = _column([len(titled & own) for own in telling])
    # counted only where it matters
    variety = _column([len({*words}) if n else 1 for words, n in zip(lists, shared, strict=True)])
    numbers = [(b.container, b.linked, b.strong, b.links, b.inner) for b in page.blocks]
    container, linked, strong, links, inner = np.array(numbers, np.float64).T
    words = _column(map(len, lists))
    length = np.maximum(1, _column(map(len, texts)))
    linked = np.minimum(1, linked / length)
    sentences = _column([len(_SENTENCE.findall(text)) for text in texts])
    ends = _column([text[-1] in _ENDS for text in texts])
    is_prose = (words >= PROSE_WORDS) & ((sentences > 0) | (ends > 0))
    times = Counter(texts)
    tags = [page.containers.tag[block.container] for block in page.blocks]
    kind = _column([_KINDS.get(tag, _OTHER_KIND) for tag in tags])
    own = {
        "words": np.log1p(words),
        "linked": linked,
        "strong": np.minimum(1, strong / length),
        "kind": kind,
        "ends": ends,
        "sentences": sentences,
        "capital": (capital := _capitals(texts) / length),
        "lower": _column([text[0].islower() for text in texts]),
        "repeated": _column([times[text] for text in texts]),
        "word_length": length / np.maximum(1, words),
        "of_title": shared / np.maximum(1, variety),
        "title_share": shared / max(1, len(titled)),
        "links": links,
        "inner": inner,
    }
    prose = words * (1 - linked) * is_prose
    return own, _Read(words, linked, prose, kind, capital, container.astype(np.int64), telling)


def _column(values: Iterable[float]) -> Column:
    return np.array([*values], np.float64)


def _words(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text, in lower case."""
    joined = "\0".join(texts)
    for mark in _TYPOGRAPHIC:
        joined = joined.replace(mark, " ")
    plain = joined.encode("utf8", "surrogatepass").translate(_PLAIN)
    lines = plain.decode("utf8", "surrogatepass").split("\0")
    return [
        line.split() if line.isascii() else _WORD.findall(text.lower())
        for text, line in zip(texts, lines, strict=True)
    ]


def _capitals(texts: Sequence[str]) -> Column:
    """Count the capital letters of each text."""
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    is_capital = (points >= ord("A")) & (points <= ord("Z"))
    for point in set(points[points > ord("\x7f")].tolist()):
        if chr(point).isupper():
            is_capital |= points == point
    begins = np.cumsum([0, *map(len, texts)])[:-1]
    return np.add.reduceat(is_capital, begins, dtype=np.float64)


def _places(read: _Read, own: Mapping[str, Column]) -> dict[str, Column]:
    """Say where in the page a block stands: from its beginning, its title, its prose."""
    count, numbers = len(read.words), np.arange(len(read.words), dtype=np.float64)
    total, prose = max(1.0, read.words.sum()), max(1.0, read.prose.sum())
    before = np.cumsum(read.words) - read.words
    prose_before = np.cumsum(read.prose) - read.prose
    titles = np.flatnonzero(read.kind == _HEADING_KINDS[0])
    named = titles if len(titles) else np.flatnonzero(
        (own["title_share"] > SAME_TITLE) & (own["of_title"] > SAME_TITLE)
    )  # fmt: skip
    first = int(named[own["title_share"][named].argmax()]) if len(named) else -1
    said = np.flatnonzero(read.prose > 0)
    return {
        "place": numbers / count,
        "before": before / total,
        "prose_before": prose_before / prose,
        "prose_after": (prose - prose_before - read.prose) / prose,
        "from_title": _distance(numbers, first),
        "words_from_title": (before - before[first]) / total if first >= 0 else _none(count),
        "from_first_prose": _distance(numbers, int(said[0]) if len(said) else -1),
        "from_last_prose": _distance(numbers, int(said[-1]) if len(said) else -1),
    }


def _distance(numbers: Column, place: int) -> Column:
    if place < 0:
        return _none(len(numbers))
    return np.clip(numbers - place, -FARTHEST, FARTHEST)


def _none(count: int) -> Column:
    return np.full(count, MISSING)


def _inside(containers: Containers, read: _Read) -> _Inside:
    """Count what stands in each container; its inner ones stand right behind it."""
    count = len(containers.parent)
    columns = (read.words, read.words * read.linked, read.prose, None, read.prose > 0)
    own = [np.bincount(read.container, weights=each, minlength=count) for each in columns]
    sums = np.concatenate([np.zeros((len(own), 1)), np.cumsum(own, axis=1)], axis=1)
    words, linked, prose, blocks, prose_blocks = sums[:, containers.end] - sums[:, :-1]
    parent = np.maximum(0, np.array(containers.parent))
    return _Inside(words, linked, prose, blocks, prose_blocks, parent)


def _body_path(inside: _Inside) -> list[int]:
    """Return the containers from the page to its body, the outermost first."""
    holds_most = inside.prose >= BODY_SHARE * inside.prose[0]
    path = [0]
    for number in np.flatnonzero(holds_most & (inside.prose_blocks >= BODY_BLOCKS)).tolist():
        if number and inside.parent[number] == path[-1]:
            path.append(number)
    return path


def _bodies(
    containers: Containers, read: _Read, inside: _Inside, path: Sequence[int]
) -> dict[str, Column]:
    """Say how far a block stands from the body, and from the container with most paragraphs."""
    own = read.container
    is_leaf = np.isin(read.kind, (1, 2, 3, 4, 5, 6, 8, 9))
    home = np.where(is_leaf, inside.parent[own], own)
    direct = np.bincount(home, weights=read.prose, minlength=len(inside.parent))
    best = int(direct.argmax())
    shared = _shared(containers, path)
    near = _shared(containers, _outwards(containers.parent, best))
    depth = np.array(containers.depth, np.float64)
    numbers = np.arange(len(own), dtype=np.float64)
    in_body = shared[own] == len(path) - 1
    body_prose = np.flatnonzero(in_body & (read.prose > 0))
    best_prose = np.flatnonzero((home == best) & (read.prose > 0))
    return {
        "outside": len(path) - 1 - shared[own],
        "in_body": in_body.astype(np.float64),
        "after_body": _distance(numbers, int(body_prose[-1]) if len(body_prose) else -1),
        "apart": depth[best] - near[own],
        "aside": depth[own] - near[own],
        "below_best": depth[own] - depth[best],
        "from_best": _distance(numbers, int(best_prose[0]) if len(best_prose) else -1),
        "after_best": _distance(numbers, int(best_prose[-1]) if len(best_prose) else -1),
    }


def _outwards(parent: Sequence[int], number: int) -> list[int]:
    path = [number]
    while parent[path[-1]] >= 0:
        path.append(parent[path[-1]])
    return path[::-1]


def _shared(containers: Containers, path: Sequence[int]) -> Column:
    """Return how many steps of a path that begins at the page lead to each container as well."""
    shared = np.zeros(len(containers.parent))
    for steps, number in enumerate(path):
        shared[number : containers.end[number]] = steps
    return shared


def _around(read: _Read, inside: _Inside) -> dict[str, Column]:
    """Describe the containers that a block stands in, from the innermost outwards.

    What is the same for all blocks of a page, and sizes of large containers, are left out: trees
    know pages by them that they have learned from (F1 of unseen sites .946 instead of .949).
    """
    all_prose = max(1.0, inside.prose[0])
    words = np.maximum(1, inside.words)
    columns: dict[str, Column] = {}
    number = read.container
    for level in range(LEVELS):
        columns |= {
            f"prose_{level}": inside.prose[number] / all_prose,
            f"linked_{level}": inside.linked[number] / words[number],
            f"density_{level}": inside.prose[number] / words[number],
            f"prose_blocks_{level}": np.log1p(inside.prose_blocks[number]),
        }
        number = inside.parent[number]
    columns["words_0"] = np.log1p(inside.words[read.container])
    columns["blocks_0"] = np.log1p(inside.blocks[read.container])
    return columns


def _marks(containers: Containers, own: Numbers, path: Sequence[int]) -> dict[str, Column]:
    """Say which marks the containers bear: 8 the innermost, 4 and 2 the next, 1 any but the body's.

    Containers that hold the body as well say nothing of a block.
    """
    bit_of = {tag: 1 << number for number, tag in enumerate(_FRAMES, len(MARKS))}
    marks = [*containers.marks]
    for number in path:
        marks[number] = 0
    signs = [own | bit_of.get(tag, 0) for own, tag in zip(marks, containers.tag, strict=True)]
    for number, outer in enumerate(containers.parent[1:], 1):
        signs[number] |= signs[outer]
    parent = np.maximum(0, np.array(containers.parent))
    given, below = np.array(containers.marks), np.array(signs)[own]
    first, second = given[own], given[parent[own]]
    third = given[parent[parent[own]]]
    bit = np.arange(len(MARKS))[:, None]
    borne = [times * (each >> bit & 1) for times, each in ((8, first), (4, second), (2, third))]
    marked = sum(borne, below >> bit & 1).astype(np.float64)
    frame = np.arange(len(MARKS), len(MARKS) + len(_FRAMES))[:, None]
    inside = (below >> frame & 1).astype(np.float64)
    return {
        **{f"mark_{name}": column for name, column in zip(MARKS, marked, strict=True)},
        **{f"in_{name}": column for name, column in zip(_FRAMES, inside, strict=True)},
    }


def _neighbours(read: _Read) -> dict[str, Column]:
    """Describe the blocks beside a block, and the share of prose and links around it."""
    count = len(read.words)
    columns: dict[str, Column] = {}
    given = {"words": np.log1p(read.words), "linked": read.linked, "kind": read.kind,
             "capital": read.capital}  # fmt: skip
    for name, values in given.items():
        padded = np.concatenate([[MISSING] * 2, values, [MISSING] * 2])
        for offset in (-2, -1, 1, 2):
            columns[f"{name}{offset:+d}"] = padded[2 + offset : 2 + offset + count]
    words, prose, linked = (
        np.concatenate([[0], np.cumsum(each)])
        for each in (read.words, read.prose, read.words * read.linked)
    )
    here = np.arange(count)
    for reach in (3, 8):
        low, high = np.maximum(0, here - reach), np.minimum(count, here + reach + 1)
        near = np.maximum(1, words[high] - words[low])
        columns[f"linked_near_{reach}"] = (linked[high] - linked[low]) / near
        columns[f"prose_near_{reach}"] = (prose[high] - prose[low]) / near
    low, high = np.maximum(0, here - 8), np.minimum(count, here + 9)
    columns["prose_just_before"] = (prose[here] - prose[low]) / np.maximum(
        1, words[here] - words[low]
    )
    after = np.maximum(1, words[high] - words[here + 1])
    columns["prose_just_after"] = (prose[high] - prose[here + 1]) / after
    return columns


def _headings(read: _Read) -> dict[str, Column]:
    """Count words of what is no article's text, in a block and in the heading above it."""
    said = {name: [0] * len(read.telling) for name in _LISTS}
    for number, words in enumerate(read.telling):
        for word in words:
            if word in _LIST_OF:
                said[_LIST_OF[word]][number] += 1
    counts = {name: _column(numbers) for name, numbers in said.items()}
    here = np.arange(len(read.words))
    is_heading = (read.kind >= _HEADING_KINDS[0]) & (read.kind <= _HEADING_KINDS[1])
    last = np.maximum.accumulate(np.where(is_heading, here, -1))
    columns = {f"said_{name}": count for name, count in counts.items()}
    size = np.maximum(1, read.words)
    for name in _OPENED:
        share = counts[name] / size
        columns[f"under_{name}"] = np.where(last >= 0, share[np.maximum(0, last)], MISSING)
        columns[f"since_{name}"] = np.maximum.accumulate(np.where(is_heading, share, 0.0))
    columns["heading_off"] = np.where(last >= 0, np.minimum(FARTHEST, here - last), MISSING)
    return columns
