"""Proofs that the same words stand in another order: members, clauses, what stands before the verb, and who does it."""
