"""Sentences → atoms: what a sentence says, word by word, in a form in which what is written otherwise is the same."""
