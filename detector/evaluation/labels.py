"""Articles with labels: what they are, what they were made from, what was put in and made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from detector.article import Article, Span
from detector.errors import BadInput
from detector.readers import Failure, read_records
from detector.records import article_from_record
from detector.verdict import HONEST, Relation

FABRICATION_KINDS = ("dateline", "date", "place", "number", "person", "org", "quote", "claim")
FABRICATION_VERDICTS = ("unsupported", "contradicted")
# A mosaic is woven from at least two sources.
FEWEST_WOVEN = 2
# Of a wrong value a message shows so many characters.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of an article that is a plug or a fabrication.

    Attributes:
        span: its place in the text.
        kind: the kind of a fabrication, the brand of a plug; "" where none is given.
        verdict: ``unsupported`` or ``contradicted`` for a fabrication, else "".
    """

    span: Span
    kind: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article and what people say about it; fixtures/README.md says what the labels mean.

    Attributes:
        article: the article.
        relation: what it is to its sources.
        sources: ids of what it was made from; none for an honest article.
        related: ids of the sources that report the same event as an honest article.
        attributed: whether it credits the outlet of its source; None where nobody said.
        plugs: the advertisements put in; None where nobody looked.
        fabrications: what was made up; None where nobody looked.
    """

    article: Article
    relation: Relation
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    attributed: bool | None = None
    plugs: tuple[Mark, ...] | None = None
    fabrications: tuple[Mark, ...] | None = None

    @property
    def is_derived(self) -> bool:
        """Whether it was made from its sources; otherwise it is honest."""
        return self.relation not in HONEST


def read_labelled(
    path: str | Path, *, fields: Mapping[str, str] | None = None
) -> Iterator[Labelled | Failure]:
    """Read a file of labelled articles.

    Args:
        path: JSON lines (or a JSON list) of articles with the fields of ``Labelled``.
        fields: our names of the article's fields to the file's.

    Returns:
        A stream of labelled articles, and for each that cannot be used what is wrong with it; an
        id used twice is wrong too.
    """
    seen: set[str] = set()
    for item in read_records(path, _labelled, fields=fields):
        if isinstance(item, Labelled) and item.article.id in seen:
            id = item.article.id
            message = f"the id {id!r} was used before in this file: give each article its own"
            yield Failure(Path(path).as_posix(), message, id=id)
        else:
            yield item
        if isinstance(item, Labelled):
            seen.add(item.article.id)


def without_source(labelled: Iterable[Labelled], has_source: Callable[[str], bool]) -> list[str]:
    """Return one line per source that a label names and nobody has."""
    return [
        f"{item.article.id}: its source {source!r} is not among the sources to search: "
        "add it to them, or correct the label"
        for item in labelled
        for source in item.sources
        if not has_source(source)
    ]


def marks(entries: object, text: str, *, kind: str) -> tuple[Mark, ...]:
    """Read plugs or fabrications, as labels and reports hold them.

    Args:
        entries: a list of objects with ``start``, ``end``, and what ``kind`` names.
        text: what they are places in.
        kind: the field to read as the kind, ``brand`` or ``kind``.

    Raises:
        BadInput: an entry is no place in the text, or the wrong words stand there.
    """
    if not isinstance(entries, list):
        raise BadInput(f"found {_shown(entries)} for a list of places: expected [] or objects")
    return tuple(_mark(entry, text, kind) for entry in entries)


def _labelled(record: object, fields: Mapping[str, str]) -> Labelled:
    article = article_from_record(record, fields)
    labels = record if isinstance(record, Mapping) else {}
    item = Labelled(
        article=article,
        relation=_relation(labels),
        sources=_ids(labels, "sources"),
        related=_ids(labels, "related"),
        attributed=_attributed(labels),
        plugs=_marks_of(labels, "plugs", article.text),
        fabrications=_marks_of(labels, "fabrications", article.text),
    )
    _check_sources(item)
    _check_kinds(item.fabrications or ())
    return item


def _relation(labels: Mapping[str, object]) -> Relation:
    found = labels.get("relation")
    if found is None:
        raise BadInput(f"it has no relation: expected one of {', '.join(Relation)}")
    if found not in tuple(Relation):
        raise BadInput(f"its relation is {_shown(found)}: expected one of {', '.join(Relation)}")
    return Relation(str(found))


def _ids(labels: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = labels.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(id, str) for id in found):
        raise BadInput(f'its {name} are {_shown(found)}: expected a list of ids such as ["a1"]')
    return tuple(found)


def _attributed(labels: Mapping[str, object]) -> bool | None:
    found = labels.get("attributed")
    if found is not None and not isinstance(found, bool):
        raise BadInput(f"attributed is {_shown(found)}: expected true or false, or leave it out")
    return found


def _marks_of(labels: Mapping[str, object], name: str, text: str) -> tuple[Mark, ...] | None:
    if labels.get(name) is None:
        return None
    try:
        return marks(labels[name], text, kind="brand" if name == "plugs" else "kind")
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from error


def _mark(entry: object, text: str, kind: str) -> Mark:
    fields = entry if isinstance(entry, Mapping) else {}
    start, end = fields.get("start"), fields.get("end")
    if type(start) is not int or type(end) is not int:
        raise BadInput(f"found {_shown(entry)}: expected an object with numbers start and end")
    if not 0 <= start < end <= len(text):
        raise BadInput(
            f"found the place {start} to {end} in a text of {len(text)} characters: expected "
            "0 <= start < end <= its length, counted in characters of the text as it stands"
        )
    words = fields.get("text")
    if isinstance(words, str) and words != text[start:end]:
        raise BadInput(
            f"at {start} to {end} stands {_shown(text[start:end])}, but the label says "
            f"{_shown(words)}: count the places again"
        )
    return Mark(Span(start, end), str(fields.get(kind) or ""), str(fields.get("verdict") or ""))


def _check_sources(item: Labelled) -> None:
    fewest = FEWEST_WOVEN if item.relation is Relation.MOSAIC else int(item.is_derived)
    if len(item.sources) < fewest:
        raise BadInput(
            f"a {item.relation} has {fewest} or more sources, found {len(item.sources)}: "
            "name what it was made from in sources"
        )
    if item.sources and not item.is_derived:
        raise BadInput(
            f"its relation {item.relation} says that it is honest, but it names sources: name "
            "them in related, or correct the relation"
        )


def _check_kinds(found: Sequence[Mark]) -> None:
    for mark in found:
        if mark.kind not in FABRICATION_KINDS:
            raise BadInput(
                f"fabrications: found the kind {mark.kind!r}: expected one of "
                f"{', '.join(FABRICATION_KINDS)}"
            )
        if mark.verdict not in FABRICATION_VERDICTS:
            raise BadInput(
                f"fabrications: found the verdict {mark.verdict!r}: expected one of "
                f"{', '.join(FABRICATION_VERDICTS)}"
            )


def _shown(value: object) -> str:
    """Return a value short enough for a message of one line."""
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
