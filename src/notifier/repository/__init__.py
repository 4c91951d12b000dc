"""The only door to git: what editors wrote, what was posted, and posting it."""

from notifier.repository.repository import Repository

__all__ = ["Repository"]
