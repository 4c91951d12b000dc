"""Kept-open connections under the `sendgrid` package's client, which by itself opens one a request and waits for ever.

What this transport promises its caller: `Unavailable` means that no connection came about, so no byte of the request
left; anything else that goes wrong afterwards is `InDoubt`. An answer has one deadline as a whole, however slowly it
drips. Redirects are not followed, nothing is retried, proxies named in the environment are not used.
"""

from __future__ import annotations

import ssl
from http.client import HTTPMessage, HTTPResponse
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import urllib3
from python_http_client.client import Client, Response
from urllib3.connection import HTTPConnection, HTTPSConnection

from notifier.errors import InDoubt, Unavailable
from notifier.mail.sockets import timely, trouble

if TYPE_CHECKING:
    import socket

CONNECT_TIMEOUT_S = 10.0
MOST_ANSWER_BYTES = 256 * 1024
"""Of an answer's body; SendGrid's longest lists a line for each of 1,000 addresses."""


class _BoundedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = timely(sock)


class _HttpConnection(HTTPConnection):
    response_class = _BoundedResponse

    def connect(self) -> None:
        try:
            super().connect()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _not_connected(self.host, error) from error


class _HttpsConnection(HTTPSConnection):
    response_class = _BoundedResponse

    def connect(self) -> None:
        try:
            super().connect()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _not_connected(self.host, error) from error


def _not_connected(host: str, error: Exception) -> Unavailable:
    return Unavailable(f"no connection to {host}: {trouble(error)}")


def open_pool(
    host: str, *, timeout_s: float, connections: int, ssl_context: ssl.SSLContext | None = None
) -> urllib3.HTTPConnectionPool:
    """The connections to one host (`https://api.sendgrid.com`), opened as they are needed and kept.

    `retries=False` also means that no redirect is followed.
    """
    timeout = urllib3.Timeout(connect=min(CONNECT_TIMEOUT_S, timeout_s), read=timeout_s)
    secure: dict[str, Any] = {"ssl_context": ssl_context} if host.startswith("https:") else {}
    pool = urllib3.connection_from_url(host, maxsize=connections, block=True, retries=False, timeout=timeout, **secure)
    pool.ConnectionCls = _HttpsConnection if host.startswith("https:") else _HttpConnection
    return pool


class _Received:
    """What the package's client reads an answer through."""

    def __init__(self, status: int, body: bytes, headers: HTTPMessage) -> None:
        self._status, self._body, self._headers = status, body, headers

    def getcode(self) -> int:
        return self._status

    def read(self) -> bytes:
        return self._body

    def info(self) -> HTTPMessage:
        return self._headers


class PooledClient(Client):  # type: ignore[misc]  # the package has no types
    """The package's client over `pool`. Any HTTP status is an answer here, not an exception.

    Its own `post` writes key, recipients and body to a debug log, and builds an opener for each request; ours does
    neither. One client may serve many threads, as nothing changes it.
    """

    def __init__(self, pool: urllib3.HTTPConnectionPool, **options: Any) -> None:
        self.pool = pool
        super().__init__(**options)

    def _build_client(self, name: str | None = None) -> PooledClient:
        return PooledClient(
            self.pool,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
        )

    def post(self, request_body: bytes) -> Response:
        """One request. Raises `Unavailable` and `InDoubt`."""
        path = urlsplit(self._build_url(None)).path
        headers = self.request_headers
        try:
            answer = self.pool.urlopen("POST", path, body=request_body, headers=headers, preload_content=False)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise InDoubt(f"no answer from {self.pool.host}: {type(error).__name__}") from error
        return Response(_Received(answer.status, _body(answer), cast(HTTPMessage, answer.headers)))


def _body(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The answer's body; nothing where it breaks off, as the status line has said what became of the request."""
    try:
        body = answer.read(MOST_ANSWER_BYTES)
        answer.drain_conn()
    except (urllib3.exceptions.HTTPError, OSError):
        answer.close()
        return b""
    answer.release_conn()
    return body
