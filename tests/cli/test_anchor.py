"""An authority's clock over the journal's head: stamped, held against its root, and nothing kept where it fails."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Editor, Notifier
from tests.cli.test_verify import told
from tests.standins.time_stamps import TimeStampAuthority, time_stamp_authority

from notifier.proof.entry import Head
from notifier.proof.sorted_certificates import sorted_certificates
from notifier.usecases.proof.anchor import Authority, NotAnchored, request_stamp

__all__ = ["told"]


@pytest.fixture
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeStampAuthority]:
    with time_stamp_authority(tmp_path_factory.mktemp("tsa")) as running:
        yield running


def configured(root: Path, authority: TimeStampAuthority) -> None:
    (root / "tsa-root.pem").write_bytes(authority.root.read_bytes())
    with (root / "config.toml").open("a") as config:
        config.write(f'\n[proof]\nanchor = "{authority.url}"\nanchor_ca = "tsa-root.pem"\n')


def stamps(root: Path) -> list[tuple[str, bytes]]:
    with closing(sqlite3.connect(root / ".notifier" / "ledger.db")) as connection:
        return connection.execute("SELECT entry_hash, token FROM anchor").fetchall()


def test_a_stamped_head_is_proven_by_openssl_alone_and_said_by_verify(
    notifier: Notifier, told: Editor, authority: TimeStampAuthority, tmp_path: Path
) -> None:
    assert notifier("anchor").code == 2
    assert notifier("anchor", "--url", authority.url).code == 0
    assert "its certificate was held against nothing" in notifier("verify").out
    configured(told.root, authority)

    assert "nothing was written" in notifier("anchor").out
    assert notifier("run").code == 0

    verified = notifier("verify")
    assert verified.code == 0
    assert [line[:2] for line in verified.out.splitlines()] == ["ok"] * 5
    assert f"UTC, by the clock of {authority.url}" in verified.out
    head, token = stamps(told.root)[-1]
    (tmp_path / "head").write_text(head)
    (tmp_path / "token").write_bytes(token)
    check = ["openssl", "ts", "-verify", "-in", "token", "-data", "head", "-CAfile", str(authority.root)]
    assert "Verification: OK" in subprocess.run(check, cwd=tmp_path, check=True, capture_output=True, text=True).stdout


def test_a_replayed_stamp_and_an_expired_one_are_refused_and_a_chain_in_any_order_is_not(
    authority: TimeStampAuthority,
) -> None:
    head, here = Head(5, "ab" * 32), Authority(authority.url, authority.root)
    first = request_stamp(head, here)
    authority.faults.append(first.token)
    with pytest.raises(NotAnchored, match="answers another request"):
        request_stamp(head, here)
    authority.certify(days=-1)
    with pytest.raises(NotAnchored, match="certificate has expired"):
        request_stamp(head, here)
    authority.certify()
    authority.send_root_too()

    chained = request_stamp(head, here)

    assert len(chained.token) > len(first.token)
    ordered = sorted_certificates(chained.token)
    assert sorted_certificates(ordered) == ordered
    assert all(sorted_certificates(ordered[:end]) == ordered[:end] for end in range(0, len(ordered), 7))


def test_a_failed_anchor_keeps_nothing_and_raises_an_alarm(
    notifier: Notifier, told: Editor, authority: TimeStampAuthority, tmp_path_factory: pytest.TempPathFactory
) -> None:
    configured(told.root, authority)
    assert notifier("anchor").code == 0
    (_, old), before = stamps(told.root)[0], len(stamps(told.root))
    authority.faults += [500, b"no stamp", old]

    answers = [notifier("run") for _ in range(3)]

    for answer, said in zip(answers, ("answered 500", "this is no time stamp", "is of something else"), strict=True):
        assert "the journal's head has no time stamp" in answer.out + answer.err
        assert said in answer.out + answer.err
    with time_stamp_authority(tmp_path_factory.mktemp("other")) as stranger:
        refused = notifier("anchor", "--url", stranger.url)
    assert refused.code != 0
    assert "does not hold against tsa-root.pem" in refused.err
    assert len(stamps(told.root)) == before
    assert notifier("verify").code == 0
    assert notifier("run").code == 0
    assert len(stamps(told.root)) == before + 1
