"""An open-source detector of derivative articles.

    >>> from detector import Article, compare
    >>> report = compare(Article.from_file("suspect.html"), Article.from_file("source.html"))
    >>> report.verdict.relation

Importing this package loads nothing heavy; each part is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detector.version import __version__

if TYPE_CHECKING:
    from detector.article import Article
    from detector.errors import DetectorError
    from detector.index import Index
    from detector.pipeline import Detector, compare
    from detector.readers import Failure, read_articles
    from detector.report import Report

__all__ = [
    "Article",
    "Detector",
    "DetectorError",
    "Failure",
    "Index",
    "Report",
    "__version__",
    "compare",
    "read_articles",
]

_HOME = {
    "Article": "detector.article",
    "Detector": "detector.pipeline",
    "DetectorError": "detector.errors",
    "Failure": "detector.readers",
    "Index": "detector.index",
    "Report": "detector.report",
    "compare": "detector.pipeline",
    "read_articles": "detector.readers",
}


def __getattr__(name: str) -> object:
    """Import a public name from its module on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'detector' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)
