"""Claims about the served page in a real browser: hand in, wait, read; accessible, and safe."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from conftest import FIXTURES, ROOT

from detector.article import Article

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("fastapi", reason="the extra web is not installed")
playwright = pytest.importorskip(
    "playwright.sync_api",
    reason="the package playwright is not installed: pip install -e '.[test]'",
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"
)

Visit = Callable[..., "Page"]
PHONE = {"width": 390, "height": 844}
HOSTILE = '</textarea><script>alert(1)</script><img src=x onerror="alert(2)"> \u202eedisni\u202c '
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))
    from serve import serving

    with serving("--sources", str(FIXTURES / "sources.jsonl")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Return what opens the page; afterwards nothing may have gone wrong or left the server."""
    opened, wrong = [], []

    def noted(url: str) -> None:
        if urlsplit(url).netloc != urlsplit(address).netloc:
            wrong.append(url)

    def note(said: str) -> None:
        if "status of 422" not in said:  # the form again, with what was wrong
            wrong.append(said)

    def go(*, screen: dict[str, int] | None = None, script: bool = True) -> Page:
        context = browser.new_context(viewport=screen, java_script_enabled=script)
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: note(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda asked: noted(asked.url))
        page.goto(address)
        return page

    yield go
    for context in opened:
        context.close()
    assert wrong == []


def faults(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] not in {None, "minor", "moderate"}]


def examine(page: Page, text: str) -> None:
    page.fill("#article", text)
    page.get_by_role("button", name="Examine").click()
    page.wait_for_url("**/report", timeout=PATIENCE_MS)


def test_a_pasted_article_leads_to_its_report(visit: Visit, news: dict[str, Article]) -> None:
    page = visit()
    examine(page, news["eel-d1"].text)
    page.wait_for_selector(".source-pane .mark")
    assert "derivative" in page.inner_text("main").casefold()
    assert news["eel-s1"].title in page.inner_text("main")


def test_hostile_text_stays_text(visit: Visit, news: dict[str, Article]) -> None:
    page = visit()
    examine(page, HOSTILE + news["eel-d1"].text)
    page.wait_for_selector("h1")
    assert page.locator("main script, main img").count() == 0
    assert "<script>alert(1)</script>" in page.inner_text("main")


def test_what_is_wrong_is_said_and_the_form_keeps_what_was_given(visit: Visit) -> None:
    page = visit()
    page.fill("#headline", "A headline")
    page.get_by_role("button", name="Examine").click()
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#headline") == "A headline"
    assert page.inner_text("[role=alert]").strip()


def test_a_file_of_articles_becomes_a_table(
    visit: Visit, news: dict[str, Article], tmp_path: Path
) -> None:
    lines = [json.dumps({"id": id, "text": news[id].text}) for id in ("eel-d1", "eel-h1")]
    path = tmp_path / "crawl.jsonl"
    path.write_text("\n".join(lines), encoding="utf8")
    page = visit()
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Examine").click()
    page.wait_for_url("**/report", timeout=PATIENCE_MS)
    page.wait_for_selector("table")
    assert page.inner_text("h1") == "crawl.jsonl"


@pytest.mark.parametrize("screen", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_serious_fault(
    visit: Visit, news: dict[str, Article], screen: dict[str, int] | None
) -> None:
    page = visit(screen=screen)
    assert faults(page) == []
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0  # nothing to scroll sideways to
    examine(page, news["eel-d2"].text)
    page.wait_for_selector("h1")
    assert faults(page) == []


def test_it_works_from_the_keyboard(visit: Visit, news: dict[str, Article]) -> None:
    page = visit()
    page.focus("#article")
    page.keyboard.insert_text(news["eel-d1"].text)
    button = page.get_by_role("button", name="Examine")
    for _ in range(12):
        if button.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report", timeout=PATIENCE_MS)
    assert page.locator("h1").count() == 1
