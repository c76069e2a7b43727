"""A page's main text: which of its blocks trained trees take for the article's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detector.blocks import PageBlocks, blocks_of
from detector.blocksigns import table_of
from detector.errors import ModelError
from detector.models import BoostedTrees, boosted_trees
from detector.shipped import read_model

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

FILE = "extraction.json"
SCHEMA = 1
# Blocks at least this likely to be the article's are kept; chosen cross-validated over sites
# (scripts/train_extraction.py): F1 changes by .003 at most from .3 to .5.
KEPT = 0.35
# A block that is a link of fewer words is a menu's or a list's: of a hundred of them four are of
# an article's text, and these hold six in a thousand of its words.
LINK_WORDS = 8
LINKED = 0.8
# So many blocks are judged at once: 5 MB for each step down the trees.
ROWS_AT_ONCE = 4_096
# Cells of one row of a table, as trafilatura writes them.
_CELLS = " | "
_CELL_TAGS = frozenset({"td", "th"})


def load_main_trees(folder: Path | None = None) -> BoostedTrees:
    """Load the trees that know an article's blocks.

    Args:
        folder: the folder of models; the shipped one when absent.

    Raises:
        ModelError: the model is missing, changed, or of another schema.
    """
    parsed = json.loads(read_model(FILE, folder))
    if parsed.get("schema") != SCHEMA:
        raise ModelError(f"{FILE} has another schema: train it with scripts/train_extraction.py")
    return boosted_trees(parsed)


@dataclass(frozen=True, slots=True)
class MainText:
    """What trees took for the text of an article.

    Attributes:
        text: a paragraph a line; "" where they found none.
        sure: the F1 of the words that their probabilities promise, 0 to 1.
        after: the block right behind it; "" at the end of the page.
    """

    text: str
    sure: float
    after: str


def main_text(tree: HtmlElement, title: str, trees: BoostedTrees) -> MainText:
    """Find the text of a page's article.

    Args:
        tree: the page.
        title: its title; "" when it has none.
        trees: what to decide by.
    """
    page = readable(blocks_of(tree))
    if not page.blocks:
        return MainText("", 0.0, "")
    table = table_of(page, title)
    parts = [table[n : n + ROWS_AT_ONCE] for n in range(0, len(table), ROWS_AT_ONCE)]
    probabilities = np.concatenate([trees.probabilities(part) for part in parts])
    kept = probabilities >= KEPT
    last = int(np.flatnonzero(kept)[-1]) if kept.any() else len(page.blocks)
    after = "".join(block.text for block in page.blocks[last + 1 : last + 2])
    return MainText(text_of(page, kept), promised(page, probabilities), after)


def promised(page: PageBlocks, probabilities: NDArray[np.float64]) -> float:
    """Return the F1 that is to be expected of a page's kept blocks, 0 to 1."""
    sizes = np.array([len(block.text) for block in page.blocks], np.float64)
    kept = probabilities >= KEPT
    right, own = float(sizes @ (probabilities * kept)), float(sizes @ probabilities)
    return 2 * right / max(1.0, float(sizes @ kept) + own)


def readable(page: PageBlocks) -> PageBlocks:
    """Leave out the blocks that are a short link and nothing else."""
    blocks = [
        block
        for block in page.blocks
        if block.linked <= LINKED * len(block.text) or block.text.count(" ") >= LINK_WORDS - 1
    ]
    return PageBlocks(blocks, page.containers)


def text_of(page: PageBlocks, kept: NDArray[np.bool_]) -> str:
    """Join blocks, a line each; the cells of one table row stand in one line."""
    parts: list[str] = []
    last, tags, parent = -1, page.containers.tag, page.containers.parent
    for block, is_kept in zip(page.blocks, kept.tolist(), strict=True):
        if is_kept:
            is_cell = tags[block.container] in _CELL_TAGS
            row = parent[block.container] if is_cell else -1
            between = _CELLS if row == last >= 0 else "\n"
            parts += [between, block.text]
            last = row
    return "".join(parts[1:])
