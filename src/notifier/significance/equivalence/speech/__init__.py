"""What a sentence says in other words: phrases that say the same, turns of speech, clauses with a subject or none."""
