"""What each process begins with that judges or draws for another one."""

from __future__ import annotations

import gc
import os
from multiprocessing import parent_process
from threading import Thread


def begin() -> None:
    """End with the process that started this one, even where that is killed, and look for cycles rarely.

    Lexicons and models stay for good; comparisons, documents and pages leave few cycles: to look for them often costs
    a tenth.
    """
    Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
