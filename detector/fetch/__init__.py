"""URL -> page or Article, politely and safely: robots, limits, and no private address, ever."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2

from detector.article import Article
from detector.charsets import decoded_page
from detector.decoding import decoded
from detector.errors import BadInput, FetchError
from detector.extract import LARGEST_PAGE, article_from_html
from detector.fetch.addresses import PRIVATE_NETWORKS, Network, Resolve, system_resolver
from detector.fetch.connection import Answer, Route, asked
from detector.fetch.politeness import ROBOTS_BYTES, Robots, Sites
from detector.markup import article_from_markup
from detector.streams import HEAD_BYTES, refuse_binary
from detector.version import __version__

# The name that robots.txt files address it by (RFC 9309, 2.2.1).
AGENT = "derivative-detector"
USER_AGENT = f"{AGENT}/{__version__} (checks news articles for their sources; asked by a person)"
ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8,application/xml;q=0.5"

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_TEXT = frozenset({"text/plain", "text/markdown"})
_GZIP = frozenset({"application/gzip", "application/x-gzip", "application/octet-stream"})
_XML = re.compile(r"(?:text|application)/(?:[\w.]{1,40}\+)?xml")
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.I)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_SERVER_FAULT = 500
_LONGEST_URL = 8_000  # what servers take at most
_LAST_PORT = 65_535

__all__ = ["PRIVATE_NETWORKS", "Fetcher", "Limits", "Page", "fetcher"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page may cost; the defaults suit one person's questions, not a crawl.

    Attributes:
        connect_seconds: wait for a connection, and for a name server.
        read_seconds: wait for the next bytes.
        total_seconds: one try at a page, with all its redirects.
        redirects: hops followed.
        bytes: size of a page, as sent and decompressed.
        retries: further tries when the server says 429 or 503.
        backoff_seconds: wait before the first of them, doubled for each; ``Retry-After`` wins.
        longest_wait_seconds: a server that asks for a longer wait is not asked again.
        pause_seconds: left between two pages of one site; its robots.txt may ask for more.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    redirects: int = 10
    bytes: int = LARGEST_PAGE
    retries: int = 2
    backoff_seconds: float = 2.0
    longest_wait_seconds: float = 60.0
    pause_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave, decompressed.

    Attributes:
        url: where it was found, after redirects.
        content: its bytes.
        media_type: as declared, in lower case; "" when not.
        charset: as declared by the server.
    """

    url: str
    content: bytes
    media_type: str
    charset: str | None

    def article(self) -> Article:
        """Make an article of a web page or a text.

        Raises:
            BadInput: it is neither, or shows no article.
        """
        if self.media_type in _TEXT:
            text = decoded_page(self.content, charset=self.charset, largest=LARGEST_PAGE)
            return _with_address(article_from_markup(text), self.url)
        if self.media_type and self.media_type not in _HTML:
            raise BadInput(
                f"{self.url[:200]} is {self.media_type[:60]}, expected a web page or a text: "
                "give the article's own address"
            )
        return article_from_html(self.content, url=self.url, charset=self.charset)


class Fetcher:
    """Fetches pages; remembers what sites ask for, and may be used from several threads.

    Args:
        limits: how much a page may cost.
        obey_robots: whether sites' robots.txt files are read and followed.
        private: networks that may be reached though they are not public;
            ``PRIVATE_NETWORKS`` for all that an intranet may use.
        user_agent: what servers are told; the default says what this program is.
        tls: what certificates are checked with; the system's when absent.
        resolve: finds a host's addresses; the system's resolver when absent.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        obey_robots: bool = True,
        private: Sequence[Network] = (),
        user_agent: str = USER_AGENT,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._obeys = obey_robots
        self._headers = {
            "User-Agent": user_agent,
            "Accept": ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en,*;q=0.5",
            "Connection": "close",
        }
        self._route = Route(
            resolve=resolve or system_resolver(self._limits.connect_seconds),
            private=tuple(private),
            # the environment says nothing here: no proxies, no certificates of its own
            tls=tls or httpx2.create_ssl_context(trust_env=False),
            connect_seconds=self._limits.connect_seconds,
            read_seconds=self._limits.read_seconds,
        )
        self._sites = Sites()

    def article(self, url: str) -> Article:
        """Fetch one article.

        Raises:
            FetchError: the address could not be fetched, or must not be.
            BadInput: what is there is no article.
        """
        return self.page(url).article()

    def page(self, url: str) -> Page:
        """Fetch one page; asks again, after a while, when the server is busy.

        Raises:
            FetchError: the address could not be fetched, or must not be.
        """
        start = _parsed(url)
        found = self._try(start)
        for attempt in range(self._limits.retries):
            if isinstance(found, Page):
                return found
            time.sleep(self._pause(found, attempt))
            found = self._try(start)
        if isinstance(found, Page):
            return found
        raise FetchError(f"{url[:200]} answered {_named(found.status)} each time: try again later")

    def _try(self, url: httpx2.URL) -> Page | _Busy:
        """Follow an address to a page once."""
        route = self._route.until(time.monotonic() + self._limits.total_seconds)
        cookies: dict[str, str] = {}
        seen = {url}
        for _ in range(self._limits.redirects + 1):
            self._ask_politely(url)
            found = self._hop(url, route, cookies)
            if not isinstance(found, httpx2.URL):
                return found
            if found in seen and not cookies:
                raise FetchError(f"{_short(url)} redirects in a circle: check the address")
            seen.add(found)
            url = found
        raise FetchError(
            f"{_short(url)} redirects more than {self._limits.redirects} times: check the address"
        )

    def _hop(
        self, url: httpx2.URL, route: Route, cookies: dict[str, str]
    ) -> Page | _Busy | httpx2.URL:
        """Ask one address; cookies it sets are sent to the next hops on the same host."""
        own = cookies.get(url.host)
        headers = self._headers | ({"Cookie": own} if own else {})
        with asked(url, headers, route) as answer:
            if answer.status in _REDIRECTS and "location" in answer.headers:
                _keep_cookies(answer, url.host, cookies)
                return _joined(url, answer.headers["location"])
            if answer.status in _BUSY:
                return _Busy(str(url), answer.status, answer.headers.get("retry-after", ""))
            if answer.status != HTTPStatus.OK:
                raise FetchError(
                    f"{_short(url)} answered {_named(answer.status)}, expected a page: "
                    "check the address"
                )
            return self._read(url, answer)

    def _read(self, url: httpx2.URL, answer: Answer) -> Page:
        declared = answer.headers.get("content-type", "")
        media_type = declared.partition(";")[0].strip().lower()
        if media_type and not _is_readable(media_type):
            raise FetchError(
                f"{_short(url)} is {media_type[:60]}, expected a web page or a text: "
                "give the article's own address"
            )
        content = _body(url, answer, self._limits.bytes)
        try:
            refuse_binary(content[:HEAD_BYTES])
        except BadInput as error:
            raise FetchError(f"{_short(url)}: {error}") from error
        charset = _CHARSET.search(declared)
        return Page(str(url), content, media_type, charset[1] if charset else None)

    def _ask_politely(self, url: httpx2.URL) -> None:
        """Follow the site's robots.txt, and leave a pause since its last page."""
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        robots = Robots()
        if self._obeys:
            robots = self._sites.robots(site, lambda: self._robots(url))
            robots.check(str(url), AGENT)
        self._sites.wait(site, robots.delay(AGENT, self._limits.pause_seconds))

    def _robots(self, url: httpx2.URL) -> Robots:
        """Read a site's robots.txt as RFC 9309 says: none allows all, an unreadable one nothing."""
        url = url.copy_with(raw_path=b"/robots.txt", fragment=None)
        route = self._route.until(time.monotonic() + self._limits.total_seconds)
        for _ in range(self._limits.redirects + 1):
            try:
                with asked(url, self._headers, route) as answer:
                    if answer.status in _REDIRECTS and "location" in answer.headers:
                        url = _joined(url, answer.headers["location"])
                        continue
                    return _robots_of(url, answer)
            except FetchError as error:
                return Robots(fault=str(error))
        return _unread(url, "redirects too often")

    def _pause(self, busy: _Busy, attempt: int) -> float:
        asked_for = _retry_after(busy.retry_after)
        seconds = self._limits.backoff_seconds * 2**attempt if asked_for is None else asked_for
        if seconds > self._limits.longest_wait_seconds:
            raise FetchError(
                f"{busy.url[:200]} answered {_named(busy.status)} and asks to wait "
                f"{seconds:,.0f} seconds: try again after that"
            )
        return seconds


def fetcher(*, allow_private: bool = False, ignore_robots: bool = False) -> Fetcher:
    """Return a fetcher with the default limits and a user's two decisions."""
    return Fetcher(obey_robots=not ignore_robots, private=PRIVATE_NETWORKS if allow_private else ())


@dataclass(frozen=True, slots=True)
class _Busy:
    """An answer that asks to come again."""

    url: str
    status: int
    retry_after: str


def _parsed(url: str) -> httpx2.URL:
    """Read an address, and refuse what no article has."""
    try:
        if len(url) > _LONGEST_URL:
            raise ValueError(f"{len(url)} characters")
        parsed = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError(f"{url[:200]!r} is no address of a page ({error})") from error
    has_place = parsed.host and "%" not in parsed.host and (parsed.port or 0) <= _LAST_PORT
    if parsed.scheme not in {"http", "https"} or not has_place:
        raise FetchError(
            f"{url[:200]!r} is no address of a page: expected one such as https://site.example/page"
        )
    if parsed.userinfo:
        raise FetchError(f"the address at {parsed.host} holds a user name: leave it out")
    return parsed.copy_with(fragment=None)


def _joined(url: httpx2.URL, location: str) -> httpx2.URL:
    """Return where a redirect leads."""
    try:
        return _parsed(str(url.join(location)))
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchError(
            f"{_short(url)} redirects to {location[:100]!r}, which is no address"
        ) from error
    except FetchError as error:
        raise FetchError(f"{_short(url)} redirects, and {error}") from error


def _body(url: httpx2.URL, answer: Answer, most: int, *, cut: bool = False) -> bytes:
    declared = answer.headers.get("content-length", "")
    try:
        if declared.isdecimal() and len(declared) <= 18 and int(declared) > most and not cut:
            raise BadInput(f"it has {int(declared)} bytes, expected at most {most}")
        codings = answer.headers.get("content-encoding", "").split(",")
        return decoded(answer.body, codings, most=most, cut=cut)
    except FetchError:
        raise
    except BadInput as error:
        raise FetchError(f"{_short(url)} cannot be read: {error}") from error


def _robots_of(url: httpx2.URL, answer: Answer) -> Robots:
    if answer.status == HTTPStatus.OK:
        return Robots.of(_body(url, answer, ROBOTS_BYTES, cut=True))
    if answer.status >= _SERVER_FAULT or answer.status in _BUSY:
        return _unread(url, f"answered {_named(answer.status)}")
    return Robots()


def _unread(url: httpx2.URL, reason: str) -> Robots:
    return Robots(
        fault=f"{_short(url)} {reason}, so nobody knows what the site allows: "
        "try again later, or decide yourself (--ignore-robots)"
    )


def _keep_cookies(answer: Answer, host: str, cookies: dict[str, str]) -> None:
    """Keep the names and values that an answer sets: some sites redirect until they come back."""
    pairs = [each.partition(";")[0].strip() for each in answer.headers.get_list("set-cookie")]
    if pairs:
        cookies[host] = "; ".join(filter(None, [cookies.get(host, ""), *pairs]))


def _retry_after(value: str) -> float | None:
    """Read ``Retry-After``: seconds, or a date (RFC 9110, 10.2.3)."""
    value = value.strip()
    if value.isdecimal():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _is_readable(media_type: str) -> bool:
    known = media_type in _HTML | _TEXT | _GZIP
    return known or _XML.fullmatch(media_type) is not None


def _with_address(article: Article, url: str) -> Article:
    return Article.from_text(
        article.text,
        title=article.title,
        url=url,
        author=article.author,
        published=article.published,
    )


def _named(status: int) -> str:
    names = {each.value: each.phrase for each in HTTPStatus}
    return f"{status} {names.get(status, '')}".strip()


def _short(url: httpx2.URL) -> str:
    return str(url)[:200]
