"""Times that were taken, not times of day: "won in 1:55.91", "2:04:31", "2:31 ahead"."""

from __future__ import annotations

import re
from typing import NamedTuple

from detector.facts.quantity import Quantity

# Parts of a second, or hours, minutes and seconds; minutes and seconds alone may be a clock, unless
# somebody is so far ahead.
_TAKEN = re.compile(
    r"(?P<minutes>[1-5]?\d):(?P<seconds>[0-5]\d\.\d{1,3})(?![\d:]|\.\d)"
    r"|(?P<hours>\d):(?P<of_hour>[0-5]\d):(?P<of_minute>[0-5]\d(?:\.\d{1,3})?)(?![\d:]|\.\d)"
    r"|(?P<ahead>[1-5]?\d:[0-5]\d)(?=\s(?:ahead|behind|clear|adrift|back|faster|slower)\b)"
)
# "at 7:02:15" tells when.
_AT = re.compile(r"\b(?:at|by|until|till|since|from|before|after)\s$", re.I)
LONGEST_AT = len("before ") + 1
MINUTE, HOUR = 60, 3_600


class Taken(NamedTuple):
    """A time that was taken, in seconds, and where its words end."""

    quantity: Quantity
    end: int


def stopped(text: str, start: int) -> Taken | None:
    """Read the time that was taken at a place, or None where it is a time of day."""
    found = _TAKEN.match(text, start)
    if not found:
        return None
    if found["hours"] and _AT.search(text, max(0, start - LONGEST_AT), start):
        return None
    hours, minutes, seconds = 0, found["minutes"], found["seconds"]
    if found["hours"]:
        hours, minutes, seconds = int(found["hours"]), found["of_hour"], found["of_minute"]
    elif found["ahead"]:
        minutes, seconds = found["ahead"].split(":")
    value = HOUR * hours + MINUTE * int(minutes) + float(seconds)
    step = 10.0 ** -len(seconds.partition(".")[2])
    return Taken(Quantity(value, value, "s", "exactly", step), found.end())
