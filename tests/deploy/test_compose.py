"""`deploy/compose.yaml`: compose takes it, it fits the program, and its services work with what it gives them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import jsonschema
import pytest
import yaml

from notifier import __version__
from notifier.config import load
from notifier.ledger import Ledger
from notifier.usecases.receipt_key import open_signer
from tests import databases
from tests.acceptance.stage import Stage
from tests.deploy.containers import SOCKET, Container, needs_namespaces
from tests.deploy.said_of_the_program import (
    DEPLOY,
    ROOT,
    SENDS,
    check_command,
    image_user,
    names_of_the_environment,
)
from tests.standins.sendgrid import API_KEY, SendGridProcess

COMPOSE = DEPLOY / "compose.yaml"
SOURCE = COMPOSE.read_text(encoding="utf-8")
FILE: dict[str, Any] = yaml.safe_load(SOURCE)
OURS = {name: service for name, service in FILE["services"].items() if name != "database"}
SCHEMA = Path(__file__).with_name("compose-spec.json")
"""The Compose Specification's own, under the Apache licence 2.0."""
NAMES = ("ana", "bruno", "chloe")
"""Who stands in the roster of the stage."""


def has_compose() -> bool:
    command = ["docker", "compose", "version"]
    return shutil.which("docker") is not None and subprocess.run(command, capture_output=True).returncode == 0


def test_the_file_is_what_the_compose_specification_asks_for() -> None:
    jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(FILE)


@pytest.mark.skipif(not has_compose(), reason="NOT RUN: no docker compose")
@pytest.mark.processes
def test_compose_itself_takes_the_file(tmp_path: Path) -> None:
    for name in ("send.env", "web.env", "database"):
        (tmp_path / name).touch()
    command = ["docker", "compose", "--file", str(COMPOSE), "config", "--quiet"]
    subprocess.run(command, check=True, env={"NOTIFIER_SECRETS": str(tmp_path)})


def test_there_are_a_database_a_scheduler_two_workers_and_a_web() -> None:
    assert set(FILE["services"]) == {"database", "migrate", "scheduler", "worker", "web"}
    assert OURS["worker"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize("name", OURS)
def test_every_service_starts_a_verb_that_exists(name: str) -> None:
    check_command(OURS[name]["command"])
    kind, *words = OURS[name].get("healthcheck", {"test": ["NONE"]})["test"]
    if words[:1] == ["notifier"]:
        check_command(words[1:])
    assert name == "migrate" or kind == "CMD"


def test_the_images_are_named_so_that_they_are_the_same_every_day() -> None:
    assert re.fullmatch(r"docker\.io/library/postgres:17[.\d]+-bookworm@sha256:[0-9a-f]{64}",
                        FILE["services"]["database"]["image"])  # fmt: skip
    assert {service["image"] for service in OURS.values()} == {f"policy-notifier:{__version__}"}
    assert (COMPOSE.parent / OURS["migrate"]["build"]["context"] / OURS["migrate"]["build"]["dockerfile"]).is_file()


def test_every_service_is_locked_in() -> None:
    for name, service in FILE["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert {service["user"] for service in OURS.values()} == {f"{image_user()}:{image_user()}"}


def test_what_the_head_says_goes_into_the_files_is_what_notifier_reads() -> None:
    named = {
        file: set(re.findall(r"[A-Z]+_[A-Z_]+", line))
        for file, line in re.findall(r"notifier/(\w+\.env) +# (.+)", SOURCE)
    }

    assert set.union(*named.values()) <= names_of_the_environment()
    assert named["send.env"] & SENDS
    assert not named["web.env"] & SENDS
    users = {name: Path(service["env_file"][0]).name for name, service in OURS.items()}
    assert users == {"migrate": "web.env", "scheduler": "send.env", "worker": "send.env", "web": "web.env"}


@pytest.mark.processes
def test_the_key_for_receipts_that_the_head_has_made_is_one(tmp_path: Path) -> None:
    """The web, which may write nothing, could not make one by itself."""
    [line] = re.findall(r"^#   (openssl rand .*)>/srv/notifier/(\S+)", SOURCE, re.MULTILINE)
    command, place = line
    path = tmp_path / place
    path.parent.mkdir()
    path.write_bytes(subprocess.run(["sh", "-c", command], check=True, capture_output=True).stdout)
    before = path.read_bytes()

    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        signer = open_signer(tmp_path, ledger, datetime.now(UTC))

    assert signer("a receipt")[1]
    assert path.read_bytes() == before


def test_nothing_reaches_the_database_from_outside_and_the_web_calls_nobody() -> None:
    networks = {name: set(service["networks"]) for name, service in FILE["services"].items()}

    assert networks["database"] == {"ledger"}
    assert FILE["networks"]["ledger"] == {"internal": True}
    assert "outside" not in networks["web"]
    assert "ports" not in FILE["services"]["database"]
    assert OURS["web"]["ports"] == [f"127.0.0.1:8080:{load(ROOT / 'config.toml', {}).web.port}"]


# The services at work, each in a place like its container


@dataclass(frozen=True)
class Machine:
    """What stands in /srv/notifier and /etc/notifier of somebody who followed the head of the file."""

    stage: Stage
    provider: SendGridProcess
    port: int
    socket: str
    secrets: Path

    def container(self, name: str) -> Container:
        variables = {"NOTIFIER_HOME": str(self.stage.root), "NOTIFIER_SECRETS": str(self.secrets)}
        return Container(OURS[name], variables, self.socket)

    def editor_commits(self, before: str, after: str) -> None:
        """Here; in the installation every file is its own user's again afterwards, or git refuses it."""
        self.hand_over(os.getuid())
        self.stage.change("privacy.md", before, after)
        self.stage.commit("Keep chats longer", "Significance: significant")
        self.hand_over(image_user())

    def hand_over(self, user: int) -> None:
        subprocess.run(["chown", "-R", f"{user}:{user}", self.stage.root], check=True)


@pytest.fixture
def machine(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    databases.empty_database(postgres_url)
    monkeypatch.setenv("NOTIFIER_LEDGER_URL", postgres_url)
    socket = postgres_url.partition("?host=")[2]
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    url = f"NOTIFIER_LEDGER_URL={postgres_url.replace(socket, SOCKET)}\n"
    (secrets / "send.env").write_text(f"SENDGRID_API_KEY={API_KEY}\n{url}")
    (secrets / "web.env").write_text(url)
    stage = Stage(tmp_path / "notifier")
    with SendGridProcess() as provider:
        stage.set_up()
        config = stage.root / "config.toml"
        config.write_text(config.read_text().replace("[mail]\n", '[mail]\ntransport = "sendgrid"\n', 1))
        stage.configure("mail.sendgrid", f'host = "{provider.url}"')
        stage.configure("web", f"port = {(port := free_port())}")
        machine = Machine(stage, provider, port, socket, secrets)
        machine.hand_over(image_user())
        yield machine


@needs_namespaces
@pytest.mark.processes
def test_with_what_compose_gives_them_the_services_tell_everybody_and_show_the_new_text(machine: Machine) -> None:
    scheduler, web = machine.container("scheduler"), machine.container("web")
    migrate = machine.container("migrate")
    assert migrate.call(*migrate.command).returncode == 0
    assert scheduler.call("notifier", "run").returncode == 0
    machine.editor_commits("chats for 30 days", "chats for 90 days")

    done = scheduler.call("notifier", "run")

    assert done.returncode == 0, done.stderr
    assert {one.email for one in machine.provider.accepted()} == {f"{name}@mail.example" for name in NAMES}
    assert scheduler.call(*scheduler.health_check).returncode == 1
    with running(scheduler), running(worker := machine.container("worker")), running(web, machine.port):
        for one in (scheduler, worker):
            until_it_is_alive(one)
        with urlopen(f"http://127.0.0.1:{machine.port}/privacy/") as answer:
            assert "chats for 30 days" in answer.read().decode()
        with urlopen(f"http://127.0.0.1:{machine.port}/index.json") as answer:
            [privacy] = [one for one in json.load(answer)["policies"] if one["id"] == "privacy"]
            assert privacy["waiting"]
        health = [word.replace(":8080", f":{machine.port}") for word in web.health_check]
        assert web.call(*health).returncode == 0
    assert web.call(*health).returncode != 0
    assert worker.call(*worker.health_check).returncode == 1


@needs_namespaces
@pytest.mark.processes
def test_neither_web_nor_worker_can_write_the_repository_and_the_web_cannot_send(machine: Machine) -> None:
    web, worker = machine.container("web"), machine.container("worker")

    for place in ("policies/privacy.md", ".git/config", "config.toml", "policies/new.md"):
        assert "Read-only file system" in web.call("sh", "-c", f"echo x >> {place}").stderr
    assert "SENDGRID_API_KEY" in web.call("notifier", "notice", "test", "you@mail.example").stderr
    assert worker.call("ls", "-A").stdout.split() == ["config.toml"]
    assert "Read-only file system" in worker.call("sh", "-c", "echo x >> config.toml").stderr
    assert machine.provider.accepted() == []


def until_it_is_alive(container: Container) -> None:
    for _ in range(20):  # a worker's first look comes half a second after it says that it began
        if container.call(*container.health_check).returncode == 0:
            return
    pytest.fail(container.call(*container.health_check).stdout)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(container: Container, port: int | None = None) -> Iterator[None]:
    """The service, from its first answer (or line) to its end, which it comes to by itself on SIGTERM."""
    process = container.start()
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert process.poll() is None, said
        deadline = time.monotonic() + 30
        while port is not None and socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()
