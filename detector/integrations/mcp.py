"""A server for assistants that check sources: three read-only tools over standard input/output.

It reads what the assistant sends and the index it was started with: no file, and no address
unless it was started to fetch. The protocol is MCP, the Model Context Protocol.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from detector.article import Article
from detector.errors import BadInput, DetectorError
from detector.factrecords import fact_record
from detector.facts import facts
from detector.pipeline import Detector, compare
from detector.readers import is_address
from detector.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from detector.encoders import Encoder
    from detector.fetch import Fetcher

# A book has a million characters; an assistant sends an article.
LONGEST_TEXT = 1_000_000
INSTRUCTIONS = (
    "Finds the source a news article was made from, and shows the evidence: reused passages, "
    "invented details, inserted advertisements, credit. The findings are evidence for a person "
    "to weigh, with places in the text (character offsets); they are no judgment of guilt."
)

Text = Annotated[str, Field(description="the article's whole text, or its address if allowed")]
Title = Annotated[str, Field(description="its headline, where known")]
Published = Annotated[str, Field(description="its date, such as 2025-11-14, where known")]


@dataclass(frozen=True, slots=True)
class Tools:
    """What the tools work with.

    Attributes:
        detector: knows the sources; None when the server was started without any.
        encoder: compares pairs; the default one when absent.
        fetcher: fetches addresses; without one they are refused.
    """

    detector: Detector | None = None
    encoder: Encoder | None = None
    fetcher: Fetcher | None = None

    def score_article(
        self, article: Text, title: Title = "", published: Published = ""
    ) -> dict[str, object]:
        """Find the known source that an article was made from, and the evidence for it."""
        if self.detector is None:
            raise BadInput(
                "this server knows no sources: compare two articles with compare_articles, or "
                "start it with --index"
            )
        report = self.detector.examine(self._article(article, title, published))
        return {**report.to_dict()}

    def compare_articles(
        self,
        suspect: Text,
        source: Text,
        suspect_published: Published = "",
        source_published: Published = "",
    ) -> dict[str, object]:
        """Say whether one article was made from another, and show what was reused or invented."""
        report = compare(
            self._article(suspect, "", suspect_published),
            self._article(source, "", source_published),
            encoder=self.encoder,
        )
        return {**report.to_dict()}

    def list_facts(
        self, article: Text, title: Title = "", published: Published = ""
    ) -> dict[str, object]:
        """List an article's numbers, dates, names and quotations, each with its normal form."""
        found = facts(self._article(article, title, published))
        return {"facts": [fact_record(fact) for fact in found]}

    def _article(self, text: str, title: str, published: str) -> Article:
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"the text has {len(text)} characters, at most {LONGEST_TEXT} are read")
        if is_address(text.strip()) and len(text.split()) == 1:
            if self.fetcher is None:
                raise BadInput(
                    "this server does not fetch addresses: give the article's text, or start it "
                    "with --fetch"
                )
            return self.fetcher.article(text.strip())
        return Article.from_text(text, title=title or None, published=published or None)


def server(tools: Tools) -> MCPServer[object]:
    """Return the server; ``run()`` serves one assistant over standard input and output."""
    made: MCPServer[object] = MCPServer(
        "derivative-detector",
        instructions=INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
    )
    hints = ToolAnnotations(
        read_only_hint=True,
        destructive_hint=False,
        idempotent_hint=True,
        open_world_hint=tools.fetcher is not None,
    )
    for tool in (tools.score_article, tools.compare_articles, tools.list_facts):
        made.add_tool(_told(tool), annotations=hints)
    return made


def _told(tool: Callable[..., dict[str, object]]) -> Callable[..., dict[str, object]]:
    """Return a tool that tells the assistant what was wrong with what it sent."""
    from functools import wraps

    @wraps(tool)
    def call(*arguments: object, **named: object) -> dict[str, object]:
        try:
            return tool(*arguments, **named)
        except DetectorError as error:
            raise ToolError(str(error)) from error

    return call
