"""Ask a server on this machine from many clients at once, and count what went wrong.

python scripts/benchmarks/serve.py --clients 50 --seconds 60
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "fixtures"
# With 50 clients and two workers a question waits for 48 others.
PATIENCE_SECONDS = 300


@dataclass
class Outcome:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """Start the server on a free port; gives its address, and ends it."""
    command = [sys.executable, "-m", "detector", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert server.stderr is not None
            said = next((line for line in server.stderr if "open http" in line), "")
            if not said:
                raise RuntimeError("the server ended before it listened")
            yield next(word for word in said.split() if word.startswith("http"))
        finally:
            server.terminate()
            server.communicate(timeout=60)


def texts(path: Path = FIXTURES / "labelled.jsonl") -> list[str]:
    lines = path.read_text(encoding="utf8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def load(address: str, articles: Sequence[str], *, clients: int, seconds: float) -> Outcome:
    """Let every client ask one question after the other until the time is over."""
    outcome, end = Outcome(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=_client, args=(address, articles[n:] + articles[:n], end, outcome))
        for n in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def _client(address: str, articles: Sequence[str], end: float, outcome: Outcome) -> None:
    for article in cycle(articles):
        if time.monotonic() > end:
            return
        start = time.monotonic()
        fault = _ask(address, article)
        outcome.seconds.append(time.monotonic() - start)
        if fault:
            outcome.failures.append(fault)


def _ask(address: str, article: str) -> str:
    """Ask for one report; returns what went wrong."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
    try:
        body = json.dumps({"article": {"text": article}})
        connection.request("POST", "/api/score", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            return f"{answer.status} {content[:100]!r}"
        return "" if json.loads(content)["article"]["words"] else "no words"
    except (OSError, HTTPException, ValueError, KeyError) as error:
        return f"{type(error).__name__} {error}"
    finally:
        connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--sources", default=str(FIXTURES / "sources.jsonl"))
    chosen = parser.parse_args()
    with serving("--sources", chosen.sources) as address:
        outcome = load(address, texts(), clients=chosen.clients, seconds=chosen.seconds)
    places = quantiles(outcome.seconds, n=20)
    sys.stdout.write(
        f"{len(outcome.seconds)} questions of {chosen.clients} clients, "
        f"{len(outcome.failures)} failed; half within {places[9]:.1f} s, 95 % within "
        f"{places[18]:.1f} s\n"
    )
    for fault in sorted(set(outcome.failures))[:10]:
        sys.stdout.write(f"  {fault}\n")
    raise SystemExit(bool(outcome.failures))


if __name__ == "__main__":
    main()
