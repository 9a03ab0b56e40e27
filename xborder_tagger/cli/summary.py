"""What a job came to, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from xborder_tagger.cli.progress import Progress
from xborder_tagger.jobs import Tally


def summary(out: str, tally: Tally, shown: Progress) -> str:
    """Documents, tags, flags, what was quarantined and why, throughput of this run."""
    lines = [
        f"{out}: {tally.documents:,} documents in {timedelta(seconds=round(shown.seconds))}, {shown.speed}",
        f"  tags         {_counts(tally.tags)}",
        f"  flags        {_counts(tally.flags)}",
    ]
    if tally.quarantined:
        lines.append(f"  quarantined  {tally.quarantined:,} ({_counts(tally.rejected)}), in {out}.quarantine.jsonl")
    return "\n".join(lines)


def _counts(counts: Mapping[str, int]) -> str:
    """Most frequent first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ranked) or "none"
