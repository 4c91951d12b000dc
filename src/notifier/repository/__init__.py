"""The only door to git: what editors wrote, what was posted, and posting it."""

from notifier.repository.change_reader import ChangeReader
from notifier.repository.history import PolicyChange
from notifier.repository.policy_files import Heads
from notifier.repository.repository import Repository
from notifier.repository.tags.posted_tags import TagRecord

__all__ = ["ChangeReader", "Heads", "PolicyChange", "Repository", "TagRecord"]
