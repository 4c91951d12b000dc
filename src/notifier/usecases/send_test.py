"""Test sending: the real message to one address, marked as a test, outside every count. Nothing is written down."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_urlsafe
from typing import TYPE_CHECKING, NamedTuple

from notifier.errors import Refused
from notifier.mail import Addressee, Envelope
from notifier.notice.delivery import NoticeState
from notifier.notice.message import Message
from notifier.usecases.preview import letters, longest_name, preview
from notifier.usecases.samples import refuse_samples

if TYPE_CHECKING:
    from notifier.usecases.installation import Installation


WORKING_TREE = "working-tree"


class SentTest(NamedTuple):
    """What was sent to try it: of which notice (or of the working tree), in which languages."""

    source: str
    languages: tuple[str, ...]
    notice_id: str | None = None


def send_test(installation: Installation, address: str, *, notice_id: str | None, language: str | None) -> SentTest:
    """Send each variant (or the one in `language`) of a notice to `address`.

    Without `notice_id`: the newest notice that is not finished, else what the working tree would announce. Raises
    Refused where there is nothing to send or the address is none, DeliveryError where it could not be sent.
    """
    source, messages = _messages(installation, notice_id)
    chosen = [message for message in messages if language in (None, message.language)]
    if not chosen:
        raise Refused(
            f"{source}: no message in {language!r}; there are {', '.join(sorted({m.language for m in messages}))}"
        )
    refuse_samples(installation.config, (), [address])
    installation.mailer.check(installation.config.mail.from_, installation.config.mail.reply_to)
    name = longest_name(installation.ledger)
    for message in chosen:
        addressee = Addressee(token_urlsafe(16), checked(address), name)
        installation.mailer.send(_envelope(installation, source, message, addressee))
    is_notice = source != WORKING_TREE
    return SentTest(source, tuple(message.language for message in chosen), source if is_notice else None)


def checked(address: str) -> str:
    """The address as it will be written to; raises Refused where it is none."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Refused(f"this is no address to send to: {error}") from error


def _messages(installation: Installation, notice_id: str | None) -> tuple[str, Sequence[Message]]:
    if notice_id is None:
        closed = (NoticeState.FINISHED, NoticeState.CANCELLED)
        ongoing = [one.notice_id for one in installation.ledger.notices.all() if one.state not in closed]
        notice_id = ongoing[-1] if ongoing else None
    if notice_id is not None:
        return notice_id, installation.ledger.notices.messages(notice_id)
    previews = preview(installation.records(), installation.ledger, (), from_=None, to=None)
    written = letters(installation.config, installation.ledger, installation.templates, previews)
    if not written:
        raise Refused("there is no notice, and the working tree would announce nothing; name one: --notice ID")
    return WORKING_TREE, tuple(letter.message for letter in written)


def _envelope(installation: Installation, source: str, message: Message, addressee: Addressee) -> Envelope:
    return Envelope(
        notice_id=f"test-{source}",
        attempt_id=f"test-{token_urlsafe(12)}",
        sender=installation.config.mail.from_,
        reply_to=installation.config.mail.reply_to,
        message=message,
        addressees=(addressee,),
        is_test=True,
    )
