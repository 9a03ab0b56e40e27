"""`tag -o`: the bar, the lines and the summary."""

import os
import pty
import re
import subprocess
import sys
import termios

from xborder_tagger.cli.progress import Lines, Progress
from xborder_tagger.cli.summary import summary
from xborder_tagger.jobs import Tally


def clock(*readings):
    return iter(readings).__next__


def test_off_a_terminal_there_is_a_line_a_minute():
    now, said = [0.0], []
    shown = Lines(10_000_000, clock=lambda: now[0], write=said.append)
    shown.begin(Tally(documents=1000, bytes=1_000_000))
    for second in range(1, 131):
        now[0] = second
        shown.update(Tally(1000 + 100 * second, 1_000_000 + 20_000 * second, rejected={"not_json": 7}))
    assert said == [
        "7,007 documents, 100 documents/s, 0.0 MB/s, 7 quarantined, 0:06:30 left",
        "13,007 documents, 100 documents/s, 0.0 MB/s, 7 quarantined, 0:05:30 left",
    ]
    endless = Lines(None, interval=0, clock=lambda: now[0], write=said.append)
    endless.begin(Tally())
    endless.update(Tally(documents=5))
    assert said[-1].endswith("0 quarantined")


def on_a_terminal(archive, code):
    """What a program shows on a terminal."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 120))
    done = subprocess.run(
        [sys.executable, "-c", code], stderr=slave, stdout=subprocess.DEVNULL, cwd=archive, timeout=60
    )
    os.close(slave)
    with os.fdopen(master, "rb") as terminal:
        shown = terminal.read1(1 << 16).decode()
    return done.returncode, shown


COMMAND = "import sys; from xborder_tagger.cli import run; sys.exit(run(['tag', 'in.jsonl', '-o', 'out']))"


def test_on_a_terminal_there_is_a_bar(archive):
    status, shown = on_a_terminal(archive, COMMAND)
    assert status == 3
    assert re.search(r"100%\|.*\| [\d.]+k/[\d.]+k, [\d,]+ documents/s, [\d.]+ MB/s, 6 quarantined, 00:00 left", shown)
    assert "out: 594 documents in" in shown


def test_without_tqdm_a_terminal_gets_lines(archive):
    status, shown = on_a_terminal(archive, f"import sys; sys.modules['tqdm'] = None; {COMMAND}")
    assert status == 3
    assert "%|" not in shown
    assert "out: 594 documents in" in shown


def test_the_summary_of_a_clean_job_has_no_quarantine():
    shown = Progress(None, clock=clock(0.0, 0.0, 2.0))
    shown.begin(Tally())
    tally = Tally(2000, 3_000_000, {"mou": 3, "drugs": 7}, {}, {})
    shown.update(tally)
    assert summary("out", tally, shown).splitlines() == [
        "out: 2,000 documents in 0:00:02, 1,000 documents/s, 1.5 MB/s",
        "  tags         drugs 7, mou 3",
        "  flags        none",
    ]
