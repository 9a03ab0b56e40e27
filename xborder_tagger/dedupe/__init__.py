"""Near-copies: syndicated reprints of one text, found in a stream, so that counts are of events.

`NearCopies` gives each document the id of the first document of its cluster. docs/dedupe.md says how well.
"""

from xborder_tagger.dedupe.clusters import NearCopies, cluster_ids

__all__ = ["NearCopies", "cluster_ids"]
