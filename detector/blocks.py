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

    reader = _Reader()
    steps = iterwalk(tree, events=("start", "end"))
    for event, element in steps:
        kind = _KIND.get(element.tag)
        if event == "end":
            if kind == "container":
                reader.leave()
            elif kind:
                reader.close(kind)
            text = element.tail
        elif kind == "unread":
            steps.skip_subtree()
            continue
        else:
            if kind == "container":
                reader.enter(element)
            else:
                reader.open(kind)
            text = element.text
        if text:
            reader.add(text)
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

    def enter(self, element: HtmlElement) -> None:
        """Begin a container."""
        self.finish()
        containers, outer, tag = self.page.containers, self.container, element.tag
        self.container = len(containers.parent)
        containers.parent.append(outer)
        containers.tag.append(tag)
        containers.marks.append(0 if tag in _WHOLE else self._marks(element))
        containers.depth.append(containers.depth[outer] + 1)
        containers.end.append(0)

    def leave(self) -> None:
        """End a container."""
        self.finish()
        containers = self.page.containers
        containers.end[self.container] = len(containers.parent)
        self.container = containers.parent[self.container]

    def open(self, kind: str | None) -> None:
        """Begin an element that is no container."""
        if kind == "break":
            self.pieces.append(_BREAK)
        else:
            self.inner += 1
            if kind == "link":
                self.in_link += 1
                self.links += 1
            elif kind == "strong":
                self.in_strong += 1

    def close(self, kind: str) -> None:
        """End an element that is no container."""
        if kind == "link":
            self.in_link -= 1
        elif kind == "strong":
            self.in_strong -= 1

    def add(self, text: str) -> None:
        """Go on with the block; white space begins none."""
        if self.in_link:
            self.linked += len(text)
        elif not self.pieces and not self.in_strong and text.isspace():
            return
        if self.in_strong:
            self.strong += len(text)
        self.pieces.append(text)

    def finish(self) -> None:
        """End the block; a line break ends one as well, but where lines are a program's."""
        if self.pieces:
            text = "".join(self.pieces)
            self.pieces = []
            lines = text.split(_BREAK)
            if self.page.containers.tag[self.container] == "pre":
                self._keep([_program(lines)])
            else:
                self._keep([" ".join(line.split()) for line in lines])
            self.linked = self.strong = 0
        self.links = self.inner = 0

    def _keep(self, lines: Sequence[str]) -> None:
        length = sum(map(len, lines))
        for line in filter(None, lines):
            linked, strong = self.linked * len(line) / length, self.strong * len(line) / length
            block = Block(line, self.container, linked, strong, self.links, self.inner)
            self.page.blocks.append(block)

    def _marks(self, element: HtmlElement) -> int:
        """Return the bits of what a container's attributes say."""
        bits = 0
        for name, value in element.items():
            if name in _NAMING:
                known = self.known.get(value)
                if known is None:  # most are values that the page has had before
                    known = self.known[value] = _marked(value[:_LONGEST_CLASS].lower())
                bits |= known
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
