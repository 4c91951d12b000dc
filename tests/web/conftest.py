"""An application beside a shop whose pages and interface are served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.shop import DEARER, Application, Shop, open_shop


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Who reads the description of the interface comes with its tests: else each start of pytest waits for that."""
    plugins = parent.config.pluginmanager
    if module_path.stem == "test_api_description" and not plugins.hasplugin("schemathesis"):
        plugins.import_plugin("schemathesis.pytest.plugin")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The fee went up, which is to be accepted."""
    shop = open_shop(tmp_path_factory.mktemp("shop"))
    shop.post("Raise the fee", terms=DEARER)
    return shop


@pytest.fixture(scope="module")
def app(shop: Shop) -> Iterator[Application]:
    with shop.served() as url:
        yield Application(url, shop.key())
