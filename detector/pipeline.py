"""The sentence itself: match with candidates, align, measure, judge, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from pathlib import Path

from detector.alignment import Aligner
from detector.article import Article, joined
from detector.boilerplate import Boilerplate, SourceBoilerplate
from detector.candidates import Candidate, find_candidates, find_likely
from detector.encoders import Encoder
from detector.encoders.static import StaticEncoder
from detector.entailment import FILE as ENTAILMENT
from detector.entailment import EntailmentReader
from detector.evidence import Evidence, exclusive_shares, gather
from detector.evidence.carriers import same_text
from detector.evidence.fabrication import Finding, find_fabrications, load_weights
from detector.evidence.overlap import overlap
from detector.evidence.plugs import PLUG_SIGNALS, Plug, find_plugs, plugs_alone, plugs_beside
from detector.evidence.reuse import SIGNALS
from detector.evidence.style import Style, StyleModel
from detector.index import Index
from detector.models import load_models, load_plug_model
from detector.outlook import SAME_STORY
from detector.readers import Failure
from detector.report import Provenance, Report
from detector.risk import Findings, RiskModel, risk_signals
from detector.shipped import model_hash
from detector.verdict import (
    HONEST,
    MOSAIC_SHARE,
    UNDECIDED,
    Verdict,
    judge,
    moment,
    names_source,
    published_too_late,
)
from detector.version import __version__

# Two sources are tried together when each explains this share of the article by itself.
WOVEN_COVERAGE = 0.15
# Two sources this alike are one story twice, not two threads of a mosaic.
WOVEN_LIKENESS = 0.5
# Details of one kind, each of the article's with each of its sources': over a CPU second. Of 1,990
# crawled texts the one with the most, 410 numbers, makes 168,000 pairs with one like itself.
MOST_DETAIL_PAIRS = 200_000
# Only the likeliest few are tried in pairs.
WOVEN_SOURCES = 3
# Candidates are measured likeliest first. Once two in a row come out below this probability, the
# others are not measured; one is enough where it comes out below the second and the next is less
# likely by these log-odds. A source of a mosaic is seldom likely by itself: what explains this
# share of the article is not in vain. Of 600 crawled articles none lost its only source of .5 by
# that, of 1,199 labelled or machine-made ones one; of 12 mosaics 11 have both sources measured.
MEASURED_IN_VAIN, IN_VAIN, HOPELESS, LESS_LIKELY, EXPLAINS = 2, 0.2, 0.05, 0.5, 0.35
# Nor are later copies of so many sources that have turned out.
MEASURED_COPIES = 3


class Detector:
    """Examines articles against an index of sources; safe to use from several threads."""

    def __init__(self, index: Index, boilerplate: Boilerplate | None = None) -> None:
        """Load the models.

        Args:
            index: the sources.
            boilerplate: what knows the sites' boilerplate; learned from the sources when absent.
        """
        self.index = index
        self.models = load_models(SIGNALS)
        self.weights = load_weights()
        self.plug_model = load_plug_model(PLUG_SIGNALS)
        self.style_model = StyleModel.load()
        self._entailment_hash = model_hash(ENTAILMENT)
        self._boilerplate = boilerplate or SourceBoilerplate(index.of_site)
        self.aligner = Aligner(index.encoder, index.fingerprinter.extractor, index.rarity)
        # Plugs and inventions are read with the encoder they were learned with.
        own = index.encoder
        self._static = own if isinstance(own, StaticEncoder) else StaticEncoder.shipped()
        self._reader = self.aligner
        if self._static is not own:
            self._reader = Aligner(self._static, index.fingerprinter.extractor, index.rarity)

    @cached_property
    def _entailment(self) -> EntailmentReader:
        """Loaded when the first derivative is looked through."""
        own = self._static
        return EntailmentReader.shipped(own if own.splits_as_shipped else StaticEncoder.shipped())

    @classmethod
    def from_sources(
        cls, sources: Iterable[Article], encoder: Encoder | None = None, *, workers: int = 1
    ) -> Detector:
        """Make a detector whose sources are held in memory.

        Args:
            sources: articles to compare others with.
            encoder: turns texts into vectors; the shipped one when None.
            workers: processes that prepare the sources; 1 does it in this one.
        """
        index = Index.in_memory(encoder)
        index.add(sources, workers=workers)
        return cls(index)

    @classmethod
    def open(cls, folder: str | Path, encoder: Encoder | None = None) -> Detector:
        """Make a detector over an index in a folder.

        Raises:
            IndexMismatch: no index there, or one made with other settings.
        """
        return cls(Index.open(folder, encoder))

    def examine(self, article: Article, *, earlier_only: bool = False) -> Report:
        """Find what an article was made from and weigh the evidence.

        Args:
            article: the article.
            earlier_only: the article is itself in the index, and only sources published (or,
                without dates, added) before it count.
        """
        article = self._boilerplate.mark(article)
        return self.report(article, self.judge(article, earlier_only=earlier_only))

    def judge(self, article: Article, *, earlier_only: bool = False) -> Verdict:
        """Find what an article was made from; as ``examine``, without the other findings."""
        fingerprint = self.index.fingerprint(article)
        candidates = find_likely(
            article, self.index, earlier_only=earlier_only, fingerprint=fingerprint
        )
        self.aligner.remember(article, fingerprint.terms)
        for candidate in candidates:
            self.aligner.remember(candidate.source, candidate.terms)
        copies = same_text(candidates)
        if copies and earlier_only:  # those of any date
            copies = same_text(find_candidates(article, self.index, fingerprint=fingerprint))
        evidence = self._measured(article, candidates, tuple(map(self._boilerplate.mark, copies)))
        evidence += self._woven(article, evidence, candidates)
        return judge(article, evidence, self.models, searched=len(self.index))

    def report(self, article: Article, verdict: Verdict) -> Report:
        """Add to a verdict the other findings, and sum all of them up."""
        findings = self.findings(article, verdict)
        signals = risk_signals(article, verdict, findings)
        provenance = self.provenance
        if findings.fabrications is None:
            examined = tuple(name for name in provenance.examined if name != "fabrications")
            provenance = replace(provenance, examined=examined)
        return Report(
            article,
            self.risk_model.sum_up(verdict, signals),
            provenance,
            plugs=findings.plugs,
            fabrications=findings.fabrications or (),
            style=findings.style,
        )

    def findings(self, article: Article, verdict: Verdict) -> Findings:
        """Look for plugs, invented details, and marks of style."""
        plugs = self._plugs(article, verdict)
        fabrications = self._fabrications(article, verdict, plugs)
        return Findings(plugs, fabrications, self._style(article, verdict))

    def examine_many(
        self, articles: Iterable[Article | Failure], *, workers: int = 1
    ) -> Iterator[Report | Failure]:
        """Examine a stream of articles; yields in input order, and goes on after a failure."""
        from detector.scan import scan  # scan builds on this module

        return scan(articles, self, workers=workers)

    @cached_property
    def risk_model(self) -> RiskModel:
        """What sums the findings up; loaded with the first report, for it is trained on others."""
        return RiskModel.load()

    @property
    def provenance(self) -> Provenance:
        """What the reports of this detector are made with."""
        name = self.index.path.name if self.index.path else "memory"
        hashes = {
            **self.models.hashes,
            "plugs": self.plug_model.hash,
            "fabrication": self.weights.hash,
            "entailment": self._entailment_hash,
            "style": self.style_model.hash,
            "risk": self.risk_model.hash,
        }
        return Provenance(__version__, hashes, self.index.encoder.name, name)

    def _plugs(self, article: Article, verdict: Verdict) -> tuple[Plug, ...]:
        prepared = self._reader.prepare(article)
        found = find_plugs(prepared, self.plug_model, self._reader.rarity)
        if names_source(verdict):
            return plugs_beside(found, [judged.evidence.alignment for judged in verdict.sources])
        return plugs_alone(found)

    def _fabrications(
        self, article: Article, verdict: Verdict, plugs: Sequence[Plug]
    ) -> tuple[Finding, ...] | None:
        """Find invented details; nothing is called invented where no source is likely.

        Returns:
            What was found; None where there are too many details to look.
        """
        if verdict.relation in HONEST:
            return ()
        sources = [judged.source for judged in verdict.sources]
        if self._has_too_many_details(article, sources):
            return None
        apart = [plug.span for plug in plugs]
        return find_fabrications(
            article,
            sources,
            aligner=self._reader,
            weights=self.weights,
            reader=self._entailment,
            apart=apart,
        )

    def _has_too_many_details(self, article: Article, sources: Sequence[Article]) -> bool:
        """Tell whether a text and its sources are tables, whose details take minutes to compare."""
        here, *there = (
            Counter(fact.kind for fact in self._reader.prepare(each).facts)
            for each in (article, *sources)
        )
        return any(
            here[kind] * sum(side[kind] for side in there) > MOST_DETAIL_PAIRS for kind in here
        )

    def _style(self, article: Article, verdict: Verdict) -> Style:
        named = verdict.sources if names_source(verdict) else ()
        alignments = [judged.evidence.alignment for judged in named]
        return self.style_model.examine(article, alignments, self.aligner)

    def _measured(
        self, article: Article, candidates: Sequence[Candidate], copies: tuple[Article, ...]
    ) -> list[Evidence]:
        """Measure the likely candidates, likeliest first, while another may change the verdict."""
        evidence: list[Evidence] = []
        told: list[Candidate] = []
        likely = [candidate for candidate in candidates if candidate.is_likely]
        likely.sort(key=lambda c: (-c.outlook, moment(c.source), c.source.id))
        for candidate in likely:
            if _in_vain(evidence, likely[0].outlook - candidate.outlook):
                break
            if sum(self._repeats(candidate, known) for known in told) >= MEASURED_COPIES:
                continue
            alignment = self.aligner.align(article, self._boilerplate.mark(candidate.source))
            found = gather(alignment, self.aligner, candidate=candidate, copies=copies)
            chance = self.models.derivation.probability(found.reuse.values())
            evidence.append(replace(found, chance=chance))
            if chance >= UNDECIDED:
                told.append(candidate)
        return evidence

    def _repeats(self, candidate: Candidate, known: Candidate) -> bool:
        """Tell whether a candidate tells a known one's story again, and did not tell it first."""
        if moment(candidate.source) < moment(known.source):
            return False
        return overlap(candidate.terms.terms, known.terms.terms, self.aligner).support >= SAME_STORY

    def _woven(
        self, article: Article, evidence: Sequence[Evidence], found: Sequence[Candidate]
    ) -> Iterator[Evidence]:
        """Yield evidence over pairs of sources that may make up the article together."""
        explain = [
            e
            for e in evidence
            if e.alignment.coverage >= WOVEN_COVERAGE
            and not published_too_late(article, e.alignment.source)
        ]
        explain.sort(key=lambda e: (-e.alignment.coverage, e.alignment.source.id))
        for one, other in combinations(explain[:WOVEN_SOURCES], 2):
            first, second = (e.alignment.source for e in (one, other))
            if min(exclusive_shares((one, other))) < MOSAIC_SHARE:  # no mosaic, whatever else
                continue
            if self.aligner.align(first, second).coverage < WOVEN_LIKENESS:
                alignment = self.aligner.align(article, joined([first, second]))
                rivals = [c.source for c in found if c.source.id not in {first.id, second.id}]
                yield gather(alignment, self.aligner, parts=(one, other), rivals=rivals)


def _in_vain(measured: Sequence[Evidence], less_likely: float) -> bool:
    """Tell by what was measured that what is less likely than the first of it need not be.

    Args:
        measured: the likeliest candidates.
        less_likely: by how much the next is less likely than the first, in log-odds.
    """
    last = [(one.chance or 0.0, one.alignment.coverage) for one in measured[-MEASURED_IN_VAIN:]]
    if len(last) == 1:
        ((chance, coverage),) = last
        return chance < HOPELESS and coverage < WOVEN_COVERAGE and less_likely > LESS_LIKELY
    return len(last) == MEASURED_IN_VAIN and all(
        chance < IN_VAIN and coverage < EXPLAINS for chance, coverage in last
    )


def compare(suspect: Article, source: Article, *, encoder: Encoder | None = None) -> Report:
    """Examine one pair, without an index."""
    detector = Detector.from_sources([], encoder)
    alignment = detector.aligner.align(suspect, source)
    evidence = gather(alignment, detector.aligner)
    return detector.report(suspect, judge(suspect, [evidence], detector.models, searched=1))
