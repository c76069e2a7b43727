"""Claims about crawlers: several threads, forked processes, and memory that stays flat."""

from __future__ import annotations

import json
import multiprocessing
import resource
from concurrent.futures import ThreadPoolExecutor

from detector.article import Article
from detector.boilerplate import StreamBoilerplate
from detector.pipeline import Detector

ASKED = ("eel-d1", "eel-h1", "vote-d1", "bridge-d4", "misc-h1", "eel-d2")
CALLS = 1_500


def shown(detector: Detector, article: Article) -> str:
    return json.dumps(detector.examine(article).to_dict(), sort_keys=True)


def test_threads_give_the_reports_that_one_thread_gives(
    sources: tuple[Article, ...], news: dict[str, Article], examiner: Detector
) -> None:
    expected = [shown(examiner, news[id]) for id in ASKED]
    shared = Detector.from_sources(sources)  # everything lazy is first met by several threads
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda id: shown(shared, news[id]), ASKED * 2))
    assert found == expected * 2


def test_a_forked_process_gives_the_same_reports(
    news: dict[str, Article], examiner: Detector
) -> None:
    expected = [shown(examiner, news[id]) for id in ASKED[:3]]  # everything is loaded and warm
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()

    def work() -> None:
        answers.put([shown(examiner, news[id]) for id in ASKED[:3]])

    process = context.Process(target=work)
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert answers.get() == expected


def test_memory_stays_flat_over_many_calls(examiner: Detector) -> None:
    stream = StreamBoilerplate()

    def call(number: int) -> None:
        text = f"Boat {number} left pier {number % 7} at noon with {number} crates of whelks."
        examiner.examine(stream.read(Article.from_text(text, id=str(number), site="s.example")))

    for number in range(CALLS // 3):
        call(number)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(CALLS // 3, CALLS):
        call(number)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 30  # megabytes; what is remembered of texts is bounded, and full by now
