"""Reports as one HTML file: nothing is fetched, every text stays text."""

from __future__ import annotations

from detector.render.page import page_of_report
from detector.render.scanned import page_of_scan

__all__ = ["page_of_report", "page_of_scan"]
