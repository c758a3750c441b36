"""Bands: each layer's reading as one whole, a segment a token; what the whole is of can be changed, and it moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lib import escape
from lib.components import mount
from lib.components.packing import pack
from lib.measures.attention import Kind
from lib.measures.columns import columns, summed
from lib.measures.columns import names as by_name
from lib.measures.vectors import Doubles
from lib.quantities import share

MOST = 40  # segments of a layer; a longer text has its least-read neighbours in one


def payload(
    shares: Mapping[str, Doubles],
    lengths: Doubles,
    tokens: Sequence[str],
    kinds: Sequence[Kind],
    names: Mapping[Kind, str],
    *,
    state: str,
    meant: str,
    alt: str,
) -> bytes:
    """What the bands are drawn from.

    Args:
        shares: what the whole can be of, float64[layers, tokens] each, adding up to 1; the first is the thin band.
        lengths: float64[layers, tokens], told beside the shares.
        tokens: by name.
        kinds: what each of them is.
        names: of the kinds that occur, as they are labelled.
        state: which of ``shares`` is shown.
        meant: what that is, plain text.
        alt: the picture in words.
    """
    cut = columns(np.concatenate([*shares.values()]).astype(np.float32), MOST)
    single = [column.start if column.tokens == 1 else None for column in cut]
    sizes = np.array([column.tokens for column in cut])
    groups = list(names)
    # a gap is drawn as what most of its tokens are
    inside = [
        max(groups, key=kinds[column.start : column.stop].count) if at is None else kinds[at]
        for column, at in zip(cut, single, strict=True)
    ]
    own = kinds.index("itself")
    return pack(
        {
            "columns": by_name(tokens, cut),
            "gaps": [at is None for at in single],
            "positions": [column.start for column in cut],
            "kinds": [groups.index(kind) for kind in inside],
            "groups": groups,
            "names": [names[kind] for kind in groups],
            "states": list(shares),
            "state": state,
            "meant": meant,
            "own": {which: [share(float(value)) for value in values[:, own]] for which, values in shares.items()},
            "even": len(tokens),
            "alt": escape.plain(alt),
        },
        lengths=(summed(lengths.astype(np.float32), cut) / sizes).astype(np.float32),
        **{which: summed(values.astype(np.float32), cut) for which, values in shares.items()},
    )


def bands(data: bytes, *, key: str) -> None:
    """Draws them.

    Args:
        data: from :func:`payload`.
        key: the component's key.
    """
    mount(__file__)(key=key, data=data)
