"""Reads a policy: front matter, Markdown, sentences, tokens, numbers, dates; each with its place in the source."""
