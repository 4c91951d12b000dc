"""One trace a notice, whatever process adds to it, with no address in it; and none where nobody asks."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from notifier.errors import NotSent
from notifier.ledger import Ledger
from notifier.mail import Envelope
from notifier.usecases.deliver import deliver, traces
from notifier.usecases.deliver.traces import forget_traces, set_up_traces
from tests.mailers import MemoryMailer
from tests.scenes import NOON, NOTICE, RULES, Clock, announced, people


@pytest.fixture
def seen() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    set_up_traces({}, exporter=exporter)
    yield exporter
    forget_traces()


def named(seen: InMemorySpanExporter, name: str) -> list[Any]:
    return [span for span in seen.get_finished_spans() if span.name == name]


def test_a_notice_is_one_trace_of_its_freezing_its_batches_and_their_attempts(
    ledger: Ledger, seen: InMemorySpanExporter
) -> None:
    announced(ledger, people(5))
    deliver(ledger, MemoryMailer(batch_size=2), RULES, Clock(NOON + timedelta(hours=1)).environment())

    spans = seen.get_finished_spans()
    (whole,) = named(seen, "notice")
    assert Counter(span.name for span in spans) == {
        "notice": 1, "notice.freeze": 1, "notice.batch": 3, "notice.attempt": 3,
    }  # fmt: skip
    assert len({span.context.trace_id for span in spans}) == 1
    assert whole.parent is None
    assert whole.attributes == {"notice.id": NOTICE, "notice.recipients": 5, "notice.taken": 5}
    assert {span.parent.span_id for span in (*named(seen, "notice.freeze"), *named(seen, "notice.batch"))} == {
        whole.context.span_id
    }
    batches = {span.context.span_id: span for span in named(seen, "notice.batch")}
    assert {span.parent.span_id for span in named(seen, "notice.attempt")} == batches.keys()
    assert sorted(span.attributes["batch.recipients"] for span in batches.values()) == [1, 2, 2]
    assert {span.attributes["batch.outcome"] for span in batches.values()} == {"taken"}


@pytest.mark.processes
def test_a_process_that_knows_nothing_of_another_adds_to_the_same_trace(
    ledger: Ledger, seen: InMemorySpanExporter
) -> None:
    announced(ledger, people(2))
    deliver(ledger, MemoryMailer(batch_size=2), RULES, Clock(NOON + timedelta(hours=1)).environment())
    ours = {span.context.trace_id for span in seen.get_finished_spans()}
    program = f"from notifier.usecases.deliver.traces import _ids_of; print(_ids_of({NOTICE!r})[0])"

    other = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert ours == {int(other)}


def test_what_a_provider_says_of_somebody_is_in_no_span(ledger: Ledger, seen: InMemorySpanExporter) -> None:
    announced(ledger, people(2))
    mailer = MemoryMailer(batch_size=2, faults=[greylisted])
    deliver(ledger, mailer, RULES, Clock(NOON + timedelta(hours=1)).environment())

    said = " ".join(span.to_json() for span in seen.get_finished_spans())
    failed = [span for span in named(seen, "notice.batch") if not span.status.is_ok]
    assert [span.attributes["batch.outcome"] for span in failed] == ["NotSent"]
    assert "person1" not in said
    assert "greylisted" not in said


def greylisted(_mailer: MemoryMailer, _envelope: Envelope) -> None:
    raise NotSent("450 <person1@example.com> greylisted")


@pytest.mark.parametrize(
    ("environ", "is_on"),
    [
        ({}, False),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, False),
        ({"OTEL_TRACES_EXPORTER": "console", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
    ],
)
def test_it_is_off_unless_the_environment_asks(environ: dict[str, str], is_on: bool) -> None:
    set_up_traces(environ)

    assert (traces._tracing is not None) == is_on
    forget_traces()


@pytest.mark.processes
def test_nobody_pays_for_it_who_does_not_ask() -> None:
    program = (
        "import sys; from notifier.usecases.deliver.traces import set_up_traces; set_up_traces({}); "
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
