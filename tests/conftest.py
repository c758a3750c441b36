"""What several tests need: the embedded model, tiny models of other families, readings made by hand, the data."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if "PYTEST_XDIST_WORKER" in os.environ:  # as many of us as there are cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest
from _pytest.mark import ParameterSet

from lib import checkpoints
from lib.checkpoints import CHECKPOINTS, DEFAULT, Checkpoint
from lib.reading import Encoding, Reading

if TYPE_CHECKING:
    from lib.model.lending import Lent

ROOT = Path(__file__).parent.parent
PATIENCE = 60  # seconds that a test waits for what an idle machine does at once
CLOSE = {"rtol": 1e-5, "atol": 1e-6}  # the tolerance everywhere, unless a comment says what was measured
# of numbers that were added up in another order: in another batch, with more padding, by other code, on other threads.
# Every processor has an order of its own; 5e-6 was measured on one, and what is wrong moves a vector by more than 1e-3
NEAR = {"rtol": 1e-4, "atol": 1e-4}


def thinned(names: Sequence[str], first: int = 0) -> list[ParameterSet]:
    """Names for ``parametrize``; but for one in four they are left to the long tests."""
    return [pytest.param(name, marks=(pytest.mark.long,) * ((first + n) % 4 > 0)) for n, name in enumerate(names)]


def crossed(rows: Mapping[str, object], columns: Sequence[str], often: Sequence[str] = ()) -> list[ParameterSet]:
    """Every row with every column, thinned; the quick tests meet each row and each column.

    Args:
        rows: name -> value.
        columns: the other value, which is its own name.
        often: names of rows that are quick with every column.
    """
    return [
        pytest.param(
            rows[row], *column.values, id=f"{row}-{column.values[0]}", marks=() if row in often else column.marks
        )
        for first, row in enumerate(rows)
        for column in thinned(columns, first)
    ]


def unlent(slug: str) -> Lent:
    """A model's own parts, taken without a loan: a test is alone with it."""
    from lib.model import opened

    return opened(slug)._whole


@pytest.fixture(scope="session")
def embedded() -> Lent:
    """The model that comes with the app, opened once."""
    return unlent(DEFAULT)


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Checkpoint]:
    """Tiny random models by slug, on disk; ``tiny`` makes them known."""
    from lib.model import counting, describing
    from tests import tiny

    made = [tiny.make(name, tmp_path_factory.mktemp(name)) for name in tiny.FAMILIES]
    for folder in (entry.where.path() for entry in made):  # a process for each takes seconds, and has tests of its own
        describing._counts[describing._key(folder)] = describing.Counted(**counting._counted(str(folder)))
    return MappingProxyType({entry.slug: entry for entry in made})


@pytest.fixture
def tiny(tiny_models: Mapping[str, Checkpoint], monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Checkpoint]:
    """Tiny models beside the embedded one, for ``read``, ``encode`` and the pages."""
    table = MappingProxyType({**CHECKPOINTS, **tiny_models})
    monkeypatch.setattr(checkpoints, "CHECKPOINTS", table)
    return tiny_models


Make = Callable[..., Reading]


@pytest.fixture(scope="session")
def by_hand() -> Make:
    """Readings with the numbers that a test wants.

    ``by_hand(states, mask, special=, sequence=, pooler=, row=, column=, full=)``: ``states`` float[layers+1, batch,
    tokens, hidden], ``mask`` int[batch, tokens]. What is not given follows: the first and the last real token are
    special.
    """

    def make(
        states: Sequence[object] | np.ndarray,
        mask: Sequence[Sequence[int]],
        *,
        special: Sequence[Sequence[int]] | None = None,
        pooler: np.ndarray | None = None,
        row: np.ndarray | None = None,
        column: np.ndarray | None = None,
        full: Sequence[np.ndarray] = (),
    ) -> Reading:
        real = np.array(mask, np.int64)
        batch, tokens = real.shape
        if special is None:
            added = 1 - real
            for line, place in zip(added, real, strict=True):
                line[place.argmax()] = line[tokens - 1 - place[::-1].argmax()] = 1
        else:
            added = np.array(special, np.int64)
        encoding = Encoding(
            texts=tuple(f"text {n}" for n in range(batch)),
            pairs=(None,) * batch,
            tokens=tuple(
                tuple("[PAD]" if not r else "[X]" if s else f"w{i}" for i, (r, s) in enumerate(zip(*both, strict=True)))
                for both in zip(real, added, strict=True)
            ),
            input_ids=np.where(real == 1, np.arange(tokens) + 5, 0).astype(np.int64),
            attention_mask=real,
            token_type_ids=np.zeros_like(real),
            special_tokens_mask=added,
            offset_mapping=np.zeros((batch, tokens, 2), np.int64),
            sequence=np.where(added == 1, -1, 0).astype(np.int64),
            unk_id=1,
            full_lengths=real.sum(axis=1),
            unread=("",) * batch,
        )
        return Reading(CHECKPOINTS[DEFAULT], encoding, np.array(states, np.float32), pooler, row, column, tuple(full))

    return make


@dataclass(frozen=True)
class Similarity:
    """The STS benchmark's development split (cer2017): pairs of sentences, and how alike people found them, 0 to 5."""

    one: tuple[str, ...]
    other: tuple[str, ...]
    human: tuple[float, ...]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder with data for measuring; it is no part of the project, so tests that want it skip without it."""
    folder = Path(os.environ.get("CLS_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no data folder: set CLS_DATA to one with sst2_train.tsv and sts-dev.csv")
    return folder


@pytest.fixture(scope="session")
def phrases(data_folder: Path) -> tuple[str, ...]:
    """The SST-2 training phrases, of socher2013."""
    lines = (data_folder / "sst2_train.tsv").read_text("utf-8").splitlines()
    return tuple(line.split("\t")[0] for line in lines)


@pytest.fixture(scope="session")
def similarity(data_folder: Path) -> Similarity:
    """The STS benchmark's development split."""
    with (data_folder / "sts-dev.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return Similarity(
        tuple(row[5] for row in rows), tuple(row[6] for row in rows), tuple(float(row[4]) for row in rows)
    )
