"""Claims about the served page in a real browser: paste, wait, read; safe, quiet, accessible."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from conftest import CHROMIUM, FIXTURES, ROOT

from detector.article import Article

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("fastapi", reason="the extra web is not installed")
pytest.importorskip(
    "playwright.sync_api",
    reason="the package playwright is not installed: pip install -e '.[test]'",
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"
)

Visit = Callable[..., "Page"]
LARGE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
HOSTILE = (
    '</textarea></script><script>window.hacked = 1</script><img src="https://tracker.example/x" '
    'onerror="window.hacked = 1"> "><svg/onload=window.hacked=1> {{7*7}} \u202eback\u202c '
)
ALLOWED_IMPACT = {None, "minor", "moderate"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return where a server of the fixtures listens, started as a person starts it."""
    sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))
    from serve import serving

    with serving("--sources", str(FIXTURES / "sources.jsonl")) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Return what opens the page; afterwards nothing may have gone wrong or left the server."""
    opened, wrong, host = [], [], urlsplit(address).netloc

    def open_page(*, screen: dict[str, int] = LARGE, scheme: str = "light") -> Page:
        context = browser.new_context(viewport=screen, color_scheme=scheme, reduced_motion="reduce")
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: wrong.append(asked.url) if urlsplit(asked.url).netloc != host else None,
        )
        page.goto(address)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert wrong == []


def hand_in(page: Page, text: str, **fields: str) -> None:
    page.fill("#article", text)
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.click("button.primary")


def hand_in_many(page: Page, name: str) -> None:
    """Hand in a file that takes long enough to be waited for."""
    content = (FIXTURES / "labelled.jsonl").read_bytes()
    page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": content})
    page.click("button.primary")


def serious_faults(page: Page) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    return [
        f"{fault['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for fault in axe.run(page).response["violations"]
        if fault["impact"] not in ALLOWED_IMPACT
        for node in fault["nodes"][:2]
    ]


def test_a_pasted_article_is_waited_for_and_read(visit: Visit, news: dict[str, Article]) -> None:
    page = visit()
    addresses: list[str] = []
    page.on("framenavigated", lambda frame: addresses.append(urlsplit(frame.url).path))
    hand_in(page, news["eel-d2"].text, headline=news["eel-d2"].title or "")
    page.wait_for_selector(".panes", timeout=60_000)
    assert page.inner_text("h1") == news["eel-d2"].title
    assert "We did not expect to watch animals swim up" in page.inner_text(".source-pane")
    waiting, report = addresses[-2:]  # the page that waits, and the report it leads to
    assert report == f"{waiting}/report"
    page.go_back()
    assert page.is_visible("#article")  # not the page that waits, which would lead on again


def test_two_texts_are_compared_without_the_index(visit: Visit, news: dict[str, Article]) -> None:
    page = visit(screen=PHONE)
    hand_in(page, news["eel-d1"].text, source=news["eel-s1"].text)
    page.wait_for_selector(".article-pane", timeout=60_000)
    assert page.locator(".source-card").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_hostile_text_stays_text(visit: Visit, news: dict[str, Article]) -> None:
    page = visit()
    hand_in(page, f"{HOSTILE}\n\n{news['eel-d1'].text}", headline=HOSTILE)
    page.wait_for_selector(".panes", timeout=60_000)
    assert "<script>window.hacked = 1</script>" in page.inner_text(".article-pane .body")
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, main iframe, #app script").count() == 0


def test_progress_shows_a_hostile_name_as_text(visit: Visit) -> None:
    page = visit()
    page.route(
        "**/api/jobs/*", lambda route: route.fulfill(json={"state": "waiting", "step": HOSTILE})
    )
    hand_in_many(page, '<img src=x onerror="window.hacked = 1">.jsonl')
    page.locator("#step", has_text="tracker").wait_for()
    assert page.get_by_role("progressbar").count() == 1
    assert page.get_by_role("status").inner_text().startswith("</textarea></script><script>")
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, main svg").count() == 0


def test_the_form_can_be_used_by_keyboard_alone(visit: Visit, news: dict[str, Article]) -> None:
    page = visit()
    page.focus("#article")
    page.keyboard.insert_text(news["eel-d1"].text)
    reached: list[str] = []
    while "Examine" not in reached and len(reached) < 20:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".panes", timeout=60_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [LARGE, PHONE], ids=["large", "phone"])
def test_axe_finds_no_serious_fault(
    visit: Visit, news: dict[str, Article], screen: dict[str, int], scheme: str
) -> None:
    page = visit(screen=screen, scheme=scheme)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]
    hand_in(page, news["eel-d1"].text)
    page.wait_for_selector(".article-pane", timeout=60_000)
    assert serious_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_is_waited_for_and_becomes_a_table(visit: Visit, scheme: str) -> None:
    page = visit(scheme=scheme)
    page.route("**/api/jobs/*", lambda route: route.fulfill(json={"state": "waiting", "step": "a"}))
    hand_in_many(page, "crawl.jsonl")
    page.wait_for_selector("[data-job]")
    assert serious_faults(page) == []
    page.unroute("**/api/jobs/*")
    page.wait_for_selector("table", timeout=120_000)
    assert page.inner_text("h1") == "crawl.jsonl"
