"""``detector facts``: the checkable details of one article."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from detector.cli.inputs import fetcher_for, one_article
from detector.cli.options import ACCESS, FORMAT, options

if TYPE_CHECKING:
    from detector.facts import Fact, Moment


@click.command()
@click.argument("input")
@options(FORMAT, ACCESS)
def facts(input: str, form: str, allow_private: bool, ignore_robots: bool) -> None:
    """List an article's numbers, dates, names and quotations, each with its normal form.

    \b
    Example:
      detector facts article.html --format jsonl
    """
    from detector.factrecords import fact_record
    from detector.facts import facts as facts_of

    fetcher = fetcher_for([input], allow_private=allow_private, ignore_robots=ignore_robots)
    found = facts_of(one_article(input, fetcher))
    if form == "json":
        click.echo(json.dumps([fact_record(fact) for fact in found], indent=1, ensure_ascii=False))
        return
    for fact in found:
        record = fact_record(fact)
        click.echo(json.dumps(record, ensure_ascii=False) if form == "jsonl" else _line(fact))


def _line(fact: Fact) -> str:
    """Return a fact as one line: place, kind, words, normal form, and what else is known."""
    words = " ".join(fact.text.split())
    place = f"{fact.start}-{fact.end}"
    line = f"{place:>13}  {fact.kind:8}  {words}"
    if fact.kind != "quote":
        line += f"  =  {fact.value}"
    if fact.quantity and fact.quantity.bound != "exactly":
        line += f"  ({fact.quantity.bound})"
    if fact.moment:
        line += _days(fact.moment)
    if fact.speaker:
        line += f"  -- {fact.speaker.cue} {fact.speaker.text}"
    return line


def _days(moment: Moment) -> str:
    if moment.choices:
        return f"  [{' or '.join(day.isoformat() for day in moment.choices)}]"
    days = moment.days
    if not days:
        return ""
    if days.first == days.last:
        return f"  [{days.first}]"
    return f"  [{days.first} to {days.last}]"
