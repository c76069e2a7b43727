"""``detector sites``: what a scan says about each site."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detector.cli.outputs import refuse_overwriting, write_pieces

if TYPE_CHECKING:
    from detector.evaluation.shares import Share
    from detector.sites import Counted, Network, Site

BLOCKLISTS = ("ublock", "hosts")


@click.command()
@click.argument("scan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", *BLOCKLISTS]),
    default="text",
    show_default=True,
)
@click.option(
    "--min-share",
    type=click.FloatRange(0, 1, min_open=True),
    help="Blocklists: least share of derivatives, by the low end of its 95 % interval.",
)
@click.option(
    "--min-articles", type=click.IntRange(1), help="Blocklists: least number of articles examined."
)
def sites(
    scan: Path, output: Path | None, form: str, min_share: float | None, min_articles: int | None
) -> None:
    """Sum up a scan by site: share of derivatives, lag, sources, credit, brands, inventions.

    Shares stand with their 95 % interval (Wilson). The blocklist formats need both --min-share
    and --min-articles: who is put on a list is your decision.

    \b
    Examples:
      detector sites found.jsonl
      detector sites found.jsonl --format csv -o sites.csv
      detector sites found.jsonl --format ublock --min-share 0.5 --min-articles 20
    """
    from detector.results import Result, read_results
    from detector.sites import networks_of, sites_of

    if form in BLOCKLISTS and (min_share is None or min_articles is None):
        raise click.UsageError(
            f"--format {form} needs --min-share and --min-articles: "
            "a list of sites to block is made by a threshold that you chose"
        )
    refuse_overwriting(output, scan)
    results = [item for item in read_results(scan) if isinstance(item, Result)]
    found = sites_of(results)
    if form in BLOCKLISTS:
        lines = _blocklist(found, form, min_share or 1.0, min_articles or 1)
    elif form == "csv":
        lines = _csv(found)
    elif form == "json":
        lines = _json(found, networks_of(results))
    else:
        lines = _text(found, networks_of(results))
    write_pieces(output, lines)


def _json(sites: Sequence[Site], networks: Sequence[Network]) -> Iterator[str]:
    from detector.sites import network_dict, site_dict

    shown = {
        "sites": [site_dict(site) for site in sites],
        "networks": [network_dict(network) for network in networks],
    }
    yield json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


def _blocklist(
    sites: Sequence[Site], form: str, min_share: float, min_articles: int
) -> Iterator[str]:
    """Yield the sites that are derivative beyond the doubt of a small sample."""
    mark, line = ("!", "||{}^$document") if form == "ublock" else ("#", "0.0.0.0 {}")
    yield (
        f"{mark} Sites with at least {min_share:.0%} of their articles called derivative (low end "
        f"of the 95 % interval), of at least {min_articles} examined. Evidence, not a verdict.\n"
    )
    for site in sites:
        low, _ = site.derivative.interval
        if site.examined >= min_articles and low >= min_share and _is_host(site.site):
            yield line.format(site.site) + "\n"


def _is_host(name: str) -> bool:
    """Tell whether a name can stand in a list; a crawl may name a site as it likes."""
    parts = name.split(".")
    return len(parts) > 1 and all(
        part and part.isascii() and part.replace("-", "").replace("_", "").isalnum()
        for part in parts
    )


_COLUMNS: tuple[tuple[str, Callable[[Site], object]], ...] = (
    ("site", lambda site: site.site),
    ("examined", lambda site: site.examined),
    ("derivatives", lambda site: site.derivative.right),
    ("derivative_share", lambda site: _rounded(site.derivative.value)),
    ("derivative_low", lambda site: _rounded(site.derivative.interval[0])),
    ("derivative_high", lambda site: _rounded(site.derivative.interval[1])),
    ("uncredited_share", lambda site: _rounded(site.uncredited.value)),
    ("median_lag_hours", lambda site: site.median_lag_hours),
    ("inventions_per_derivative", lambda site: _rounded(site.inventions_per_derivative)),
    ("sources", lambda site: _listed(site.sources)),
    ("brands", lambda site: _listed(site.brands)),
)
# What a spreadsheet takes for a formula when a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _csv(sites: Sequence[Site]) -> Iterator[str]:
    yield _csv_line([name for name, _ in _COLUMNS])
    for site in sites:
        yield _csv_line([_cell(value(site)) for _, value in _COLUMNS])


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _listed(items: Sequence[Counted]) -> str:
    return "; ".join(f"{each.name} {each.count}" for each in items)


def _text(sites: Sequence[Site], networks: Sequence[Network]) -> Iterator[str]:
    yield "In brackets: the 95 % interval; the fewer examined, the wider. Evidence, no verdict.\n\n"
    for site in sites:
        yield f"{site.site}\n"
        yield f"  {site.examined:,} examined, derivative {_share(site.derivative)}\n"
        if site.derivative.right:
            yield from _derivatives(site)
        if site.brands:
            yield f"  advertises {_listed(site.brands)}\n"
    for number, network in enumerate(networks, start=1):
        yield f"\nNetwork {number}: {len(network.sites)} sites that share something\n"
        for tie in network.ties:
            shared = [*tie.brands, *(f"“{text}”" for text in tie.inventions)]
            shared += [f"{tie.sources} sources"] if tie.sources else []
            yield f"  {tie.sites[0]} and {tie.sites[1]}: {', '.join(shared)}\n"


def _derivatives(site: Site) -> Iterator[str]:
    yield f"  uncredited {_share(site.uncredited)}"
    if site.median_lag_hours is not None:
        yield f", {site.median_lag_hours:,.1f} hours after the source (median)"
    yield f", {site.inventions_per_derivative or 0:.1f} details not in the source each\n"
    yield f"  from {_listed(site.sources)}\n"


def _share(share: Share) -> str:
    low, high = share.interval
    return f"{share.right} of {share.counted} ({low:.0%}–{high:.0%})"
