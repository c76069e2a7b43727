"""Make the shipped lists of words that tell names from words: models/name-words.json.

    pip install names==0.3.0 faker==40.54.0
    python scripts/count_names.py --text news.jsonl.gz --into models/name-words.json

``common``: words that news writes in lower case more often than not, counted in ``--text``
(JSONL with a ``text`` field; single words and no text are kept). ``given``: first names of the
United States census of 1990 (public domain, through ``names``), of Faker's lists in Latin
script (MIT), and words that stand in ``--text`` before a surname with an age, "who" or "Mr".
``surnames``: the most frequent of the same census.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
from make_gazetteer import plain, table

# Rarer lower-case words are misspellings, or names written small.
COMMON_TIMES = 15
# In lower case at least this share of the times it does not start a sentence.
COMMON_SHARE = 0.5
# A first name is seen before a surname with an age, "who" or "Mr" at least this often.
GIVEN_TIMES = 4
# A first name that is a city too ("Austin"), or begins the name of one ("San"), is borne by this
# percentage of men or women, or stands before surnames with an age this often.
GIVEN_PERCENT = 0.025
GIVEN_SHARE = 0.01
# A frequent surname is a first name too when this percentage of men or women bears it.
RARE_PERCENT = 0.01
# The rarer census surnames are borne by fewer than 1 in 50,000.
SURNAMES = 6_000
SCHEMA = 1
_LOWER = re.compile(r"(?<![\w'’.@/-])[a-z]{2,}(?![\w@/]|['’][a-z]|[.-]\w)")
_CAPITALISED = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?![\w@/]|[.-]\w)")
_NAME = r"([A-Z][a-zé]{1,14})\s[A-Z][a-zé]{2,14}"
_PERSON = (
    re.compile(rf"(?<=[a-z,] ){_NAME}(?:,\s\d\d,|,?\swho\s)"),
    re.compile(rf"\b(?:Mr|Mrs|Ms|Dr)\.?\s{_NAME}\b"),
)


def texts(path: Path, skipped: int) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for number, line in enumerate(lines):
            if number % 20 != skipped:
                yield json.loads(line)["text"]


def census() -> tuple[dict[str, float], list[str]]:
    """Return the first names with their percentages and, most frequent first, the surnames."""
    folder = Path(str(import_module("names").__file__)).parent
    given: dict[str, float] = {}
    for name in ("dist.male.first", "dist.female.first"):
        for line in (folder / name).read_text(encoding="utf8").splitlines():
            word, percent, *_ = line.split()
            given[word.capitalize()] = max(given.get(word.capitalize(), 0), float(percent))
    lines = (folder / "dist.all.last").read_text(encoding="utf8").splitlines()
    return given, [line.split()[0].capitalize() for line in lines]


def faker_names() -> Iterator[str]:
    """Yield Faker's first names that are one word in Latin script."""
    package = import_module("faker.providers.person")
    for module in iter_modules(package.__path__):
        provider = import_module(f"faker.providers.person.{module.name}").Provider
        for field in ("first_names", "first_names_male", "first_names_female"):
            names = getattr(provider, field, ())
            for name in names if isinstance(names, Iterable) else ():
                if re.fullmatch(r"[A-Z][a-zà-ÿ]+(?:-[A-Z][a-z]+)?", name):
                    yield name


@click.command()
@click.option("--text", "path", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--skip", default=-1, help="leave out the lines with this number modulo 20")
@click.option("--into", required=True, type=click.Path(path_type=Path))
def main(path: Path, skip: int, into: Path) -> None:
    """Write the lists."""
    lower, capitalised, first = Counter[str](), Counter[str](), Counter[str]()
    for text in texts(path, skip):
        lower.update(_LOWER.findall(text))
        capitalised.update(_CAPITALISED.findall(text))
        for pattern in _PERSON:
            first.update(pattern.findall(text))
    common = {
        word
        for word, times in lower.items()
        if times >= COMMON_TIMES
        and times >= COMMON_SHARE * (times + capitalised[word.capitalize()])
    }
    born, surnames = census()
    seen = {name for name, times in first.items() if times >= GIVEN_TIMES}
    given = {*born, *faker_names(), *(name for name in seen if name.lower() not in common)}
    given = {plain(name) for name in given if len(name) > 2} - demonyms()
    doubtful = {name for name in given if name.lower() in common and name not in seen} | {
        name
        for name in given & of_places()
        if born.get(name, 0) < GIVEN_PERCENT
        and (name not in seen or first[name] < GIVEN_SHARE * capitalised[name])
    }
    doubtful |= {
        name for name in given & {*surnames[:SURNAMES]} - seen if born.get(name, 0) < RARE_PERCENT
    }
    made = {
        "schema": SCHEMA,
        "common": " ".join(sorted(common)),
        "given": " ".join(sorted(given - doubtful)),
        "surnames": " ".join(sorted(surnames[:SURNAMES])),
    }
    into.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf8")
    sizes = {name: len(words.split()) for name, words in made.items() if isinstance(words, str)}
    click.echo(f"{sizes}, {into.stat().st_size} bytes", err=True)


def demonyms() -> set[str]:
    return {word for row in table("countries.tsv") for word in row.demonyms}


def of_places() -> set[str]:
    """Return the places of the gazetteer that are one word, and the first words of the others."""
    listed = json.loads((Path(__file__).parent.parent / "models/gazetteer.json").read_text("utf8"))
    more = [line.rsplit(":")[0] for line in ";".join(listed["more_cities"].values()).split(";")]
    rows = [*listed["countries"], *listed["regions"], *listed["wider"], *listed["cities"]]
    return {name.split()[0] for row in rows for name in [row[0], *row[3]]} | {
        name.split()[0] for name in more
    }


if __name__ == "__main__":
    main()
