"""Claims about the HTML report in a real browser: joined, filtered, accessible, and safe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import CHROMIUM

from detector.article import Article
from detector.pipeline import compare
from detector.render import page_of_report, page_of_scan
from detector.report import JSON, Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip(
    "playwright.sync_api",
    reason="the package playwright is not installed: pip install -e '.[test]'",
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"
)

Examined = Callable[[str], Report]
Open = Callable[..., "Page"]
DESK, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
SCANNED = "eel-d1 eel-d2 eel-d3 eel-h1 misc-h1 bridge-d4 bridge-d2 vote-d1 trial-d3".split()
ALLOWED_IMPACT = {None, "minor", "moderate"}


@pytest.fixture
def show(browser: Browser) -> Iterator[Open]:
    """Return what opens a file; afterwards nothing may have gone wrong or left the page."""
    opened, wrong = [], []

    def open_file(path: Path, *, screen: dict[str, int] = DESK, scheme: str = "light") -> Page:
        context = browser.new_context(viewport=screen, color_scheme=scheme, reduced_motion="reduce")
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: wrong.append(asked.url) if asked.url != url else None)
        url = path.as_uri()
        page.goto(url)
        page.wait_for_selector("h1")
        return page

    yield open_file
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def folder(examined: Examined, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of single reports and of a scan, with and without texts."""
    folder = tmp_path_factory.mktemp("pages")
    for id in ("eel-d2", "bridge-d4", "bridge-d2", "eel-h1"):
        written(folder / f"{id}.html", page_of_report(examined(id).to_dict(with_text=True)))
    written(folder / "bare.html", page_of_report(examined("eel-d2").to_dict()))
    reports = [examined(id).to_dict(with_text=True) for id in SCANNED]
    (folder / "scan.jsonl").write_text("".join(f"{json.dumps(r)}\n" for r in reports), "utf8")
    written(folder / "scan.html", page_of_scan(folder / "scan.jsonl"))
    return folder


def written(path: Path, pieces: Iterator[str]) -> Path:
    path.write_text("".join(pieces), encoding="utf8")
    return path


def lit(page: Page, pane: str) -> str:
    """Return the words that are lit in one of the texts."""
    return "".join(page.locator(f".{pane}-pane .mark.on").all_inner_texts())


def is_in_view(page: Page, pane: str, key: str) -> bool:
    return page.evaluate(
        """([pane, key]) => {
          const box = document.querySelector(`.${pane}-pane`).getBoundingClientRect();
          const mark = document.querySelector(`.${pane}-pane .mark[data-k~="${key}"]`);
          const {top, bottom} = mark.getBoundingClientRect();
          return top >= box.top && bottom <= box.bottom + 60;
        }""",
        [pane, key],
    )


def serious_faults(page: Page) -> list[str]:
    """Return what axe-core finds, without what it calls moderate or minor."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for fault in found
        if fault["impact"] not in ALLOWED_IMPACT
        for node in fault["nodes"][:2]
    ]


# --- one article ----------------------------------------------------------------------------------


def test_pointing_at_a_passage_lights_its_source(show: Open, folder: Path) -> None:
    page = show(folder / "eel-d2.html")
    page.hover(".article-pane .mark[data-k='m3']")
    assert lit(page, "article").startswith("A silver eel no longer eats")
    assert lit(page, "source").startswith("The European eel, listed as critically endangered")


def test_the_keyboard_reaches_every_passage_and_tells_it(show: Open, folder: Path) -> None:
    page = show(folder / "eel-d2.html")
    numbers = page.locator(".article-pane button.ref")
    assert numbers.count() == len(page.evaluate("JSON.parse(report.textContent).alignment"))
    page.focus(".article-pane")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "1"
    assert page.inner_text(".dock").startswith("1")
    assert "Reworded" in page.inner_text(".dock")


def test_pressing_a_number_moves_the_other_text_there(show: Open, folder: Path) -> None:
    page = show(folder / "eel-d2.html")
    last = page.locator(".article-pane button.ref").last
    key = last.get_attribute("data-k")
    assert not is_in_view(page, "source", key)
    last.focus()
    page.keyboard.press("Enter")
    assert is_in_view(page, "source", key)
    assert is_in_view(page, "article", key)


def test_a_contradicted_detail_leads_to_the_words_of_the_source(
    show: Open, folder: Path, examined: Examined
) -> None:
    page = show(folder / "eel-d2.html")
    finding = next(
        f for f in examined("eel-d2").fabrications if f.elsewhere and f.kind == "dateline"
    )
    number = examined("eel-d2").fabrications.index(finding)
    page.click(f"#invented .card[data-k='f{number}'] button")
    assert lit(page, "source") == finding.elsewhere.text
    assert is_in_view(page, "source", f"f{number}")
    assert finding.elsewhere.text in page.inner_text(".dock")


def test_kinds_of_reuse_differ_by_their_lines_not_only_their_colour(
    show: Open, folder: Path
) -> None:
    page = show(folder / "eel-d2.html")
    styles = page.evaluate(
        """() => ['near', 'reworded'].map((kind) =>
          getComputedStyle(document.querySelector(`.body .mark.${kind}`)).borderBottomStyle)"""
    )
    assert styles == ["dashed", "dotted"]


def test_the_risk_is_shown_with_what_makes_it_up(
    show: Open, folder: Path, examined: Examined
) -> None:
    page = show(folder / "eel-d2.html")
    reasons = examined("eel-d2").verdict.risk_reasons
    said = page.locator(".risk .bars .says").all_inner_texts()
    assert [text.lower() for text in said] == [reason.says.lower() for reason in reasons]
    assert "Should an editor look?" in page.inner_text("#risk-title")
    nothing = show(folder / "eel-h1.html")
    assert "0." in nothing.inner_text("#risk-title")


def test_an_advertisement_is_marked_where_it_stands(
    show: Open, folder: Path, examined: Examined
) -> None:
    page = show(folder / "bridge-d2.html")
    (plug,) = examined("bridge-d2").plugs
    marked = "".join(page.locator(".article-pane .mark.plug").all_inner_texts())
    assert marked == plug.span.of(examined("bridge-d2").article.text)


def test_a_mosaic_shows_both_sources(show: Open, folder: Path) -> None:
    page = show(folder / "bridge-d4.html")
    assert page.locator(".source-pane h3").count() == 2
    assert page.locator(".source-card").count() == 2
    assert page.locator(".strip .divider").count() == 1


def test_offsets_hold_after_characters_beyond_the_first_plane(show: Open, tmp_path: Path) -> None:
    copied = (
        "The council voted on Tuesday to close the old iron bridge for fourteen months of repairs. "
    ) * 3
    article = Article.from_text(f"🦉🦉🦉 {copied}", id="a", title="Bridge 🦉")
    source = Article.from_text(copied, id="b", title="Bridge")
    report = compare(article, source).to_dict(with_text=True)
    first = report["alignment"][0]
    page = show(written(tmp_path / "owl.html", page_of_report(report)))
    marked = page.locator(".article-pane .mark[data-k~='m0']").first.inner_text()
    assert marked.strip() == article.text[first["start"] : first["end"]].strip()


def test_without_texts_the_page_says_so_and_lists_the_places(show: Open, folder: Path) -> None:
    page = show(folder / "bare.html")
    assert "--with-text" in page.inner_text("#texts")
    assert page.locator(".places tbody tr").count() > 10
    assert page.locator("#invented .card").count() > 0


def test_on_a_phone_one_text_is_shown_at_a_time_and_nothing_sticks_out(
    show: Open, folder: Path
) -> None:
    page = show(folder / "eel-d2.html", screen=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert not page.is_visible(".source-pane")
    page.click(".article-pane button.ref[data-k='m4']")
    page.click(".dock button")
    assert page.is_visible(".source-pane")
    assert not page.is_visible(".article-pane")
    page.click("[data-show='article']")
    assert page.is_visible(".article-pane")


def test_printing_shows_both_texts_in_full(show: Open, folder: Path) -> None:
    page = show(folder / "eel-d2.html", screen=PHONE)
    page.emulate_media(media="print")
    assert page.is_visible(".source-pane")
    assert page.is_visible(".article-pane")
    assert not page.is_visible(".dock")
    cut = "[...document.querySelectorAll('.pane')].map((p) => p.scrollHeight > p.clientHeight + 2)"
    assert page.evaluate(cut) == [False, False]


# --- a scan ---------------------------------------------------------------------------------------


def rows(page: Page) -> list[str]:
    return page.locator(".articles tbody th a").all_inner_texts()


def test_filters_filter(show: Open, folder: Path, examined: Examined) -> None:
    page = show(folder / "scan.html")
    assert len(rows(page)) == len(SCANNED)
    page.select_option("#filter-relation", "summary")
    summaries = {id for id in SCANNED if examined(id).verdict.relation == "summary"}
    assert set(rows(page)) == {examined(id).article.title for id in summaries}
    page.select_option("#filter-relation", "")
    page.fill("#filter-text", "planetpulsedaily")
    assert rows(page) == [examined("eel-d2").article.title]
    assert page.inner_text("#articles .said") == f"1 article of {len(SCANNED)}"
    page.fill("#filter-text", "")
    page.select_option("#filter-findings", "plugs")
    assert set(rows(page)) == {examined(id).article.title for id in SCANNED if examined(id).plugs}


def test_heads_sort_both_ways_and_say_so(show: Open, folder: Path) -> None:
    page = show(folder / "scan.html")
    head = page.locator(".articles th", has_text="Article").first
    head.locator("button").click()
    names = rows(page)
    assert names == sorted(names, key=str.lower)
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert rows(page) == names[::-1]
    assert head.get_attribute("aria-sort") == "descending"


def test_an_article_opens_from_its_row_and_the_way_back_leads_to_the_table(
    show: Open, folder: Path, examined: Examined
) -> None:
    page = show(folder / "scan.html")
    title = examined("eel-d2").article.title
    page.click(f"text={title}")
    page.wait_for_selector(".panes")
    assert page.inner_text("h1") == title
    assert "We did not expect to watch animals swim up" in page.inner_text(".source-pane")
    page.go_back()
    page.wait_for_selector(".articles")
    assert len(rows(page)) == len(SCANNED)


def test_the_timeline_stands_by_source_with_lags(show: Open, folder: Path) -> None:
    page = show(folder / "scan.html")
    eel = page.locator(".timeline > li").first
    assert "Aldreda barrage" in eel.inner_text()
    eel.locator("summary").click()
    assert eel.locator(".lag").all_inner_texts() == ["+ 4 h", "+ 33 h", "+ 4 days"]


def test_counts_by_relation_are_those_of_the_scan(
    show: Open, folder: Path, examined: Examined
) -> None:
    page = show(folder / "scan.html")
    copies = sum(examined(id).verdict.relation == "copy" for id in SCANNED)
    button = page.locator("#relations button", has_text="copy")
    assert button.inner_text().split() == [str(copies), "copy"]
    button.click()
    assert len(rows(page)) == copies


# --- safe and accessible --------------------------------------------------------------------------

HOSTILE = (
    "</script><script>window.hacked = 1</script><!-- <script> ",
    '<img src="https://tracker.example/x.png" onerror="window.hacked = 1"> {{7*7}} ${7*7} &amp; ',
    "\u202eright to left\u202c \u2066isolated\u2069 \u2028line\u2029paragraph \x00\x07 ",
    '"><svg/onload=window.hacked=1> javascript:window.hacked=1 ',
)


def hostile_report(word: str) -> dict[str, JSON]:
    body = "The council voted on Tuesday to close the old iron bridge for fourteen months. " * 9
    text = "".join(HOSTILE) + body + word
    article = Article.from_text(
        text,
        id=HOSTILE[0],
        title=HOSTILE[1] + HOSTILE[2],
        url="javascript:window.hacked=1",
        site=HOSTILE[3],
    )
    source = Article.from_text(text, id="<b>s</b>", title=HOSTILE[0], url="javascript:alert(1)")
    report = compare(article, source).to_dict(with_text=True)
    report["plugs"] = [
        {"start": -5, "end": 10**9, "text": HOSTILE[1], "brand": HOSTILE[0], "probability": 0.9,
         "why": HOSTILE[3], "domain": HOSTILE[3]}
    ]  # fmt: skip
    return report


def assert_harmless(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, iframe, b, #app script").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_hostile_text_stays_text(show: Open, tmp_path: Path, screen: dict[str, int]) -> None:
    report = hostile_report("x" * 1_000_000)
    page = show(written(tmp_path / "hostile.html", page_of_report(report)), screen=screen)
    assert_harmless(page)
    shown = page.inner_text(".article-pane .body")
    assert "<script>window.hacked = 1</script>" in shown
    assert 'onerror="window.hacked = 1"' in shown
    assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]


def test_hostile_text_stays_text_in_a_scan(show: Open, tmp_path: Path) -> None:
    (tmp_path / "scan.jsonl").write_text(json.dumps(hostile_report("x")) + "\n", "utf8")
    page = show(written(tmp_path / "scan.html", page_of_scan(tmp_path / "scan.jsonl")))
    assert_harmless(page)
    page.click(".articles tbody a")
    page.wait_for_selector(".panes")
    assert_harmless(page)


def test_the_policy_stops_what_is_put_into_the_page(browser: Browser, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "eel-d2.html").as_uri())
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.hacked = 1';
          document.body.append(script);
          const image = document.createElement('img');
          image.src = 'https://tracker.example/x.png';
          document.body.append(image);
        }"""
    )
    assert page.evaluate("window.hacked") is None
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["eel-d2", "bridge-d2", "eel-h1", "bare", "scan"])
def test_axe_finds_no_serious_fault(
    show: Open, folder: Path, name: str, screen: dict[str, int], scheme: str
) -> None:
    page = show(folder / f"{name}.html", screen=screen, scheme=scheme)
    if page.locator(".article-pane button.ref").count():
        page.locator(".article-pane button.ref").first.focus()
    assert serious_faults(page) == []
