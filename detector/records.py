"""One record of a crawl -> Article: the field names of common crawlers, and the user's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from detector.article import Article, encodable, host, parse_date
from detector.errors import BadInput
from detector.extract import article_from_html, is_whole_page

# Ours first, then those of trafilatura, news-please, newspaper4k, fundus, Scrapy, webhose, Common
# Crawl and Hugging Face news sets, NewsAPI and schema.org; in lower case, a dot leads into an
# inner object.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text",
        "raw_text",
        "maintext",
        "main_text",
        "article_text",
        "articlebody",
        "cleaned_text",
        "plain_text",
        "plaintext",
        "full_text",
        "fulltext",
        "content_text",
        "body",
        "content",
        "article",
    ),
    "html": ("html", "raw_html", "page_html", "html_content", "content_html", "body_html"),
    "id": ("id", "uuid", "_id", "guid", "article_id", "doc_id"),
    "url": (
        "url",
        "link",
        "article_url",
        "source_url",
        "canonical_url",
        "uri",
        "thread.url",
        "source",
    ),
    "title": ("title", "headline", "article_title", "thread.title"),
    "author": ("author", "authors", "byline", "creator"),
    "site": (
        "site",
        "thread.site",
        "source_domain",
        "domain",
        "hostname",
        "host",
        "source-hostname",
        "sitename",
        "site_name",
        "source.name",
        "source",
        "publisher",
    ),
    "published": (
        "published",
        "date",
        "date_publish",
        "published_at",
        "publishedat",
        "publish_date",
        "published_date",
        "publication_date",
        "publishing_date",
        "date_published",
        "datepublished",
        "pub_date",
        "pubdate",
        "thread.published",
    ),
}
# Seconds since 1970 stay below this until the year 5138; larger numbers count milliseconds.
LAST_SECOND = 100_000_000_000
# A text that begins with one of these tags is a piece of a page (WordPress "content", feeds).
_BLOCK_START = re.compile(
    r"\A\s*+<(?:p|div|article|section|main|figure|h[1-6])(?:\s[^<>]*+)?>", re.I
)
# Names of fields shown in a message; enough to see what kind of record it is.
SHOWN_NAMES = 12


def check_fields(fields: Mapping[str, str]) -> None:
    """Check a user's mapping of our field names to the input's.

    Raises:
        BadInput: it names a field that articles do not have.
    """
    for name in fields:
        if name not in ALIASES:
            raise BadInput(
                f"there is no field {name!r} to map {fields[name]!r} to: "
                f"expected one of {', '.join(ALIASES)}"
            )


def known_columns(names: list[str], fields: Mapping[str, str]) -> list[str]:
    """Choose the columns of a table that can be read.

    Raises:
        BadInput: none of them can hold the article.
    """
    bodies = _tops(fields, "text", "html")
    if not any(name in bodies or _lower(name) in bodies for name in names):
        raise BadInput(
            f"the columns are {_listed(names)}, and none is known to hold the text: expected "
            "text or html; name yours with --map text=COLUMN"
        )
    known = _tops(fields, *ALIASES)
    return [name for name in names if name in known or _lower(name) in known]


def article_from_record(record: object, fields: Mapping[str, str]) -> Article:
    """Make an article of one record.

    Args:
        record: a mapping with ``text`` or ``html`` under any known name.
        fields: our names to the record's; they win over all known names.

    Raises:
        BadInput: it is no mapping, or holds no text.
    """
    if not isinstance(record, Mapping):
        raise BadInput(
            f"the record is {type(record).__name__}, expected an object "
            'such as {"text": "…", "url": "…"}'
        )
    reader = _Record(record, fields)
    text, html = reader.body("text"), reader.body("html")
    if "html" in fields and "text" not in fields:
        text = ""
    url = reader.url()
    if text.strip() and not _is_html(text):
        article = Article.from_text(text, url=url)
    elif text.strip() or html.strip():
        article = article_from_html(text if text.strip() else html, url=url)
    else:
        raise BadInput(
            f"the record has no text (its fields: {_listed(record)}): expected text or html; "
            "name yours with --map text=FIELD"
        )
    return replace(
        article,
        id=reader.id() or article.id,
        title=reader.name("title") or article.title,
        author=reader.name("author") or article.author,
        site=reader.site() or article.site,
        published=reader.published() or article.published,
    )


def record_id(record: object, fields: Mapping[str, str]) -> str | None:
    """Return the id a record gives itself, or None."""
    return _Record(record, fields).id() if isinstance(record, Mapping) else None


class _Record:
    """Values of one record by our names."""

    def __init__(self, record: Mapping[object, object], fields: Mapping[str, str]) -> None:
        self._record = record
        self._lower = {_lower(key): value for key, value in record.items() if isinstance(key, str)}
        self._fields = fields

    def _values(self, name: str) -> list[object]:
        """Return what stands under each known name of a field, the likeliest first."""
        if name in self._fields:
            found = [_inner(self._record, self._fields[name])]
        else:
            found = [_inner(self._lower, alias) for alias in ALIASES[name]]
        return [value for value in found if value is not None]

    def body(self, name: str) -> str:
        """Return the first text under a name, whole and unchanged; "" where there is none."""
        return next(filter(None, map(_body, self._values(name))), "")

    def name(self, name: str) -> str | None:
        """Return the first name under a name, a list of them joined by commas."""
        return next(filter(None, map(_name, self._values(name))), None)

    def id(self) -> str | None:
        """Return the id, a number too, as text."""
        known = (value for value in self._values("id") if not isinstance(value, bool))
        return next(filter(None, map(_name, known)), None)

    def url(self) -> str | None:
        """Return the first value that is an address; ``source`` is one in some formats only."""
        known = (encodable(_body(value).strip()) for value in self._values("url"))
        return next(filter(host, known), None)

    def site(self) -> str | None:
        """Return the site's host name, or else its name."""
        name = self.name("site")
        return host(name) or name.removeprefix("www.") if name else None

    def published(self) -> datetime | None:
        """Return the first value that is a date."""
        return next(filter(None, map(_moment, self._values("published"))), None)


def _is_html(text: str) -> bool:
    return is_whole_page(text) or _BLOCK_START.match(text) is not None


def _lower(name: str) -> str:
    return name.strip().lower()


def _inner(record: Mapping[object, object] | Mapping[str, object], path: str) -> object:
    """Look a name up, or follow its dots inwards."""
    value: object = record
    if path in record or "." not in path:
        return record.get(path)
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _tops(fields: Mapping[str, str], *names: str) -> frozenset[str]:
    """Return every outer name under which one of our fields may stand."""
    known = [alias for name in names for alias in (fields.get(name), *ALIASES[name]) if alias]
    return frozenset(known) | {alias.partition(".")[0] for alias in known}


def _body(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return "\n".join(part for part in value if isinstance(part, str))
    if isinstance(value, Mapping):
        return "\n".join(_structured(value))
    return value if isinstance(value, str) else ""


def _structured(body: Mapping[object, object]) -> Iterator[str]:
    """Yield the lines of a body kept in parts, as fundus keeps it, in reading order."""
    for part in ("summary", "headline", "paragraphs", "sections"):
        lines = body.get(part)
        for line in lines if isinstance(lines, list) else ():
            if isinstance(line, Mapping) and part == "sections":
                yield from _structured({**line, "sections": None})
            elif isinstance(line, str):
                yield line


def _name(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value)))
    return encodable(str(value).strip()) if isinstance(value, str | int | float) else ""


def _moment(value: object) -> datetime | None:
    """Read a date in whatever form; one that cannot be read is none."""
    try:
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / (1000 if value > LAST_SECOND else 1), UTC)
        return parse_date(value) if isinstance(value, str) else None
    except (BadInput, ValueError, OverflowError, OSError):
        return None


def _listed(names: object) -> str:
    shown = [str(name)[:40] for name in names] if isinstance(names, list | Mapping) else []
    more = ", …" if len(shown) > SHOWN_NAMES else ""
    return (", ".join(shown[:SHOWN_NAMES]) + more).replace("\n", " ") or "none"
