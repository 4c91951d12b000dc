"""Eight processes that claim batches of one notice at once: is any recipient claimed by two?"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from benchmarks.delivery import BATCH, NOTICE, ROOT
from notifier.ledger import Ledger
from notifier.ledger.sending.batches import Tenure

CLAIMERS = 8


class Claimed(NamedTuple):
    """All claims together."""

    recipients: int
    twice: int
    per_s: float
    by_the_fewest: int
    """How many the claimer with the fewest got: 0 would say that they did not work at once."""


def claim_all(url: str, claimers: int = CLAIMERS) -> Claimed:
    """Claim every batch of the notice that `prepare` left in this ledger, which is frozen first."""
    now = datetime.now(UTC)
    with Ledger.open(url) as ledger:
        ledger.notices.start(NOTICE, now)
        count = ledger.recipients.freeze(NOTICE, now, batch_size=BATCH)
    program = f"from benchmarks.cluster_claims import claim; claim({url!r}, %r)"
    started = time.perf_counter()
    running = [
        subprocess.Popen([sys.executable, "-c", program % f"machine-{n}"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for n in range(claimers)
    ]
    told = [json.loads(one.communicate()[0]) for one in running]
    seconds = time.perf_counter() - started
    times = Counter(key for claims in told for key in claims)
    assert len(times) == count, "somebody was claimed by nobody"
    return Claimed(count, times.total() - count, count / seconds, min(map(len, told)))


def claim(url: str, owner: str) -> None:
    """In a process of its own: claim until nothing is left; prints the key of everybody it got."""
    tenure, got = Tenure(owner, timedelta(minutes=10)), []
    with Ledger.open(url) as ledger:
        while claims := ledger.batches.claim(NOTICE, datetime.now(UTC), mailer="claims", limit=1, tenure=tenure):
            got += [key for one in claims for _, key, _, _ in one.recipients]
    print(json.dumps(got))
