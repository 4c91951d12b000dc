"""An authority's time stamp in evidence: of a head that the chain goes through, and of no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.errors import Unproven
from notifier.usecases.evidence.examination import examine
from notifier.usecases.evidence.parcel import read_parcel, write_folder
from tests.acceptance.stage import Stage
from tests.standins.time_stamps import time_stamp_authority
from tests.usecases.test_evidence import resealed


def test_a_head_that_was_stamped_is_shown_and_another_stamp_not_believed(stage: Stage, tmp_path: Path) -> None:
    stage.change("privacy.md", "work for us.", "work for us and with advertising partners that measure our campaigns.")
    stage.commit("Measure our campaigns", "Significance: significant")
    stage.run_as_of("2026-11-24T09:00:00+00:00")
    with time_stamp_authority(tmp_path) as authority:
        (stage.root / "root.pem").write_bytes(authority.root.read_bytes())
        stage.configure("proof", f'anchor = "{authority.url}"\nanchor_ca = "root.pem"')
        assert stage.notifier("anchor").code == 0
    stage.notifier("evidence", "customer", "1", "--out", "ana")
    steps = {step.name: step for step in examine(stage.root / "ana").steps}

    assert steps["anchored"].holds
    assert authority.url in steps["anchored"].found
    files = read_parcel(stage.root / "ana")
    [path] = [path for path in files if path.endswith(".tsr")]
    for forged in (b"no stamp", files[path][:-20] + b"\0" * 20):
        write_folder(resealed({**files, path: forged}), tmp_path / f"forged{len(forged)}")
        assert not examine(tmp_path / f"forged{len(forged)}").holds
    write_folder(resealed({name: one for name, one in files.items() if name != path}), tmp_path / "without")
    with pytest.raises(Unproven):
        examine(tmp_path / "without")
