"""What several machines need that share a ledger: one clock, and jobs that wake who sends."""
