"""Markdown-like text with inline HTML -> Article: headers read, markup and split words undone."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from detector.article import HEADLINE_WORDS, WORD, Article, looks_like_heading, parse_date
from detector.errors import BadInput

# "Updated Tuesday, November 13th 2025, 10:30 am GMT" is one of the longest date lines.
DATE_LINE_WORDS = 10
# The longest standfirsts; a styled line of more words is a paragraph, and ends the header.
STANDFIRST_WORDS = 60
# A download note is one short sentence with an address; addresses count as many words.
DOWNLOAD_NOTE_LENGTH = 1_000
# Text set with hard line ends keeps to 72-80 columns, at most to 100.
WIDEST_COLUMN = 100
# Fewer lines than this that run on are no evidence of hard line ends: short lists look the same.
FEWEST_WRAPPED_LINES = 4
# In a ragged-right column a line that runs on fills most of the width: the next word did not fit.
FULL_LINE = 0.7
MOSTLY = 0.8
END_MARKS = "■□▪◼◾●◆♦∎⬛"
# What press offices and agencies write under a text, on a line of its own.
END_LINES = frozenset({"###", "# # #", "-30-", "- 30 -", "ENDS", "-ENDS-", "- ENDS -"})

# Every pattern is linear: a part that repeats stops at what starts the pattern anew, or gives
# nothing back (possessive).
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_COMMENT = re.compile(r"<!--(?:(?!-->|<!--).)*+-->", re.S)
_ADDRESS = r"\(\s*+(?:[^()\s]|\([^()\s]*+\))*+(?:\s++\"[^\"\n]*+\")?\s*+\)"
_IMAGE = re.compile(r"!\[[^\[\]]*+\]" + _ADDRESS)
_LINK = re.compile(r"\[([^\[\]]*+)\]" + _ADDRESS)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]++)>")
_BREAK = re.compile(r"</?(?:br|p|div|li|h[1-6]|blockquote)(?:\s[^<>]*+)?/?>", re.I)
_TAG = re.compile(r"</?[a-z][a-z0-9:-]*+(?:\s[^<>]*+)?/?>", re.I)
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]++)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]++)(?<=\S)\1(?![\w*])")
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]++", re.M)
_QUOTED = re.compile(r"^[ ]{0,3}>[ ]?", re.M)
_RULE = re.compile(r"^[ ]{0,3}(?:-(?:[ ]?-){2,}+|\*(?:[ ]?\*){2,}+|_{3,}+|={3,}+)[ ]*+$", re.M)
_ITEM = re.compile(r"(?:[-*+•–]|\d{1,3}[.)])\s")
_BLANKS = re.compile("[ \t\xa0\u2000-\u200a\u202f\u3000]++")
_SPAN = re.compile(r"<(/?)span\b([^<>]*+)>", re.I)
_FONT_SIZE = re.compile(r"font-size\s{0,4}:\s{0,4}(\d{1,4}(?:\.\d{1,4})?)", re.I)
_SOFT_HYPHEN = re.compile("\u00ad[ \n]?")
# "pre- and post-war" keeps its hyphen: the words that may follow one, in five languages.
_SUSPENDED = r"(?:and|or|nor|to|but|versus|vs|und|oder|bis|et|ou|y|e)\b"
_SPLIT_WORD = re.compile(rf"(?<=\w)-(?:[ ]|\n(?=[^\W\d_A-Z]))(?!{_SUSPENDED})(?=\w)")
# "This article was downloaded by … from", "Printed from"; not "The minutes can be downloaded from".
_DOWNLOAD_NOTE = re.compile(
    r"\W{0,9}(?:(?:this|the)\s(?:article|page|story|document|file|text|item|copy|post|content|pdf)"
    r"\s(?:was|is|has been)\s)?(?:downloaded|saved|printed|retrieved|exported|archived)\b"
    r"[^\n]{0,200}?\b(?:from|at|via)\b",
    re.I,
)
_URL = re.compile(r"https?://[^\s<>()\[\]\"']++", re.I)


@dataclass(frozen=True, slots=True)
class _StyledLine:
    """A header line set in a font size of its own."""

    text: str
    size: float
    date: datetime | None


@dataclass(frozen=True, slots=True)
class _Parts:
    """A text taken apart: what its header says, and what is under it."""

    body: str
    title: str | None = None
    published: datetime | None = None


def article_from_markup(raw: str, *, id: str | None = None, url: str | None = None) -> Article:
    """Make an article of plain text, Markdown, or text with inline HTML.

    The title is the styled header line of the largest size, or the Markdown heading at the top,
    or a first line that reads as a headline; it leaves the text. The standfirst and subheadings
    stay, on lines of their own. Kickers, images, tags, download notes and end marks go.

    Args:
        raw: the file's characters.
        id: any stable name; derived from the url, or else the text, when absent.
        url: where it was published; the address in a download note when absent.

    Raises:
        BadInput: no word is left for the text.
    """
    text = _INVISIBLE.sub("", raw).replace("\r\n", "\n").replace("\r", "\n")
    text, found_url = _split_download_note(_IMAGE.sub("", _COMMENT.sub("", text)))
    parts = _split_header(text)
    if not WORD.search(parts.body):
        raise BadInput(
            f"there is no text under the headline ({len(raw)} characters in all): "
            "give an article with paragraphs"
        )
    return Article.from_text(
        parts.body, id=id, title=parts.title, url=url or found_url, published=parts.published
    )


def _split_download_note(text: str) -> tuple[str, str | None]:
    """Take a last paragraph such as "Downloaded from <address>" off; return its address too."""
    before, _, last = text.rstrip().rpartition("\n")
    if len(last) > DOWNLOAD_NOTE_LENGTH or not _DOWNLOAD_NOTE.match(_plain(last)):
        return text, None
    addresses = _URL.findall(last)
    if not addresses:
        return text, None
    return before, html.unescape(addresses[-1]).rstrip(".,;")


def _split_header(text: str) -> _Parts:
    """Tell title, date and text apart."""
    lines = text.split("\n")
    styled, used = _styled_lines(lines)
    if not _holds_title(styled):
        return _split_headline(text)
    top = _largest(styled)
    standfirst = [line.text for line in styled[top + 1 :] if not line.date]
    body = _without_end_mark(_plain("\n".join(lines[used:])))
    published = next((line.date for line in styled if line.date), None)
    return _Parts("\n\n".join([*standfirst, body]), styled[top].text, published)


def _styled_lines(lines: Sequence[str]) -> tuple[list[_StyledLine], int]:
    """Return the styled lines at the top, and how many lines they take with the blank ones."""
    styled: list[_StyledLine] = []
    used = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        size, text = _font_size(line), " ".join(_plain(line).split())
        if size is None or not text or len(WORD.findall(text)) > STANDFIRST_WORDS:
            break
        styled.append(_StyledLine(text, size, _date_in(text)))
        used = number
    return styled, used


def _font_size(line: str) -> float | None:
    """Return the largest font size of a line that lies wholly in ``<span>`` tags, or None."""
    depth, end, sizes = 0, 0, []
    for tag in _SPAN.finditer(line):
        if depth == 0 and line[end : tag.start()].strip():
            return None
        size = _FONT_SIZE.search(tag[2])
        sizes += [float(size[1])] if size else []
        depth = max(0, depth + (-1 if tag[1] else 1))
        end = tag.end()
    return max(sizes, default=None) if not line[end:].strip() else None


def _date_in(text: str) -> datetime | None:
    if len(WORD.findall(text)) > DATE_LINE_WORDS:
        return None
    try:
        return parse_date(text)
    except BadInput:
        return None


def _holds_title(styled: Sequence[_StyledLine]) -> bool:
    """Tell whether a styled line stands out as a title, so that it is no styled paragraph."""
    if not styled:
        return False
    title = styled[_largest(styled)]
    stands_out = any(line.size < title.size for line in styled)
    words = len(WORD.findall(title.text))
    return words <= HEADLINE_WORDS and (
        stands_out or looks_like_heading(title.text, most_words=HEADLINE_WORDS)
    )


def _largest(styled: Sequence[_StyledLine]) -> int:
    return max(range(len(styled)), key=lambda i: (not styled[i].date, styled[i].size, -i))


def _split_headline(text: str) -> _Parts:
    """Take a first line that reads as a headline off the text under it."""
    marked = _HEADING.match(text.lstrip())
    text = _without_end_mark(_plain(text))
    first, _, rest = text.partition("\n")
    rest = rest.lstrip("\n")
    is_title = marked or looks_like_heading(first, most_words=HEADLINE_WORDS)
    more_follows = "\n" in rest or len(rest) > len(first)
    if not (is_title and more_follows) or _ITEM.match(first):
        return _Parts(text)
    return _Parts(rest, first)


def _plain(text: str) -> str:
    """Return text without tags, Markdown signs, split words and hard line ends."""
    text = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    for sign in (_RULE, _QUOTED, _HEADING):
        text = sign.sub("", text)
    for emphasis in (_STRONG, _EMPHASIS):
        text = emphasis.sub(r"\2", text)
    text = _SOFT_HYPHEN.sub("", text)
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    if _is_hard_wrapped(lines):
        lines = _unwrapped(lines)
    return _SPLIT_WORD.sub("-", re.sub(r"\n{3,}", "\n\n", "\n".join(lines))).strip("\n")


def _is_hard_wrapped(lines: Sequence[str]) -> bool:
    """Tell whether line ends stand where the column was full, not where a paragraph ends."""
    widest = max(map(len, lines), default=0)
    running_on = [len(line) for line, after in pairwise(lines) if line and after]
    if widest > WIDEST_COLUMN or len(running_on) < FEWEST_WRAPPED_LINES:
        return False
    full = sum(length >= FULL_LINE * widest for length in running_on)
    return full >= MOSTLY * len(running_on)


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Join lines to paragraphs; a blank line or a list item starts a new one."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if not line or not paragraphs[-1] or _ITEM.match(line) or not paragraphs[-1][-1]:
            paragraphs.append([])
        paragraphs[-1].append(line)
    return [" ".join(paragraph) for paragraph in paragraphs]


def _without_end_mark(text: str) -> str:
    text = text.rstrip(END_MARKS + " \n")
    before, _, last = text.rpartition("\n")
    return before.rstrip() if last in END_LINES else text
