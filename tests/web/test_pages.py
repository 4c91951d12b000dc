from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from starlette.requests import Request
from tests.render.histories import TEMPLATES, TODAY, hostile, site
from tests.render.reading import elements, read

from notifier.errors import LedgerError
from notifier.render.site.build import publish
from notifier.render.site.editions import Site
from notifier.web.pages import Pages

SECRET = "nobody outside may read this"


@contextmanager
def serving(out: Path, load: Callable[[], Site] = lambda: site(hostile())) -> Iterator[int]:
    """A real server on loopback; its port."""
    app = Pages(out, load=load, templates=TEMPLATES, today=lambda: TODAY)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("www") / "site"
    publish(site(hostile()), folder, templates=TEMPLATES)
    (folder.parent / "secret.txt").write_text(SECRET)
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    return folder


@pytest.fixture(scope="module")
def port(out: Path) -> Iterator[int]:
    with serving(out) as found:
        yield found


Answer = tuple[int, dict[str, str], bytes]


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_a_page_is_served_as_it_was_published(port: int, out: Path) -> None:
    status, headers, body = ask(port, "/privacy/")

    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert body == (out / "privacy/index.html").read_bytes()


def test_an_address_without_its_slash_leads_to_the_page(port: int) -> None:
    status, headers, _ = ask(port, "/privacy/changes")

    assert (status, headers["location"]) == (308, "./changes/")


def test_a_copy_that_is_still_right_is_not_sent_again(port: int) -> None:
    tag = ask(port, "/privacy/")[1]["etag"]
    status, headers, body = ask(port, "/privacy/", If_None_Match=f'"other", W/{tag}')

    assert (status, body) == (304, b"")
    assert headers["etag"] == tag


def test_pages_are_packed_for_those_who_take_it_under_a_tag_of_their_own(port: int) -> None:
    plain, packed = ask(port, "/privacy/"), ask(port, "/privacy/", Accept_Encoding="br, gzip")
    refused = ask(port, "/privacy/", Accept_Encoding="gzip;q=0")

    assert gzip.decompress(packed[2]) == plain[2] == refused[2]
    assert packed[1]["content-encoding"] == "gzip"
    assert packed[1]["etag"] != plain[1]["etag"]
    assert packed[1]["vary"] == "Accept-Encoding, Accept-Datetime"


def test_head_says_what_get_would_send(port: int) -> None:
    get, head = ask(port, "/privacy/"), ask(port, "/privacy/", "HEAD")

    assert head[2] == b""
    assert {k: v for k, v in head[1].items() if k != "date"} == {k: v for k, v in get[1].items() if k != "date"}


@pytest.mark.parametrize(
    ("path", "keep"),
    [
        ("/privacy/2026-06-01.md", "public, max-age=31536000, immutable"),
        ("/privacy/2026-06-01.txt", "public, max-age=31536000, immutable"),
        ("/privacy/2026-06-01/", "public, max-age=86400"),
        ("/privacy/changes/2026-06-01/", "public, max-age=86400"),
        ("/privacy/", "public, no-cache"),
        ("/privacy/changes/", "public, no-cache"),
        ("/feed.xml", "public, no-cache"),
        ("/index.json", "public, no-cache"),
    ],
)
def test_a_copy_may_be_kept_as_long_as_its_address_allows(port: int, path: str, keep: str) -> None:
    assert ask(port, path)[1]["cache-control"] == keep


def test_any_two_versions_can_be_compared(port: int, out: Path) -> None:
    status, _, body = ask(port, "/privacy/compare/2026-03-03..2026-11-22/")

    assert status == 200
    assert {"30 days", "12 months", "and with advertising partners"} <= {
        *elements(body.decode(), "del"),
        *elements(body.decode(), "ins"),
    }
    assert not (out / "privacy/compare/2026-03-03..2026-11-22").exists()


@pytest.mark.parametrize(
    ("day", "text", "said"),
    [
        ("2026-06-30", "30 days", "On 30 June 2026 this text was in force."),
        ("2026-07-01", "12 months", "On 1 July 2026 this text was in force."),
        ("2026-12-21", "12 months", "As things stand today, this text will be in force on 21 December 2026."),
        ("2026-03-02", "", "On 2 March 2026 none of these texts was in force yet: the first is in force from 3 March"),
    ],
)
def test_the_text_in_force_on_a_day_can_be_read(port: int, day: str, text: str, said: str) -> None:
    status, _, body = ask(port, f"/privacy/at/{day}/")

    assert status == 200
    assert f"Chats are kept for {text}" * bool(text) in read(body.decode())
    assert said in read(body.decode())


def test_the_form_on_the_page_of_days_leads_to_the_text(port: int) -> None:
    status, headers, _ = ask(port, "/privacy/at/?on=2026-06-30")

    assert (status, headers["location"]) == (303, "./2026-06-30/")
    assert ask(port, "/privacy/at/?on=yesterday")[0] == 200
    assert ask(port, "/privacy/at/")[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/privacy/at/2026-02-30/", "/privacy/compare/2026-03-03..2026-03-03/",
     "/privacy/compare/2026-03-03..2030-01-01/", "/nothing/at/2026-07-01/"],
)  # fmt: skip
def test_what_never_was_is_not_found(port: int, path: str) -> None:
    assert ask(port, path)[0] == 404


def test_a_page_that_is_not_found_helps_on(port: int) -> None:
    status, headers, body = ask(port, "/privacy/2026-06-02/")

    assert status == 404
    assert headers["cache-control"] == "no-store"
    assert '<a href="../">Privacy Policy</a>' in body.decode()
    assert "There is no page at this address" in read(body.decode())
    assert b"/privacy/2026-06-02/" not in body  # nothing calls it the address of a page


def test_a_page_that_is_not_found_speaks_the_language_of_its_address(port: int) -> None:
    assert b'<html lang="de">' in ask(port, "/de/nichts/")[2]


def test_what_was_withdrawn_is_gone(tmp_path: Path) -> None:
    publish(site(hostile()), tmp_path, templates=TEMPLATES)
    publish(site(), tmp_path, templates=TEMPLATES)

    with serving(tmp_path) as port:
        assert ask(port, "/hostile/changes/")[0] == 410
        assert ask(port, "/hostile/other/")[0] == 404


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/privacy/..%2f..%2f../secret.txt", "/..%5csecret.txt", "//etc/passwd",
     "/privacy/%00/", "/.manifest.json", "/privacy/./", "/link.txt", "/%ff%fe/", "/privacy/%0d%0aSet-Cookie:x/",
     "/privacy//", "/\\", "/assets/", "/" + "a" * 5000, "/privacy/index.html/"],
)  # fmt: skip
def test_odd_addresses_get_nothing(port: int, path: str) -> None:
    status, headers, body = ask(port, path)

    assert status in (400, 404)
    assert SECRET.encode() not in body
    assert "set-cookie" not in headers


def test_a_file_that_publishing_did_not_write_is_not_served(port: int, out: Path) -> None:
    (out / "stranger.txt").write_text(SECRET)

    assert ask(port, "/stranger.txt")[0] == 404


@pytest.mark.parametrize("part", ["a/", "compare/", "at/", "1..", "compare/1..2/"])
def test_an_address_of_sixteen_kilobytes_is_answered_before_anything_looks_at_it(
    out: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(Pages, "_file", lambda _self, name: looked.append(name))
    pages = Pages(out, load=lambda: site(hostile()), templates=TEMPLATES, today=lambda: TODAY)
    path = "/" + part * (16_384 // len(part))

    answer = pages.respond(Request({"type": "http", "method": "GET", "headers": [], "raw_path": b"", "path": path}))

    assert answer.status_code == 404
    assert looked == []


def test_a_redirect_never_leaves_the_site(port: int) -> None:
    for path in ("//evil.example", "/%2f%2fevil.example", "/\\evil.example"):
        assert ask(port, path)[0] in (400, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_pages_can_only_be_read(port: int, method: str) -> None:
    status, headers, _ = ask(port, "/privacy/", method)

    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_every_answer_forbids_what_pages_do_not_need(port: int) -> None:
    for path in ("/privacy/", "/nothing/", "/privacy/2026-06-01.md", "/assets/pages.js"):
        headers = ask(port, path)[1]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers


def test_a_page_that_cannot_be_made_now_says_so_to_a_reader(out: Path) -> None:
    """While the ledger or git is away pages that are files go on, and one that must be made says when to come again."""

    def away() -> Site:
        raise LedgerError("postgresql://db: connection refused")

    with serving(out, away) as port:
        assert ask(port, "/privacy/")[0] == 200
        status, headers, body = ask(port, "/privacy/compare/2026-03-03..2026-11-22/")

    assert (status, headers["content-type"], headers["retry-after"]) == (503, "text/html; charset=utf-8", "60")
    assert b"<p>This page cannot be made right now.</p>" in body
    assert b"postgresql" not in body


def test_a_new_publication_is_seen_without_a_restart(tmp_path: Path) -> None:
    publish(site(hostile(), today=date(2026, 6, 30)), tmp_path, templates=TEMPLATES)
    with serving(tmp_path) as port:
        before = ask(port, "/privacy/")
        publish(site(hostile()), tmp_path, templates=TEMPLATES)
        after = ask(port, "/privacy/", If_None_Match=before[1]["etag"])

    assert after[0] == 200
    assert b"12 months" in after[2]
