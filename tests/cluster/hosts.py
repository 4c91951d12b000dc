"""Hosts of their own for processes of the tests: network namespaces on one switch, each of which can be cut off.

The switch is a bridge of this machine, and nothing on it leads further.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWNET = 0x40000000
NETWORK = f"10.77.{os.getpid() % 250 + 1}"
SWITCH = f"nt{os.getpid()}"


@dataclass(frozen=True)
class Hosts:
    """Numbered from 0."""

    address: str
    """Where all of them reach this machine."""
    names: tuple[str, ...]

    def enter(self, number: int) -> None:
        """For the process that calls, and for good: it is on that host."""
        libc = ctypes.CDLL(None, use_errno=True)
        with (Path("/run/netns") / self.names[number]).open() as namespace:
            if libc.setns(namespace.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    def cut_off(self, number: int) -> None:
        """Its cable is pulled: nobody is told, packets just do not arrive."""
        _ip("link", "set", self._cable(number), "down")

    def join(self, number: int) -> None:
        """It is plugged in again."""
        _ip("link", "set", self._cable(number), "up")

    def _cable(self, number: int) -> str:
        return f"{SWITCH}.{number}"


def can_be_made() -> bool:
    """Is this machine one on which we may?"""
    if os.getuid() or shutil.which("ip") is None:
        return False
    made = subprocess.run(["ip", "netns", "add", SWITCH], capture_output=True).returncode == 0
    cable = ["ip", "link", "add", f"{SWITCH}.x", "type", "veth", "peer", "name", "eth0", "netns", SWITCH]
    made = made and subprocess.run(cable, capture_output=True).returncode == 0
    subprocess.run(["ip", "netns", "del", SWITCH], capture_output=True)
    return made


@contextmanager
def hosts(count: int) -> Iterator[Hosts]:
    """So many, all reachable; gone with the block, and with them whatever still runs on one."""
    one = Hosts(f"{NETWORK}.1", tuple(f"{SWITCH}-{number}" for number in range(count)))
    try:
        _ip("link", "add", SWITCH, "type", "bridge")
        _ip("addr", "add", f"{one.address}/24", "dev", SWITCH)
        _ip("link", "set", SWITCH, "up")
        for number, name in enumerate(one.names):
            cable = f"{SWITCH}.{number}"
            _ip("netns", "add", name)
            _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("link", "set", cable, "master", SWITCH, "up")
            _ip("-n", name, "addr", "add", f"{NETWORK}.{number + 10}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", name, "link", "set", device, "up")
        yield one
    finally:
        for words in (*(("netns", "del", name) for name in one.names), ("link", "del", SWITCH)):
            subprocess.run(["ip", *words], capture_output=True)


def _ip(*words: str) -> None:
    command: Sequence[str] = ("ip", *words)
    subprocess.run(command, check=True, capture_output=True)
