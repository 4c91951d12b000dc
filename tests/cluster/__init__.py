"""Several senders on one ledger: real processes, and a real PostgreSQL that is cut off, stopped and started again."""
