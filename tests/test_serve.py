"""Claims about the served page and its interface: who is let in, how much is read, what is said."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT, Shell

from detector.article import Article
from detector.fetch import Fetcher
from detector.pipeline import Detector, compare

pytest.importorskip("fastapi", reason="the extra web is not installed")
from starlette.testclient import TestClient

from detector.web.app import LOOPBACK, application
from detector.web.desk import Desk
from detector.web.guard import Access

TOKEN = "a-token-nobody-guesses"
HERE = "http://127.0.0.1:8765"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def desk(examiner: Detector, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk({"news": examiner}, tmp_path, fetcher=Fetcher())
    yield desk
    desk.close()


def client(desk: Desk, token: str | None = None, largest: int = 30_000_000) -> TestClient:
    access = Access(token, LOOPBACK, largest)
    return TestClient(application(desk, access), base_url=HERE, follow_redirects=False)


def key_of(page: str) -> str:
    return page.partition('name="key" value="')[2].partition('"')[0]


def handed_in(web: TestClient, **fields: str) -> str:
    """Hand in a form and wait; returns the address of the report."""
    key = key_of(web.get("/").text)
    answer = web.post("/examine", data={"key": key, **fields})
    assert answer.status_code == 303, answer.text
    return waited(web, answer.headers["location"])


def waited(web: TestClient, address: str) -> str:
    for _ in range(1000):  # a minute on a busy machine
        job = web.get(f"/api{address}").json()
        if job["state"] in {"done", "failed"}:
            return f"{address}/report" if job["state"] == "done" else job["step"]
        time.sleep(0.05)
    raise AssertionError(job)


# --- what it says ---------------------------------------------------------------------------------


def test_the_interface_says_what_the_library_says(
    desk: Desk, examiner: Detector, news: dict[str, Article]
) -> None:
    web, suspect, source = client(desk), news["eel-d1"], news["eel-s1"]
    question = {"article": {"text": suspect.text, "title": suspect.title}}
    scored = web.post("/api/score", json=question).json()
    bare = Article.from_text(suspect.text, title=suspect.title)
    assert scored == json.loads(json.dumps(examiner.examine(bare).to_dict()))
    question["source"] = {"text": source.text}
    compared = web.post("/api/score", json=question).json()
    report = compare(bare, Article.from_text(source.text))
    assert compared == json.loads(json.dumps(report.to_dict()))


def test_a_pasted_article_becomes_a_report_and_json(desk: Desk, news: dict[str, Article]) -> None:
    web = client(desk)
    address = handed_in(web, article=news["eel-d1"].text, title=SCRIPT)
    page = web.get(address)
    assert "'sha256-" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert SCRIPT not in page.text
    report = web.get(address.replace("report", "json")).json()
    assert report["article"]["title"] == SCRIPT
    assert report["verdict"]["label"] == "derivative"
    assert report["article"]["text"] == news["eel-d1"].text


def test_a_file_of_articles_becomes_the_page_of_a_scan(
    desk: Desk, news: dict[str, Article]
) -> None:
    lines = "\n".join(json.dumps({"id": id, "text": news[id].text}) for id in ("eel-d1", "eel-h1"))
    web = client(desk)
    files = {"file": ("crawl.jsonl", f"{lines}\n{{broken\n".encode())}
    answer = web.post("/examine", data={"key": key_of(web.get("/").text)}, files=files)
    address = waited(web, answer.headers["location"])
    page = web.get(address).text
    assert 'id="scan"' in page
    found = [
        json.loads(line)
        for line in web.get(address.replace("report", "json")).text.split("\n")
        if line
    ]
    assert [record.get("origin") for record in found] == [None, None, "crawl.jsonl"]


def test_the_description_of_the_interface_names_every_address(desk: Desk) -> None:
    described = client(desk).get("/api").json()
    assert described["openapi"].startswith("3.")
    assert sorted(described["paths"]) == [
        "/api/files", "/api/indexes", "/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/results",
        "/api/score",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"article": " "}, "there is no text"),
        ({"article": "The ferry.", "index": "nothing"}, "is no index here: choose news"),
        ({"article": "x" * 1_000_001}, "at most 1,000,000 are read"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(
    desk: Desk, fields: dict[str, str], said: str
) -> None:
    web = client(desk)
    answer = web.post("/examine", data={"key": key_of(web.get("/").text), **fields})
    assert answer.status_code == 422
    assert said in answer.text


def test_what_was_handed_in_is_shown_again_as_text(desk: Desk) -> None:
    web = client(desk)
    fields = {"article": f"</textarea>{SCRIPT}", "index": SCRIPT, "title": f'"{SCRIPT}'}
    answer = web.post("/examine", data={"key": key_of(web.get("/").text), **fields})
    assert answer.status_code == 422
    assert SCRIPT not in answer.text
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer.text


# --- who is let in --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://other.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("address", ["/examine", "/api/score", "/api/jobs", "/login"])
def test_pages_of_other_sites_can_do_nothing(
    desk: Desk, headers: dict[str, str], address: str
) -> None:
    assert client(desk).post(address, headers=headers).status_code == 403


def test_a_form_without_the_key_is_not_done(desk: Desk) -> None:
    for data in ({"article": "The ferry."}, {"article": "The ferry.", "key": "guessed"}):
        assert client(desk).post("/examine", data=data).status_code == 403


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.other.example", "[::2]:8765", ""])
def test_a_name_made_to_lead_here_gets_no_answer(desk: Desk, host: str) -> None:
    assert client(desk).get("/", headers={"host": host}).status_code == 421


def test_without_the_token_nobody_comes_in(desk: Desk) -> None:
    web = client(desk, TOKEN)
    assert web.get("/").headers["location"] == "/login"
    for address in ("/api", "/api/indexes", "/api/jobs/x"):
        assert web.get(address).status_code == 401
    for scheme in ("Bearer wrong", f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN}x"):
        assert web.get("/api", headers={"authorization": scheme}).status_code == 401
    assert web.get("/api", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_browser_shows_the_token_once(desk: Desk) -> None:
    web = client(desk, TOKEN)
    assert web.post("/login", data={"token": "wrong"}).status_code == 403
    answer = web.post("/login", data={"token": TOKEN})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert web.get("/").status_code == 200


def test_every_answer_forbids_what_it_does_not_need(desk: Desk) -> None:
    web = client(desk)
    for address in ("/", "/api", "/login", "/jobs/none", "/nothing", "/desk.js"):
        headers = web.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


# --- how much, and from where ---------------------------------------------------------------------


def test_more_than_is_read_is_refused_whatever_length_was_said(desk: Desk) -> None:
    web = client(desk, largest=10_000)
    many = b"x" * 20_000
    kind = {"content-type": "application/jsonl"}
    assert web.post("/api/files", content=many, headers=kind).status_code == 413
    pieces = (many[i : i + 1000] for i in range(0, len(many), 1000))  # sent without a length
    assert web.post("/api/files", content=pieces, headers=kind).status_code == 413


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8765/", "http://[::1]/", "http://169.254.169.254/", "http://10.0.0.1/"],
)
def test_private_addresses_are_never_fetched(desk: Desk, url: str) -> None:
    web = client(desk)
    answer = web.post("/api/score", json={"article": {"url": url}})
    assert answer.status_code == 422
    assert "not on the public internet" in answer.json()["error"]
    assert "not on the public internet" in handed_in(web, article=url)


@pytest.mark.parametrize(
    "question",
    [{}, {"article": {}}, {"article": {"text": "a", "url": "b"}}, {"article": {"text": 1}}, [], 1],
)
def test_a_question_of_another_shape_gets_one_line(desk: Desk, question: object) -> None:
    answer = client(desk).post("/api/score", json=question)
    assert answer.status_code == 422
    assert list(answer.json()) == ["error"]
    assert "\n" not in answer.json()["error"]


def test_a_weak_token_is_refused(shell: Shell) -> None:
    done = shell("-m", "detector", "serve", "--token", "short")
    assert done.returncode == 2
    assert b"16 characters or more" in done.stderr


def test_what_was_handed_in_is_deleted_when_the_server_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))
    from serve import serving

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving():
        assert list(tmp_path.glob("detector-serve-*"))
    assert not list(tmp_path.glob("detector-serve-*"))


def test_many_clients_at_once_are_all_answered() -> None:
    sys.path.insert(0, str(ROOT / "scripts" / "benchmarks"))
    from serve import load, serving, texts

    with serving("--sources", str(FIXTURES / "sources.jsonl")) as address:
        outcome = load(address, texts()[:12], clients=12, seconds=1)
    assert outcome.failures == []
    assert len(outcome.seconds) >= 12
