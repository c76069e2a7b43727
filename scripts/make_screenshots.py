"""Photograph the report of a fixture for the README: light, dark, and on a phone.

python scripts/make_screenshots.py      # needs playwright and chromium
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from detector.article import Article
from detector.pipeline import Detector
from detector.readers import read_articles
from detector.render import page_of_report

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
PICTURES = Path(__file__).parent / "screenshots"
SHOWN = "ports-d2"
DESK, PHONE = (1200, 800), (390, 780)
# As PNG, a page of text in the dark takes 290 KB; as JPEG of this quality it stays below.
QUALITY = 72
# A picture in a README that is larger keeps people waiting.
LARGEST = 200_000


def articles(name: str) -> list[Article]:
    return [each for each in read_articles([FIXTURES / name]) if isinstance(each, Article)]


def page(folder: Path) -> Path:
    """Write the report on a fixture, as ``detector score -o`` does."""
    (suspect,) = (each for each in articles("labelled.jsonl") if each.id == SHOWN)
    report = Detector.from_sources(articles("sources.jsonl")).examine(suspect)
    path = folder / "report.html"
    path.write_text("".join(page_of_report(report.to_dict(with_text=True))), encoding="utf8")
    return path


def photograph(
    browser: Browser,
    path: Path,
    name: str,
    *,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
    at: str | None,
) -> None:
    """Take one picture, from the top or with a part of the page at the top."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
    )
    shown = context.new_page()
    shown.goto(path.as_uri())
    shown.wait_for_selector("h1")
    if at:
        shown.evaluate("at => document.querySelector(at).scrollIntoView()", at)
        shown.locator(".article-pane button.ref").nth(1).click()
    target = PICTURES / f"{name}.jpg"
    shown.screenshot(path=target, type="jpeg", quality=QUALITY)
    context.close()
    if target.stat().st_size > LARGEST:
        sys.exit(f"{target.name} has {target.stat().st_size:,} bytes, at most {LARGEST:,} are kept")


def main() -> None:
    chromium = shutil.which("chromium")
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        path = page(Path(folder))
        photograph(browser, path, "light", size=DESK, scheme="light", at=None)
        photograph(browser, path, "dark", size=DESK, scheme="dark", at="#texts")
        photograph(browser, path, "phone", size=PHONE, scheme="light", at="#texts")
        browser.close()


if __name__ == "__main__":
    main()
