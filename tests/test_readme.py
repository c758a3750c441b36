"""What the README shows is so: its Python runs, and the files that it and the map of the code name are there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

PAPERS = [ROOT / "README.md", ROOT / "lib" / "README.md"]


def test_the_python_of_the_readme_runs(embedded: object) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAPERS[0].read_text("utf-8"), re.DOTALL)
    known: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), known)
    assert known["tuned"].done
    first, second = known["read"]("all-MiniLM-L6-v2", ["One.", "Two, too."], edit=known["starved"]).cls[-1]
    assert abs(first - second).max() < 1e-4, "the same row twice"


@pytest.mark.parametrize("paper", PAPERS, ids=["README", "map"])
def test_what_is_named_is_there(paper) -> None:
    named = set(re.findall(r"`((?:lib|pages|tests)/[\w/.]+\.\w+)`", paper.read_text("utf-8")))
    assert named
    assert {each for each in named if not (ROOT / each).is_file()} == set()


def test_the_map_names_tests_that_there_are() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", PAPERS[1].read_text("utf-8"))
    assert named
    missing = [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text("utf-8")]
    assert missing == []
