"""Datelines: where, when and for whom a report was filed.

``NEW DELHI, Aug 5 (PTI) —`` at the start of a line names a place, a date and an agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detector.agencies import agency_named
from detector.article import MONTHS
from detector.facts.fact import Fact
from detector.facts.gazetteer import Gazetteer, Place
from detector.facts.lexicon import CONNECTORS, folded, plain

# Shorter capitals at the start of a line are abbreviations; OSLO and ROME have four.
LOUD = 4
_LETTERS = r"(?:[\w.'’]|-(?=\w)){0,30}"
_PLACE = rf"[A-ZÀ-Þ]{_LETTERS}(?:[ ][A-Zd]{_LETTERS}){{0,3}}"
_MONTH = f"(?i:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_DAY = r"(?i:mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?i:day)?\b\.?"
_DATE = (
    rf"(?:{_DAY},?[ ]{{1,2}})?(?:{_MONTH}\b\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ ]{_MONTH}\b\.?)(?:,?[ ](?:19|20)\d\d)?|{_DAY}"
)
_DATELINE = re.compile(
    rf"[ \t]{{0,4}}(?P<all>[(\[]?(?P<place>{_PLACE})(?:/(?P<second>{_PLACE}))?[)\]]?"
    rf"(?:,[ ](?P<region>{_PLACE}))??"
    rf"(?:,?[ ]\(?(?P<date>{_DATE})\)?)?"
    rf"(?:,?(?:[ ]|--?)?[(\[](?P<agency>[A-Z][\w .,&'’/-]{{1,40}})[)\]])?)"
    r"(?:[ ]{0,2}(?P<dash>[—–]|--?|:)[ ]{0,2}(?=[\"'“‘(]?[A-Z0-9À-Þ])"
    r"|[.,]?[ ]*$|[ ](?=[A-Z]))",
    re.M,
)
_LINE_END = re.compile("\n")
# Most lines begin with a word that a small one follows, which is no date: "The mayor".
_PLAIN = re.compile(rf"[ \t]{{0,4}}[A-Z][a-z]*[ ](?!d|{_MONTH}|{_DAY})[a-z]")


@dataclass(frozen=True, slots=True)
class Dateline:
    """One dateline and the names in it.

    Attributes:
        whole: place, date and agency, without the dash.
        parts: its places and its agency.
    """

    whole: Fact
    parts: tuple[Fact, ...]


def datelines(text: str, gazetteer: Gazetteer) -> Iterator[Dateline]:
    """Yield the datelines of a text, in order."""
    lines = [0, *(end.end() for end in _LINE_END.finditer(text))]
    begun = (_DATELINE.match(text, line) for line in lines if not _PLAIN.match(text, line))
    for found in begun:
        if not found or not (found["dash"] or _is_dated(found)):
            continue
        places = tuple(_places(found, gazetteer))
        if _is_dateline(found, places):
            agency = _agency(found)
            parts = (*places, agency) if agency else places
            date = folded(found["date"] or "")
            value = " ".join(part for part in (*(p.value for p in places), date) if part)
            whole = Fact("dateline", *found.span("all"), found["all"], value)
            yield Dateline(whole, parts)


def _is_dateline(found: re.Match[str], places: tuple[Fact, ...]) -> bool:
    """Tell a dateline, with a dash or a day, from a line that starts with capitals."""
    if not places:
        return False
    is_loud = found["place"].isupper() and len(found["place"]) >= LOUD
    if not found["dash"]:
        ends_line = found.string[found.end() : found.end() + 1] in "\n"
        return is_loud or ends_line
    is_filed = bool(found["date"] or found["agency"])
    return is_filed or (found["dash"] != ":" and (is_loud or _is_marked(found)))


def _is_dated(found: re.Match[str]) -> bool:
    """Tell whether there is a day of a month, and not only of the week."""
    return any(char.isdigit() for char in found["date"] or "")


def _is_marked(found: re.Match[str]) -> bool:
    """Tell whether dash or brackets set the place apart: ``London —``, ``(Beijing) –``."""
    return found["dash"] != "-" or found["all"][0] in "(["


def _places(found: re.Match[str], gazetteer: Gazetteer) -> Iterator[Fact]:
    for group in ("place", "second", "region"):
        written = found[group]
        known = _known(written, gazetteer) if written else None
        part = _part(found, group, known)
        is_loud = bool(written) and written.isupper() and len(written) >= LOUD
        if part and (known or (is_loud and _is_dated(found) and found["dash"])):
            yield part


def _agency(found: re.Match[str]) -> Fact | None:
    """Return the agency under its name in full, when it is a known one."""
    written = found["agency"]
    if not written:
        return None
    known = agency_named(written)
    value = folded(known.name if known else written)
    return Fact("org", *found.span("agency"), written, value)


def _part(found: re.Match[str], group: str, known: Place | None) -> Fact | None:
    start, end = found.span(group)
    if start < 0:
        return None
    written = found[group]
    value = known.value if known else folded(written)
    return Fact("place", start, end, written, value)


def _known(written: str, gazetteer: Gazetteer) -> Place | None:
    """Look a place up in any capitals; people and adjectives are no datelines."""
    key = plain(written).replace(".", "").replace("’", "'")
    for spelling in (key, _capitalised(key)):
        known = gazetteer.places.get(spelling) or gazetteer.abbreviations.get(spelling)
        if known and not known.is_adjective:
            return known
    return None


def _capitalised(key: str) -> str:
    words = (word if word in CONNECTORS else word.title() for word in key.lower().split())
    return " ".join(words)
