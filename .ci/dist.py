"""`make dist`: wheel and sdist in `dist/`, checked, installed alone into a fresh environment, and tried by the demo."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
DIST, FRESH = CHECKOUT / "dist", CHECKOUT / "build" / "dist-env"
_WHAT_IS_THERE = """\
import re
from importlib.metadata import distributions
import notifier
name_of = lambda text: re.sub(r"[-_.]+", "-", re.match(r"[\\w.-]+", text)[0]).lower()
needs = {name_of(one.metadata["Name"]): {name_of(text) for text in one.requires or ()} for one in distributions()}
reached, todo = set(), ["policy-notifier"]
while todo:
    name = todo.pop()
    if name not in reached and name in needs:
        reached.add(name)
        todo += needs[name]
print(notifier.__file__, len(needs), *sorted(set(needs) - reached), sep="\\n")
"""
"""For the fresh environment: where the program is, how many packages there are, and which of them nothing needs."""


def main() -> None:
    shutil.rmtree(DIST, ignore_errors=True)
    build(DIST)
    check(DIST)
    python = install_alone(FRESH, next(DIST.glob("*.whl")))
    say("the demo, by what was installed there")
    run(str(python), "-m", "docs.demo")
    say(f"well: {', '.join(sorted(path.name for path in DIST.iterdir()))}")


def build(out: Path) -> None:
    """The sdist, and the wheel from it, with the build tools of the lock: nothing is fetched."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(CHECKOUT))


def check(folder: Path) -> None:
    run(sys.executable, "-m", "twine", "--no-color", "check", "--strict", *map(str, sorted(folder.iterdir())))


def install_alone(env: Path, wheel: Path) -> Path:
    """The wheel in an environment of its own, what it needs in the locked versions; that environment's Python.

    Raises SystemExit where something came with it that nothing needs, or the program is not the installed one.
    """
    shutil.rmtree(env, ignore_errors=True)
    env.parent.mkdir(exist_ok=True)
    run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, str(env))
    versions = env / "versions.txt"
    versions.write_text(locked_versions((CHECKOUT / "requirements.lock").read_text()))
    python = env / "bin" / "python"
    run(*uv_pip("install", python), "--quiet", "--constraint", str(versions), str(wheel))
    said = output(str(python), "-c", _WHAT_IS_THERE).splitlines()
    place, count, strangers = said[0], int(said[1]), said[2:]
    if strangers or not Path(place).is_relative_to(env):
        raise SystemExit(f"not alone: {', '.join(strangers) or place}")
    say(f"{wheel.name} and the {count - 1} packages it needs, in {env}")
    return python


def uv_pip(verb: str, python: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "uv", "pip", verb, "--python", str(python))


def locked_versions(lock: str) -> str:
    """The lock without its hashes, which pip takes for files that it names itself only."""
    return re.sub(r"[ ]*\\\n(?:[ ]+--hash=\S+(?:[ ]*\\)?\n?)+", "\n", lock)


def run(*command: str) -> None:
    subprocess.run(command, cwd=CHECKOUT, env=_environment(), check=True)


def output(*command: str) -> str:
    return subprocess.run(command, cwd=CHECKOUT, env=_environment(), check=True, capture_output=True, text=True).stdout


def _environment() -> dict[str, str]:
    """Without what would lead to the checkout's own source."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def say(line: str) -> None:
    print(f"── {line}", flush=True)


if __name__ == "__main__":
    main()
