"""How exact the passages are: PlagDet on the PAN 2013 text alignment corpus.

    python scripts/benchmarks/pan13.py pan13_train.tar.gz [--half first|second] [--show 10]

Prints PlagDet, recall, precision and granularity for each kind of obfuscation and overall, and
pairs per second. Halves are made by suspicious document: what is tuned on one half is confirmed
on the other.

Source: Potthast et al. 2010, "An evaluation framework for plagiarism detection"; macro-averaged,
as in the shared tasks.
"""

from __future__ import annotations

import io
import re
import tarfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from zlib import crc32

import click

from detector.alignment import Aligner
from detector.article import Article, Span
from detector.index import Index

HALVES = ("first", "second")
NAMES = {
    "01-no-plagiarism": "unrelated",
    "02-no-obfuscation": "none",
    "03-random-obfuscation": "random",
    "04-translation-obfuscation": "translation",
    "05-summary-obfuscation": "summary",
}
_FEATURE = re.compile(r'<feature[^>]*name="plagiarism"[^>]*>')


@dataclass(frozen=True, slots=True)
class Stretch:
    """A reused stretch: its place in the suspicious and in the source document."""

    here: Span
    there: Span

    @property
    def length(self) -> int:
        """Characters of both sides."""
        return self.here.length + self.there.length

    def meets(self, other: Stretch) -> bool:
        """Tell whether two stretches overlap on both sides."""
        return _overlap(self.here, other.here) and _overlap(self.there, other.there)

    def shared(self, others: Iterable[Stretch]) -> int:
        """Count the characters of both sides that some others cover, none twice."""
        met = [other for other in others if self.meets(other)]
        return _covered(self.here, [o.here for o in met]) + _covered(
            self.there, [o.there for o in met]
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of documents with the stretches that are annotated or found in it."""

    kind: str
    suspicious: str
    source: str
    cases: tuple[Stretch, ...]
    found: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Macro-averaged figures over some pairs."""

    recall: float
    precision: float
    granularity: float

    @property
    def plagdet(self) -> float:
        """Harmonic mean of recall and precision over the logarithm of the granularity."""
        if not self.recall + self.precision:
            return 0.0
        f1 = 2 * self.recall * self.precision / (self.recall + self.precision)
        return f1 / log2(1 + self.granularity)


def score(pairs: Sequence[Pair]) -> Score:
    """Measure some pairs together."""
    recalls, precisions, pieces = [], [], []
    for pair in pairs:
        for case in pair.cases:
            recalls.append(case.shared(pair.found) / case.length)
            met = sum(case.meets(found) for found in pair.found)
            if met:
                pieces.append(met)
        precisions += [found.shared(pair.cases) / found.length for found in pair.found]
    return Score(_mean(recalls, 0), _mean(precisions, 0), _mean(pieces, 1))


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _covered(span: Span, others: Iterable[Span]) -> int:
    reached, total = span.start, 0
    for other in sorted(others):
        start, end = max(other.start, reached), min(other.end, span.end)
        if end > start:
            total += end - start
            reached = end
    return total


@dataclass(frozen=True, slots=True)
class Corpus:
    """The corpus in memory: texts by name, and the annotated pairs."""

    texts: dict[str, str]
    pairs: tuple[Pair, ...]

    @classmethod
    def read(cls, archive: Path) -> Corpus:
        """Read the corpus from its tar file; line ends are kept, offsets count them."""
        texts, annotations = {}, []
        with tarfile.open(archive) as files:
            for member in files:
                if not member.isfile():
                    continue
                folder, name = member.name.split("/")[-2:]
                content = io.TextIOWrapper(files.extractfile(member), "utf8", newline="").read()
                if name.endswith(".txt"):
                    texts[name] = content
                elif name.endswith(".xml"):
                    annotations.append((folder, name, content))
        return cls(texts, tuple(_pair(*annotation) for annotation in sorted(annotations)))

    def half(self, name: str) -> tuple[Pair, ...]:
        """Return the pairs of one half; all pairs of a suspicious document are in the same."""
        return tuple(
            p for p in self.pairs if crc32(p.suspicious.encode()) % 2 == HALVES.index(name)
        )


def _pair(folder: str, name: str, xml: str) -> Pair:
    suspicious, source = name.removesuffix(".xml").split("-source-")
    cases = tuple(
        Stretch(
            *(
                Span(
                    number(side, "offset", tag),
                    number(side, "offset", tag) + number(side, "length", tag),
                )
                for side in ("this", "source")
            )
        )
        for tag in _FEATURE.findall(xml)
    )
    return Pair(NAMES[folder], f"{suspicious}.txt", f"source-{source}.txt", cases)


def number(side: str, what: str, tag: str) -> int:
    """Read one number of an annotation."""
    return int(re.search(rf'\b{side}_{what}="(\d+)"', tag)[1])


def detect(pairs: Iterable[Pair], texts: dict[str, str]) -> Iterator[Pair]:
    """Align every pair and yield it with the passages found."""
    index = Index.in_memory()
    aligner = Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)
    for pair in pairs:
        one, other = (
            Article.from_text(texts[name], id=name) for name in (pair.suspicious, pair.source)
        )
        passages = aligner.align(one, other).passages
        found = tuple(Stretch(p.span, p.source_span) for p in passages)
        yield Pair(pair.kind, pair.suspicious, pair.source, pair.cases, found)


def show(pairs: Sequence[Pair]) -> None:
    """Print the figures of each kind and of all."""
    click.echo(f"{'':12} pairs  PlagDet  recall  precision  granularity")
    for kind in (*NAMES.values(), "overall"):
        own = [pair for pair in pairs if kind in {pair.kind, "overall"}]
        figures = score(own)
        if kind == "unrelated":
            wrong = sum(bool(pair.found) for pair in own)
            click.echo(f"{kind:12} {len(own):5}  {wrong} pairs with a passage")
        else:
            click.echo(
                f"{kind:12} {len(own):5}   {figures.plagdet:.4f}  {figures.recall:.4f}     "
                f"{figures.precision:.4f}       {figures.granularity:.4f}"
            )


@click.command()
@click.argument("archive", type=click.Path(exists=True, path_type=Path))
@click.option("--half", type=click.Choice(HALVES), help="Only this half of the pairs.")
@click.option("--every", default=1, help="Only every n-th pair, for a quick look.")
def main(archive: Path, half: str | None, every: int) -> None:
    """Measure the passages on the corpus in ARCHIVE."""
    corpus = Corpus.read(archive)
    chosen = (corpus.half(half) if half else corpus.pairs)[::every]
    start, busy = time.perf_counter(), time.process_time()
    found = list(detect(chosen, corpus.texts))
    wall, busy = time.perf_counter() - start, time.process_time() - busy
    show(found)
    click.echo(f"{len(found) / wall:.1f} pairs a second, {len(found) / busy:.1f} a CPU second")


if __name__ == "__main__":
    main()
