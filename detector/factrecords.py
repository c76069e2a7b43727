"""A fact as JSON: what the command line and assistants show of it."""

from __future__ import annotations

from dataclasses import asdict

from detector.facts import Fact


def fact_record(fact: Fact) -> dict[str, object]:
    """Return a fact as JSON, without the details that it lacks."""
    details = {
        "quantity": asdict(fact.quantity) if fact.quantity else None,
        "moment": _moment(fact),
        "speaker": asdict(fact.speaker) if fact.speaker else None,
    }
    return {
        "kind": fact.kind,
        "start": fact.start,
        "end": fact.end,
        "text": fact.text,
        "value": fact.value,
        **{name: detail for name, detail in details.items() if detail},
    }


def _moment(fact: Fact) -> dict[str, object]:
    """Return the days that a date may mean, and its weekday and time of day."""
    moment = fact.moment
    if not moment:
        return {}
    days = moment.days
    known = {
        "first_day": days.first.isoformat() if days else None,
        "last_day": days.last.isoformat() if days else None,
        "weekday": moment.weekday,
        "choices": [day.isoformat() for day in moment.choices] or None,
        "hour": moment.hour,
        "minute": moment.minute,
    }
    return {name: part for name, part in known.items() if part is not None}
