"""A policy's life: revisions, editors' words, postings, and what is found wrong with a text before it is posted."""
