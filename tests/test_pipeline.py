"""Claims about the library's calls: what they return, and that nothing but the input decides it."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from conftest import FIXTURES, Shell

from detector import Article, Detector, DetectorError, Failure, Index, Report, compare
from detector.article import parse_date
from detector.encoders.static import StaticEncoder
from detector.evidence import Evidence
from detector.pipeline import MEASURED_COPIES, WOVEN_SOURCES, _in_vain
from detector.readers import read_articles
from detector.shipped import model_folder

News = dict[str, Article]
IDS = "eel-d1 eel-d2 eel-h1 bridge-d4 vote-d1 final-d3 trial-d4 misc-h1 eel-d3 eel-d4".split()
# Prints the reports on some fixtures, as JSON lines.
EXAMINING = """
import json, sys
from detector import Detector, read_articles
detector = Detector.from_sources(read_articles([sys.argv[1]]))
wanted = set(sys.argv[3].split())
articles = [a for a in read_articles([sys.argv[2]]) if a.id in wanted]
for report in map(detector.examine, articles):
    print(json.dumps(report.to_dict(with_text=True), ensure_ascii=False, allow_nan=False))
"""


def as_json(report: Report | Failure) -> str:
    assert isinstance(report, Report)
    return json.dumps(report.to_dict(with_text=True), ensure_ascii=False, allow_nan=False)


@pytest.fixture(scope="module")
def expected(examined: Callable[[str], Report]) -> list[str]:
    """Return the reports on ``IDS`` as one thread of one process writes them."""
    return [as_json(examined(id)) for id in IDS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sources: tuple[Article, ...]) -> Path:
    folder = tmp_path_factory.mktemp("index") / "sources.index"
    with Index.create(folder) as index:
        index.add(sources)
    return folder


def test_the_calls_of_the_readme_work(news: News) -> None:
    article = Article.from_text(news["eel-d1"].text, title="Barrage", published="2025-09-18")
    detector = Detector.from_sources([news["eel-s1"], news["vote-s1"]])
    report = detector.examine(article)
    assert isinstance(report, Report)
    assert report.article is article
    assert (report.verdict.label, report.verdict.relation) == ("derivative", "copy")
    assert report.to_dict()["derivation"]["source"]["id"] == "eel-s1"
    (again,) = detector.examine_many([article])
    assert isinstance(again, Report)
    assert again.to_dict() == report.to_dict()
    pair = compare(article, news["eel-s1"])
    assert (pair.verdict.label, pair.verdict.relation) == ("derivative", "copy")


def test_articles_come_from_html_too(news: News) -> None:
    body = "".join(f"<p>{line}</p>" for line in news["eel-d1"].text.split("\n") if line)
    page = f"<html><body><article><h1>Eels</h1>{body}</article></body></html>"
    article = Article.from_html(page, url="https://copies.example/1")
    verdict = compare(article, news["eel-s1"]).verdict
    assert (verdict.label, verdict.relation) == ("derivative", "copy")


def test_articles_come_from_files_too(tmp_path: Path, news: News) -> None:
    file = tmp_path / "suspect.txt"
    file.write_text(news["eel-d1"].text, encoding="utf8")
    assert compare(Article.from_file(file), news["eel-s1"]).verdict.label == "derivative"


def test_the_pair_decides_as_the_index_does(news: News, examined: Callable[[str], Report]) -> None:
    for id in ("eel-d1", "eel-d2", "vote-d1"):
        source = news[id.split("-")[0] + "-s1"]
        pair, found = compare(news[id], source), examined(id)
        assert (pair.verdict.label, pair.verdict.relation) == (
            found.verdict.label,
            found.verdict.relation,
        )
        assert pair.verdict.probability == pytest.approx(found.verdict.probability, abs=0.05)
        assert pair.to_dict()["alignment"] == found.to_dict()["alignment"]
        assert pair.to_dict()["derivation"]["found_by"] == []
        assert found.to_dict()["derivation"]["found_by"]


def test_an_index_in_a_folder_decides_as_one_in_memory(
    folder: Path, news: News, expected: list[str]
) -> None:
    detector = Detector.open(folder)
    for id, report in zip(IDS, expected, strict=True):
        shown = json.loads(as_json(detector.examine(news[id])))
        assert shown["provenance"].pop("index") == "sources.index"
        wanted = json.loads(report)
        assert wanted["provenance"].pop("index") == "memory"
        assert shown == wanted


def test_a_static_encoder_with_other_word_pieces_reads_what_is_in_doubt_too(
    tmp_path: Path, news: News
) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(model_folder() / "static-encoder", folder)
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf8"))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, indent=1), encoding="utf8")
    encoder = StaticEncoder.from_folder(folder)
    assert StaticEncoder.shipped().splits_as_shipped
    assert not encoder.splits_as_shipped
    expected, found = (
        compare(news["ports-d2"], news["ports-s1"], encoder=own).fabrications
        for own in (None, encoder)
    )
    assert found == expected
    assert found


def test_opening_no_index_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(DetectorError, match="holds no index"):
        Detector.open(tmp_path)


def test_an_article_is_never_its_own_source(examiner: Detector, news: News) -> None:
    verdict = examiner.examine(news["eel-s1"]).verdict
    assert verdict.label == "original"
    assert "eel-s1" not in [judged.source.id for judged in (*verdict.sources, *verdict.others)]


def test_a_detector_without_sources_finds_none(news: News) -> None:
    verdict = Detector.from_sources([]).examine(news["eel-d1"]).verdict
    assert (verdict.sources, verdict.others, verdict.probability) == ((), (), 0.0)


def test_sources_are_added_while_the_detector_is_in_use(news: News) -> None:
    detector = Detector.from_sources([news["vote-s1"]])
    assert detector.examine(news["eel-d1"]).verdict.label == "original"
    detector.index.add([news["eel-s1"]])
    assert detector.examine(news["eel-d1"]).verdict.label == "derivative"
    detector.index.remove(["eel-s1"])
    assert detector.examine(news["eel-d1"]).verdict.label == "original"


def test_examining_many_streams(examiner: Detector, news: News) -> None:
    asked = []

    def articles() -> object:
        for id in IDS:
            asked.append(id)
            yield news[id]

    stream = examiner.examine_many(articles())
    first = next(stream)
    assert isinstance(first, Report)
    assert first.article.id == IDS[0]
    assert len(asked) == 1


def test_the_hash_seed_and_the_time_zone_change_nothing(shell: Shell, expected: list[str]) -> None:
    arguments = ("-c", EXAMINING, FIXTURES / "sources.jsonl", FIXTURES / "labelled.jsonl")
    first = shell(*arguments, " ".join(IDS), PYTHONHASHSEED="1", TZ="UTC", PYTHONIOENCODING="utf8")
    second = shell(
        *arguments, " ".join(IDS), PYTHONHASHSEED="2", TZ="Asia/Tokyo", PYTHONIOENCODING="utf8"
    )
    assert first.stderr == b""
    assert sorted(first.stdout.decode().splitlines()) == sorted(expected)
    assert first.stdout == second.stdout


def test_two_workers_report_the_same_in_the_same_order(
    examiner: Detector, news: News, expected: list[str]
) -> None:
    found = examiner.examine_many([news[id] for id in IDS], workers=2)
    assert [as_json(report) for report in found] == expected


def test_two_workers_over_a_folder_report_what_one_does(folder: Path, news: News) -> None:
    detector = Detector.open(folder)
    one, two = (
        list(map(as_json, detector.examine_many([news[id] for id in IDS[:4]], workers=workers)))
        for workers in (1, 2)
    )
    assert one == two


def test_four_threads_report_what_one_does(
    sources: tuple[Article, ...], news: News, expected: list[str]
) -> None:
    fresh = Detector.from_sources(sources)
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda id: as_json(fresh.examine(news[id])), IDS)
        assert list(found) == expected


def test_the_order_of_the_sources_changes_nothing(
    sources: tuple[Article, ...], news: News, expected: list[str]
) -> None:
    shuffled = random.Random(4).sample(sources, len(sources))
    assert shuffled != list(sources)
    detector = Detector.from_sources(shuffled)
    assert [as_json(detector.examine(news[id])) for id in IDS] == expected


def test_the_order_of_examination_changes_nothing(
    examiner: Detector, news: News, expected: list[str]
) -> None:
    wanted = dict(zip(IDS, expected, strict=True))
    for id in random.Random(9).sample(IDS, len(IDS)):
        assert as_json(examiner.examine(news[id])) == wanted[id]


def test_unrelated_sources_change_no_label(news: News, sources: tuple[Article, ...]) -> None:
    alone = Detector.from_sources([news["eel-s1"]])
    among = Detector.from_sources(sources)
    for id in ("eel-d1", "eel-d2", "eel-d3", "eel-d4", "eel-h1"):
        one, other = alone.examine(news[id]).verdict, among.examine(news[id]).verdict
        assert (one.label, one.relation) == (other.label, other.relation)
        assert one.probability == pytest.approx(other.probability, abs=0.05)


def test_the_clock_changes_nothing(
    examiner: Detector, news: News, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment in (0.0, 4e9):
        for clock in ("time", "monotonic", "perf_counter"):
            monkeypatch.setattr(time, clock, lambda moment=moment: moment)
        assert as_json(examiner.examine(news["eel-d2"])) == expected[IDS.index("eel-d2")]


def test_of_many_copies_of_the_source_one_is_named(news: News) -> None:
    copies = [news["eel-s1"].named(f"copy-{n}") for n in range(WOVEN_SOURCES + 4)]
    verdict = Detector.from_sources(copies).examine(news["eel-d1"]).verdict
    assert (verdict.label, verdict.relation, len(verdict.sources)) == ("derivative", "copy", 1)
    assert {judged.source.id for judged in (*verdict.sources, *verdict.others)} <= {
        copy.id for copy in copies
    }


def test_of_many_copies_without_dates_the_order_decides_nothing(news: News) -> None:
    copies = [news["eel-s1"].named(f"copy-{n}") for n in range(9)]
    named = set()
    for seed in range(4):
        random.Random(seed).shuffle(copies)
        named.add(
            Detector.from_sources(copies).examine(news["eel-d1"]).verdict.sources[0].source.id
        )
    assert len(named) == 1


def test_of_many_dated_copies_the_first_is_named_and_not_all_are_measured(news: News) -> None:
    copies = [
        replace(news["eel-s1"], id=f"copy{day}", published=parse_date(f"2025-09-{day:02}"))
        for day in range(1, 10)
    ]
    article = replace(news["eel-d1"], published=parse_date("2025-09-20"))
    for seed in range(4):
        random.Random(seed).shuffle(copies)
        verdict = Detector.from_sources(copies).examine(article).verdict
        assert verdict.sources[0].source.id == "copy1"
        assert len(verdict.chain) + 1 == MEASURED_COPIES


def test_failures_among_articles_are_passed_on(examiner: Detector, news: News) -> None:
    failure = Failure("crawl.jsonl", "broken JSON", line=2)
    found = list(examiner.examine_many([news["eel-d1"], failure, news["eel-h1"]]))
    assert found[1] is failure
    assert [isinstance(item, Report) for item in found] == [True, False, True]


def test_sources_may_be_read_straight_from_files() -> None:
    items = read_articles([FIXTURES / "sources.jsonl"])
    detector = Detector.from_sources(item for item in items if isinstance(item, Article))
    assert len(detector.index) == 19


@pytest.mark.parametrize(
    ("measured", "outlook", "in_vain"),
    [
        # Outlook, probability and share of the article explained, likeliest first.
        ([], -4.0, False),
        ([(1.0, 0.01, 0.05)], 0.2, True),
        ([(1.0, 0.01, 0.05)], 0.9, False),  # as likely as the one before
        ([(1.0, 0.01, 0.30)], 0.2, False),  # it may be half of a mosaic
        ([(1.0, 0.10, 0.05)], 0.2, False),
        ([(1.0, 0.10, 0.05), (0.0, 0.10, 0.05)], -0.1, True),
        ([(1.0, 0.01, 0.45), (0.0, 0.10, 0.05)], -0.1, False),
        ([(2.0, 0.95, 0.60), (0.0, 0.10, 0.05)], -0.1, False),
        ([(2.0, 0.95, 0.60), (0.0, 0.10, 0.05), (-0.1, 0.10, 0.05)], -0.2, True),
    ],
)
def test_less_likely_candidates_are_not_measured_in_vain(
    measured: list[tuple[float, float, float]], outlook: float, in_vain: bool
) -> None:
    evidence = [
        cast(Evidence, SimpleNamespace(chance=p, alignment=SimpleNamespace(coverage=explained)))
        for _, p, explained in measured
    ]
    likeliest = measured[0][0] if measured else outlook
    assert _in_vain(evidence, likeliest - outlook) == in_vain
