"""What a scan wrote, read back: one result per article, as far as tables and sums need it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from detector.article import host, parse_date
from detector.errors import BadInput
from detector.report import JSON, SCHEMA_VERSION
from detector.verdict import Label

EXPECTED = "expected the JSON lines that 'detector scan' writes, or the JSON of 'detector score'"
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class NamedSource:
    """The source that a report names.

    Attributes:
        site: the host of its address; None where the report gives no address.
    """

    id: str
    title: str | None
    url: str | None
    site: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Promotion:
    """An inserted advertisement: its brand, and the domain it points to where it has one."""

    brand: str
    domain: str | None


@dataclass(frozen=True, slots=True)
class Invention:
    """A detail that the source does not have: its kind, its words, how it was found."""

    kind: str
    text: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the report on one article says.

    Attributes:
        offset: byte in the file at which the report begins.
        coverage: share of the article's words that match the source.
        source: the source named, or the first of several.
    """

    offset: int
    id: str
    title: str | None
    url: str | None
    site: str | None
    published: datetime | None
    words: int
    label: str
    relation: str
    probability: float
    risk: float
    coverage: float
    credit: str
    source: NamedSource | None
    plugs: tuple[Promotion, ...] = ()
    inventions: tuple[Invention, ...] = ()

    @property
    def is_flagged(self) -> bool:
        """Whether the evidence says the article is a derivative."""
        return self.label == Label.DERIVATIVE

    @property
    def has_findings(self) -> bool:
        """Whether there is anything to look at: a source named, a plug, a doubt."""
        return self.label != Label.ORIGINAL or bool(self.plugs) or bool(self.inventions)

    @property
    def lag_hours(self) -> float | None:
        """Hours from the source's publication to the article's; None where a date is missing."""
        if self.source is None or self.published is None or self.source.published is None:
            return None
        return (self.published - self.source.published).total_seconds() / _HOUR


@dataclass(frozen=True, slots=True)
class Unread:
    """A line of a scan that stands for an input that could not be examined."""

    origin: str
    message: str


def read_results(path: Path) -> Iterator[Result | Unread]:
    """Read what a scan wrote, line by line.

    Raises:
        BadInput: the file cannot be read, or a line of it is no report.
    """
    try:
        with path.open("rb") as file:
            offset = 0
            for number, line in enumerate(_records(file), start=1):
                if line.strip():
                    yield _result(_record(line, f"{path}:{number}"), offset, f"{path}:{number}")
                offset += len(line)
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): {EXPECTED}") from error


def read_report(path: Path, offset: int = 0) -> dict[str, JSON]:
    """Read one report in full.

    Args:
        path: what a scan wrote, or one report as pretty JSON.
        offset: where its line begins.

    Raises:
        BadInput: there is no report.
    """
    with path.open("rb") as file:
        file.seek(offset)
        return _record(next(_records(file), b""), str(path))


def _records(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines; a file that begins as indented JSON does is one record."""
    first = file.readline()
    if first.strip() == b"{":
        yield first + file.read()
        return
    if first:
        yield first
    yield from file


def _record(line: bytes, place: str) -> dict[str, JSON]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{place} is no JSON ({error}): {EXPECTED}") from error
    if not isinstance(record, dict) or not ("verdict" in record or "error" in record):
        raise BadInput(f"{place} is no report: {EXPECTED}")
    version = record.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise BadInput(
            f"{place} has schema version {version!r}, this version reads {SCHEMA_VERSION}: "
            "scan again, or use the version of detector that wrote it"
        )
    return record


def _result(record: dict[str, JSON], offset: int, place: str) -> Result | Unread:
    if "error" in record:
        return Unread(str(record.get("origin")), str(record["error"]))
    try:
        return _read(_Fields(record), offset)
    except (KeyError, TypeError, ValueError, BadInput) as error:
        raise BadInput(f"{place} is no whole report ({error}): {EXPECTED}") from error


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one JSON object, each read as the kind that the contract names."""

    values: dict[str, JSON]

    def text(self, name: str) -> str:
        value = self.values[name]
        if not isinstance(value, str):
            raise TypeError(f"{name} is {value!r}, no text")
        return value

    def maybe(self, name: str) -> str | None:
        return None if self.values.get(name) is None else self.text(name)

    def number(self, name: str) -> float:
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{name} is {value!r}, no number")
        return value

    def moment(self, name: str) -> datetime | None:
        return parse_date(self.maybe(name) or "")

    def part(self, name: str) -> _Fields:
        value = self.values[name]
        if not isinstance(value, dict):
            raise TypeError(f"{name} is no object")
        return _Fields(value)

    def parts(self, name: str) -> list[_Fields]:
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise TypeError(f"{name} is no list of objects")
        return [_Fields(item) for item in value if isinstance(item, dict)]


def _read(fields: _Fields, offset: int) -> Result:
    article, verdict = fields.part("article"), fields.part("verdict")
    derivation = fields.part("derivation")
    url = article.maybe("url")
    return Result(
        offset=offset,
        id=article.text("id"),
        title=article.maybe("title"),
        url=url,
        site=article.maybe("site") or (host(url) if url else None),
        published=article.moment("published"),
        words=int(article.number("words")),
        label=verdict.text("label"),
        relation=derivation.text("relation"),
        probability=derivation.number("probability"),
        risk=verdict.number("risk"),
        coverage=derivation.number("coverage"),
        credit=fields.part("credit").text("status"),
        source=_source(derivation.part("source")) if derivation.values.get("source") else None,
        plugs=tuple(Promotion(p.text("brand"), p.maybe("domain")) for p in fields.parts("plugs")),
        inventions=tuple(
            Invention(f.text("kind"), f.text("text"), f.text("verdict"))
            for f in fields.parts("fabrications")
        ),
    )


def _source(fields: _Fields) -> NamedSource:
    url = fields.maybe("url")
    return NamedSource(
        id=fields.text("id"),
        title=fields.maybe("title"),
        url=url,
        site=host(url) if url else None,
        published=fields.moment("published"),
    )
