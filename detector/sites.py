"""What many results say about each site, and the sites that share sources, plugs, inventions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, hypot, pi, sin
from statistics import median

from detector.evaluation.shares import Share
from detector.report import JSON
from detector.results import Result

# The most used sources, and the most advertised brands, that are worth naming.
MOST_NAMED = 5
# Two sites are tied by so many common sources; one or two popular originals prove nothing.
COMMON_SOURCES = 3
# Kinds of invented details that two writers do not hit upon by chance; a year they may.
TELLING = frozenset({"quote", "claim"})
# A thing that more sites share than this is a custom, not a tie (and ties grow with its square).
MOST_SHARING = 50
# A picture of more sites than this shows nothing.
MOST_DRAWN = 40
# Steps of the drawing: by then the sites stand still, see the tests.
STEPS = 150


@dataclass(frozen=True, slots=True)
class Counted:
    """A name and how often it occurs."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Site:
    """What the results say about one site.

    Attributes:
        derivative: how many of the articles examined are called derivative.
        uncredited: how many of the derivatives name, link or license no source.
        median_lag_hours: from the source to the derivative; None without dates.
        sources: the sites whose articles its derivatives were made from, most used first.
        brands: advertised brands, by articles.
        inventions: details that the sources do not have, in all derivatives.
    """

    site: str
    derivative: Share
    uncredited: Share
    median_lag_hours: float | None
    sources: tuple[Counted, ...]
    brands: tuple[Counted, ...]
    inventions: int

    @property
    def examined(self) -> int:
        """Number of its articles that were examined."""
        return self.derivative.counted

    @property
    def inventions_per_derivative(self) -> float | None:
        """Mean number of invented details; None without derivatives."""
        return self.inventions / self.derivative.right if self.derivative.right else None


@dataclass(frozen=True, slots=True)
class Tie:
    """What two sites share."""

    sites: tuple[str, str]
    brands: tuple[str, ...]
    inventions: tuple[str, ...]
    sources: int

    @property
    def weight(self) -> int:
        """Number of things shared; a common source counts least, being nobody's own."""
        return 3 * (len(self.brands) + len(self.inventions)) + self.sources


@dataclass(frozen=True, slots=True)
class Drawn:
    """A site of a network and where it stands in its picture, 0 to 1 from the top left."""

    site: str
    derivatives: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Network:
    """Sites that are tied to each other, directly or through others.

    Attributes:
        sites: all of them, by name.
        drawn: those with the most ties, with their places.
        ties: the strongest first.
    """

    sites: tuple[str, ...]
    drawn: tuple[Drawn, ...]
    ties: tuple[Tie, ...]


def sites_of(results: Iterable[Result]) -> tuple[Site, ...]:
    """Sum up the results by site, the one with the most derivatives first."""
    by_site: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.site:
            by_site[result.site].append(result)
    sites = [_site(name, items) for name, items in by_site.items()]
    return tuple(sorted(sites, key=lambda s: (-s.derivative.right, -s.examined, s.site)))


def _site(name: str, results: Sequence[Result]) -> Site:
    derivatives = [result for result in results if result.is_flagged]
    lags = [result.lag_hours for result in derivatives if result.lag_hours is not None]
    return Site(
        site=name,
        derivative=Share(len(derivatives), len(results)),
        uncredited=Share.of(result.credit == "uncredited" for result in derivatives),
        median_lag_hours=round(median(lags), 2) if lags else None,
        sources=_most(_origin(result) for result in derivatives),
        brands=_most(brand for result in results for brand in {p.brand for p in result.plugs}),
        inventions=sum(len(result.inventions) for result in derivatives),
    )


def _origin(result: Result) -> str:
    """Name the site of a result's source, or the source where it has no address."""
    source = result.source
    return (source.site or source.id) if source else "unknown"


def _most(names: Iterable[str]) -> tuple[Counted, ...]:
    counts = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return tuple(Counted(name, count) for name, count in counts[:MOST_NAMED])


# --- networks -------------------------------------------------------------------------------------


def networks_of(results: Iterable[Result]) -> tuple[Network, ...]:
    """Find the groups of sites that share brands, inventions or several sources; largest first."""
    results = list(results)
    ties = _ties(results)
    derivatives = Counter(r.site for r in results if r.site and r.is_flagged)
    networks = [_network(group, ties, derivatives) for group in _groups(ties)]
    return tuple(sorted(networks, key=lambda n: (-len(n.sites), n.sites)))


def _ties(results: Iterable[Result]) -> list[Tie]:
    shared: dict[str, dict[str, set[str]]] = {kind: defaultdict(set) for kind in _KINDS}
    for result in results:
        for kind, name in _shareable(result):
            shared[kind][name].add(result.site or "")
    common: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind, names in shared.items():
        for name, sites in sorted(names.items()):
            if len(sites) <= MOST_SHARING:
                for pair in combinations(sorted(sites), 2):
                    common[pair][kind].append(name)
    ties = (
        Tie(pair, tuple(found["brand"]), tuple(found["invention"]), len(found["source"]))
        for pair, found in common.items()
    )
    kept = [t for t in ties if t.brands or t.inventions or t.sources >= COMMON_SOURCES]
    return sorted(kept, key=lambda tie: (-tie.weight, tie.sites))


_KINDS = ("brand", "invention", "source")


def _shareable(result: Result) -> Iterator[tuple[str, str]]:
    """Yield what this article may share with those of other sites: a kind and a name."""
    if not result.site:
        return
    for plug in result.plugs:
        yield "brand", (plug.domain or plug.brand).casefold()
    for invention in result.inventions:
        if invention.kind in TELLING:
            yield "invention", " ".join(invention.text.casefold().split())
    if result.is_flagged and result.source:
        yield "source", result.source.id


def _groups(ties: Iterable[Tie]) -> Iterator[list[str]]:
    """Yield the sites that hang together."""
    near: dict[str, set[str]] = defaultdict(set)
    for tie in ties:
        one, other = tie.sites
        near[one].add(other)
        near[other].add(one)
    seen: set[str] = set()
    for start in sorted(near):
        group, waiting = [], [start]
        while waiting:
            site = waiting.pop()
            if site not in seen:
                seen.add(site)
                group.append(site)
                waiting += sorted(near[site])
        if group:
            yield sorted(group)


def _network(group: Sequence[str], ties: Sequence[Tie], derivatives: Counter[str]) -> Network:
    members = set(group)
    inside = tuple(tie for tie in ties if tie.sites[0] in members)
    degree = Counter(site for tie in inside for site in tie.sites)
    shown = sorted(sorted(group, key=lambda site: (-degree[site], site))[:MOST_DRAWN])
    places = _layout(shown, inside)
    drawn = (
        Drawn(site, derivatives[site], *place) for site, place in zip(shown, places, strict=True)
    )
    return Network(tuple(group), tuple(drawn), inside)


def _layout(sites: Sequence[str], ties: Iterable[Tie]) -> list[tuple[float, float]]:
    """Place sites so that tied ones stand near each other; the same for the same ties.

    Source: Fruchterman and Reingold 1991, "Graph drawing by force-directed placement", started
    from a circle instead of chance.
    """
    count = len(sites)
    number = {site: i for i, site in enumerate(sites)}
    edges = [
        (number[a], number[b])
        for tie in ties
        for a, b in [tie.sites]
        if a in number and b in number
    ]
    at = [complex(cos(2 * pi * i / count), sin(2 * pi * i / count)) for i in range(count)]
    length = 2 / count**0.5
    for step in range(STEPS):
        moves = _forces(at, edges, length)
        heat = 0.2 * (1 - step / STEPS)
        at = [
            p + (m / abs(m)) * min(abs(m), heat) if m else p for p, m in zip(at, moves, strict=True)
        ]
    return _in_frame(at)


def _forces(
    at: Sequence[complex], edges: Iterable[tuple[int, int]], length: float
) -> list[complex]:
    moves = [0j] * len(at)
    for i, j in combinations(range(len(at)), 2):
        apart = at[i] - at[j]
        push = apart / max(hypot(apart.real, apart.imag) ** 2, 1e-6) * length**2
        moves[i] += push
        moves[j] -= push
    for i, j in edges:
        apart = at[i] - at[j]
        pull = apart * abs(apart) / length
        moves[i] -= pull
        moves[j] += pull
    return moves


def _in_frame(at: Sequence[complex]) -> list[tuple[float, float]]:
    lefts, tops = [p.real for p in at], [p.imag for p in at]
    wide, high = max(lefts) - min(lefts), max(tops) - min(tops)
    return [
        (
            round((p.real - min(lefts)) / wide, 4) if wide > 1e-9 else 0.5,
            round((p.imag - min(tops)) / high, 4) if high > 1e-9 else 0.5,
        )
        for p in at
    ]


# --- as data --------------------------------------------------------------------------------------


def site_dict(site: Site) -> dict[str, JSON]:
    """Return a site as JSON-ready values."""
    return {
        "site": site.site,
        "examined": site.examined,
        "derivative": _share_dict(site.derivative),
        "uncredited": _share_dict(site.uncredited),
        "median_lag_hours": site.median_lag_hours,
        "sources": [{"name": each.name, "count": each.count} for each in site.sources],
        "brands": [{"name": each.name, "count": each.count} for each in site.brands],
        "inventions_per_derivative": _rounded(site.inventions_per_derivative),
    }


def network_dict(network: Network) -> dict[str, JSON]:
    """Return a network as JSON-ready values."""
    drawn = {each.site for each in network.drawn}
    return {
        "sites": [
            {"site": d.site, "derivatives": d.derivatives, "x": d.x, "y": d.y}
            for d in network.drawn
        ],
        "left_out": len(network.sites) - len(network.drawn),
        "ties": [
            {
                "sites": list(tie.sites),
                "brands": list(tie.brands),
                "inventions": list(tie.inventions),
                "sources": tie.sources,
                "weight": tie.weight,
            }
            for tie in network.ties
            if drawn.issuperset(tie.sites)
        ],
    }


def _share_dict(share: Share) -> dict[str, JSON]:
    low, high = share.interval
    return {
        "right": share.right,
        "counted": share.counted,
        "value": _rounded(share.value),
        "low": _rounded(low),
        "high": _rounded(high),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
