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
_STRONG = frozenset("strong b em i".split())
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
_MARK = re.compile(
    "|".join(
        [
            rf"\b(?:{'|'.join(' '.join(_WHOLE_MARKS.values()).split())})\b",
            *sorted(" ".join(_MARKS.values()).split(), key=len, reverse=True),
        ]
    )
)
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

    reader = _Reader()
    steps = iterwalk(tree, events=("start", "end"))
    for event, element in steps:
        if event == "end":
            reader.close(element)
        elif element.tag in _UNREAD:
            steps.skip_subtree()
        else:
            reader.open(element)
    reader.finish()
    reader.page.containers.end[0] = len(reader.page.containers.parent)
    return reader.page


@dataclass(slots=True)
class _Reader:
    """The block that is being read, and where."""

    page: PageBlocks = field(default_factory=PageBlocks)
    container: int = 0
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    strong: int = 0
    links: int = 0
    inner: int = 0
    in_link: int = 0
    in_strong: int = 0
    known: dict[str, int] = field(default_factory=dict)

    def open(self, element: HtmlElement) -> None:
        """Begin an element."""
        tag = element.tag
        if tag in _CONTAINERS:
            self.finish()
            self._enter(element)
        elif tag == "br":
            self.pieces.append(_BREAK)
        else:
            self.inner += 1
            if tag == "a":
                self.in_link += 1
                self.links += 1
            elif tag in _STRONG:
                self.in_strong += 1
        self._add(element.text)

    def close(self, element: HtmlElement) -> None:
        """End an element."""
        tag = element.tag
        if tag in _CONTAINERS:
            self.finish()
            self._leave()
        elif tag == "a":
            self.in_link -= 1
        elif tag in _STRONG:
            self.in_strong -= 1
        self._add(element.tail)

    def finish(self) -> None:
        """End the block; a line break ends one as well, but where lines are a program's."""
        if self.pieces:
            is_code = self.page.containers.tag[self.container] == "pre"
            lines = "".join(self.pieces).split(_BREAK)
            self._keep([_program(lines)] if is_code else [" ".join(line.split()) for line in lines])
            self.pieces = []
        self.linked = self.strong = self.links = self.inner = 0

    def _keep(self, lines: Sequence[str]) -> None:
        length = sum(map(len, lines))
        for line in filter(None, lines):
            linked, strong = (part * len(line) / length for part in (self.linked, self.strong))
            block = Block(line, self.container, linked, strong, self.links, self.inner)
            self.page.blocks.append(block)

    def _enter(self, element: HtmlElement) -> None:
        containers = self.page.containers
        containers.parent.append(self.container)
        containers.tag.append(element.tag)
        containers.marks.append(self._marks(element))
        containers.depth.append(containers.depth[self.container] + 1)
        containers.end.append(0)
        self.container = len(containers.parent) - 1

    def _leave(self) -> None:
        containers = self.page.containers
        containers.end[self.container] = len(containers.parent)
        self.container = containers.parent[self.container]

    def _marks(self, element: HtmlElement) -> int:
        """Return the bits of what a container's attributes say; the whole page's say nothing."""
        given = dict(element.items()) if element.tag not in _WHOLE else {}
        if not given:
            return 0
        names = [given[name][:_LONGEST_CLASS] for name in ("class", "id", "role") if name in given]
        bits = 0
        for name in " ".join(names).lower().split():  # most are names that the page has had before
            known = self.known.get(name)
            if known is None:
                known = self.known[name] = _marked(name)
            bits |= known
        return bits | _BIT["content"] if given.get("itemprop") == "articleBody" else bits

    def _add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            if self.in_link:
                self.linked += len(text)
            if self.in_strong:
                self.strong += len(text)


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
