"""What the processes of a measurement used: CPU and memory, each group by its name, PostgreSQL among them."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NamedTuple

import psutil

EVERY_S = 0.5
MB = 1024 * 1024


class Used(NamedTuple):
    """By one group: CPU seconds, and of its largest process the megabytes that are its own, early and at the end."""

    cpu_s: float
    early_mb: float
    late_mb: float
    peak_mb: float


@dataclass
class Watch:
    """Looks at groups of processes until told to stop; what a process shares with others is not its own."""

    groups: Mapping[str, Callable[[], Iterable[psutil.Process]]]
    _seen: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _cpu: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    _began: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))

    def look(self) -> None:
        for name, processes in self.groups.items():
            sizes = []
            for process in _alive(processes):
                with suppress(psutil.Error):
                    spent = _cpu_s(process)
                    self._began[name].setdefault(process.pid, spent if not self._seen[name] else 0.0)
                    self._cpu[name][process.pid] = spent
                    sizes.append(process.memory_full_info().uss / MB)
            self._seen[name].append(max(sizes, default=0.0))

    def used(self, name: str) -> Used:
        seen, began = self._seen[name], self._began[name]
        tenth = max(len(seen) // 10, 1)
        cpu_s = sum(spent - began[pid] for pid, spent in self._cpu[name].items())
        return Used(cpu_s, max(seen[tenth : 2 * tenth] or seen), max(seen[-tenth:]), max(seen))


@contextmanager
def watching(groups: Mapping[str, Callable[[], Iterable[psutil.Process]]], every_s: float = EVERY_S) -> Iterator[Watch]:
    """Look at them all through the block."""
    watch, is_over = Watch(groups), threading.Event()

    def look() -> None:
        while not is_over.wait(every_s):
            watch.look()

    watch.look()
    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        is_over.set()
        thread.join()
        watch.look()


def backends(socket: str) -> Callable[[], list[psutil.Process]]:
    """Every process of the server that listens in this folder."""
    postmaster = psutil.Process(_postmaster(socket))
    return lambda: [postmaster, *postmaster.children()]


def _alive(processes: Callable[[], Iterable[psutil.Process]]) -> list[psutil.Process]:
    try:
        return list(processes())
    except psutil.Error:
        return []


def _postmaster(socket: str) -> int:
    import psycopg

    with psycopg.connect(host=socket, user="postgres", dbname="postgres") as connection:
        [(pid,)] = connection.execute("SELECT pg_backend_pid()").fetchall()
        parent = psutil.Process(pid).parent()
    assert parent is not None
    return parent.pid


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
