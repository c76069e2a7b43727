"""What reading an input gives: articles, and failures in the place of what gave none."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from detector.article import Article
from detector.errors import BadInput
from detector.records import record_id

if TYPE_CHECKING:
    from detector.fetch import Fetcher

# What is made of a record: an article, or an article with its labels.
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Failure:
    """An input, or one record of it, that gave no article.

    Attributes:
        origin: the file as named by the user, ``-`` for standard input.
        message: what was found, what was expected, what to do; one line.
        line: line of a text file, or place of a record in a list, table or archive, from 1.
        id: the record's id or address, where it has one.
    """

    origin: str
    message: str
    line: int | None = None
    id: str | None = None

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the line that stands for it among reports."""
        return {"error": self.message, "origin": self.origin, "line": self.line, "id": self.id}

    def told(self) -> str:
        """Return where it is and what is wrong, in one line."""
        place = self.origin if self.line is None else f"{self.origin}:{self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Source(Generic[Made]):
    """Where records come from, and what is made of them.

    Attributes:
        origin: the file or address as named by the user.
        fields: our names of fields to the input's.
        make: what a record becomes, given it and ``fields``.
        fetcher: fetches the addresses that an input lists; without one they are not fetched.
    """

    origin: str
    fields: Mapping[str, str]
    make: Callable[[object, Mapping[str, str]], Made]
    fetcher: Fetcher | None = None

    def failure(self, message: str, line: int | None = None, id: str | None = None) -> Failure:
        """Return a failure of this input, or of one record of it."""
        return Failure(self.origin, message, line, id)

    def result(self, record: object, line: int) -> Made | Failure:
        """Make an article of a record, or say why not."""
        try:
            return self.make(record, self.fields)
        except BadInput as error:
            return self.failure(str(error), line, record_id(record, self.fields))


Articles = Source[Article]
Results = Iterator[Article | Failure]


def guarded(
    source: Source[Made], reader: Callable[[Source[Made]], Iterator[Made | Failure]]
) -> Iterator[Made | Failure]:
    """Turn what ends the reading of one input into a failure of it."""
    try:
        yield from reader(source)
    except BadInput as error:
        yield source.failure(str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield source.failure(stopped(error))


def stopped(error: Exception) -> str:
    """Say that no more could be read."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return (
        f"reading stopped here ({reason}): the file is cut off, damaged or closed to you; "
        "what came before it counts, for the rest give a sound copy"
    )
