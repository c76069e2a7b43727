"""Bytes of files and of standard input -> text: opened, checked, decoded, never unbounded."""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from detector.errors import BadInput

# A novel has 1 MB of text; a line of more than 50 MB is another kind of file, or damage.
LONGEST_LINE = 50_000_000
# Enough to see what a file is; text holds no NUL byte.
HEAD_BYTES = 8_192
# Text in another 8-bit encoding has a few letters that are no UTF-8; with more than this share
# it is no Latin script, or no text.
MOST_UNDECODABLE = 0.2
# The rest of a line that is too long is passed over in pieces of this size.
PIECE = 1_000_000

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Stream = io.BufferedReader | gzip.GzipFile


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file; of a line that is too long, only the beginning."""

    number: int
    content: bytes

    @property
    def is_too_long(self) -> bool:
        """Whether the line holds more than ``LONGEST_LINE`` bytes."""
        return len(self.content) > LONGEST_LINE


def open_text(path: str | Path) -> Stream:
    """Open a text file, compressed or not.

    Raises:
        BadInput: its beginning shows that it is no text.
        OSError: it cannot be opened, or is not what its name ``.gz`` says.
    """
    path = Path(path)
    compressed = path.suffix.lower() == ".gz"
    stream: Stream = gzip.GzipFile(path) if compressed else path.open("rb")
    try:
        refuse_binary(head_of(stream))
    except BaseException:
        stream.close()
        raise
    return stream


def head_of(stream: Stream) -> bytes:
    """Return what a stream begins with, without taking it off."""
    return stream.peek(HEAD_BYTES)[:HEAD_BYTES]


def refuse_binary(head: bytes) -> None:
    """Raise BadInput when the beginning of a file is no text."""
    if b"\0" in head and not head.startswith(_UTF16):
        raise BadInput("this is a binary file, expected text: save the articles as UTF-8 text")


def refuse_utf16(head: bytes) -> None:
    """Raise BadInput for an encoding that cannot be cut at line ends."""
    if head.startswith(_UTF16):
        raise BadInput("the file is UTF-16, expected UTF-8: save it as UTF-8")


def whole(stream: Stream, most: int) -> bytes:
    """Read all that is left of a stream.

    Raises:
        BadInput: it is more than ``most`` bytes.
    """
    content = stream.read(most + 1)
    if len(content) > most:
        raise BadInput(
            f"the file holds more than {most} bytes, expected less in one piece: "
            "give one article per file, or one record per line in a file named .jsonl"
        )
    return content


def decoded(content: bytes) -> str:
    """Read bytes as UTF-8, or UTF-16 with its mark, or else the Western 8-bit encoding.

    Raises:
        BadInput: too much of it is none of these.
    """
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", "replace")
    wrong = text.count("\ufffd")
    if wrong > MOST_UNDECODABLE * len(text):
        raise BadInput("most of this is no UTF-8 text, perhaps a binary file: save it as UTF-8")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return text if right >= wrong else content.decode("cp1252", "replace")


def lines_of(stream: Stream) -> Iterator[Line]:
    """Yield a file's lines, never holding more than ``LONGEST_LINE`` bytes of one."""
    for number in count(1):
        content = stream.readline(LONGEST_LINE + 1)
        if not content:
            return
        line = Line(number, content)
        yield line
        while line.is_too_long and content and not content.endswith(b"\n"):
            content = stream.readline(PIECE)
