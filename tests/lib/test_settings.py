"""What may lie in memory: one table, its sum in the README, and no store beside it."""

from __future__ import annotations

import ast
import platform
import re
import subprocess
import sys

import pytest

from lib import settings
from tests.conftest import ROOT
from tests.test_house import SOURCE, TREES, name

README = (ROOT / "README.md").read_text("utf-8")
TOGETHER = sum(settings.BUDGETS.values())


def test_the_readme_has_the_table_and_its_sum() -> None:
    paragraph = README.split("**Memory.**", 1)[1].split("\n\n", 1)[0]
    listed = {key: int(size.replace(",", "")) for key, size in re.findall(r"`([a-z]+)` ([\d,]+)", paragraph)}
    assert listed == settings.BUDGETS
    assert re.search(rf"That is {TOGETHER:,} MB\s+together", paragraph)
    assert f"| `{settings.MEMORY}` |" in README
    assert f"| `{TOGETHER}` |" in README


def test_what_is_kept_has_its_bound_from_the_table_and_nothing_has_the_bound_of_another() -> None:
    named: list[str] = []
    for file in SOURCE:
        for node in ast.walk(TREES[file]):
            if not isinstance(node, ast.Call):
                continue
            if ast.unparse(node.func) == "settings.memory":
                named.append(ast.literal_eval(node.args[0]))
            if isinstance(node.func, ast.Name) and node.func.id in ("Store", "Queue"):
                bound = [*node.args, *(each.value for each in node.keywords if each.arg == "most")][-1]
                source = ast.unparse(bound)
                own = {
                    "lib/jobs.py": "most",
                    "lib/model/opening.py": "NEVER",
                    "lib/app/models.py": "0",
                    "lib/cached/readings.py": "MOST_BYTES",
                }.get(name(file))
                assert source.startswith("settings.memory(") or source == own, f"{name(file)}: {source}"
    assert sorted(named) == sorted(settings.BUDGETS)


@pytest.mark.parametrize(
    ("given", "what", "megabytes"),
    [
        ({}, "models", 2048),
        ({"CLS_MEMORY": str(TOGETHER)}, "readings", 512),
        ({"CLS_MEMORY": str(TOGETHER // 4)}, "readings", 128),
        ({"CLS_MEMORY": str(TOGETHER * 2)}, "results", 768),
        ({"CLS_MEMORY_READINGS": "7"}, "readings", 7),
        ({"CLS_MEMORY_READINGS": "7"}, "models", 2048),
        ({"CLS_MEMORY": str(TOGETHER // 2), "CLS_MEMORY_READINGS": "7"}, "readings", 7),
        ({"CLS_MEMORY": "much"}, "readings", 512),
        ({"CLS_MEMORY": "0"}, "readings", 512),
        ({"CLS_MEMORY_READINGS": "-1"}, "readings", 512),
    ],
)
def test_the_operator_sets_all_or_one(
    given: dict[str, str], what: str, megabytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in given.items():
        monkeypatch.setenv(key, value)
    assert settings.memory(what) == megabytes << 20


def test_what_is_set_for_all_is_not_exceeded(monkeypatch: pytest.MonkeyPatch) -> None:
    for together in (100, 1400, 5000):
        monkeypatch.setenv(settings.MEMORY, str(together))
        parts = [settings.memory(what) for what in settings.BUDGETS]
        assert min(parts) > 0
        assert (together << 20) - len(parts) <= sum(parts) <= together << 20


def test_a_model_that_could_not_be_kept_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.largest() == 400_000_000
    monkeypatch.setenv(settings.LARGEST, "1000")
    assert settings.largest() == (2048 << 20) // 4
    monkeypatch.setenv("CLS_MEMORY_MODELS", "8000")
    assert settings.largest() == 1_000_000_000
    monkeypatch.setenv("CLS_MEMORY_MODELS", "100")
    assert settings.largest() == (100 << 20) // 4


def test_a_small_host_still_has_what_the_readme_says(monkeypatch: pytest.MonkeyPatch) -> None:
    small = re.search(
        r"2\.7 GB take\s+`CLS_MEMORY=(\d+)` and `CLS_MEMORY_MODELS=(\d+)`,\s+together\s+about ([\d,]+) MB", README
    )
    assert small is not None
    monkeypatch.setenv(settings.MEMORY, small[1])
    monkeypatch.setenv(f"{settings.MEMORY}_MODELS", small[2])
    together = sum(settings.memory(what) for what in settings.BUDGETS) / 2**20
    assert together == pytest.approx(int(small[3].replace(",", "")), abs=1)
    assert 109_482_240 <= settings.largest() < 116_000_000, "bert-base is opened, and the README says no more"
    assert settings.memory("training") // 16 >= 22_700_000  # weights of the embedded model


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what was freed")
def test_what_a_visitor_held_goes_back_to_the_machine_when_they_have_left() -> None:
    """Freed blocks between others that are still held; glibc returns only what lies above all."""
    script = """
import re
from pathlib import Path
from lib import store

def held():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) >> 10

blocks = [b"x" * (2000 + k % 7) for k in range(60_000)]
full, kept = held(), blocks[::100]
del blocks
before = held()
store.tidy()
print(full, before, held())
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    full, before, after = map(int, done.stdout.split()[-3:])
    assert full - before < 20, "glibc has kept it"
    assert before - after > 80
