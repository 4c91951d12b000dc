"""A service of `deploy/compose.yaml` as a process of this machine, with what its container would see and may do.

A mount namespace of its own stands in for the container: its root is read-only, its folders and files are mounted as
the file says, and the command runs as the image's user, without a capability. Network, image and limits of memory are
not tried.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BIN = Path(sys.executable).parent
PYTHONPATH = str(Path(__file__).parents[2] / "src")
SOCKET = "/srv/database"
"""Where a container sees the database's socket."""


def _can_be_made() -> bool:
    jail = ["unshare", "--mount", "setpriv", "--reuid=10001", "--clear-groups"]
    probe, env = [*jail, sys.executable, "-c", "import click, notifier"], {**os.environ, "PYTHONPATH": PYTHONPATH}
    try:
        return os.getuid() == 0 and subprocess.run(probe, capture_output=True, timeout=20, env=env).returncode == 0
    except OSError:
        return False


IS_HIDDEN = BIN.is_relative_to("/tmp")
"""A container has a /tmp of its own."""
needs_namespaces = pytest.mark.skipif(
    IS_HIDDEN or not _can_be_made(),
    reason="NOT RUN: no mount namespaces here, or not root, or this checkout lies in /tmp, which a container hides",
)


@dataclass(frozen=True)
class Container:
    """One service, with the variables of the file filled in."""

    service: Mapping[str, Any]
    variables: Mapping[str, str]
    socket: str

    @property
    def command(self) -> list[str]:
        return ["notifier", *self.service["command"]]

    @property
    def health_check(self) -> list[str]:
        kind, *words = map(str, self.service["healthcheck"]["test"])
        assert kind == "CMD"
        return words

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside until it ends."""
        return subprocess.run(self._inside(words), capture_output=True, text=True, timeout=120, env=self._environment())

    def start(self) -> subprocess.Popen[str]:
        """Start the service itself."""
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(self._inside(self.command), text=True, env=self._environment(), **streams)  # type: ignore[call-overload, no-any-return]

    def _environment(self) -> dict[str, str]:
        path = f"{BIN}:{os.environ['PATH']}"
        env = {"PATH": path, "PYTHONPATH": PYTHONPATH, "HOME": "/srv/notifier", "PYTHONDONTWRITEBYTECODE": "1"}
        for file in self.service.get("env_file", ()):
            lines = Path(self._filled(file)).read_text().splitlines()
            env |= dict(line.split("=", 1) for line in lines)
        return env

    def _inside(self, words: Sequence[str]) -> list[str]:
        mounts = "\n".join(self._mounts())
        user, group = self.service["user"].split(":")
        jail = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--inh-caps=-all"]
        jail += ["--bounding-set=-all", "--no-new-privs"]
        script = f"set -e\n{mounts}\ncd /srv/notifier\nexec {shlex.join([*jail, *words])}"
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]

    def _mounts(self) -> Iterator[str]:
        """Shallow places first, as an engine orders them; what lies under /srv on this machine is hidden."""
        yield "mount -t tmpfs tmpfs /srv"
        yield f"mkdir -p {SOCKET} /srv/notifier /srv/source && mount --bind {self.socket} {SOCKET}"
        home = self._filled("${NOTIFIER_HOME:-/srv/notifier}")
        yield f"mount --bind {home} /srv/source"
        places = [(target, self._bind(volume)) for volume in self.service.get("volumes", ())
                  for target in [self._filled(volume).split(":")[1]]]  # fmt: skip
        places += [(place.split(":")[0], self._tmpfs(place)) for place in self.service.get("tmpfs", ())]
        for _, lines in sorted(places):
            yield lines
        yield "umount /srv/source"
        if self.service["read_only"]:
            yield "mount -o remount,ro,bind /\nmount -o remount,ro /srv"

    def _bind(self, volume: str) -> str:
        source, target, *options = self._filled(volume).split(":")
        source = source.replace(self._filled("${NOTIFIER_HOME:-/srv/notifier}"), "/srv/source", 1)
        lines = f"test -e {target} || touch {target}\nmount --bind {source} {target}"
        return f"{lines}\nmount -o remount,bind,ro {target}" if "ro" in options else lines

    @staticmethod
    def _tmpfs(place: str) -> str:
        target, _, options = place.partition(":")
        return f"mount -t tmpfs -o {options} tmpfs {target}" if options else f"mount -t tmpfs tmpfs {target}"

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{(\w+):-[^}]*\}", lambda found: self.variables[found[1]], text)
