"""One checkable detail of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detector.article import Span
from detector.facts.moment import Moment
from detector.facts.quantity import Quantity

Kind = Literal["number", "date", "dateline", "place", "person", "org", "name", "quote"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is said to have said a quotation.

    Attributes:
        start: where the words that name the speaker begin in the text.
        end: where they end.
        text: these words: a name, "the minister", or a pronoun.
        cue: the verb or phrase that attributes: "said", "according to".
    """

    start: int
    end: int
    text: str
    cue: str

    @property
    def span(self) -> Span:
        """The place of the words that name the speaker."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Fact:
    """One checkable detail, with its place and its normal form.

    Attributes:
        kind: what kind of detail.
        start: where it begins in the text it was read from.
        end: where it ends.
        text: the words themselves.
        value: the normal form; equal for two spellings of one thing, whatever the date of the text.
        quantity: of a number, what it amounts to.
        moment: of a date, what is known of the time.
        speaker: of a quotation, whose words they are said to be.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: str
    quantity: Quantity | None = None
    moment: Moment | None = None
    speaker: Speaker | None = None

    @property
    def span(self) -> Span:
        """The fact's place in the text it was read from."""
        return Span(self.start, self.end)
