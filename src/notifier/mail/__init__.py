"""The only door to providers: one `Mailer` protocol (`base`), the transports behind it, and what each can prove.

How to add a provider:

1. A module `mail/NAME.py`, or a folder where it takes more than one, with a frozen dataclass that is a `Mailer`.
   Read `base` for what each property promises; import what is heavy inside the methods.
2. `send` makes one attempt and says what is known: it returns `Accepted`, or raises the `DeliveryError` whose class
   says what may be done next. Write down as a table which answer means which class, and let an answer that is not in
   it be `InDoubt` wherever the message may have left. Build the whole request before the first byte leaves, so that
   what cannot be written is never in doubt.
3. Where the provider reports what became of each delivery: a module beside it that verifies the raw request and reads
   it into `DeliveryEvent`s, its words translated in one table (`sendgrid.webhook`).
4. A line in `bootstrap.TRANSPORTS`, its keys in `config`, its name in `mail.transport`.
5. A stand-in on loopback in `tests/standins/` that keeps whom it truly accepted, and a line for it in
   `tests/mail/test_conformance.py`: a transport that passes that one test module behaves as the sender needs it to.
"""

from __future__ import annotations

from notifier.mail.base import TEST_MARK, Accepted, Addressee, Envelope, Mailer, Reached

__all__ = ["TEST_MARK", "Accepted", "Addressee", "Envelope", "Mailer", "Reached"]
