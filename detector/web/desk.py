"""The desk: takes what a person hands in, examines it in its turn, and keeps what was found.

It knows nothing of the web. What is handed in is bounded, what waits is bounded, and of what was
found the oldest is forgotten first.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from detector.article import Article
from detector.errors import BadInput, DetectorError
from detector.pipeline import Detector, compare
from detector.readers import Failure, is_address, read_articles
from detector.scan import scan

if TYPE_CHECKING:
    from detector.encoders import Encoder
    from detector.fetch import Fetcher
    from detector.report import Report

# A book has a million characters; a person hands in an article.
LONGEST_TEXT = 1_000_000
# A file of some thousand articles; more belongs to 'detector scan'.
LARGEST_FILE = 20_000_000
MOST_ARTICLES = 2_000
# So many wait or are examined at once; whoever comes then is asked to come again.
MOST_WAITING = 200
# What was found is kept for so many questions, and so many bytes on disk.
MOST_KEPT = 200
MOST_BYTES = 1_000_000_000
# The files that may be handed in; none is compressed, so that none is larger than it looks.
ENDINGS = (".html", ".htm", ".txt", ".md", ".json", ".jsonl", ".ndjson")


class Busy(DetectorError):
    """More is waiting than the desk takes."""


class Unknown(DetectorError):
    """Nothing of this name is kept here, or no longer."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An article as a person handed it in: an address, or its text or page.

    Attributes:
        content: the address, the text, or the page's HTML.
        form: what the content is.
        title: its headline, where known.
        published: its date, where known.
    """

    content: str
    form: Literal["text", "html", "url"] = "text"
    title: str | None = None
    published: str | None = None

    @classmethod
    def pasted(cls, content: str, title: str = "", published: str = "") -> Handed:
        """Take what was pasted into one field: a single address, or a text."""
        only = content.strip()
        address = is_address(only) and len(only.split()) == 1
        if address:
            return cls(only, "url")
        return cls(content, "text", title or None, published or None)


@dataclass(slots=True)
class Job:
    """A question that was handed in, and how far it is.

    Attributes:
        id: nobody guesses it.
        name: what was handed in, for the person who waits.
        results: JSON lines, as ``detector scan --with-text`` writes them.
        state: waiting, running, done or failed.
        step: what is being done, in words.
        done: articles that are examined.
        total: articles there are, once that is known.
    """

    id: str
    name: str
    results: Path
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    step: str = "waiting for its turn"
    done: int = 0
    total: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"done", "failed"}

    def to_dict(self) -> dict[str, str | int | None]:
        """Return how far it is as JSON-ready values."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "step": self.step,
            "done": self.done,
            "total": self.total,
        }


class Desk:
    """Examines what is handed in, a few at a time.

    Args:
        detectors: what is compared with, by the name of the index; may be empty, then only
            pairs are examined.
        folder: where results are kept; emptied by whoever made it.
        encoder: for pairs; the default one when absent.
        fetcher: fetches addresses; without one they are refused.
        workers: threads that examine.
    """

    def __init__(
        self,
        detectors: Mapping[str, Detector],
        folder: Path,
        *,
        encoder: Encoder | None = None,
        fetcher: Fetcher | None = None,
        workers: int = 2,
    ) -> None:
        self.detectors = dict(detectors)
        self.can_fetch = fetcher is not None
        self._folder = folder
        self._encoder = encoder
        self._fetcher = fetcher
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="examine")
        self._jobs: dict[str, Job] = {}
        self._waiting = 0
        self._lock = threading.Lock()

    def close(self) -> None:
        """Finish what is being examined, and nothing that waits."""
        self._pool.shutdown(cancel_futures=True)

    def sizes(self) -> dict[str, int]:
        """Return the number of sources of each index."""
        return {name: len(detector.index) for name, detector in self.detectors.items()}

    def job(self, id: str) -> Job:
        """Return a job that was handed in.

        Raises:
            Unknown: there is none, or it is forgotten.
        """
        with self._lock:
            if id not in self._jobs:
                raise Unknown("nothing is kept under this address: it may be too old; ask again")
            return self._jobs[id]

    def report(self, suspect: Handed, source: Handed | None, index: str | None) -> Report:
        """Examine one article and wait for it, in its turn."""
        self._check(suspect, source, index)
        self._queue_up()
        try:
            return self._pool.submit(self._report, suspect, source, index, None).result()
        finally:
            self._leave()

    def take(self, suspect: Handed, source: Handed | None, index: str | None) -> Job:
        """Take one article to be examined in its turn."""
        self._check(suspect, source, index)
        job = self._new(suspect.title or " ".join(suspect.content[:80].split()))
        job.total = 1

        def examine() -> None:
            report = self._report(suspect, source, index, job)
            _write(job, [report])

        self._start(job, examine)
        return job

    def take_file(self, name: str, content: bytes, source: Handed | None, index: str | None) -> Job:
        """Take a file of one or many articles to be examined in its turn.

        Raises:
            BadInput: a file of another kind.
        """
        ending = Path(name).suffix.lower()
        if ending not in ENDINGS:
            raise BadInput(f"{name[:80]!r} is no file of articles: expected {' '.join(ENDINGS)}")
        if source is None:
            self._detector(index)
        else:
            self._check_one(source)
        job = self._new(Path(name.replace("\\", "/")).name[:80])
        file = job.results.with_suffix(ending)

        def examine() -> None:
            file.write_bytes(content)
            try:
                self._scan(job, file, source, index)
            finally:
                file.unlink()

        self._start(job, examine)
        return job

    # --- in the threads ---------------------------------------------------------------------------

    def _report(
        self, suspect: Handed, source: Handed | None, index: str | None, job: Job | None
    ) -> Report:
        _say(job, f"reading {suspect.content[:200]}" if suspect.form == "url" else "reading it")
        article = self._article(suspect)
        if source is not None:
            against = self._article(source)
            _say(job, "comparing it with the source you named")
            return compare(article, against, encoder=self._encoder)
        detector = self._detector(index)
        _say(job, f"looking for its source among {len(detector.index):,}")
        return detector.examine(article)

    def _scan(self, job: Job, file: Path, source: Handed | None, index: str | None) -> None:
        _say(job, "reading the file")
        items = []
        for item in read_articles([file]):
            items.append(_named(item, job.name))
            if len(items) > MOST_ARTICLES:
                raise BadInput(
                    f"{job.name} holds more than {MOST_ARTICLES:,} articles: use 'detector scan'"
                )
        if source is None:
            detector = self._detector(index)
        else:
            detector = Detector.from_sources([self._article(source)], self._encoder)
        job.total = len(items)
        _say(job, f"comparing with {len(detector.index):,} sources")
        _write(job, scan(items, detector))

    def _article(self, handed: Handed) -> Article:
        if handed.form == "url":
            if self._fetcher is None:
                raise BadInput("this server does not fetch addresses: give the article's text")
            return self._fetcher.article(handed.content)
        if handed.form == "html":
            return Article.from_html(handed.content)
        return Article.from_text(handed.content, title=handed.title, published=handed.published)

    # --- bounds -----------------------------------------------------------------------------------

    def _check(self, suspect: Handed, source: Handed | None, index: str | None) -> None:
        """Refuse at once what would only fail later."""
        self._check_one(suspect)
        if source is None:
            self._detector(index)
        else:
            self._check_one(source)

    def _check_one(self, handed: Handed) -> None:
        if len(handed.content) > LONGEST_TEXT:
            raise BadInput(
                f"the text has {len(handed.content):,} characters, "
                f"at most {LONGEST_TEXT:,} are read"
            )
        if not handed.content.strip():
            raise BadInput("there is no text: paste an article or its address, or choose a file")

    def _detector(self, index: str | None) -> Detector:
        if not self.detectors:
            raise BadInput("this server has no index: name the supposed source too")
        name = index or next(iter(self.detectors))
        if name not in self.detectors:
            raise BadInput(f"{name[:80]!r} is no index here: choose {', '.join(self.detectors)}")
        return self.detectors[name]

    def _queue_up(self) -> None:
        with self._lock:
            if self._waiting >= MOST_WAITING:
                raise Busy(f"{self._waiting} questions are waiting: ask again in a minute")
            self._waiting += 1

    def _leave(self) -> None:
        with self._lock:
            self._waiting -= 1

    def _new(self, name: str) -> Job:
        id = secrets.token_urlsafe(16)
        return Job(id, name or "article", self._folder / f"{id}.results")

    def _start(self, job: Job, examine: Callable[[], None]) -> None:
        self._queue_up()
        with self._lock:
            self._forget()
            self._jobs[job.id] = job

        def work() -> None:
            job.state = "running"
            try:
                examine()
            except DetectorError as error:
                job.step, job.state = str(error), "failed"
            except BaseException:
                job.step, job.state = "stopped by a fault of this program", "failed"
                raise  # the log has it
            else:
                job.step, job.state = "done", "done"
            finally:
                self._leave()

        self._pool.submit(work).add_done_callback(_logged)

    def _forget(self) -> None:
        """Forget the oldest of what is over while there is too much."""
        over = [job for job in self._jobs.values() if job.is_over]
        sizes = {job.id: job.results.stat().st_size for job in over if job.results.exists()}
        left, bytes = len(self._jobs), sum(sizes.values())
        for job in over:
            if left < MOST_KEPT and bytes < MOST_BYTES:
                return
            left, bytes = left - 1, bytes - sizes.get(job.id, 0)
            job.results.unlink(missing_ok=True)
            del self._jobs[job.id]


def _logged(done: Future[None]) -> None:
    """Say what went wrong in a thread that nobody waits for."""
    if not done.cancelled() and (error := done.exception()):
        logging.getLogger("detector.web").error("a question failed", exc_info=error)


def _say(job: Job | None, step: str) -> None:
    if job:
        job.step = step


def _named(item: Article | Failure, name: str) -> Article | Failure:
    """Name the file as the person does, not by where it lies here."""
    return replace(item, origin=name) if isinstance(item, Failure) else item


def _write(job: Job, results: Iterable[Report | Failure]) -> None:
    """Write results as they come; where nothing could be read, say what was wrong with it.

    Raises:
        BadInput: there is no report among them.
    """
    failures: list[Failure] = []
    with job.results.open("w", encoding="utf8", errors="backslashreplace") as file:
        for result in results:
            if isinstance(result, Failure):
                failures.append(result)
            shown = (
                result.to_dict() if isinstance(result, Failure) else result.to_dict(with_text=True)
            )
            file.write(json.dumps(shown, ensure_ascii=False) + "\n")
            job.done += 1
    if len(failures) == job.done:
        raise BadInput(failures[0].told() if failures else f"{job.name} holds no article")
