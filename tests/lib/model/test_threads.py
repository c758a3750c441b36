"""How torch's threads share the cores: patience set before torch comes, and room left while something is trained."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import torch

from lib.model.threads import alone, leaving_room
from tests.conftest import ROOT


def test_threads_are_told_to_wait_with_less_patience_before_torch_comes() -> None:
    code = (
        "import sys, os\n"
        "class Asked:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'torch': sys.exit(print(os.environ.get('GOMP_SPINCOUNT')))\n"
        "sys.meta_path.insert(0, Asked())\n"
        "import lib.model\n"
        "assert 'torch' not in sys.modules\n"
        "lib.model.read"
    )
    clean = {name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")}
    for given, expected in (({}, "10000"), ({"GOMP_SPINCOUNT": "7"}, "7")):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=clean | given, capture_output=True, text=True, check=True
        )
        assert done.stdout.split("\n")[0] == expected


@pytest.mark.parametrize(("taken", "less"), [(leaving_room, 1), (alone, 99)])
def test_room_is_left_in_this_thread_and_given_back(taken: Callable[[], AbstractContextManager], less: int) -> None:
    before, seen = torch.get_num_threads(), []
    with taken():
        seen.append(torch.get_num_threads())
        other = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
        other.start()
        other.join()
    assert seen == [max(1, before - less), before], "others keep all"
    assert torch.get_num_threads() == before
