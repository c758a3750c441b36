"""The books of a layer as a page of bookkeeping: a line a term, its bar, the LayerNorms between them, and the sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.components import mount
from lib.components.packing import Json, pack
from lib.measures.ledger import Books, Norming
from lib.measures.vectors import Doubles
from lib.quantities import number, percent, plural
from pages.watch.amount.words import axis, formula, norming, term

UNFOLDED = 16  # heads or tokens that get a line each; of more, the largest ones


def payload(
    found: Books,
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
        found: the books.
        layer: from 1.
        fold: what the line "read" is unfolded into: "heads" or "tokens".
        tokens: of the text, by name.
        roles: what each of them is.
        checkpoint: the model.
        alt: the picture in words.
    """
    rows: list[dict[str, Json]] = []
    vectors = found.heads if fold == "heads" else found.tokens
    sofar = 0.0
    for line in found.lines:
        if isinstance(line, Norming):
            rows.append({"type": "norm", "label": norming(line), "text": f"so far {percent(sofar)}"})
            continue
        label, about = term(line, layer, plural(len(vectors), fold.removesuffix("s")), checkpoint)
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
                "share": round(share, 6),
                "text": percent(share),
            }
        )
        if line.kind == "read":
            rows += _unfolded(found, vectors, fold, tokens, roles)
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


def _unfolded(
    found: Books, vectors: Doubles, fold: str, tokens: Sequence[str], roles: Sequence[str]
) -> list[dict[str, Json]]:
    """The lines under "read": each head or token, or the largest ones and the rest together."""
    shares = found.shares(vectors)
    many = len(vectors) > UNFOLDED
    kept = np.sort(np.argsort(-np.abs(shares), kind="stable")[: UNFOLDED - 1]) if many else np.arange(len(vectors))
    by_head = fold == "heads"
    rows = [
        _line(
            found,
            f"head {k + 1}" if by_head else escape.visible(tokens[k]),
            "head" if by_head else roles[k],
            vectors[k],
            position=None if by_head else k,
        )
        for k in kept.tolist()
    ]
    if many:
        rest = np.delete(vectors, kept, axis=0).sum(axis=0)
        rows.append(_line(found, f"the other {len(vectors) - len(kept)} together", "rest", rest))
    return rows


def _line(found: Books, label: str, role: str, vector: Doubles, *, position: int | None = None) -> dict[str, Json]:
    share = float(found.shares(vector))
    return {
        "type": "part",
        "kind": "read",
        "label": label,
        "role": role,
        "position": position,
        "arrives": _length(found, vector),
        "share": round(share, 6),
        "text": percent(share),
    }


def _length(found: Books, vector: Doubles) -> str:
    size = float(found.lengths(vector))
    return "<0.01" if 0 < size < 0.005 else number(size)


def books(data: bytes, *, key: str) -> None:
    """Draws the page.

    Args:
        data: from :func:`payload`.
        key: the component's key.
    """
    mount(__file__)(key=key, data=data)
