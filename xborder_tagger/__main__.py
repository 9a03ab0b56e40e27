"""The command's entry point: ``xborder-tagger`` and ``python -m xborder_tagger``."""

import sys


def main() -> None:
    """Run the command line and exit with its status."""
    from xborder_tagger.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
