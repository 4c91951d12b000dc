"""One trace a notice, by OpenTelemetry: its freezing, its batches and the attempts in them, whatever process made each.

The trace's id follows from the notice's, so that every process adds to the same one; the span of the whole is written
by whoever ends it. Off unless the environment asks for it as OpenTelemetry has it (`OTEL_EXPORTER_OTLP_ENDPOINT`,
`OTEL_TRACES_EXPORTER`) and the extra `telemetry` is installed. No address is in a span, and no provider's word.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from notifier.structured_log import tell

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

    from notifier.ledger.types import Claim, NoticeCounts
    from notifier.mail import Accepted, Envelope

ASKING = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER")
_tracing: _Tracing | None = None


class BatchTrace(Protocol):
    """What is traced of one claim on a batch, until its outcome is written down."""

    def send(self, send: Callable[[Envelope], Accepted], envelope: Envelope) -> Accepted:
        """Make the attempt."""
        ...

    def end(self, outcome: Future[Any] | None) -> None:
        """Its outcome is in the ledger; None where it went back without an attempt."""
        ...


class _Untraced:
    def send(self, send: Callable[[Envelope], Accepted], envelope: Envelope) -> Accepted:
        return send(envelope)

    def end(self, outcome: Future[Any] | None) -> None:
        """Nobody asked."""


UNTRACED: BatchTrace = _Untraced()


def begin_batch(claim: Claim, transport: str) -> BatchTrace:
    """From the claim on."""
    return _tracing.batch(claim, transport) if _tracing else UNTRACED


@contextmanager
def freezing(notice_id: str) -> Iterator[None]:
    """While a notice's recipients are frozen."""
    if _tracing is None:
        yield
        return
    with _tracing.span("notice.freeze", notice_id):
        yield


def end_notice(notice_id: str, began_at: datetime, ended_at: datetime, counts: Callable[[], NoticeCounts]) -> None:
    """The span of the whole, from when it was made."""
    if _tracing is not None:
        _tracing.whole(notice_id, began_at, ended_at, counts())


def set_up_traces(environ: Mapping[str, str] = os.environ, *, exporter: SpanExporter | None = None) -> None:
    """For this process, where the environment asks for it. `exporter`: in place of the one that it names."""
    global _tracing  # a process has one
    if _tracing is not None:
        return
    kind = environ.get("OTEL_TRACES_EXPORTER", "otlp")
    is_asked = any(environ.get(name) for name in ASKING) and kind != "none"
    if (exporter is None and not is_asked) or environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return
    try:
        _tracing = _Tracing(exporter, kind)
    except ImportError as error:
        lacking = f"traces are asked for, and {error.name} is not here: pip install 'policy-notifier[telemetry]'"
        tell("telemetry.not_installed", lacking, level="warning")


def forget_traces() -> None:
    """Send what is left of them, and make no more."""
    global _tracing  # the same
    if _tracing is not None:
        _tracing.provider.shutdown()
    _tracing = None


class _Tracing:
    """OpenTelemetry, imported here and nowhere else."""

    def __init__(self, exporter: SpanExporter | None, kind: str) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

        self._ids = _ids()
        named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "notifier"}
        self.provider: TracerProvider = TracerProvider(resource=Resource.create(named), id_generator=self._ids)
        processor: Any = SimpleSpanProcessor(exporter) if exporter else BatchSpanProcessor(_exporter(kind))
        self.provider.add_span_processor(processor)
        self._tracer = self.provider.get_tracer("notifier")

    def _around(self, notice_id: str) -> Context:
        """As if the span of the whole had begun elsewhere, with ids that everybody finds alike."""
        from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

        trace_id, span_id = _ids_of(notice_id)
        decision: Any = self.provider.sampler.should_sample(None, trace_id, "notice").decision
        flags = TraceFlags(TraceFlags.SAMPLED if decision.is_sampled() else TraceFlags.DEFAULT)
        return set_span_in_context(NonRecordingSpan(SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)))

    @contextmanager
    def span(self, name: str, notice_id: str) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            name, self._around(notice_id), attributes={"notice.id": notice_id}, record_exception=False
        ):
            yield

    def batch(self, claim: Claim, transport: str) -> BatchTrace:
        facts: dict[str, Any] = {
            "notice.id": claim.notice_id,
            "batch.no": claim.batch_no,
            "batch.recipients": len(claim.recipients),
            "attempt.id": claim.attempt_id,
            "mail.transport": transport,
        }
        return _Traced(self, self._tracer.start_span("notice.batch", self._around(claim.notice_id), attributes=facts))

    def attempt(self, batch: Span) -> Any:
        from opentelemetry.trace import set_span_in_context

        return self._tracer.start_as_current_span(
            "notice.attempt", set_span_in_context(batch), record_exception=False, set_status_on_exception=False
        )

    def whole(self, notice_id: str, began_at: datetime, ended_at: datetime, counts: NoticeCounts) -> None:
        from opentelemetry.context import Context

        facts: dict[str, Any] = {
            "notice.id": notice_id,
            "notice.recipients": counts.recipients,
            "notice.taken": counts.taken,
        }
        with self._ids.being(*_ids_of(notice_id)):
            span = self._tracer.start_span("notice", Context(), attributes=facts, start_time=_nanoseconds(began_at))
        span.end(_nanoseconds(ended_at))


class _Traced:
    """A batch that somebody wants to see."""

    def __init__(self, tracing: _Tracing, span: Span) -> None:
        self._tracing, self._span = tracing, span

    def send(self, send: Callable[[Envelope], Accepted], envelope: Envelope) -> Accepted:
        with self._tracing.attempt(self._span) as attempt:
            try:
                return send(envelope)
            except Exception as error:
                _fail(attempt, error)
                raise

    def end(self, outcome: Future[Any] | None) -> None:
        error = outcome.exception() if outcome is not None else None
        self._span.set_attribute("batch.outcome", type(error).__name__ if error else "taken" if outcome else "left")
        if error is not None:
            _fail(self._span, error)
        self._span.end()


def _fail(span: Span, error: BaseException) -> None:
    """What kind it was; what a provider said may name somebody."""
    from opentelemetry.trace import Status, StatusCode

    span.set_status(Status(StatusCode.ERROR, type(error).__name__))


def _ids_of(notice_id: str) -> tuple[int, int]:
    """Of the trace, and of the span of the whole."""
    digest = hashlib.sha256(f"notifier notice {notice_id}".encode()).digest()
    return int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])


def _ids() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class NoticeIds(RandomIdGenerator):
        """Any, but for the span of a whole notice."""

        given = threading.local()

        @contextmanager
        def being(self, trace_id: int, span_id: int) -> Iterator[None]:
            self.given.ids = (trace_id, span_id)
            try:
                yield
            finally:
                self.given.ids = None

        def generate_trace_id(self) -> int:
            ids = getattr(self.given, "ids", None)
            return ids[0] if ids else super().generate_trace_id()

        def generate_span_id(self) -> int:
            ids = getattr(self.given, "ids", None)
            return ids[1] if ids else super().generate_span_id()

    return NoticeIds()


def _exporter(kind: str) -> SpanExporter:
    if kind == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1e9)
