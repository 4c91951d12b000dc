"""Templates are compiled once, and say what their text says at the time, in the language they are filled in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from notifier.render.localised import long_date
from notifier.render.site.translations import translation_for
from notifier.render.templates import open_environment, render
from tests.render.histories import TEMPLATES


def filled(folder: Path, language: str) -> str:
    filters: dict[str, Callable[..., Any]] = {
        "long_date": partial(long_date, language=language),
        "named": lambda _: language,
    }
    environment = open_environment(folder, escapes=False, language=language, filters=filters)
    return render(environment, "day.j2", {"day": date(2026, 3, 1)})


def test_a_template_that_was_edited_is_read_anew(tmp_path: Path) -> None:
    for text in ("first", "second", "first"):
        (tmp_path / "day.j2").write_text(text)
        assert filled(tmp_path, "en") == text


def test_what_is_kept_compiled_for_one_language_is_not_said_in_another(tmp_path: Path) -> None:
    (tmp_path / "day.j2").write_text("{{ 'constant' | named }}: {{ day | long_date }}")

    assert [filled(tmp_path, language) for language in ("en", "de", "en")] == [
        "en: 1 March 2026",
        "de: 1. März 2026",
        "en: 1 March 2026",
    ]


def test_words_of_an_older_installation_that_name_what_is_said_no_longer_give_way_to_ours(tmp_path: Path) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    for name, said in (("en", "since {start}: {date} is kept"), ("de", "seit {start}: {date} bleibt")):
        path = tmp_path / f"templates/pages/words/{name}.toml"
        path.write_text(re.sub(r"^kept = .*$", f'kept = "{said}"', path.read_text(), flags=re.M))
        path.write_text(re.sub(r"^minor = .*$", 'minor = "ours"', path.read_text(), flags=re.M))

    words = translation_for(tmp_path / "templates", "de")

    assert words.says("kept", date="3. März 2026") == translation_for(TEMPLATES, "de").says("kept", date="3. März 2026")
    assert words.words["minor"] == "ours"
