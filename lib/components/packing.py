"""Numbers on their way to a component: a JSON header and raw arrays in one piece of bytes."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

KINDS = {"<f4": "f4", "<f2": "f2", "|i1": "i1", "|u1": "u1", "<u2": "u2"}


def pack(header: Mapping[str, Json], **arrays: NDArray[np.generic]) -> bytes:
    """One message for ``unpack`` in common.js.

    Args:
        header: what is not an array; no NaN, which JSON lacks.
        **arrays: float32, float16, int8, uint8 or uint16, by name.

    Returns:
        [u32 length of the header][header, padded so that the arrays are aligned][the arrays, little-endian].

    Raises:
        ValueError: an array of another type, or a number that JSON cannot hold.
    """
    where: dict[str, Json] = {}
    body = b""
    for name, array in arrays.items():
        little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
        if little.dtype.str not in KINDS:
            raise ValueError(f"{name} is {array.dtype}, but one of {', '.join(KINDS.values())} was expected.")
        where[name] = {"kind": KINDS[little.dtype.str], "shape": list(array.shape), "at": len(body)}
        body += little.tobytes()
        body += b"\0" * (-len(body) % 8)
    head = json.dumps({**header, "arrays": where}, allow_nan=False, ensure_ascii=True).encode()
    head += b" " * (-(len(head) + 4) % 8)
    return struct.pack("<I", len(head)) + head + body


def codes(values: NDArray[np.floating], top: float) -> NDArray[np.int8]:
    """Values from -top to top as -127 to 127; for painting only, never to read a number off.

    Args:
        values: float32[...], any shape.
        top: what is painted in the strongest colour; everything beyond it too.

    Returns:
        int8[...], the same shape.
    """
    return np.clip(np.round(np.nan_to_num(values) / (top or 1) * 127), -127, 127).astype(np.int8)
