"""What `deploy/` and the operator's guide tell people to install works as far as a machine without root can try it."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from notifier.cron import read_cron
from notifier.render.site.build import publish
from tests.render.histories import TEMPLATES, site

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs/operator.md").read_text(encoding="utf-8")
UNITS = ("notifier.service", "notifier-serve.service")
MOST_EXPOSURE = 30
"""Tenths: what systemd itself calls well protected ends at 3.0 of 10."""

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT RUN: no systemd-analyze")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="NOT RUN: no nginx")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as installed on a machine where the program is there."""
    for path in DEPLOY.glob("notifier*"):
        unit = path.read_text(encoding="utf-8").replace("/opt/notifier/bin/notifier", "/bin/true")
        (tmp_path / path.name).write_text(unit, encoding="utf-8")
    return tmp_path


@needs_systemd
@pytest.mark.parametrize("name", [*UNITS, "notifier.timer"])
@pytest.mark.processes
def test_systemd_takes_every_unit_without_a_word(installed: Path, name: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", installed / name], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("name", UNITS)
@pytest.mark.processes
def test_systemd_calls_every_service_well_protected(installed: Path, name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSURE}"]
    done = subprocess.run([*command, installed / name], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def settings(name: str) -> dict[str, str]:
    lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_what_the_web_reaches_can_neither_send_nor_post() -> None:
    serve, run = settings("notifier-serve.service"), settings("notifier.service")

    assert serve["EnvironmentFile"] != run["EnvironmentFile"]
    assert serve["ReadWritePaths"] == "/srv/notifier/.notifier"
    assert "SENDGRID_API_KEY" not in (DEPLOY / "notifier-serve.service").read_text(encoding="utf-8")


def test_the_documented_cron_line_is_one_for_a_system_crontab() -> None:
    [line] = re.findall(r"^(\S+ \S+ \S+ \S+ \S+)  (\w+)  (.+)$", GUIDE, re.MULTILINE)
    when, user, command = line

    assert user == settings("notifier.service")["User"]
    assert command.startswith("cd /srv/notifier && ")
    read_cron(when)


def test_the_image_is_built_from_files_that_exist_on_a_base_that_cannot_change() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    copied = [
        name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]
    ]

    assert re.fullmatch(r"docker\.io/library/python:3\.11-slim-bookworm@sha256:[0-9a-f]{64}", bases[0])
    assert set(bases[1:]) == {"base"}
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


# nginx, with the very lines of the guide


@contextmanager
def nginx(tmp_path: Path, pages: Path) -> Iterator[str]:
    """nginx as the guide has it, without TLS, on loopback; gives the address of the pages."""
    [server] = re.findall(r"```nginx\n(.*?)```", GUIDE, re.DOTALL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = server.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("/srv/notifier/site/", f"{pages}/")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/errors; events {{}}\n"
        f"http {{ access_log off; {scratch}\n{server}\n}}"
    )
    assert NGINX is not None
    process = subprocess.Popen([NGINX, "-c", tmp_path / "nginx.conf", "-p", tmp_path, "-e", tmp_path / "errors"])
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}/legal/"
    finally:
        process.terminate()
        process.wait(10)


def _packed(address: str) -> bytes:
    """What comes for a browser, which takes gzip."""
    with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
        assert answer.headers["Content-Encoding"] == "gzip", address
        assert answer.headers["Vary"] == "Accept-Encoding"
        return cast("bytes", answer.read())


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        assert process.poll() is None, "nginx refuses the documented configuration"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx did not start within ten seconds")


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that others may enter, unlike pytest's own."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@needs_nginx
@pytest.mark.processes
def test_nginx_as_documented_shows_every_page_and_nothing_else(tmp_path: Path, public: Path) -> None:
    """Its workers are another user than the one who publishes, under the umask of the unit."""
    out = public / "site"
    before = os.umask(int(settings("notifier.service")["UMask"], 8))
    try:
        publish(site(), out, templates=TEMPLATES)
    finally:
        os.umask(before)

    with nginx(tmp_path, out) as address:
        for path in out.rglob("*"):
            name = path.relative_to(out).as_posix()
            if path.is_dir() or name.startswith((".", "_")):
                continue
            with urlopen(address + name.removesuffix("index.html")) as answer:
                assert answer.read() == path.read_bytes()
                kind = answer.headers["Content-Type"]
            if path.suffix in {".html", ".txt", ".md"}:
                assert kind.endswith("; charset=utf-8"), (name, kind)
            assert "octet-stream" not in kind, (name, kind)
        for name in ("index.html", "assets/pages.css", "assets/pages.js", "feed.xml", "feed.json", "index.json"):
            assert gzip.decompress(_packed(address + name)) == (out / name).read_bytes()
        with urlopen(address + "privacy/at/2026-06-30/") as answer:
            assert answer.url.endswith("/privacy/at/?on=2026-06-30")
        for hidden in (".manifest.json", "nowhere/"):
            with pytest.raises(HTTPError, match="404"):
                urlopen(address + hidden)
