"""What adds up to a layer's new vector, line by line: a term and its bar, the LayerNorms between them, and the sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.components import mount
from lib.components.packing import Json, pack
from lib.measures.ledger import Decomposition, Norming
from lib.measures.vectors import Doubles
from lib.quantities import number, percent, plural
from pages.watch.amount.words import axis, formula, norming, term

UNFOLDED = 16  # heads or tokens that get a line each; of more, the largest ones


def payload(
    found: Decomposition,
    layer: int,
    fold: str,
    tokens: Sequence[str],
    roles: Sequence[str],
    checkpoint: Checkpoint,
    *,
    alt: str,
) -> bytes:
    """What the page is drawn from.

    Args:
        found: the terms of the new vector.
        layer: from 1.
        fold: what the line "read" is unfolded into: "heads" or "tokens".
        tokens: of the text, by name.
        roles: what each of them is.
        checkpoint: the model.
        alt: the picture in words.
    """
    rows: list[dict[str, Json]] = []
    many = len(found.heads if fold == "heads" else found.tokens)
    sofar = 0.0
    for line in found.lines:
        if isinstance(line, Norming):
            rows.append({"type": "norm", "label": norming(line), "text": f"so far {percent(sofar)}"})
            continue
        label, about = term(line, layer, plural(many, fold.removesuffix("s")), checkpoint)
        share = float(found.shares(line.arrives))
        sofar += share
        rows.append(
            {
                "type": "term",
                "kind": line.kind,
                "label": label,
                "about": about,
                "written": _length(found, line.written),
                "arrives": _length(found, line.arrives),
                "share": share,
                "text": percent(share),
            }
        )
        if line.kind == "read":
            parts = _parts(found, fold, tokens, roles)
            rows += [_line(found, label, role, vector, position) for label, role, vector, position in parts]
    return pack(
        {
            "rows": rows,
            "total": {
                "label": f"The new {checkpoint.first_token}",
                "about": f"hidden_states[{layer}]",
                "arrives": _length(found, found.new),
                "text": percent(sofar),
            },
            "axis": axis(found),
            "formula": f"new {checkpoint.first_token} = {formula(found.layer)}",
            "alt": escape.plain(alt),
            "file": f"cls-layer-{layer}.png",
        }
    )


def table(
    found: Decomposition, layer: int, fold: str, tokens: Sequence[str], roles: Sequence[str], checkpoint: Checkpoint
) -> dict[str, Sequence[str] | Sequence[float]]:
    """Every line that is drawn and the sum; under the attention's part its heads or tokens, the largest and the rest.

    Args:
        found: the terms of the layer.
        layer: from 1.
        fold: "heads" or "tokens".
        tokens: of the text, by name.
        roles: what each of them is.
        checkpoint: the model.
    """
    rows: list[tuple[str, float, float]] = []
    for line in found.terms:
        label, _ = term(line, layer, "", checkpoint)
        rows.append((label, *_measured(found, line.arrives)))
        if line.kind == "read":
            parts = _parts(found, fold, tokens, roles)
            rows += [(label, *_measured(found, vector)) for label, _, vector, _ in parts]
    rows.append((f"the new {checkpoint.first_token}", float(found.lengths(found.new)), 1.0))
    labels, lengths, shares = zip(*rows, strict=True)
    return {"term": labels, "length as it arrives": lengths, "share of the new vector": shares}


def _measured(found: Decomposition, vector: Doubles) -> tuple[float, float]:
    return float(found.lengths(vector)), float(found.shares(vector))


def _parts(
    found: Decomposition, fold: str, tokens: Sequence[str], roles: Sequence[str]
) -> list[tuple[str, str, Doubles, int | None]]:
    """The attention's part taken apart: label, role, vector and position; of many the largest, and the rest."""
    by_head = fold == "heads"
    vectors = found.heads if by_head else found.tokens
    many = len(vectors) > UNFOLDED
    largest = np.argsort(-np.abs(found.shares(vectors)), kind="stable")[: UNFOLDED - 1]
    kept = np.sort(largest) if many else np.arange(len(vectors))
    parts: list[tuple[str, str, Doubles, int | None]] = [
        (f"head {k + 1}", "head", vectors[k], None) if by_head else (escape.visible(tokens[k]), roles[k], vectors[k], k)
        for k in kept.tolist()
    ]
    if many:
        rest = np.delete(vectors, kept, axis=0).sum(axis=0)
        parts.append((f"the other {len(vectors) - len(kept)} together", "rest", rest, None))
    return parts


def _line(found: Decomposition, label: str, role: str, vector: Doubles, position: int | None) -> dict[str, Json]:
    share = float(found.shares(vector))
    return {
        "type": "part",
        "kind": "read",
        "label": label,
        "role": role,
        "position": position,
        "arrives": _length(found, vector),
        "share": share,
        "text": percent(share),
    }


def _length(found: Decomposition, vector: Doubles) -> str:
    size = float(found.lengths(vector))
    return "<0.01" if 0 < size < 0.005 else number(size)


def terms(data: bytes, *, key: str) -> None:
    """Draws the page.

    Args:
        data: from :func:`payload`.
        key: the component's key.
    """
    mount(__file__)(key=key, data=data)
