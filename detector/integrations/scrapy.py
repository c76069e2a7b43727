r"""A Scrapy item pipeline: examines every item that holds an article, and writes down the result.

Settings:
    ITEM_PIPELINES: ``{"detector.integrations.scrapy.DerivativePipeline": 500}``.
    DETECTOR_INDEX: folder of the source index (``detector index add``); without it the pipeline
        is off.
    DETECTOR_FIELD: the item's field that the report is put in; ``"derivative"`` when absent.
    DETECTOR_MAP: our names of fields to the item's, such as ``{"text": "body"}``; the usual names
        are known.
    DETECTOR_DROP: findings for which an item is dropped: any of ``"derivative"``, ``"plug"`` and
        ``"fabrication"``. None when absent: a finding is evidence for a person to weigh.
    DETECTOR_ENCODER: as ``--encoder``.

An item that gives no article passes, with ``{"error": …}`` in the field. The crawl's statistics
count labels and errors under ``detector/``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.utils.asyncio import run_in_thread

from detector.encoders import load_encoder
from detector.errors import BadInput
from detector.index import Index
from detector.pipeline import Detector
from detector.records import article_from_record, check_fields
from detector.report import Report

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

DEFAULT_FIELD = "derivative"
DROPPABLE = ("derivative", "plug", "fabrication")

_log = logging.getLogger(__name__)


class Counts(Protocol):
    """The crawl's statistics."""

    def inc_value(self, key: str, count: int = 1) -> None:
        """Count something."""
        ...


@dataclass(frozen=True, slots=True)
class Choices:
    """What the settings ask for.

    Attributes:
        field: where the report goes.
        fields: our names of fields to the item's.
        drop: findings for which an item is dropped.
    """

    field: str = DEFAULT_FIELD
    fields: Mapping[str, str] | None = None
    drop: tuple[str, ...] = ()


class DerivativePipeline:
    """Puts a report into each item; see the settings above."""

    def __init__(self, detector: Detector, choices: Choices, counts: Counts | None) -> None:
        self._detector = detector
        self._choices = choices
        self._counts = counts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DerivativePipeline:
        """Make the pipeline that a crawl's settings ask for."""
        settings = crawler.settings
        folder = settings.get("DETECTOR_INDEX")
        if not folder:
            raise NotConfigured("DETECTOR_INDEX is not set: expected the folder of a source index")
        choices = Choices(
            field=settings.get("DETECTOR_FIELD") or DEFAULT_FIELD,
            fields=settings.getdict("DETECTOR_MAP"),
            drop=tuple(settings.getlist("DETECTOR_DROP")),
        )
        check_fields(choices.fields or {})
        unknown = sorted(set(choices.drop) - set(DROPPABLE))
        if unknown:
            raise BadInput(
                f"DETECTOR_DROP names {unknown[0]!r}: expected some of {', '.join(DROPPABLE)}"
            )
        name = settings.get("DETECTOR_ENCODER")
        index = Index.open(folder, load_encoder(name) if name else None, read_only=True)
        return cls(Detector(index), choices, crawler.stats)

    async def process_item(self, item: object) -> object:
        """Examine an item beside the crawl, in a thread."""
        found = await run_in_thread(self._examined, ItemAdapter(item).asdict())
        self._count("failed" if isinstance(found, BadInput) else str(found.verdict.label))
        report = {"error": str(found)} if isinstance(found, BadInput) else found.to_dict()
        self._annotate(item, report)
        if isinstance(found, Report):
            self._drop(found)
        return item

    def _examined(self, record: dict[str, object]) -> Report | BadInput:
        try:
            return self._detector.examine(article_from_record(record, self._choices.fields or {}))
        except BadInput as error:
            return error

    def _annotate(self, item: object, report: object) -> None:
        try:
            ItemAdapter(item)[self._choices.field] = report
        except KeyError:
            self._count("without_field")
            _log.warning(
                "%s has no field %r, so its report is lost: add the field, or set DETECTOR_FIELD",
                type(item).__name__,
                self._choices.field,
            )

    def _drop(self, report: Report) -> None:
        found = {
            "derivative": report.is_flagged,
            "plug": bool(report.plugs),
            "fabrication": bool(report.fabrications),
        }
        for finding in self._choices.drop:
            if found[finding]:
                self._count("dropped")
                raise DropItem(f"{finding} found in {report.article.url or report.article.id}")

    def _count(self, name: str) -> None:
        if self._counts is not None:
            self._counts.inc_value(f"detector/{name}")
