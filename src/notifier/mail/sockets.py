"""Sockets as every transport needs them: one deadline for a whole answer, and what went wrong in words.

A timeout for each read alone would let a server drip a byte a second for ever.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from datetime import UTC, datetime
from typing import Any, cast

CLOSED = frozenset({"SMTPServerDisconnected", "abort", "RemoteDisconnected", "EOFError"})
"""What `smtplib`, `imaplib` and HTTP clients raise where the other side hangs up, by name: none is loaded for it."""
LONGEST_WAIT_S = 60.0
"""Where the socket has no timeout of its own."""


class UntilDeadline(io.RawIOBase):
    """The bytes that arrive on a socket until its timeout, counted once from `restart`, has passed."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout_s = sock.gettimeout() or LONGEST_WAIT_S
        self.restart()

    def restart(self) -> None:
        """Begin to wait for another answer."""
        self._deadline = time.monotonic() + self._timeout_s
        self._sock.settimeout(self._timeout_s)

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """As of any raw stream. Raises `TimeoutError`."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return cast("int | None", self._raw.readinto(buffer))

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


def timely(sock: socket.socket) -> io.BufferedReader:
    """A reader over `sock`; `restart` begins another answer."""
    return io.BufferedReader(UntilDeadline(cast(io.RawIOBase, sock.makefile("rb", buffering=0)), sock))


def restart(reader: io.BufferedReader) -> None:
    """Wait for another answer on a reader made by `timely`."""
    cast(UntilDeadline, reader.raw).restart()


def certificate_until(sock: object) -> datetime | None:
    """Until when the certificate holds that the other side showed; None on a line without one."""
    if not isinstance(sock, ssl.SSLSocket):
        return None
    last = (sock.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(last), UTC) if isinstance(last, str) else None


def trouble(error: BaseException) -> str:
    """What went wrong, without what the server said (that may hold an address) and without objects' names."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    for each in reversed(causes):
        if isinstance(each, ssl.SSLCertVerificationError):
            return f"its certificate is not valid: {each.verify_message}"
        if isinstance(each, OSError) and each.strerror:
            return each.strerror
        if isinstance(each, TimeoutError):
            return "no answer in time"
    kind = type(error).__name__
    return "it closed the connection" if kind in CLOSED else kind
