"""The trees that know an article's blocks, read once; whoever trains them reads none."""

from __future__ import annotations

from detector.mainblocks import load_main_trees

MAIN_TREES = load_main_trees()
