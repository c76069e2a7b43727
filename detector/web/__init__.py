"""The local web page and its interface for programs (extra ``web``)."""

from __future__ import annotations
