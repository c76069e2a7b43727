"""What a site asks of crawlers: where they may go (robots.txt), and how often."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from detector.errors import FetchError

# RFC 9309, 2.5: a crawler must read at least 500 KiB; the rest is left out.
ROBOTS_BYTES = 500 * 1024
# Sites remembered at once: a crawl of more than this returns to the first ones rarely.
MOST_SITES = 1_000
# A Crawl-delay over this is read as this: fewer than a page a minute is no crawl.
LONGEST_DELAY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """What one site's robots.txt says; nothing when it has none (RFC 9309, 2.3.1.3).

    Attributes:
        rules: its rules.
        fault: why it could not be read: then nothing may be fetched (RFC 9309, 2.3.1.4).
    """

    rules: Protego | None = None
    fault: str | None = None

    @classmethod
    def of(cls, content: bytes) -> Robots:
        """Read a robots.txt file; bytes that are no UTF-8 spoil only their own line."""
        return cls(rules=Protego.parse(content.decode("utf-8-sig", "replace")))

    def check(self, url: str, agent: str) -> None:
        """Raise FetchError when the site does not want this address fetched."""
        if self.fault:
            raise FetchError(self.fault)
        if self.rules and not self.rules.can_fetch(url, agent):
            raise FetchError(
                f"{url[:200]} is not fetched, since the site's robots.txt forbids it: "
                "save the page yourself, or decide otherwise (--ignore-robots)"
            )

    def delay(self, agent: str, least: float) -> float:
        """Return the seconds to leave between two pages."""
        asked = self.rules.crawl_delay(agent) if self.rules else None
        return min(max(least, asked or 0.0), LONGEST_DELAY_SECONDS)


class Sites:
    """What is known of the sites met so far; usable from several threads."""

    def __init__(self) -> None:
        self._robots: OrderedDict[str, Robots] = OrderedDict()
        self._next: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def robots(self, site: str, read: Callable[[], Robots]) -> Robots:
        """Return a site's robots.txt, read when the site is met first."""
        with self._lock:
            known = self._robots.get(site)
        if known is None:
            known = read()
            with self._lock:
                self._robots[site] = known
                _forget(self._robots)
        return known

    def wait(self, site: str, seconds: float) -> None:
        """Wait until a site may be asked again, and let the next one wait as long after."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(site, now))
            self._next[site] = turn + seconds
            _forget(self._next)
        time.sleep(turn - now)


def _forget(known: OrderedDict[str, Robots] | OrderedDict[str, float]) -> None:
    while len(known) > MOST_SITES:
        known.popitem(last=False)
