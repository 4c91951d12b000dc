"""A config that is read again while Notifier runs: one that cannot be used leaves the one before in force."""

from __future__ import annotations

import os
from collections.abc import Mapping

from notifier.config import Config, load
from notifier.errors import ConfigError
from notifier.structured_log import tell


class LiveConfig:
    """`config.toml` as it could last be read; the log says when it breaks, and when it is good again."""

    def __init__(self, first: Config, environ: Mapping[str, str] = os.environ) -> None:
        self.current = first
        self.mistake: str | None = None
        """Why the file cannot be used as it is now."""
        self._environ = environ

    def read(self) -> Config:
        """Look again: always the same file, never another one that lies higher up."""
        before = self.mistake
        try:
            self.current, self.mistake = load(self.current.path, self._environ), None
        except ConfigError as error:
            self.mistake = "; ".join(str(error).splitlines())
        if self.mistake and self.mistake != before:
            tell("config.broken", f"{self.mistake}; what the file said before holds until it is mended", level="error")
        if before and not self.mistake:
            tell("config.mended", f"{self.current.path.name} can be used again, and is")
        return self.current
