"""The wheel carries the one copy of templates, policies and config, and works from them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def _dist() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dist", CHECKOUT / ".ci/dist.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dist = _dist()
"""What `make dist` does, step by step."""
FROM_WHEEL = "import sys; sys.path.insert(0, sys.argv.pop(1)); from notifier.cli import main; main()"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with sdist and wheel."""
    folder = tmp_path_factory.mktemp("dist")
    dist.build(folder)
    return folder


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (wheel,) = built.glob("*.whl")
    site = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(site)  # noqa: S202  # our own wheel
    return site


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


@pytest.mark.processes
def test_what_is_built_is_well_named_described_and_whole(built: Path) -> None:
    dist.check(built)

    wheel, sdist = next(built.glob("*.whl")), next(built.glob("*.tar.gz"))
    assert wheel.name.startswith("policy_notifier-")
    with zipfile.ZipFile(wheel) as inside:
        entry = next(name for name in inside.namelist() if name.endswith("entry_points.txt"))
        assert "notifier = notifier.cli:main" in inside.read(entry).decode()
        assert "notifier/py.typed" in inside.namelist()  # PEP 561: who calls compare() has its types
    with tarfile.open(sdist) as inside_sdist:
        names = {name.partition("/")[2] for name in inside_sdist.getnames()}
    assert {"README.md", "LICENSE", "requirements.lock", "docs/demo.py", "policies/privacy.md"} <= names


@pytest.mark.processes
def test_the_wheel_alone_in_a_fresh_environment_does_the_main_job(built: Path, tmp_path: Path) -> None:
    try:
        python = dist.install_alone(tmp_path / "env", next(built.glob("*.whl")))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no package index can be reached from here: {error}")
    program = [str(python.parent / "notifier")]
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environ["GIT_CONFIG_GLOBAL"] = "/dev/null"
    for arguments in (["init", "legal", "--samples"], ["run", "--config", "legal"]):
        done = subprocess.run([*program, *arguments], cwd=tmp_path, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    (tmp_path / "x.html").write_text("<h1>Privacy</h1>")
    lacking = subprocess.run([*program, "import", "x.html", "--config", "legal"], cwd=tmp_path, env=environ,
                             capture_output=True, text=True)  # fmt: skip

    assert (tmp_path / "legal/site/privacy/index.html").is_file()
    assert (lacking.returncode, "pip install 'policy-notifier[import]'" in lacking.stderr) == (2, True)


def test_the_lock_names_versions_that_the_check_installs() -> None:
    hashes = " \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"
    lock = f"a==1.0 ; python_version > '3'{hashes}b==2{hashes}"

    assert dist.locked_versions(lock).splitlines() == ["a==1.0 ; python_version > '3'", "b==2"]


def test_an_installation_is_made_and_run_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    notifier(unpacked, "init", "legal", "--samples", cwd=tmp_path)

    assert "adopted" in notifier(unpacked, "run", cwd=tmp_path / "legal")
    assert (tmp_path / "legal" / "site" / "index.html").is_file()
