"""The pictures of the evidence on one text, each with its sentence and the numbers that it draws."""

from __future__ import annotations

from lib.checkpoints import Checkpoint
from lib.exhibit import Column, Drawing, Exhibit
from pages.watch.evidence import columns, figures, words
from pages.watch.evidence.measures import METHODS, TAKEN, Evidence, Key, Kind


def ranked(evidence: Evidence, kind: Kind, model: Checkpoint) -> Exhibit:
    """The tokens in the order of every method, a line for each token.

    Args:
        evidence: what each method says.
        kind: of the number that is measured.
        model: the checkpoint.
    """

    def table() -> dict[str, Column]:
        values: dict[str, Column] = {METHODS[key].name: each for key, each in evidence.values.items()}
        ranks: dict[str, Column] = {f"{METHODS[key].name}, rank": evidence.rank(key) for key in evidence.values}
        return {"position": evidence.places, "token": evidence.names, **values, **ranks}

    return Exhibit(
        "columns",
        words.ranked(evidence, model),
        Drawing(columns.ranks, lambda plain: _message(evidence, plain)),
        table,
        f"One row per token: its value by each method, and its rank by size. {words.asked(kind, model)}",
        _agreements(evidence, "attention"),
        words.headline(evidence, model),
    )


def _message(evidence: Evidence, plain: str) -> bytes:
    shown = [
        columns.Column(
            name=METHODS[key].name,
            family=words.FAMILIES[METHODS[key].family],
            how=METHODS[key].how,
            measured=key in TAKEN,
            ranks=evidence.rank(key),
            sizes=evidence.size(key),
            against=values < 0,
            written=[words.value(key, float(value)) for value in values],
        )
        for key, values in evidence.values.items()
    ]
    agreements = [
        columns.Agreement(
            f"agrees with {METHODS[other].short}",
            ["" if key == other else words.correlation(evidence.agreement(key, other)) for key in evidence.values],
        )
        for other in TAKEN
    ]
    return columns.payload(
        shown,
        evidence.names,
        evidence.places,
        agreements,
        shade=list(evidence.values).index("cut"),
        hint=words.HINT,
        words=plain,
        file="cls-evidence.png",
    )


def scatter(evidence: Evidence, key: Key, kind: Kind, model: Checkpoint) -> tuple[Exhibit, Exhibit]:
    """One method against each way of taking away, with one sentence and one table.

    Args:
        evidence: what each method says.
        key: of the method that lies across.
        kind: of the number that is measured.
        model: the checkpoint.
    """
    cut, out = (_scatter(evidence, key, taken, kind, model) for taken in TAKEN)
    return cut, out


def _scatter(evidence: Evidence, key: Key, taken: Key, kind: Kind, model: Checkpoint) -> Exhibit:
    return Exhibit(
        taken,
        words.scatter(evidence, key, model),
        lambda palette: figures.against(
            evidence.size(key),
            evidence.size(taken),
            evidence.names,
            palette,
            heads=(METHODS[key].name, METHODS[taken].name),
            across=words.across(key),
            up=words.up(taken, kind),
            percent=key in words.SHARES,
        ),
        lambda: {"token": evidence.names, **{METHODS[each].name: evidence.size(each) for each in (key, *TAKEN)}},
        "One row per token: how much it counts by each method, for or against.",
        _agreements(evidence, key),
    )


def _agreements(evidence: Evidence, key: Key) -> dict[str, float]:
    """The rank correlations that a sentence names, where there is an order."""
    found = {METHODS[other].short: evidence.agreement(key, other) for other in TAKEN}
    return {f"rank correlation with {name}": value for name, value in found.items() if value is not None}
