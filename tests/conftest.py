"""Fixtures that several rooms share: a fresh ledger on each of the two databases."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from notifier import structured_log
from notifier.ledger import Ledger
from tests import databases
from tests.examples import EXAMPLES

# A slow machine is no failure, and whether a change lands is no throw of dice: the suite tries the same examples each
# time, `make soak` new ones. `settings` of a single test start from this profile.
hypothesis.settings.register_profile("fixed", deadline=None, derandomize=True)
hypothesis.settings.register_profile("random", deadline=None)
hypothesis.settings.load_profile(EXAMPLES)


def in_memory(folder: Path = Path("/dev/shm"), least_bytes: int = 4 << 30) -> None:
    """Keep what tests write in memory where there is room: git and both databases wait for the disk at every commit.

    Whoever names a folder (`TMPDIR`, `--basetemp`) gets it. What is durable is not decided by waiting: the tests of
    kills end processes, and a process that ends loses nothing that it wrote.
    """
    if "TMPDIR" in os.environ or not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < least_bytes:
        return
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None


def keep_bytecode() -> None:
    """Let this process and those it starts keep what they compile, whatever the shell says of that.

    Else each worker rewrites every test again, and each `notifier` of its own compiles what was edited since `make`.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def make_git_quick() -> None:
    """No sample hooks in a repository, which are most of its files, and nobody who tidies up after each commit.

    Thousands are made here, and copied; who has said something of either to git is heard.
    """
    if {"GIT_TEMPLATE_DIR", "GIT_CONFIG_COUNT"} & os.environ.keys():
        return
    template = Path(tempfile.mkdtemp(prefix="notifier-git-"))
    for name in ("hooks", "info"):
        (template / name).mkdir()
    atexit.register(shutil.rmtree, template, ignore_errors=True)
    tidying = {"COUNT": "1", "KEY_0": "maintenance.auto", "VALUE_0": "false"}
    os.environ |= {
        "GIT_TEMPLATE_DIR": str(template),
        **{f"GIT_CONFIG_{name}": value for name, value in tidying.items()},
    }


in_memory()
keep_bytecode()
make_git_quick()
gc.set_threshold(
    200_000, 50, 50
)  # what is collected stays: to look through it again and again is a tenth of collecting
databases.share_compiled_statements()
databases.copy_new_ledgers()

PROCESSES = (
    "acceptance", "cluster", "repository", "soak", "cli/test_first_hour", "cli/test_import", "cli/test_init",
    "cli/test_schedule.py", "cli/test_schedule_and_serve", "cli/test_terminal", "test_schedule", "test_wheel",
    "usecases/test_deliver_kill", "usecases/test_evidence", "usecases/test_one_road",
    "web/test_acceptance_guide", "web/test_api", "web/test_server",
)  # fmt: skip
"""Where tests start processes: Notifier itself, senders that are killed, git."""
LONG = ("tests/cluster", "tests/deploy", "tests/edits", "tests/soak", "tests/test_wheel")
"""What is begun first: two workers that come to their end together have short tests left to share."""
MANY, EVERY = "tests/edits/test_by_hand", 5
"""Five thousand verdicts: `make test-fast` asks for those of every fifth policy."""
AT_WORK = {"editor", "road", "with_approval", "authority"}
"""Fixtures that start git, a hundred times in a test, or openssl."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What `make test-fast` leaves out as a whole is not even read."""
    where = collection_path.relative_to(Path(__file__).parent.parent).as_posix().removeprefix("tests/")
    return True if "not processes" in config.option.markexpr and where.startswith(PROCESSES) else None


def _no_process(event: str, _: tuple[object, ...]) -> None:
    if event in ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "os.system"):
        raise AssertionError("this starts a process: mark the test `processes`, and `make test-fast` leaves it out")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what `make test-fast` leaves out by what a test needs, so that nobody has to remember it.

    The long runs are for `make soak`; they are left out unless asked for by their mark.
    """
    for item in items:
        where = item.nodeid.removeprefix("tests/")
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if "postgresql" in item.name or "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgresql")
        if where.startswith(PROCESSES) or AT_WORK & set(getattr(item, "fixturenames", ())):
            item.add_marker("processes")
    left_out = []
    if "not processes" in config.option.markexpr:
        many = [item for item in items if item.nodeid.startswith(MANY)]
        left_out = [item for number, item in enumerate(many) if number % EVERY]
    if "soak" not in config.option.markexpr:
        left_out += [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is imported by now stays: nobody need look through it for garbage, which took a seventh of the time.

    From here on a worker of `make test-fast` is held to its word.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    if "not processes" in session.config.option.markexpr and hasattr(session.config, "workerinput"):
        sys.addaudithook(_no_process)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database on the session's server, started when the first test asks for it."""
    with databases.postgres_server() as socket:
        yield databases.make_database(socket)


@pytest.fixture(autouse=True)
def _no_log_is_kept_by_the_next_test() -> Iterator[None]:
    """A verb that keeps a log keeps it for its process, which here goes on."""
    yield
    structured_log._is_set_up = False


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger file to copy."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    Ledger.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh ledger on SQLite."""
    path = tmp_path / "ledger.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def either_url(request: pytest.FixtureRequest) -> str:
    """A fresh ledger; a test that asks for it runs on both databases."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    url = str(request.getfixturevalue("postgres_url"))
    databases.empty_database(url)
    return url


@pytest.fixture
def ledger_url(either_url: str) -> str:
    """The same; a room whose tests need only one of them says so in its conftest."""
    return either_url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """A fresh ledger, open."""
    with Ledger.open(ledger_url) as opened:
        yield opened
