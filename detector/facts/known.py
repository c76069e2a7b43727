"""The shipped places and words, read once, when this module is first imported.

Only ``names`` imports it, when it is first called, so that importing the package stays light.
"""

from __future__ import annotations

from detector.facts.gazetteer import load_gazetteer

GAZETTEER = load_gazetteer()
