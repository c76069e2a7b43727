"""The texts that the risk is learned from: should an editor look at them, and who may know them?

An editor should look where a text was made from a source without credit or licence, or carries an
inserted advertisement, or tells what its source does not have. Machine-made texts come without
credit; of those that invent nothing every other one gets a line that gives it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pairs import HONEST, article, lines
from plug_passages import chat_answers, crawled

from detector.article import Article, Rights

FIXTURES = Path(__file__).parent.parent / "fixtures"
# Of the machine-made texts one in so many, and so many crawled ones and answers, are enough for a
# line over a dozen figures.
MACHINE_MADE = {"llm_rewrites": 12, "xsum_attacks": 8}
ANSWERS, CRAWLED = 300, 400
# Crawled articles of other sites, among which their nearest neighbours are looked for.
NEIGHBOURS = 3_000
# What tells its source's story and adds nothing by design.
FAITHFUL = {
    "paraphrase_polish_human", "paraphrase_back_translation_human", "perturbation_word_human",
    "perturbation_character_human", "perturbation_sent_human",
}  # fmt: skip
# Outlets for sources that have none, and how an honest text names them.
OUTLETS = (
    ("harbourledger.example", "the Harbour Ledger"), ("eastgatepost.example", "the Eastgate Post"),
    ("uplandcourier.example", "the Upland Courier"), ("ferrytimes.example", "the Ferry Times"),
)  # fmt: skip
CREDITS = (
    "The story was first reported by {outlet}.",
    "That is according to {outlet}, which broke the news.",
    "This article was originally published by {outlet}.",
    "As {outlet} reported, the matter is not settled.",
)
# Every so many-th credited text carries a tag of its page instead of a line.
TAGGED = 5


@dataclass(frozen=True)
class Case:
    """A text whose answer is known.

    Attributes:
        origin: data set; ``library`` names the sources that it is examined against.
        group: texts of one group are never split between training and test.
        article: the text.
        should_look: whether an editor should look at it.
        library: which sources are searched.
    """

    origin: str
    group: str
    article: Article
    should_look: bool
    library: str


def outlet_of(id: str) -> tuple[str, str]:
    """Return an outlet for a source that has none, the same for the same source."""
    return OUTLETS[sum(id.encode()) % len(OUTLETS)]


def made_sources(shared: Path, name: str) -> Iterator[Article]:
    """Yield the sources of a machine-made set, each with an outlet."""
    for record in lines(shared / "data" / "derivation" / f"{name}_sources.jsonl.gz"):
        yield replace(article(record), site=outlet_of(record["id"])[0])


def library(shared: Path, name: str) -> Iterator[Article]:
    """Yield the sources of a library: those of the made texts, of one outlet's events, a crawl."""
    data = shared / "data"
    if name == "made":
        for folder in (FIXTURES, data / "derivatives"):
            yield from map(article, lines(folder / "sources.jsonl"))
        for made in MACHINE_MADE:
            yield from made_sources(shared, made)
    elif name == "crawl":
        yield from islice(crawled(shared, training=True), NEIGHBOURS)
    elif name != "none":
        reports = lines(data / "same_event" / "triples.jsonl.gz")
        yield from (article(r) for r in reports if r["outlet"] != name)


def cases(shared: Path) -> Iterator[Case]:
    """Yield all texts."""
    data = shared / "data"
    yield from labelled(FIXTURES, "fixtures")
    yield from labelled(data / "derivatives", "derivatives")
    for name in MACHINE_MADE:
        yield from machine_made(shared, name)
    for record in lines(data / "same_event" / "triples.jsonl.gz"):
        group = f"triples:{record['event']}"
        yield Case("triples", group, article(record), False, record["outlet"])
    for text in islice(crawled(shared, training=False), CRAWLED):
        yield Case("crawl", f"crawl:{text.id}", text, False, "crawl")
    for text in islice(chat_answers(shared, training=False), ANSWERS):
        yield Case("chat", text.group, text.article, bool(text.plugs), "none")


def labelled(folder: Path, origin: str) -> Iterator[Case]:
    """Yield the labelled texts of a folder, and the uncredited ones once more with credit."""
    sources = {record["id"]: article(record) for record in lines(folder / "sources.jsonl")}
    for n, record in enumerate(lines(folder / "labelled.jsonl")):
        own = record["sources"] or record["related"] or [record["id"]]
        group, text = f"{origin}:{own[0]}", article(record)
        taken = record["relation"] not in HONEST and not record["attributed"]
        added = bool(record["plugs"] or record["fabrications"])
        yield Case(origin, group, text, taken or added, "made")
        if taken and len(own) == 1:
            site = sources[own[0]].site or ""
            is_named = "." in site and n % 2 == 0  # some sets only have a code for the outlet
            credited = named(text, n, site) if is_named else tagged(text, site)
            yield Case(f"{origin}-credited", group, credited, added, "made")


def machine_made(shared: Path, name: str) -> Iterator[Case]:
    records = lines(shared / "data" / "derivation" / f"{name}.jsonl.gz")
    for n, record in enumerate(records[:: MACHINE_MADE[name]]):
        text, group = article(record), f"{name}:{record['source_id']}"
        yield Case(name, group, text, True, "made")
        if record["method"] in FAITHFUL:
            credited = with_credit(text, record["source_id"], n)
            yield Case(f"{name}-credited", group, credited, False, "made")


def with_credit(text: Article, source: str, number: int) -> Article:
    """Return a text with credit to its source: a line at its end, or a tag of its page."""
    site, outlet = outlet_of(source)
    if number % TAGGED == 0:
        return tagged(text, site)
    return named(text, number, outlet)


def named(text: Article, number: int, outlet: str) -> Article:
    """Return a text with a line at its end that names an outlet."""
    line = CREDITS[number % len(CREDITS)].format(outlet=outlet)
    return replace(text, text=f"{text.text}\n{line}", id=f"{text.id}+")


def tagged(text: Article, site: str) -> Article:
    """Return a text whose page says that another site published it first."""
    return replace(text, id=f"{text.id}+", rights=Rights(syndicated_from=site))
