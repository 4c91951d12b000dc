"""`deploy/kubernetes/`: what kustomize makes of it is what Kubernetes takes, and fits the program it starts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from notifier import __version__
from notifier.config import load
from notifier.usecases.receipt_key import FILE
from tests.deploy.said_of_the_program import (
    DEPLOY,
    SENDS,
    check_command,
    image_user,
    names_in,
    names_of_the_environment,
)

BASE, EXAMPLE = DEPLOY / "kubernetes/base", DEPLOY / "kubernetes/example"
KUBERNETES = ("1.29", "1.32", kubernetes_validate.latest_version().rpartition(".")[0])
"""The oldest that the manifests are meant for, one between, and the newest whose schemas are here."""
WORKLOADS = {"Deployment", "StatefulSet", "Job"}
KUSTOMIZE = ["kubectl", "kustomize"] if shutil.which("kubectl") else ["kustomize", "build"]
needs_kustomize = pytest.mark.skipif(
    shutil.which(KUSTOMIZE[0]) is None, reason="NOT RUN: neither kubectl nor kustomize"
)

Object = dict[str, Any]


def read(path: Path) -> list[Object]:
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]


@cache
def build() -> tuple[Object, ...]:
    """What `kubectl apply -k` would send for the example."""
    done = subprocess.run([*KUSTOMIZE, EXAMPLE], capture_output=True, text=True, check=True, timeout=60)
    return tuple(yaml.safe_load_all(done.stdout))


def written() -> tuple[Object, ...]:
    """The base as it stands in its files."""
    return tuple(one for name in read(BASE / "kustomization.yaml")[0]["resources"] for one in read(BASE / name))


def containers(one: Object) -> Iterator[Object]:
    spec = one["spec"]["template"]["spec"]
    yield from (*spec.get("initContainers", ()), *spec["containers"])


def every_container() -> Iterator[tuple[str, Object]]:
    for one in written():
        if one["kind"] in WORKLOADS:
            yield from ((one["metadata"]["name"], container) for container in containers(one))


def named(objects: tuple[Object, ...], kind: str, name: str) -> Object:
    [found] = [one for one in objects if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


def generated() -> dict[str, set[str]]:
    """The ConfigMaps and Secrets that the example makes, and which keys are in each."""
    made = read(EXAMPLE / "kustomization.yaml")[0]
    found: dict[str, set[str]] = {}
    for one in (*made["configMapGenerator"], *made["secretGenerator"]):
        files = (file.partition("=")[0] for file in one.get("files", ()))
        literals = (literal.partition("=")[0] for literal in one.get("literals", ()))
        lines = (name for file in one.get("envs", ()) for name in names_in((EXAMPLE / file).read_text()))
        found[one["name"]] = {*files, *literals, *lines}
    return found


def knows(container: Object) -> set[str]:
    """Every name in the container's environment."""
    sources = [next(iter(source.values()))["name"] for source in container.get("envFrom", ())]
    return {name for source in sources for name in generated()[source]}


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_takes_every_object_as_it_is_written(version: str) -> None:
    assert {"Deployment", "NetworkPolicy", "PodDisruptionBudget"} <= {one["kind"] for one in written()}
    for one in written():
        kubernetes_validate.validate(one, version, strict=True)


@needs_kustomize
@pytest.mark.processes
def test_kubernetes_takes_what_kustomize_makes_of_the_example() -> None:
    for one in build():
        kubernetes_validate.validate(one, KUBERNETES[-1], strict=True)
    kinds = [one["kind"] for one in build()]
    assert kinds.count("ConfigMap") + kinds.count("Secret") == len(generated())


def test_no_manifest_is_left_out_of_the_base() -> None:
    files = {path.name for path in BASE.glob("*.yaml")} - {"kustomization.yaml"}

    assert files == set(read(BASE / "kustomization.yaml")[0]["resources"])


def test_every_container_starts_a_verb_that_exists() -> None:
    started = []
    for _, container in every_container():
        if "command" not in container:
            check_command(container["args"])
            started.append(container["args"][0])
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            words = container.get(probe, {}).get("exec", {}).get("command")
            if words:
                assert words[0] == "notifier"
                check_command(words[1:])
    assert {"migrate", "schedule", "worker", "serve", "publish"} <= set(started)


def test_what_a_shell_starts_exists_too() -> None:
    lines = "\n".join(
        line for _, container in every_container() if "command" in container for line in container["args"]
    )
    commands = re.findall(r"\bnotifier (\w+ --[^;\n]+)", lines)

    assert commands
    for command in commands:
        check_command(command.split())
    assert set(re.findall(r"\$(\w+)", lines)) <= generated()["notifier-repository"]


def test_every_name_of_the_environment_is_one_that_notifier_or_git_reads() -> None:
    known = names_of_the_environment() | {"REPOSITORY", "GIT_SSH_COMMAND"}

    for name, container in every_container():
        assert knows(container) <= known, name


def test_every_file_that_is_mounted_is_there_under_its_name() -> None:
    for one in written():
        if one["kind"] not in WORKLOADS:
            continue
        claims = {claim["metadata"]["name"] for claim in one["spec"].get("volumeClaimTemplates", ())}
        volumes = {volume["name"]: volume for volume in one["spec"]["template"]["spec"]["volumes"]}
        for container in containers(one):
            for mount in container["volumeMounts"]:
                assert mount["name"] in claims or mount["name"] in volumes
                if "subPath" in mount:
                    assert mount["subPath"] in generated()[source_of(volumes[mount["name"]])]
    ssh = read(EXAMPLE / "kustomization.yaml")[0]["configMapGenerator"][1]["literals"][1]
    assert set(re.findall(r"/etc/notifier/git/(\w+)", ssh)) == generated()["notifier-git-read"]
    assert generated()["notifier-receipts"] == {FILE}


def source_of(volume: Object) -> str:
    return str(volume["configMap"]["name"] if "configMap" in volume else volume["secret"]["secretName"])


def test_every_rule_of_budget_service_and_network_is_about_somebody() -> None:
    components = {
        one["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"]
        for one in written()
        if one["kind"] in WORKLOADS
    }
    for one in written():
        spec = one["spec"] if one["kind"] in ("PodDisruptionBudget", "Service", "NetworkPolicy") else {}
        for selector in (spec.get("selector", {}), spec.get("podSelector", {})):
            labels = selector.get("matchLabels", selector if one["kind"] == "Service" else {})
            wanted = {value for key, value in labels.items() if key.endswith("component")}
            wanted |= {value for rule in selector.get("matchExpressions", ()) for value in rule["values"]}
            assert wanted <= components, one["metadata"]["name"]
    budgets = {one["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"] for one in written()
               if one["kind"] == "PodDisruptionBudget"}  # fmt: skip
    assert budgets == components - {"migrate"}


def test_nothing_may_talk_to_anybody_who_is_not_named() -> None:
    nothing = named(written(), "NetworkPolicy", "notifier-nothing-else")["spec"]

    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    takes_in = [one for one in written() if one["kind"] == "NetworkPolicy" and "ingress" in one["spec"]]
    assert [one["metadata"]["name"] for one in takes_in] == ["notifier-web"]
    mail = named(written(), "NetworkPolicy", "notifier-mail")["spec"]["podSelector"]["matchExpressions"]
    assert "web" not in mail[0]["values"]


def test_every_container_is_locked_in() -> None:
    for name, container in every_container():
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"], name
        assert not context["allowPrivilegeEscalation"], name
        assert context["capabilities"] == {"drop": ["ALL"]}, name
        assert "memory" in container["resources"]["limits"], name
    for one in written():
        if one["kind"] in WORKLOADS:
            pod = one["spec"]["template"]["spec"]
            assert pod["securityContext"]["runAsNonRoot"]
            assert pod["securityContext"]["runAsUser"] == image_user()
            assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
            assert not pod["automountServiceAccountToken"]


def test_what_the_web_reaches_can_neither_send_nor_write_nor_push() -> None:
    web = named(written(), "Deployment", "notifier-web")
    [serving] = [container for container in containers(web) if container["name"] == "web"]

    assert not any(knows(container) & SENDS for container in containers(web))
    assert all(mount.get("readOnly") for mount in serving["volumeMounts"] if mount["mountPath"] != "/tmp")
    assert "git" not in {mount["name"] for mount in serving["volumeMounts"]}
    pushing = [one["metadata"]["name"] for one in written() if "git-write" in str(one)]
    assert pushing == ["notifier-scheduler"]


def test_a_worker_has_no_repository() -> None:
    [worker] = containers(named(written(), "Deployment", "notifier-worker"))

    assert {mount["name"] for mount in worker["volumeMounts"]} == {"config", "state", "tmp"}
    assert "REPOSITORY" not in knows(worker)


def test_whoever_stays_is_probed() -> None:
    for name, container in every_container():
        if container["name"] in ("scheduler", "worker", "web"):
            assert {"startupProbe", "readinessProbe"} <= container.keys(), name
    [serving] = [container for _, container in every_container() if container["name"] == "web"]
    config = load(EXAMPLE / "config.toml", {})
    assert serving["ports"] == [{"name": "http", "containerPort": config.web.port}]
    assert serving["readinessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}


def test_the_example_sends_nothing_before_its_secrets_are_put_in() -> None:
    from notifier.bootstrap import make_mailer
    from notifier.errors import ConfigError

    lines = (EXAMPLE / "secrets/send.env").read_text().splitlines()
    config = load(EXAMPLE / "config.toml", dict(line.split("=", 1) for line in lines))

    assert config.web.host == "0.0.0.0"  # noqa: S104 - what listens on loopback in a pod is reached by nobody
    with pytest.raises(ConfigError, match="SENDGRID_API_KEY"):
        make_mailer(config)


def test_the_image_is_named_with_the_version_that_it_holds() -> None:
    [image] = read(EXAMPLE / "kustomization.yaml")[0]["images"]

    assert image["newTag"] == __version__
    assert {container["image"] for _, container in every_container()} == {image["name"]}
