"""One checkable detail of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detector.article import Span

Kind = Literal["number", "date", "dateline", "place", "person", "org", "name", "quote"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One checkable detail, with its place and its normal form."""

    kind: Kind
    start: int
    end: int
    text: str
    value: str

    @property
    def span(self) -> Span:
        """The fact's place in the text it was read from."""
        return Span(self.start, self.end)
