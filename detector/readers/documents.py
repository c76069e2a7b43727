"""Texts, pages, JSON and JSON lines, and standard input, which may be any of them."""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from collections.abc import Iterator
from itertools import chain
from typing import cast

from detector.article import Article
from detector.errors import BadInput
from detector.extract import article_from_html, is_whole_page
from detector.markup import article_from_markup
from detector.readers.source import Articles, Failure, Made, Results, Source
from detector.streams import (
    HEAD_BYTES,
    LONGEST_LINE,
    Line,
    decoded,
    head_of,
    lines_of,
    open_text,
    refuse_binary,
    refuse_utf16,
    whole,
)

LARGEST_DOCUMENT = 50_000_000
# A .json file is held in memory whole, with some five times its size in objects.
LARGEST_JSON = 500_000_000

_BLANK_BYTES = codecs.BOM_UTF8 + b" \t\r\n"
# The tags inside of a line; text that begins with one is marked-up text, no page.
_JSON_START = re.compile(r"\{|\[\s*+[{\]]")
_INLINE_TAG = re.compile(r"<(?:span|b|i|u|em|strong|a|font|small|sub|sup|img|br|https?:)\b", re.I)


def read_document(source: Articles) -> Results:
    """Read a text file, which may hold a whole page."""
    with open_text(source.origin) as stream:
        text = decoded(whole(stream, LARGEST_DOCUMENT))
    yield _named(_from_text(text), source)


def _from_text(text: str) -> Article:
    return article_from_html(text) if is_whole_page(text) else article_from_markup(text)


def read_page(source: Articles) -> Results:
    """Read a saved web page."""
    with open_text(source.origin) as stream:
        content = whole(stream, LARGEST_DOCUMENT)
    yield _named(article_from_html(content), source)


def _named(article: Article, source: Articles) -> Article:
    """Name an article without an address by its file."""
    return article if article.url else article.named(source.origin)


def read_json(source: Source[Made]) -> Iterator[Made | Failure]:
    """Read a JSON document: one record, or a list of them."""
    with open_text(source.origin) as stream:
        text = decoded(whole(stream, LARGEST_JSON))
    yield from _from_json(text, source)


def _from_json(text: str, source: Source[Made]) -> Iterator[Made | Failure]:
    data = _parsed(text)
    records = data if isinstance(data, list) else [data]
    for number, record in enumerate(records, start=1):
        yield source.result(record, number)


def _parsed(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError) as error:
        reason = "too many levels" if isinstance(error, RecursionError) else str(error)
        raise BadInput(
            f"broken JSON ({reason}; it begins {text[:40]!r}): expected an object "
            'such as {"text": "…", "url": "…"}'
        ) from error


def read_lines(source: Source[Made]) -> Iterator[Made | Failure]:
    """Read JSON lines, a record in each."""
    with open_text(source.origin) as stream:
        refuse_utf16(head_of(stream))
        for line in lines_of(stream):
            yield from _from_line(line, source)


def _from_line(line: Line, source: Source[Made]) -> Iterator[Made | Failure]:
    if line.is_too_long:
        yield source.failure(
            f"the line holds more than {LONGEST_LINE} bytes, expected one record: left out",
            line.number,
        )
    elif line.content.strip():
        try:
            yield source.result(_parsed(decoded(line.content)), line.number)
        except BadInput as error:
            yield source.failure(str(error), line.number)


def read_stdin(source: Articles) -> Results:
    """Read JSON lines, a JSON document, a page or one text, by what it begins with."""
    stream = cast("io.BufferedReader", sys.stdin.buffer)
    lines = lines_of(stream)
    first = next((line for line in lines if line.content.strip(_BLANK_BYTES)), None)
    if first is None:
        raise BadInput("standard input is empty: expected JSON lines, a page or a text")
    refuse_binary(first.content[:HEAD_BYTES])
    if _is_record_line(first.content):
        for line in chain([first], lines):
            yield from _from_line(line, source)
        return
    text = decoded(first.content + whole(stream, LARGEST_JSON)).strip()
    if _JSON_START.match(text):
        yield from _from_json(text, source)
    elif text.startswith("<") and not _INLINE_TAG.match(text):
        yield article_from_html(text)
    else:
        yield article_from_markup(text)


def _is_record_line(content: bytes) -> bool:
    """Tell a line of JSON lines from the first line of a JSON document written over several."""
    content = content.strip(_BLANK_BYTES)
    return content.startswith(b"{") and not content.endswith((b"{", b",", b"[", b":"))
