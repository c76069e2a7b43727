"""The benchmark counts as Potthast et al. 2010 do."""

from __future__ import annotations

import io
import sys
import tarfile
from math import log2
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.pan13 import Corpus, Pair, Stretch, score  # noqa: E402

from detector.article import Span  # noqa: E402


def stretch(here: tuple[int, int], there: tuple[int, int]) -> Stretch:
    return Stretch(Span(*here), Span(*there))


CASE = stretch((100, 200), (0, 100))


def pair(*found: Stretch, cases: tuple[Stretch, ...] = (CASE,)) -> Pair:
    return Pair("none", "suspicious", "source", cases, found)


def test_the_exact_stretch_scores_one() -> None:
    found = score([pair(CASE)])
    assert (found.recall, found.precision, found.granularity, found.plagdet) == (1, 1, 1, 1)


def test_half_of_both_sides_is_half_the_recall() -> None:
    found = score([pair(stretch((100, 150), (50, 100)))])
    assert (found.recall, found.precision) == (0.5, 1)
    assert found.plagdet == pytest.approx(2 / 3)


def test_a_stretch_must_meet_the_case_on_both_sides() -> None:
    found = score([pair(stretch((100, 200), (100, 200)))])
    assert (found.recall, found.precision, found.plagdet) == (0, 0, 0)


def test_a_case_found_in_two_pieces_costs_granularity() -> None:
    found = score([pair(stretch((100, 150), (0, 50)), stretch((150, 200), (50, 100)))])
    assert (found.recall, found.precision, found.granularity) == (1, 1, 2)
    assert found.plagdet == pytest.approx(1 / log2(3))


def test_overlapping_pieces_are_not_counted_twice() -> None:
    found = score([pair(stretch((100, 160), (0, 60)), stretch((140, 160), (40, 60)))])
    assert found.recall == pytest.approx(0.6)


def test_a_wrong_stretch_lowers_the_precision_of_an_unrelated_pair() -> None:
    found = score([pair(CASE), pair(CASE, cases=())])
    assert (found.recall, found.precision) == (1, 0.5)


def test_a_corpus_is_read_with_its_line_ends(tmp_path: Path) -> None:
    xml = (
        '<document><feature name="about" /><feature name="plagiarism" this_offset="2" '
        'this_length="4" source_offset="0" source_length="3" /></document>'
    )
    files = {
        "pan/02-no-obfuscation/suspicious-document1-source-document2.xml": xml,
        "pan/susp/suspicious-document1.txt": "a\r\nb\r\nc",
        "pan/src/source-document2.txt": "b\r\nc",
    }
    with tarfile.open(tmp_path / "pan.tar", "w") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    corpus = Corpus.read(tmp_path / "pan.tar")
    (found,) = corpus.pairs
    assert found.cases == (stretch((2, 6), (0, 3)),)
    assert (found.kind, found.suspicious) == ("none", "suspicious-document1.txt")
    assert corpus.texts[found.suspicious] == "a\r\nb\r\nc"
    assert sorted(corpus.half("first") + corpus.half("second"), key=id) == [found]
