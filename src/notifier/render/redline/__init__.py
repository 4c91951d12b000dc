"""A redline for each target: terminal, Markdown, HTML and JSON."""
