"""The command line: one file per command, each a parser and a function that tests call without a shell.

A command's module is imported only when it is called or its help is shown, so that no call pays for another.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

from xborder_tagger.cli.exits import Exit, status_of
from xborder_tagger.errors import TaggerError

COMMANDS: Final = {
    "tag": "Tag texts.",
    "explain": "Show which words moved each tag's score.",
    "evaluate": "Score the model on annotated texts.",
    "train": "Train a model on a corpus.",
    "info": "Show versions, kernel, model and its figures.",
}
DEBUG: Final = "XBORDER_TAGGER_DEBUG"


class _LazyGroup(click.Group):
    """Commands that are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"xborder_tagger.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xborder-tagger", message="%(prog)s %(version)s")
def cli() -> None:
    """Tag news and official texts by cross-border crime and kind of international cooperation.

    Example: xborder-tagger tag article.txt
    """


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status; every error becomes one line on stderr."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `... | head` ends us as it ends any other tool
    try:
        result = cli.main(args=list(arguments), prog_name="xborder-tagger", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        return _complain("interrupted", Exit.INTERRUPTED)
    except TaggerError as error:
        return _complain(str(error), status_of(error))
    except OSError as error:
        return _complain(f"{error.filename or 'output'}: {error.strerror}; check space and rights", Exit.DISK)
    except Exception as error:
        return _bug(error)
    return int(result or 0)


def _complain(message: str, status: Exit) -> int:
    line = " ".join(message.split())
    print(f"xborder-tagger: {line}", file=sys.stderr)  # noqa: T201
    return status


def _bug(error: Exception) -> int:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exc()
    kind = type(error).__name__
    return _complain(f"internal error ({kind}: {error}); set {DEBUG}=1 for a traceback and report it", Exit.BUG)
