"""A time-stamping authority on loopback: `openssl ts` behind HTTP, with a root certificate of its own."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[req]
distinguished_name = dn
[dn]
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_chain = no
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
"""


@dataclass
class TimeStampAuthority:
    """Where it is, its root certificate, and what it does instead of answering well."""

    folder: Path
    url: str = ""
    faults: list[bytes | int] = field(default_factory=list)
    """Taken one by one: a status to answer with, or a body in place of the stamp."""

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def stamp(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self.call("ts", "-reply", "-config", "openssl.cnf", "-section", "here", "-queryfile", "query", "-out", "answer")
        return (self.folder / "answer").read_bytes()

    def certify(self, days: int = 365) -> None:
        """A certificate for its key, from now on."""
        self.call("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                  "-out", "tsa.pem", "-days", str(days), "-extfile", "openssl.cnf",
                  "-extensions", "stamping")  # fmt: skip

    def send_root_too(self) -> None:
        """Put the chain into each answer, as it comes."""
        config = self.folder / "openssl.cnf"
        config.write_text(config.read_text().replace("signer_digest", f"certs = {self.root}\nsigner_digest"))

    def call(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)


def _make(folder: Path) -> TimeStampAuthority:
    made = TimeStampAuthority(folder)
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "openssl.cnf")
    made.call("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Test root",
              "-extensions", "root", "-days", "365")  # fmt: skip
    made.call("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test stamps")
    made.certify()
    return made


@contextmanager
def time_stamp_authority(folder: Path) -> Iterator[TimeStampAuthority]:
    """Answers until the block ends."""
    made = _make(folder)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            fault = made.faults.pop(0) if made.faults else 200
            body = fault if isinstance(fault, bytes) else made.stamp(query)
            self.send_response(fault if isinstance(fault, int) else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/tsr"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
