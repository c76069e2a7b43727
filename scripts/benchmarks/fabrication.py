"""How right the findings of invented details are, each beside its known source.

    python scripts/benchmarks/fabrication.py SHARED

Prints the acceptance list of the seed documents with every reported place; the labelled
derivatives by kind (the shipped weights were trained on these: scripts/train_fabrication.py prints
the cross-validated figures); fixtures/kept_out/, from which nothing is learned; crawled articles
beside their near-duplicates on other sites, where most differences are honest; altered war reports;
BUMP's minimal pairs; DeFacto's corrected summaries beside a plain baseline; and pairs a second.
"""

from __future__ import annotations

import ast
import gzip
import html
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random

import click

sys.path.append(str(Path(__file__).parent.parent))
from detail_rows import corrected
from detail_rows import derivatives as labelled
from swapped import swapped

from detector.alignment import Aligner
from detector.article import WORD, Article, Span
from detector.duplicates import near_duplicates
from detector.encoders.static import StaticEncoder
from detector.entailment import EntailmentReader
from detector.evaluation import Labelled, read_labelled
from detector.evaluation.findings import Marked, measure_findings, same_place
from detector.evaluation.labels import Mark
from detector.evaluation.shares import Share
from detector.evidence.fabrication import (
    Finding,
    Weights,
    doubts,
    find_fabrications,
    load_weights,
)
from detector.evidence.fabrication.weights import DETAILS
from detector.facts import NameIndex, facts
from detector.index import Index
from detector.readers import read_articles
from detector.verdict import HONEST

KEPT_OUT = Path(__file__).parent.parent.parent / "fixtures" / "kept_out"
TIMED_WORDS = 700
# Crawled articles among which near-duplicates are looked for, word 5-grams they share at least, and
# how many pairs are examined.
CRAWLED, MUCH_THE_SAME, COPIES = 16_000, 0.4, 400
_TAG = re.compile(r"<[^>]{1,300}>|!\[[^\]]{0,80}\]\([^)]{1,200}\)")


@dataclass(frozen=True)
class Checker:
    """What finds invented details in a text beside its source."""

    aligner: Aligner
    reader: EntailmentReader
    weights: Weights

    @classmethod
    def shipped(cls) -> Checker:
        index, encoder = Index.in_memory(), StaticEncoder.shipped()
        aligner = Aligner(encoder, index.fingerprinter.extractor, index.rarity)
        return cls(aligner, EntailmentReader.shipped(encoder), load_weights())

    def found(
        self, article: Article, *sources: Article, apart: Sequence[Span] = ()
    ) -> tuple[Finding, ...]:
        return find_fabrications(
            article,
            sources,
            aligner=self.aligner,
            weights=self.weights,
            reader=self.reader,
            apart=apart,
        )

    def expected(self, text: str, source: Article) -> float:
        """Return how many places of a text are expected to be invented; claims hold exchanges."""
        found = doubts(Article.from_text(text), [source], self.aligner)
        every = [doubt for doubt in found if doubt.kind != "exchange"]
        likeliest: dict[Span, float] = defaultdict(float)
        for doubt, probability in self.weights.weighed(every, self.reader):
            likeliest[doubt.span] = max(likeliest[doubt.span], probability)
        return sum(likeliest.values())


def records(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf8") as lines:
        yield from map(json.loads, lines)


def seed(path: Path) -> Article:
    """Read a seed document without its markup, words cut at line ends joined."""
    text = html.unescape(_TAG.sub("", path.read_text(encoding="utf8")))
    text = re.sub(r"(?<=\w)- (?=\w)", "-", text)
    day = re.search(r"\w+ \d{1,2}(?:st|nd|rd|th)? 20\d\d", text)
    return Article.from_text(text, published=day[0] if day else None)


def seeds(shared: Path, checker: Checker) -> None:
    expected = json.loads((shared / "acceptance" / "seeds.json").read_text(encoding="utf8"))
    source = seed(shared / "seeds" / f"{expected['source']}.txt")
    tally: Counter[str] = Counter()
    for name, document in expected["documents"].items():
        article = seed(shared / "seeds" / f"{name}.txt")
        told = checker.found(article, source)
        click.echo(f"seed {name}: {len(told)} reported")
        for finding in told:
            click.echo(f"    {shown(article, finding)}")
        for item in document["fabricated"]:
            place = place_of(item["text"], article)
            hit = any(touch(finding.span, place) for finding in told)
            tally[f"{'found' if hit else 'missed'} {item['kind']}"] += 1
            if not hit:
                click.echo(f"  MISSED {item['kind']}: {item['text']}")
        for text in document["supported"]:
            place = place_of(text, article)
            flagged = [f for f in told if same_place(f.span, place) and f.kind != "claim"]
            tally["traps flagged" if flagged else "traps passed"] += 1
            if flagged:
                click.echo(f"  TRAP FLAGGED: {text}")
    click.echo(f"seeds: {dict(sorted(tally.items()))}")


def place_of(words: str, article: Article) -> Span:
    start = article.text.find(words)
    if start < 0:
        click.echo(f"  not in the text: {words[:60]}")
        return Span(0, 0)
    return Span(start, start + len(words))


def touch(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def shown(article: Article, finding: Finding) -> str:
    words = " ".join(finding.span.of(article.text).split())
    there = f" ({' '.join(finding.elsewhere.text.split())[:60]})" if finding.elsewhere else ""
    return f"{finding.probability:.2f} {finding.kind} {finding.verdict}: {words[:110]}{there}"


def derivatives(folder: Path, checker: Checker) -> None:
    sources = {a.id: a for a in read_articles([folder / "sources.jsonl"]) if isinstance(a, Article)}
    marked = []
    for item in read_labelled(folder / "labelled.jsonl"):
        if not isinstance(item, Labelled) or item.relation in HONEST:
            continue
        plugs = [mark.span for mark in item.plugs or ()]  # a report tells these as plugs
        told = checker.found(item.article, *(sources[id] for id in item.sources), apart=plugs)
        marks = tuple(Mark(f.span, f.kind, f.verdict) for f in told)
        marked.append(Marked(item.fabrications, marks))
    kinds = "dateline date place number person org quote claim".split()
    measured = measure_findings(marked, kinds=kinds)
    for score in (measured.every, *measured.by_kind):
        f1 = score.f1 or 0.0
        click.echo(
            f"  {score.kind:9} precision {share(score.precision)}  recall {share(score.recall)}"
            f"  F1 {f1:.2f}"
        )
    clean = sum(not m.labelled for m in marked)
    click.echo(f"  kind right {share(measured.kind_right)} verdict {share(measured.verdict_right)}")
    click.echo(f"  clean texts: {measured.false_in_clean} findings in {clean}")


def share(value: Share) -> str:
    hits, of = value.right, value.counted
    return f"{hits / of if of else 0:.2f} ({hits} of {of})"


def copies(path: Path, checker: Checker) -> None:
    """Count what is reported of articles of which another site has much the same text."""
    with gzip.open(path, "rt", encoding="utf8") as lines:
        told = [json.loads(line) for line in islice(lines, CRAWLED)]
    found = near_duplicates([each["text"] for each in told], threshold=MUCH_THE_SAME)
    pairs = [
        sorted((told[a], told[b]), key=lambda each: each["published"])
        for (a, b), jaccard in zip(found.pairs.tolist(), found.jaccard.tolist(), strict=True)
        if told[a]["site"] != told[b]["site"] and jaccard < 1
    ]
    pairs = Random(0).sample(pairs, min(COPIES, len(pairs)))
    kinds: Counter[str] = Counter()
    texts = 0
    for earlier, later in pairs:
        source, article = (
            Article.from_text(each["text"], title=each["title"], published=each["published"])
            for each in (earlier, later)
        )
        reported = checker.found(article, source)
        is_claim = [f for f in reported if f.kind == "claim"]
        exchanged = [f for f in is_claim if f.why.startswith("the source has")]
        kinds.update(f.kind for f in reported)
        kinds["of these exchanged"] += len(exchanged)
        texts += bool(exchanged)
    click.echo(f"copies of other sites: {len(pairs)}, {texts} with exchanged words; {dict(kinds)}")


def swapped_details(folder: Path, checker: Checker) -> None:
    """Count the reported details of those that were put in the place of others, by kind."""
    order, others = Random(0), 0
    found: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for item, sources in labelled(folder):
        plain = swapped(item, sources, order, "swapped")
        copy = swapped(replace(item, article=sources[0]), sources, order, "copy")
        for each in filter(None, (plain, copy)):
            marks = each.fabrications or ()
            reported = [f for f in checker.found(each.article, *sources) if f.kind in DETAILS]
            way = "copy" if each is copy else "rewrite"
            for mark in marks:
                every[f"{way} {mark.kind}"] += 1
                hit = any(touch(f.span, mark.span) for f in reported)
                found[f"{way} {mark.kind}"] += hit
            if each is copy:
                others += sum(not any(touch(f.span, m.span) for m in marks) for f in reported)
    click.echo(
        f"swapped details: {found.total()} of {every.total()} found; {others} others reported in "
        "the copies"
    )
    for kind in sorted(every):
        click.echo(f"  {kind}: {found[kind]} of {every[kind]}")


def altered(path: Path, checker: Checker) -> None:
    """Count the changed fields of which a new word is in a reported place."""
    found: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for record in records(path):
        source, article = Article.from_text(record["source"]), Article.from_text(record["text"])
        told = checker.found(article, source)
        before, after = (as_dict(record[f"facts_{when}"]) for when in ("before", "after"))
        known = {word[0].casefold() for word in WORD.finditer(record["source"])}
        for name in record["changed"]:
            new = new_words(str(before.get(name, "")), str(after.get(name, "")), known)
            places = [Span(*w.span()) for w in WORD.finditer(article.text) if w[0] in new]
            if places:
                every[name] += 1
                found[name] += any(touch(f.span, place) for f in told for place in places)
    click.echo(
        f"fact_altered: {sum(found.values())} of {sum(every.values())} changed fields found "
        f"({sum(found.values()) / sum(every.values()):.2f})"
    )
    for name in sorted(every):
        click.echo(f"  {name}: {found[name]} of {every[name]}")


def as_dict(value: str | dict) -> dict:
    return value if isinstance(value, dict) else ast.literal_eval(value)


def new_words(before: str, after: str, known: set[str]) -> set[str]:
    old = {word[0] for word in WORD.finditer(before)}
    return {
        word[0]
        for word in WORD.finditer(after.replace("\\n", " "))
        if word[0] not in old and word[0].casefold() not in known and len(word[0]) > 1
    }


def bump(path: Path, checker: Checker) -> None:
    """Count how often the summary with the inserted error is expected to hold more inventions."""
    right: dict[str, float] = defaultdict(float)
    every: Counter[str] = Counter()
    for record in records(path):
        source = Article.from_text(record["article"])
        edited, original = (
            checker.expected(record[f"{which}_summary"], source)
            for which in ("edited", "reference")
        )
        kind = record["corrected_error_type"]
        every[kind] += 1
        right[kind] += 1.0 if edited > original else 0.5 if edited == original else 0.0
    total = sum(right.values()) / sum(every.values())
    click.echo(f"bump: {total:.3f} of {sum(every.values())} pairs ranked right (ties count half)")
    for kind in sorted(every):
        click.echo(f"  {kind}: {right[kind] / every[kind]:.2f} of {every[kind]}")


def defacto(path: Path, checker: Checker) -> None:
    """Compare the reported places with what the human correction replaced."""
    for name in ("detector", "baseline"):
        marked, truth, said = [], [], []
        for record in records(path):
            source = Article.from_text(record["article"])
            article = Article.from_text(record["candidate"])
            spans = (
                [f.span for f in checker.found(article, source)]
                if name == "detector"
                else unnamed(article, source)
            )
            fixed = record["feedback"].get("summary") if record["has_error"] else None
            replaced = corrected(article.text, fixed) if fixed else []
            truth.append(record["has_error"])
            said.append(bool(spans))
            if fixed or not record["has_error"]:
                marked.append(
                    Marked(tuple(Mark(s) for s in replaced), tuple(Mark(s) for s in spans))
                )
        score = measure_findings(marked).every
        click.echo(
            f"defacto {name}: span precision {share(score.precision)}, recall "
            f"{share(score.recall)}, F1 {score.f1 or 0:.2f}; balanced accuracy "
            f"{balanced(truth, said):.3f}"
        )


def unnamed(article: Article, source: Article) -> list[Span]:
    """Return the names, numbers and dates that the source does not have in the same words."""
    known = NameIndex(facts(source))
    text = source.text.casefold()
    return [
        fact.span
        for fact in facts(article)
        if fact.kind != "quote" and fact.text.casefold() not in text and not known.find(fact)
    ]


def balanced(truth: Sequence[bool], said: Sequence[bool]) -> float:
    pairs = list(zip(truth, said, strict=True))
    hit = sum(t and s for t, s in pairs) / max(1, sum(truth))
    passed = sum(not t and not s for t, s in pairs) / max(1, len(truth) - sum(truth))
    return (hit + passed) / 2


def speed(folder: Path, checker: Checker) -> None:
    """Time articles cut to 700 words beside their sources, both prepared before."""
    sources = {a.id: a for a in read_articles([folder / "sources.jsonl"]) if isinstance(a, Article)}
    pairs = []
    for item in read_labelled(folder / "labelled.jsonl"):
        if isinstance(item, Labelled) and item.sources:
            source = sources[item.sources[0]]
            pairs.append((cut(item.article), cut(source)))
    for pair in pairs:
        for side in pair:
            ready = checker.aligner.prepare(side)
            _ = ready.facts, ready.word_table  # computed once, then remembered
    start = time.process_time()
    for article, source in pairs:
        checker.weights.in_place(list(doubts(article, [source], checker.aligner)))
    first = len(pairs) / (time.process_time() - start)
    start = time.process_time()
    for article, source in pairs:
        checker.found(article, source)
    whole = len(pairs) / (time.process_time() - start)
    click.echo(
        f"speed: {first:.0f} prepared pairs a second of one core without reading, {whole:.0f} with "
        f"what is in doubt read, at most {TIMED_WORDS} words each"
    )


def cut(article: Article) -> Article:
    words = list(WORD.finditer(article.text))[:TIMED_WORDS]
    return Article.from_text(article.text[: words[-1].end()], published=article.published)


@click.command()
@click.argument("shared", type=click.Path(exists=True, path_type=Path))
@click.option("--only", multiple=True, help="Measure only this; may be given again.")
def main(shared: Path, only: tuple[str, ...]) -> None:
    """Measure on the data of SHARED."""
    data, checker = shared / "data", Checker.shipped()
    steps = {
        "seeds": lambda: seeds(shared, checker),
        "derivatives": lambda: derivatives(data / "derivatives", checker),
        "kept_out": lambda: derivatives(KEPT_OUT, checker),
        "swapped_details": lambda: swapped_details(KEPT_OUT, checker),
        "copies": lambda: copies(data / "crawl" / "crawl_2015.jsonl.gz", checker),
        "fact_altered": lambda: altered(data / "fabrication" / "fact_altered.jsonl.gz", checker),
        "bump": lambda: bump(data / "fabrication" / "bump.jsonl.gz", checker),
        "defacto": lambda: defacto(data / "fabrication" / "defacto_val.jsonl.gz", checker),
        "speed": lambda: speed(data / "derivatives", checker),
    }
    for name, step in steps.items():
        if not only or name in only:
            step()


if __name__ == "__main__":
    main()
