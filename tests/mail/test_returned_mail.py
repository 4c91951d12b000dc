"""What comes back by mail: believed where only a receiver of ours could have written it, and only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, people
from tests.standins.imap import Imap
from tests.standins.returned import COMPLAINT, DELIVERY_REPORT
from tests.standins.smtp import Desk, Smtp

from notifier.errors import SendingBlocked, Unavailable
from notifier.ledger import Ledger
from notifier.mail.returned import open_mailbox
from notifier.mail.smtp import SmtpMailer
from notifier.notice.delivery import SuppressionReason
from notifier.usecases.deliver import deliver
from notifier.usecases.returned_mail import take_in_returned_mail

ANSWER = """\
From: person0@example.com
To: privacy@example.com
Subject: Re: Subject in en
Content-Type: text/plain

What does this mean? In-Reply-To {headers}
"""


@dataclass
class Mailbox:
    """A Maildir, the ledger of a notice that went out to three people by SMTP, and the letters that they got."""

    folder: Path
    ledger: Ledger
    letters: list[bytes]
    count: int = 0

    def arrives(self, template: str, of: int = 0, *, ours: str = "", **values: str) -> Path:
        """`of`: whose letter is returned; `ours`: another Message-ID than its own."""
        letter = message_from_bytes(self.letters[of])
        given = {"recipient": f"person{of}@example.com", "action": "failed", "status": "5.1.1", "kind": "abuse",
                 "returned": "message/rfc822", "headers": f"Message-ID: {ours or letter['Message-ID']}"}  # fmt: skip
        self.count += 1
        path = self.folder / "new" / f"{self.count:04d}.host"
        path.write_text(template.format(**(given | values)))
        return path

    def read(self) -> int:
        with open_mailbox(self.folder) as mails:
            return take_in_returned_mail(self.ledger, mails, NOON)

    @property
    def standing(self) -> dict[str, int]:
        counts = self.ledger.deliveries.counts(NOTICE)
        return {"accepted": counts.accepted, "bounced": counts.bounced, "deferred": counts.deferred,
                "delivered": counts.delivered, "complained": counts.complained}  # fmt: skip


SECRET = "s3cret-of-the-mailbox"
UNTOUCHED = {"accepted": 3, "bounced": 0, "deferred": 0, "delivered": 0, "complained": 0}


@pytest.fixture
def mailbox(tmp_path: Path, sqlite_url: str) -> Iterator[Mailbox]:
    for part in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    with Ledger.open(sqlite_url) as ledger, Smtp(Desk()) as server:
        announced(ledger, people(3))
        mailer = SmtpMailer("127.0.0.1", server.port, "none", connections=1)
        deliver(ledger, mailer, RULES, Clock().environment())
        mailer.close()
        letters = sorted((taken.content for taken in server.desk.taken), key=lambda one: message_from_bytes(one)["To"])
        yield Mailbox(tmp_path / "Maildir", ledger, letters)


@pytest.mark.parametrize(
    ("forge", "bounced"),
    [
        (lambda path: path, 1),
        (str.upper, 1),
        (lambda path: path.replace("+", "+0"), 0),
        (lambda path: path.rpartition("@")[0][:-1] + "x@example.com", 0),
        (lambda path: path.partition("+")[0] + "+" + "0" * 22 + path[path.index(".") :], 0),
    ],
)
def test_a_report_that_returns_nothing_is_known_by_its_signed_return_path(
    tmp_path: Path, sqlite_url: str, forge: Callable[[str], str], bounced: int
) -> None:
    for part in ("new", "cur"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    with Ledger.open(sqlite_url) as ledger, Smtp(Desk()) as server:
        announced(ledger, people(3))
        with closing(SmtpMailer("127.0.0.1", server.port, "none", return_path="bounces@example.com")) as mailer:
            deliver(ledger, mailer, RULES, Clock().environment())
        paths = {taken.recipients[0]: taken.sender for taken in server.desk.taken}
        mailbox = Mailbox(tmp_path / "Maildir", ledger, [taken.content for taken in server.desk.taken])
        path = mailbox.arrives(DELIVERY_REPORT, recipient="person1@example.com", headers="Subject: gone")
        text = path.read_text()
        path.write_text(f"Delivered-To: {forge(paths['person1@example.com'])}\n{text}")

        assert len(set(paths.values())) == 3
        assert mailbox.read() == bounced
        assert mailbox.standing["bounced"] == bounced
        assert all(b"bounces" not in letter for letter in mailbox.letters)


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_returned_letter_is_a_bounce_with_the_servers_words_once(mailbox: Mailbox, returned: str) -> None:
    path = mailbox.arrives(DELIVERY_REPORT, of=1, returned=returned)

    assert mailbox.read() == 1
    assert mailbox.standing == UNTOUCHED | {"accepted": 2, "bounced": 1}
    (left,) = mailbox.ledger.readers.all(NOTICE, only_missed=True)
    assert (left.email, "no such user here" in str(left.reason)) == ("person1@example.com", True)
    assert "person1" not in str(left.reason)
    assert mailbox.ledger.roster.suppressed("person1@example.com") == (SuppressionReason.HARD_BOUNCE,)
    assert not path.exists()
    assert (mailbox.folder / "cur" / f"{path.name}:2,S").exists()
    assert mailbox.read() == 0


@pytest.mark.parametrize(
    ("action", "status", "field"), [("delayed", "4.4.1", "deferred"), ("delivered", "2.0.0", "delivered"),
                                    ("failed", "4.2.2", "bounced")]
)  # fmt: skip
def test_each_action_means_what_the_standard_says(mailbox: Mailbox, action: str, status: str, field: str) -> None:
    mailbox.arrives(DELIVERY_REPORT, action=action, status=status)

    assert mailbox.read() == 1
    assert mailbox.standing == UNTOUCHED | {"accepted": 2, field: 1}
    assert mailbox.ledger.roster.suppressed("person0@example.com") == ()


def test_a_complaint_counts_though_it_hides_the_reader(mailbox: Mailbox) -> None:
    mailbox.arrives(COMPLAINT, of=2)
    mailbox.arrives(COMPLAINT, of=0, kind="not-spam")

    assert mailbox.read() == 1
    assert mailbox.standing == UNTOUCHED | {"accepted": 2, "complained": 1}
    assert mailbox.ledger.roster.suppressed("person2@example.com") == (SuppressionReason.COMPLAINT,)


@pytest.mark.parametrize(
    "forged",
    [
        {"ours": f"<pn.{NOTICE}.0000000100000000000000@example.com>"},
        {"ours": "<something.else@example.com>"},
        {"recipient": "person2@example.com"},
        {"headers": "Subject: none"},
    ],
    ids=["a key that is none", "another message", "another recipient", "no message at all"],
)
def test_a_forged_report_counts_for_nothing_and_stays_where_it_is(mailbox: Mailbox, forged: dict[str, str]) -> None:
    path = mailbox.arrives(DELIVERY_REPORT, 0, **forged)

    assert mailbox.read() == 0
    assert mailbox.standing == UNTOUCHED
    assert path.exists()


def test_a_key_under_the_name_of_another_notice_counts_for_nothing(mailbox: Mailbox) -> None:
    ours = message_from_bytes(mailbox.letters[0])["Message-ID"].replace(NOTICE, "2026-10-01-terms")
    mailbox.arrives(DELIVERY_REPORT, ours=ours)

    assert mailbox.read() == 0


def test_what_customers_answer_stays_unread_and_garbage_harms_nobody(mailbox: Mailbox) -> None:
    answer = mailbox.arrives(ANSWER)
    for n, garbage in enumerate([b"", b"\xff\xfe\x00" * 50, b"Content-Type: multipart/report\n\n--\n", b"a" * 5000]):
        (mailbox.folder / "new" / f"x{n}").write_bytes(garbage)
    mailbox.arrives(DELIVERY_REPORT, of=1)

    assert mailbox.read() == 1
    assert answer.exists()


def test_the_same_report_in_two_files_counts_once(mailbox: Mailbox) -> None:
    path = mailbox.arrives(DELIVERY_REPORT)
    (mailbox.folder / "new" / "copy").write_bytes(path.read_bytes())

    assert mailbox.read() == 1


def test_a_folder_that_is_no_maildir_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SendingBlocked, match="no Maildir"), open_mailbox(tmp_path / "elsewhere"):
        pass


# By IMAP


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Imap]:
    """An IMAP server that shows what is new in the Maildir."""
    with Imap("privacy@example.com", SECRET, mailbox.folder / "new") as server:
        yield server


def by_imap(mailbox: Mailbox, server: Imap, *, password: str = SECRET, folder: str = "INBOX") -> int:
    url = f"imap://privacy%40example.com@127.0.0.1:{server.port}/{folder}"
    with open_mailbox(url, password) as mails:
        return take_in_returned_mail(mailbox.ledger, mails, NOON)


def test_a_mailbox_on_a_server_is_read_and_only_what_counts_is_marked_seen(mailbox: Mailbox, server: Imap) -> None:
    mailbox.arrives(ANSWER)
    mailbox.arrives(DELIVERY_REPORT, of=1)
    mailbox.arrives(DELIVERY_REPORT, ours=f"<pn.{NOTICE}.0000000100000000000000@example.com>")

    assert by_imap(mailbox, server) == 1
    assert mailbox.standing == UNTOUCHED | {"accepted": 2, "bounced": 1}
    assert server.seen == {"0002.host"}
    assert by_imap(mailbox, server) == 0


@pytest.mark.parametrize(
    ("wrong", "said"), [({"password": "no"}, "refused the login"), ({"folder": "Nowhere"}, "no mailbox Nowhere")]
)
def test_what_lets_nobody_in_is_said(mailbox: Mailbox, server: Imap, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(SendingBlocked, match=said) as refused:
        by_imap(mailbox, server, **wrong)

    assert SECRET not in str(refused.value)


def test_a_server_that_is_away_is_said(mailbox: Mailbox, server: Imap) -> None:
    server.__exit__(None, None, None)

    with pytest.raises(Unavailable, match=r"no connection to 127\.0\.0\.1"):
        by_imap(mailbox, server)
