"""From the schema of an earlier version to that of this one, while others use the ledger.

A migration adds: columns that may be empty or have a constant default, tables, what nobody reads yet. Then nothing is
rewritten, and a process of the version before goes on beside the new ones. `compatible_since` in its file names the
oldest schema whose processes may; what those still use is taken away one version later at the earliest.
"""
