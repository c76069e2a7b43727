"""What a person sees in a terminal: its width, and colours where it has them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator

# A line that is longer is hard to follow with the eye.
WIDEST = 140
_BOLD, _DIM, _RED, _GREEN, _YELLOW, _BLUE, _CYAN = "1", "2", "31", "32", "33", "34", "36"
_LABELS = {"DERIVATIVE": _RED, "ORIGINAL": _GREEN, "UNDECIDED": _YELLOW, "REPUBLICATION": _BLUE}
# How the lines of a report begin, and their colours; the first that fits is taken.
_STYLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"    \+ +\d"), _RED),
    (re.compile(r"    − +\d"), _CYAN),
    (re.compile(r"    [\w-]+, (?:unsupported|contradicted), "), _YELLOW),
    (re.compile(r"    [\w-]+, (?:over )?0?\.?\d"), _BLUE),
    (re.compile(r"  \(evidence "), _DIM),
    (re.compile(r"  \S"), _BOLD),
)


def has_colours() -> bool:
    """Tell whether standard output is a terminal whose user wants colours (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def width_for(default: int) -> int:
    """Return the width of the terminal, or the default where there is none."""
    if not sys.stdout.isatty():
        return default
    return min(WIDEST, shutil.get_terminal_size((default, 24)).columns)


def painted(lines: Iterable[str]) -> Iterator[str]:
    """Colour the lines of a report; without the colours they are what they were."""
    for number, line in enumerate(lines):
        head, _, rest = line.strip().partition("  ")
        if head in _LABELS:
            yield f"  {_in(head, _BOLD, _LABELS[head])}  {rest}"
            continue
        style = next((code for start, code in _STYLES if start.match(line)), None)
        if number == 0:
            yield _in(line, _BOLD)
        elif style is None:
            yield line
        elif style in {_BOLD, _DIM}:
            yield _in(line, style)
        else:
            yield _painted_head(line, style)


def _painted_head(line: str, style: str) -> str:
    """Colour the number or kind at the beginning, and leave the words that follow it."""
    indent = len(line) - len(line.lstrip())
    end = line.find("  ", indent + 1)
    if line[indent] in "+−":
        end = line.find("  ", indent + 4)
    end = len(line) if end < 0 else end
    return line[:indent] + _in(line[indent:end], style) + line[end:]


def _in(text: str, *codes: str) -> str:
    return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if text else text
