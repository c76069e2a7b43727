"""Claims about the shipped weights of invented details."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detector.article import Article, Span
from detector.entailment import Answers, PieceAnswers
from detector.errors import ModelError
from detector.evidence.fabrication.claims import NOWHERE, as_read
from detector.evidence.fabrication.context import IN_CONTEXT, both
from detector.evidence.fabrication.finding import Doubt, Elsewhere, Reading, Weighed
from detector.evidence.fabrication.reading import OF_READING, place_of, signals_of
from detector.evidence.fabrication.weights import FILE, MOST_READ, SIGNALS, Line, load_weights
from detector.shipped import model_folder


def put(weights: object, folder: Path) -> None:
    """Write weights into a folder of models, and list them."""
    content = json.dumps(weights).encode()
    (folder / FILE).write_bytes(content)
    listed = {FILE: sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(listed), encoding="utf8")


def test_a_line_is_a_logistic_sum() -> None:
    line = Line(weights=(2.0, -1.0), bias=0.5)
    assert line.probability((0.0, 0.5)) == 0.5
    assert line.probability((1.0, 0.0)) == pytest.approx(0.9241, abs=1e-4)


def test_every_kind_of_the_contract_and_what_is_put_for_other_words_is_weighed() -> None:
    kinds = {*"dateline date place number person org quote claim".split(), "exchange", "role"}
    weights = load_weights()
    assert set(SIGNALS) == kinds
    assert {*weights.lines, *weights.trees} == kinds
    assert not {*weights.lines} & {*weights.trees}
    for kind, line in weights.lines.items():
        assert len(line.weights) == len(SIGNALS[kind])
    for kind, trees in weights.trees.items():
        assert trees.signals == SIGNALS[kind]
    assert set(weights.placed) == {"number", "date", "place", "person", "org", "claim"}
    for kind, trees in weights.placed.items():
        assert trees.signals == (*SIGNALS[kind], *IN_CONTEXT)
    for kind in kinds:
        assert 0 < weights.threshold(kind) < 1
    assert weights.hash.startswith("sha256:")


def test_a_name_that_the_source_has_nearby_is_never_more_suspicious() -> None:
    for kind in ("place", "person", "org"):
        line = load_weights().lines[kind]
        by_name = dict(zip(SIGNALS[kind], line.weights, strict=True))
        assert by_name["found"] < 0
        assert by_name["match"] < 0
        assert by_name["missing_beside"] > 0


def test_weights_for_other_signals_are_refused(tmp_path: Path) -> None:
    shipped = json.loads((model_folder() / FILE).read_text(encoding="utf8"))
    shipped["kinds"]["claim"]["signals"][0] = "another"
    put(shipped, tmp_path)
    with pytest.raises(ModelError, match=r"fabrication\.json was trained for other signals"):
        load_weights(tmp_path)


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    for name in (FILE, "manifest.json"):
        shutil.copy(model_folder() / name, tmp_path / name)
    with (tmp_path / FILE).open("a", encoding="utf8") as file:
        file.write(" ")
    with pytest.raises(ModelError, match="the manifest says"):
        load_weights(tmp_path)


@dataclass
class Fixed:
    """Trees that say what they are told to, and remember what they were shown."""

    says: float
    shown: list[NDArray[np.float64]] = field(default_factory=list)

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        self.shown.append(rows)
        return np.full(len(rows), self.says)


@dataclass
class Reader:
    """Answers every pair alike, and remembers the pairs."""

    contradicted: float
    lacking: float
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def read(self, passages: Sequence[str], sentences: Sequence[str]) -> Answers:
        self.pairs += zip(passages, sentences, strict=True)
        told = [np.full(len(sentences), odds, np.float32) for odds in self.odds]
        return Answers(*told, tuple(by_word(sentence, *self.odds) for sentence in sentences))

    @property
    def odds(self) -> tuple[float, float]:
        return self.contradicted, self.lacking


def by_word(sentence: str, contradicted: float, lacking: float) -> PieceAnswers:
    """Answer each word of a sentence alike."""
    places = np.array([word.span() for word in re.finditer(r"\w+", sentence)], np.intp)
    told = [np.full(len(places), odds, np.float32) for odds in (contradicted, lacking)]
    return PieceAnswers(places[:, 0], places[:, 1], *told)


SOURCE = Article.from_text("The bridge was closed.", id="s")
NEAREST = Elsewhere(SOURCE, Span(0, 22))


def doubt(kind: Weighed, n: int = 0) -> Doubt:
    reading = Reading(f"The bridge, number {n}, was opened.", 0, (NEAREST,))
    signals = (0.0,) * len(SIGNALS[kind])
    return Doubt(Span(n, n + 5), kind, signals, "unsupported", "why", None, reading, n)


def weighed(
    doubts: Sequence[Doubt], reader: Reader, first: float
) -> tuple[list[tuple[Doubt, float]], Fixed]:
    again = Fixed(0.77)
    weights = replace(
        load_weights(),
        trees={"claim": Fixed(first), "number": Fixed(first)},  # type: ignore[dict-item]
        placed={},
        reread=again,  # type: ignore[arg-type]
        doubtful=(0.2, 0.9),
    )
    return weights.weighed(doubts, reader), again  # type: ignore[arg-type]


def test_claims_in_doubt_are_read_and_weighed_again() -> None:
    reader = Reader(contradicted=1.0, lacking=3.0)
    found, again = weighed([doubt("claim"), doubt("number"), doubt("claim", 1)], reader, 0.5)
    assert [probability for _, probability in found] == [0.77, 0.5, 0.77]
    told = [f"The bridge, number {n}, was opened." for n in (0, 1)]
    assert reader.pairs == [(SOURCE.text, sentence) for sentence in told]
    (rows,) = again.shown
    known = len(SIGNALS["claim"]) + len(IN_CONTEXT)
    assert rows.shape == (2, known + len(OF_READING))
    assert rows[0, known:][:3] == pytest.approx([1.0, 3.0, np.logaddexp(1, 3)])


SENTENCE = "The old bridge by the mill was sold in 1987 to a firm."
TOLD = by_word(SENTENCE, 0, 0)
WHOLE = (np.zeros(1, np.float32), np.zeros(1, np.float32))


def read(wrong: str, apart: str = "") -> dict[str, float]:
    """Return the signals of a claim of which some words were read to be wrong."""
    is_wrong = np.isin(TOLD.starts, [SENTENCE.find(word) for word in wrong.split()])
    odds = np.where(is_wrong, 4.0, -4.0).astype(np.float32)
    pieces = PieceAnswers(TOLD.starts, TOLD.ends, odds, odds - 9)
    places = [(SENTENCE.find(word), len(word)) for word in apart.split()]
    details = [Span(100 + start, 100 + start + size) for start, size in places]
    told = replace(doubt("claim"), reading=Reading(SENTENCE, 100, (NEAREST,)))
    values = signals_of(told, Answers(*WHOLE, (pieces,)), 0, details)
    return dict(zip(OF_READING, values, strict=True))


def test_a_claim_is_told_by_the_words_that_are_no_detail() -> None:
    detail, phrase = read("1987", "1987"), read("mill", "1987")
    assert detail["worst"] == pytest.approx(-4, abs=0.01)
    assert phrase["worst"] == detail["worst_anywhere"] == pytest.approx(4, abs=0.01)
    assert phrase["expected"] == pytest.approx(1.17, abs=0.05)
    assert read("mill firm")["worst_four"] > phrase["worst_four"]


CUT = SENTENCE.find("was")
HALVES = Span(100, 100 + CUT - 1), Span(100 + CUT, 100 + len(SENTENCE))


def read_by_clause(wrong: str, weakest: int) -> tuple[Reading, PieceAnswers]:
    is_wrong = np.isin(TOLD.starts, [SENTENCE.find(word) for word in wrong.split()])
    odds = np.where(is_wrong, 4.0, -4.0).astype(np.float32)
    pieces = PieceAnswers(TOLD.starts, TOLD.ends, odds - 9, odds)
    return Reading(SENTENCE, 100, (NEAREST,), HALVES, weakest), pieces


@pytest.mark.parametrize(
    ("wrong", "weakest", "named"),
    [("sold firm", 1, HALVES[1]), ("old mill", 0, HALVES[0]), ("sold firm", 0, None)],
)
def test_a_clause_is_named_where_answers_and_words_agree(
    wrong: str, weakest: int, named: Span | None
) -> None:
    assert place_of(*read_by_clause(wrong, weakest), []) == (
        named or Span(100, 100 + len(SENTENCE))
    )


def test_a_clause_that_is_worse_than_the_others_is_measured_by_itself() -> None:
    reading, pieces = read_by_clause("sold 1987 firm", 1)
    told = replace(doubt("claim"), reading=reading)
    values = signals_of(told, Answers(*WHOLE, (pieces,)), 0, [])
    found = dict(zip(OF_READING, values, strict=True))
    # Three of its seven words are wrong, and none of the other's six.
    assert found["clause"] == pytest.approx((3 * 4 - 4 * 4) / 7, abs=0.01)
    assert found["clause_apart"] == pytest.approx(found["clause"] + 4, abs=0.01)
    assert found["clause_lacking"] > found["clause_contradicted"]
    assert found["clause_agreed"] == 1
    nothing_apart = replace(told, reading=replace(reading, clauses=(), weakest=0))
    lone = dict(
        zip(OF_READING, signals_of(nothing_apart, Answers(*WHOLE, (pieces,)), 0, []), strict=True)
    )
    assert lone["clause_apart"] == 0


def test_a_sentence_of_which_nothing_was_read_by_word_has_signals_all_the_same() -> None:
    nothing = PieceAnswers(*(np.zeros(0, np.intp),) * 2, *(np.zeros(0, np.float32),) * 2)
    values = signals_of(doubt("claim"), Answers(*WHOLE, (nothing,)), 0, [Span(0, 3)])
    assert len(values) == len(OF_READING)


@pytest.mark.parametrize(("half", "why"), [(0, NOWHERE), (1, f"{NOWHERE}, nor has it “1987”")])
def test_a_reason_names_only_details_of_the_clause_that_it_speaks_of(half: int, why: str) -> None:
    year = 100 + SENTENCE.find("1987")
    reading = Reading(SENTENCE, 100, (NEAREST,), HALVES, missing=(Span(year, year + 4),))
    told = as_read(replace(doubt("claim"), reading=reading), HALVES[half], None)
    assert (told.span, told.why) == (HALVES[half], why)


@pytest.mark.parametrize("first", [0.1, 0.95])
def test_what_is_not_in_doubt_is_not_read(first: float) -> None:
    reader = Reader(3.0, 1.0)
    found, _ = weighed([doubt("claim"), doubt("number")], reader, first)
    assert [probability for _, probability in found] == [first] * 2
    assert reader.pairs == []


def test_a_claim_that_is_read_to_be_otherwise_points_to_the_source() -> None:
    ((claim, _), (number, _)), _ = weighed([doubt("claim"), doubt("number")], Reader(3, 1), 0.5)
    assert (claim.verdict, claim.elsewhere) == ("contradicted", NEAREST)
    assert "otherwise" in claim.why
    assert (number.verdict, number.elsewhere, number.why) == ("unsupported", None, "why")
    (claim, _), *_ = weighed([doubt("claim")], Reader(1, 3), 0.5)[0]
    assert (claim.verdict, claim.elsewhere) == ("unsupported", None)


def test_only_the_likest_sentence_is_said_to_say_otherwise() -> None:
    other = Elsewhere(SOURCE, Span(4, 10))
    claim = doubt("claim")
    assert claim.reading is not None
    claim = replace(claim, reading=replace(claim.reading, near=(NEAREST, other), likest=1))
    ((told, _),), _ = weighed([claim], Reader(3, 1), 0.5)
    assert told.elsewhere == other


def test_no_more_is_read_of_an_article_than_takes_half_a_second() -> None:
    reader = Reader(1.0, 3.0)
    found, _ = weighed([doubt("claim", n) for n in range(MOST_READ + 9)], reader, 0.5)
    assert len(reader.pairs) == MOST_READ
    assert sorted({probability for _, probability in found}) == [0.5, 0.77]


def test_what_stands_around_a_detail_is_weighed_with_it() -> None:
    placed = Fixed(0.66)
    weights = replace(
        load_weights(),
        trees={"claim": Fixed(0.3), "number": Fixed(0.8)},  # type: ignore[dict-item]
        placed={"claim": placed},  # type: ignore[dict-item]
    )
    doubts = [doubt("claim"), doubt("number"), doubt("claim", 1)]
    told = both(np.array([0.3]), np.array([0.66]))[0]
    assert 0.3 < told < 0.66
    assert weights.in_place(doubts) == [told, 0.8, told]
    (rows,) = placed.shown
    beside, around = (IN_CONTEXT.index(name) for name in ("beside", "around"))
    told = rows[:, len(SIGNALS["claim"]) :]
    assert told[:, beside].tolist() == [0.8, 0.0]
    assert told[:, around].tolist() == [0.0, 0.8]


@pytest.mark.parametrize("stage", ["placed", "reread"])
def test_weights_for_another_stage_are_refused(tmp_path: Path, stage: str) -> None:
    shipped = json.loads((model_folder() / FILE).read_text(encoding="utf8"))
    shipped[stage] = {}
    put(shipped, tmp_path)
    with pytest.raises(ModelError, match=r"fabrication\.json was trained for other signals"):
        load_weights(tmp_path)
