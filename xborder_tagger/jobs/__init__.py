"""Batch jobs that may be stopped by anything and go on where they were; docs/jobs.md says what is promised.

A job knows nothing of formats: it is given a `Work` that makes bytes, appends them beside the output, and keeps a
journal of how much of them is safe on the disk.

```
OUT.part              output so far             -> OUT at the end
OUT.quarantine.part   bad documents so far      -> OUT.quarantine.jsonl at the end, if there are any
OUT.journal           what is safe on the disk  -> removed at the end
OUT.lock              held by one process       -> removed whenever that ends by itself
```
"""

from xborder_tagger.jobs.checkpoint import Checkpoint
from xborder_tagger.jobs.job import Job
from xborder_tagger.jobs.tally import Tally
from xborder_tagger.jobs.work import Step, Work

__all__ = ["Checkpoint", "Job", "Step", "Tally", "Work"]
