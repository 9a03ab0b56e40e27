"""How fast the tags come: throughput against others in one run, by CPU time."""
