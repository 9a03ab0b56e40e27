"""Readers and writers, all of them generators in constant memory.

```
paths -> sources.find -> read.read: open, unpack, find the format, recode -> a reader for each format
      -> Record | Rejected | Rows, which are many documents of a table as columns
    text, jsonl, delimited: in this process            parsed, columnar, packed: through sandbox, in a child process
Batch: documents and arrays of predictions -> write.writer_for -> bytes to append -> assemble, for Parquet and Arrow
```

A reader never stops for a bad document: it yields a `Rejected` that says why there is none. docs/formats.md lists every
format, option and code.
"""
