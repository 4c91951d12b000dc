"""`notifier serve`: the posted pages, the provider's events, health and figures."""

from __future__ import annotations

from pathlib import Path

import click

from notifier.cli.frame import config_option, load_config
from notifier.cli.log_facts import keep_log


@click.command(name="serve")
@config_option
def command(config_path: Path | None) -> None:
    """Serve the posted pages and take in the provider's events, until stopped by SIGTERM or SIGINT.

    Pages stand at /, SendGrid posts its events to /events/sendgrid, applications ask at /v1/ who has accepted what
    (with a key of `notifier keys`), receipts stand at /receipts/, the keys to check them with at
    /.well-known/notifier-receipts.json. /healthz says whether the ledger can be read and which alarms stand, /metrics
    how far each notice has come, for Prometheus. Put a proxy with TLS in front. SIGHUP has the config read again.
    """
    from notifier.config.live import LiveConfig
    from notifier.web.server import serve

    config = load_config(config_path)
    keep_log(config)
    serve(LiveConfig(config))
