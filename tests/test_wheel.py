"""The wheel carries the one copy of templates, policies and config, and works from them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
FROM_WHEEL = "import sys; sys.path.insert(0, sys.argv.pop(1)); from notifier.cli import main; main()"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def notifier(unpacked: Path, *arguments: str, cwd: Path) -> str:
    environ = os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null", "PYTHONPATH": ""}
    program = [sys.executable, "-c", FROM_WHEEL, str(unpacked), *arguments]
    return subprocess.run(program, cwd=cwd, env=environ, check=True, capture_output=True, text=True).stdout


def test_what_is_shipped_is_what_stands_in_the_checkout(unpacked: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "policies", "templates", "config.toml"], cwd=CHECKOUT, capture_output=True, text=True
    )
    names = [name for name in listed.stdout.splitlines() if not name.endswith(".keep") and (CHECKOUT / name).exists()]
    if not names:
        pytest.skip("no git checkout here: nothing to hold the wheel against")

    shipped = unpacked / "notifier" / "shipped"
    assert [name for name in names if (shipped / name).read_bytes() != (CHECKOUT / name).read_bytes()] == []


def test_an_installation_is_made_and_run_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    notifier(unpacked, "init", "legal", "--samples", cwd=tmp_path)

    assert "adopted" in notifier(unpacked, "run", cwd=tmp_path / "legal")
    assert (tmp_path / "legal" / "site" / "index.html").is_file()
