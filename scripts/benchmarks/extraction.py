"""HTML to article: ours beside its parts, and beside a cascade that begins with resiliparse.

    pip install 'derivative-detector' resiliparse
    python scripts/benchmarks/extraction.py wcxb_dev_articles.tar
    python scripts/benchmarks/extraction.py wcxb_dev_articles.tar --every 4

The pages are those of the Web Content Extraction Benchmark: an archive with ``html/ID.html.gz`` and
``ground-truth/ID.json``. F1 is that of the bag of words, averaged over pages. Ours reads with trees
that have learned from these pages: what it is on pages of other sites,
``scripts/train_extraction.py`` prints, cross-validated. The cascade takes
resiliparse's main content where nearly all its words stand in whole sentences, and trafilatura's
where they do not; ``whichever is better`` is what no check could beat. Milliseconds are CPU time,
from the page's bytes; of ours with all metadata, of the others the text alone. The last line is
JSON.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from detector.article import Article
from detector.charsets import decoded_page
from detector.errors import BadInput
from detector.extract import LARGEST_PAGE

WORD = re.compile(r"\w+")
# The cascade trusts a text of this many words with this share of them in lines that read as prose.
SURE_WORDS = 250
SURE_SHARE = 0.85
PROSE_WORDS = 12
_ENDS_A_SENTENCE = re.compile(r"[.!?…:\"”’)]\s*$")
OURS, FAST, RESILI, CASCADE, BETTER = (
    "ours, with metadata",
    "trafilatura fast",
    "resiliparse",
    "cascade of these two",
    "whichever is better",
)


@dataclass(frozen=True)
class Page:
    """One page and what people say is on it."""

    url: str
    html: bytes
    text: str
    title: str
    date: str


def pages(archive: Path, every: int = 1) -> Iterator[Page]:
    with tarfile.open(archive) as tar:
        names = sorted(name for name in tar.getnames() if name.endswith(".html.gz"))
        for name in names[::every]:
            truth = name.replace("/html/", "/ground-truth/").replace(".html.gz", ".json")
            html, told = (tar.extractfile(each) for each in (name, truth))
            if html and told:
                known = json.load(told)
                said = known["ground_truth"]
                yield Page(
                    known["url"],
                    gzip.decompress(html.read()),
                    said["main_content"] or "",
                    said.get("title") or "",
                    said.get("publish_date") or "",
                )


def f1(found: str, truth: str) -> float:
    one, other = (Counter(WORD.findall(text.lower())) for text in (found, truth))
    common = sum((one & other).values())
    return 2 * common / max(1, sum(one.values()) + sum(other.values()))


def by_us(page: Page) -> Article | None:
    try:
        return Article.from_html(page.html, url=page.url)
    except BadInput:
        return None


def by_trafilatura(page: Page) -> str:
    from trafilatura import extract

    html = decoded_page(page.html, charset=None, largest=LARGEST_PAGE)
    return extract(html, fast=True, include_comments=False, include_tables=False) or ""


def by_resiliparse(page: Page) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    html = decoded_page(page.html, charset=None, largest=LARGEST_PAGE)
    found = extract_plain_text(
        html, main_content=True, preserve_formatting=True, list_bullets=False, alt_texts=False
    )
    return str(found)


def is_sure(text: str) -> bool:
    """Tell whether a text reads as an article throughout."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    words = sum(map(len, lines))
    prose = sum(
        len(line)
        for line in lines
        if len(line) >= PROSE_WORDS and _ENDS_A_SENTENCE.search(line[-1])
    )
    return words >= SURE_WORDS and prose >= SURE_SHARE * words


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--every", default=1, show_default=True, help="Take each so many-th page.")
def main(archive: Path, every: int) -> None:
    """Measure extraction on benchmark pages."""
    spent, scores = Counter[str](), Counter[str]()
    right = Counter[str]()
    count = sure = 0
    for page in pages(archive, every):
        count += 1
        start = time.process_time()
        article = by_us(page)
        spent[OURS] += time.process_time() - start
        start = time.process_time()
        fast = by_trafilatura(page)
        spent[FAST] += (took := time.process_time() - start)
        start = time.process_time()
        resili = by_resiliparse(page)
        trusted = is_sure(resili)
        used = time.process_time() - start
        spent[RESILI] += used
        spent[CASCADE] += used if trusted else used + took
        sure += trusted
        each = {OURS: article.text if article else "", FAST: fast, RESILI: resili}
        found = {name: f1(text, page.text) for name, text in each.items()}
        found[CASCADE] = found[RESILI if trusted else FAST]
        found[BETTER] = max(found.values())
        scores.update(found)
        if article:
            title = WORD.findall((article.title or "").lower())
            right["title"] += title == WORD.findall(page.title.lower())
            day = article.published.date().isoformat() if article.published else ""
            right["date"] += day == page.date[:10]
    click.echo(
        "ours has learned from these pages; scripts/train_extraction.py measures unseen sites"
    )
    for name in (OURS, FAST, RESILI, CASCADE, BETTER):
        rate = f"{count / spent[name]:8,.0f} pages a CPU second" if name in spent else ""
        click.echo(f"{name:24} F1 {scores[name] / count:.4f} {rate}")
    click.echo(f"resiliparse is sure of {sure} of {count} pages")
    click.echo(
        json.dumps(
            {
                "pages": count,
                "f1": round(scores[OURS] / count, 4),
                "pages_a_cpu_second": round(count / spent[OURS], 1),
                "title_right": round(right["title"] / count, 4),
                "date_right": round(right["date"] / count, 4),
                "cascade_f1": round(scores[CASCADE] / count, 4),
                "cascade_pages_a_cpu_second": round(count / spent[CASCADE], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
