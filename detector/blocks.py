"""A page's tree -> its blocks of text, each in the containers that it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# What begins a new block; every other element runs on within one.
_CONTAINERS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup html label legend li "
    "main menu nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
# No prose of the page stands in these.
_UNREAD = frozenset(
    "audio base canvas datalist embed head iframe input link map math meta noscript object option "
    "script select style svg template textarea title video".split()
)
_WHOLE = frozenset({"html", "body"})
_KIND = {
    **dict.fromkeys(_CONTAINERS, "container"),
    **dict.fromkeys(_UNREAD, "unread"),
    **dict.fromkeys("strong b em i".split(), "strong"),
    "a": "link",
    "br": "break",
}
# The attributes that say what a container is for.
_NAMING = frozenset({"class", "id", "role"})
# What the class, id or role of a container holds when it is for something.
_MARKS = {
    "comment": "comment disqus respond reply replies discussion",
    "related": "relat recommend more-from morefrom more-stories more-on more-articles read-more "
               "readmore read-next readnext read-also also-like also-read suggest similar trending "
               "popular latest recirc outbrain taboola most- up-next upnext further",
    "caption": "caption credit figure photo image gallery slide carousel lightbox",
    "author": "author byline contributor writer profile about-",
    "promotion": "promo advert ad- -ad sponsor banner newsletter subscri signup sign-up cta donat "
                 "paywall offer popup modal dialog cookie consent gdpr affiliat",
    "menu": "nav menu breadcrumb pagination pager toolbar topbar skip search login dropdown "
            "table-of-content",
    "foot": "foot copyright legal disclaimer bottom contentinfo",
    "content": "content body entry article post- story text main prose rich wysiwyg markdown",
    "lead": "lead summary subtitle subhead sub-head standfirst excerpt intro description teaser",
    "card": "card grid list item tile feed loop archive thumb",
    "box": "quote pull callout box info note highlight embed tweet instagram",
}  # fmt: skip
# The same for words that mean something only when they stand alone.
_WHOLE_MARKS = {
    "caption": "media", "author": "bio", "promotion": "ad ads", "menu": "toc",
    "content": "post copy", "lead": "dek",
}  # fmt: skip
MARKS = tuple(_MARKS)
# A class attribute is a few words; whatever is longer is data.
_LONGEST_CLASS = 200
_BIT = {name: 1 << number for number, name in enumerate(MARKS)}
_BIT_OF = {
    word: _BIT[name]
    for marks in (_MARKS, _WHOLE_MARKS)
    for name, words in marks.items()
    for word in words.split()
}


def _any_mark() -> str:
    """Return a pattern of all marks: words that stand alone first, then the longest.

    Those of one first letter stand together, so that a place is compared with few of them.
    """
    after: dict[str, list[str]] = {}
    for word in " ".join(_WHOLE_MARKS.values()).split():
        after.setdefault(word[0], []).append(rf"(?<=\b{word[0]}){word[1:]}\b")
    for word in sorted(" ".join(_MARKS.values()).split(), key=len, reverse=True):
        after.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in after.items())


_MARK = re.compile(_any_mark())
# A line break of the page, which no text of it can hold.
_BREAK = "\0"


@dataclass(slots=True)
class Block:
    """A run of text that no container interrupts.

    Attributes:
        text: it, with single spaces; of a program's, with its lines.
        container: number of the innermost container.
        linked, strong: how many of its characters stand in a link, in bold or italics.
        links, inner: how many links and elements stand in it.
    """

    text: str
    container: int
    linked: float
    strong: float
    links: int
    inner: int


@dataclass(slots=True)
class Containers:
    """The containers of a page in the order they begin, one entry each; 0 is the page itself.

    Attributes:
        parent: number of the next outer one; -1 of the page.
        tag: its name.
        marks: bits of ``MARKS`` that its attributes show.
        depth: how many it stands in.
        end: number of the first one after it that stands in none of its own.
    """

    parent: list[int] = field(default_factory=lambda: [-1])
    tag: list[str] = field(default_factory=lambda: ["html"])
    marks: list[int] = field(default_factory=lambda: [0])
    depth: list[int] = field(default_factory=lambda: [0])
    end: list[int] = field(default_factory=lambda: [0])


@dataclass(slots=True)
class PageBlocks:
    """What a page holds: its blocks in order, and what they stand in."""

    blocks: list[Block] = field(default_factory=list)
    containers: Containers = field(default_factory=Containers)


def blocks_of(tree: HtmlElement) -> PageBlocks:
    """Read the blocks of a page in one pass, whatever its depth."""
    from lxml.etree import iterwalk  # type: ignore[import-untyped]

    page, pieces, known, kind_of = PageBlocks(), list[str](), dict[str, int](), _KIND.get
    container = linked = strong = links = inner = in_link = in_strong = 0
    steps = iterwalk(tree, events=("start", "end"))
    for event, element in steps:
        kind = kind_of(element.tag)
        begins = event == "start"
        if kind == "container":
            if pieces:
                _finish(page, pieces, Block("", container, linked, strong, links, inner))
                linked = strong = 0
            links = inner = 0
            here = container
            container = _entered(page, here, element, known) if begins else _left(page, here)
        elif kind == "link":
            in_link += 1 if begins else -1
            links += begins
            inner += begins
        elif kind == "strong":
            in_strong += 1 if begins else -1
            inner += begins
        elif begins:
            if kind == "unread":
                steps.skip_subtree()
                continue
            if kind == "break":
                pieces.append(_BREAK)
            else:
                inner += 1
        text = element.text if begins else element.tail
        # white space begins no block
        if text and (pieces or in_link or in_strong or not text.isspace()):
            linked += len(text) if in_link else 0
            strong += len(text) if in_strong else 0
            pieces.append(text)
    _finish(page, pieces, Block("", container, linked, strong, links, inner))
    page.containers.end[0] = len(page.containers.parent)
    return page


def _entered(page: PageBlocks, outer: int, element: HtmlElement, known: dict[str, int]) -> int:
    """Begin a container and return its number."""
    containers, tag = page.containers, element.tag
    number = len(containers.parent)
    containers.parent.append(outer)
    containers.tag.append(tag)
    containers.marks.append(0 if tag in _WHOLE else _marks(element, known))
    containers.depth.append(containers.depth[outer] + 1)
    containers.end.append(0)
    return number


def _left(page: PageBlocks, number: int) -> int:
    """End a container and return the next outer one's number."""
    containers = page.containers
    containers.end[number] = len(containers.parent)
    return containers.parent[number]


def _finish(page: PageBlocks, pieces: list[str], whole: Block) -> None:
    """End a block; a line break ends one as well, but where lines are a program's."""
    text = "".join(pieces)
    pieces.clear()
    if page.containers.tag[whole.container] == "pre":
        lines = [_program(text.split(_BREAK))]
    elif _BREAK in text:
        lines = [" ".join(line.split()) for line in text.split(_BREAK)]
    else:
        lines = [" ".join(text.split())]
    if len(lines) == 1:
        whole.text = lines[0]
        page.blocks += [whole] if whole.text else []
        return
    length = sum(map(len, lines))
    for line in filter(None, lines):
        linked, strong = whole.linked * len(line) / length, whole.strong * len(line) / length
        page.blocks.append(Block(line, whole.container, linked, strong, whole.links, whole.inner))


def _marks(element: HtmlElement, known: dict[str, int]) -> int:
    """Return the bits of what a container's attributes say.

    Args:
        element: the container.
        known: the bits of values that the page has had before; most are.
    """
    bits = 0
    for name, value in element.items():
        if name in _NAMING:
            own = known.get(value)
            if own is None:
                own = known[value] = _marked(value[:_LONGEST_CLASS].lower())
            bits |= own
        elif name == "itemprop" and value == "articleBody":
            bits |= _BIT["content"]
    return bits


def _program(parts: Sequence[str]) -> str:
    """Return the lines of a program; those of its source are lines of the page here."""
    lines = (" ".join(line.split()) for part in parts for line in part.splitlines())
    return "\n".join(filter(None, lines))


def _marked(name: str) -> int:
    """Return the bits of the words that a name holds."""
    bits = 0
    for word in _MARK.findall(name):
        bits |= _BIT_OF[word]
    return bits
