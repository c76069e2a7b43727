"""What can go wrong: every message says what was found, what was expected, what to do."""

from __future__ import annotations


class DetectorError(Exception):
    """Anything this library raises on purpose; its text is one line for the user."""


class BadInput(DetectorError):
    """An input holds no article: unreadable, empty, of an unknown kind."""


class IndexMismatch(DetectorError):
    """An index folder is missing, damaged, or was made with other settings."""


class SketchMismatch(DetectorError):
    """Two signatures were made with different sketch settings."""


class ModelError(DetectorError):
    """A shipped or given model cannot be used: missing, changed, or of another schema."""


class MissingPackage(DetectorError):
    """An optional package is needed for what was asked."""


class NoArticle(BadInput):
    """A page was read, and shows no article: a wall, a stub, an error page, a list of links."""


class FetchError(BadInput):
    """An address could not be fetched, or must not be: its text names the address."""
