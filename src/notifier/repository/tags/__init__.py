"""Annotated tags: what was posted, and what customers were told of it."""
