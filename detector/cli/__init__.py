"""The command line: data goes to stdout, everything said to people goes to stderr."""

from __future__ import annotations

import errno
import os
import sys

import click

from detector.cli.doctor import doctor
from detector.cli.evaluate import evaluate
from detector.cli.examine import compare, score
from detector.cli.facts import facts
from detector.cli.index import index
from detector.cli.mcp import mcp
from detector.cli.options import INPUT_ERROR
from detector.cli.report import report
from detector.cli.scan import scan
from detector.cli.serve import serve
from detector.cli.sites import sites
from detector.cli.train import train
from detector.errors import DetectorError
from detector.version import __version__

# What a full or failing disk answers.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


class _Group(click.Group):
    """Turns this library's errors into one line and exit status 3, once for all commands."""

    def invoke(self, context: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            result = super().invoke(context)
            sys.stdout.flush()  # here, where what goes wrong is still told in one line
            return result
        except DetectorError as error:
            click.echo(f"detector: {error}", err=True)
        except BrokenPipeError:  # the reader, such as head, has seen enough
            _drop_output()
            raise SystemExit(0) from None
        except OSError as error:
            if error.errno not in FULL:
                raise
            _drop_output()
            click.echo(
                f"detector: the output could not be written ({error.strerror}): what was written "
                "before is kept; make room, and go on with a scan by -o FILE --resume",
                err=True,
            )
        except KeyboardInterrupt:
            click.echo("detector: interrupted; what was written is complete", err=True)
        raise SystemExit(INPUT_ERROR)


def _drop_output() -> None:
    """Let nothing be written any more to standard output, which cannot take it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="detector")
def main() -> None:
    """Find the source a news article was made from, and show it.

    Every finding is evidence with its place in the text, not a judgment of guilt.
    """


for command in (
    score, compare, scan, report, sites, serve, index, evaluate, facts, mcp, train, doctor
):  # fmt: skip
    main.add_command(command)
