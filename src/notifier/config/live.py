"""A config that is read again while Notifier runs: one that cannot be used leaves the one before in force."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from notifier.config import Config, load
from notifier.errors import ConfigError


class LiveConfig:
    """`config.toml` as it could last be read. `tell` gets a line when it breaks, and when it is good again."""

    def __init__(self, first: Config, tell: Callable[[str], None], environ: Mapping[str, str] = os.environ) -> None:
        self.current = first
        self.mistake: str | None = None
        """Why the file cannot be used as it is now."""
        self._tell = tell
        self._environ = environ

    def read(self) -> Config:
        """Look again: always the same file, never another one that lies higher up."""
        before = self.mistake
        try:
            self.current, self.mistake = load(self.current.path, self._environ), None
        except ConfigError as error:
            self.mistake = "; ".join(str(error).splitlines())
        if self.mistake and self.mistake != before:
            self._tell(f"{self.mistake}; what the file said before holds until it is mended")
        if before and not self.mistake:
            self._tell(f"{self.current.path.name} can be used again, and is")
        return self.current
