"""A text changed word by word: which words there are, what may become of them, and how far a vector moves for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

import numpy as np

from lib.edits import Edit, Move, Remove, Replace, edit
from lib.measures.tokens import Word
from lib.measures.vectors import Doubles, Floor, cosine
from lib.pooling import POOLINGS
from lib.reading import Encoding, Floats, Reading

Kind: TypeAlias = Literal["left_out", "masked", "shuffled", "negated", "other"]

KINDS: tuple[Kind, ...] = get_args(Kind)
# English verbs that "not" can stand behind
_VERBS = re.compile(
    r"\b(am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)\b", re.IGNORECASE
)
_NOT = re.compile(r"\s+not\b|\bnot\s+|n[’']t\b", re.IGNORECASE)
_SHORTENED = {"ca": "can", "wo": "will", "sha": "shall"}  # what is left of can't, won't, shan't


def spoken(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words that hold a letter or a digit; marks alone are left where they are."""
    return tuple(word for word in words if any(sign.isalnum() for sign in word.letters))


def left_out(word: Word) -> Edit:
    """The word taken out, with all of its pieces."""
    return edit(*(Remove(place) for place in range(word.start, word.stop)))


def masked(word: Word, mask: str) -> Edit:
    """Every piece of the word behind a mask, so that all others keep their positions.

    Args:
        word: of the text.
        mask: the model's mask token.
    """
    return edit(*(Replace(place, mask) for place in range(word.start, word.stop)))


def replaced(word: Word, piece: str) -> Edit:
    """One piece in the word's place.

    Args:
        word: of the text.
        piece: of the vocabulary, by its name.
    """
    return edit(Replace(word.start, piece), *(Remove(place) for place in range(word.start + 1, word.stop)))


def shuffled(words: Sequence[Word], end: int, seed: int) -> Edit:
    """The words in another order, each with its pieces together; marks go with the word in front of them.

    Args:
        words: all of one text, in order.
        end: place of what stands behind the text, its separator.
        seed: of the order; another seed, another order.

    Returns:
        an edit that gives no two neighbours back their old order where that can be avoided; nothing for fewer than two
        groups.
    """
    groups: list[list[int]] = []
    for word in words:
        places = list(range(word.start, word.stop))
        if groups and not any(sign.isalnum() for sign in word.letters):
            groups[-1] += places
        else:
            groups.append(places)
    if len(groups) < 2:
        return Edit()
    rng = np.random.default_rng(seed)
    order = list(range(len(groups)))
    for _ in range(20):
        rng.shuffle(order)
        if not any(after == before + 1 for before, after in pairwise(order)):
            break
    return edit(*(Move(place, end) for group in order for place in groups[group]))


def negated(text: str) -> str | None:
    """An English text with its "not" taken out, or one put behind its first auxiliary verb.

    Returns:
        None where there is neither.
    """
    found = _NOT.search(text)
    if found:
        before, behind = text[: found.start()], text[found.end() :]
        last = re.split(r"\W", before)[-1]
        return before.removesuffix(last) + _SHORTENED.get(last, last) + behind
    verb = _VERBS.search(text)
    return f"{text[: verb.end()]} not{text[verb.end() :]}" if verb else None


def distance(one: Floats | Doubles, others: Floats | Doubles, floor: Floor) -> Doubles:
    """How far vectors are from one, in distances of two unrelated texts.

        (1 − cos(one, other)) / (1 − mean cos of random pairs)

    The same cosine means different things under different poolings; this number can be compared between them.

    Args:
        one: float[hidden].
        others: float[n, hidden].
        floor: of the reference sentences under the same pooling.

    Returns:
        float64[n], from 0 (nothing changed) over 1 (as far as two unrelated texts) on; not-a-number where all texts
        have the same direction.

    Source:
        After ethayarajh2019, section 3.4, who subtracts the mean cosine of random words; here it is a unit of length.
    """
    away = 1 - cosine(one[None], others)[0]
    return away / (1 - floor.mean) if floor.mean < 1 - 1e-9 else np.full(len(others), np.nan)


@dataclass(frozen=True, eq=False)
class Tried:
    """One text, every change to it, and the vector that each pooling makes of each.

    Attributes:
        words: those that were left out and masked, in order.
        kinds: of each variant; the text as it is comes first and has none.
        names: of each variant: the word it is about, or the text it became.
        edits: of each variant; none where the text was typed anew.
        vectors: pooling -> float32[1 + variants, hidden], at the last layer.
        raw: float64[shuffles], how far the mean of the words' own vectors moves in another order, largest dimension.
        left: words that were not tried, because there are too many.
    """

    words: tuple[Word, ...]
    kinds: tuple[Kind, ...]
    names: tuple[str, ...]
    edits: tuple[Edit, ...]
    vectors: dict[str, Floats]
    raw: Doubles
    left: int

    def moved(self, pooling: str, kind: Kind, floor: Floor) -> Doubles:
        """float64[variants of the kind], how far each moves the vector, in distances of two unrelated texts."""
        rows = [1 + k for k, known in enumerate(self.kinds) if known == kind]
        vectors = self.vectors[pooling]
        return distance(vectors[0], vectors[rows], floor) if rows else np.empty(0)

    def named(self, kind: Kind) -> tuple[str, ...]:
        """The names of the variants of a kind."""
        return tuple(name for name, known in zip(self.names, self.kinds, strict=True) if known == kind)


def raw_difference(vectors: Floats, ids: Sequence[int], encoding: Encoding, row: int) -> float:
    """How far the mean of the tokens' looked-up vectors moves in an edited row: only the order of the sum differs.

    Args:
        vectors: float32[tokens, width], of the row as it was.
        ids: of the same tokens.
        encoding: with the edited row.
        row: which.

    Returns:
        The largest difference of a dimension, in the vectors' own unit.
    """
    table = dict(zip(ids, vectors, strict=True))
    real = encoding.attention_mask[row] == 1
    again = np.array([table[token] for token in encoding.input_ids[row, real].tolist()], np.float32)
    return float(np.abs(again.mean(axis=0) - vectors.mean(axis=0)).max())


def farthest(tried: Tried, floor: Floor) -> int:
    """The word, of those that were tried, without which (or masked) the first token moves farthest; 0 for none."""
    moved = tried.moved("cls", _single(tried), floor)
    return int(np.nanargmax(moved)) if moved.size and not np.isnan(moved).all() else 0


def example(tried: Tried, floor: Floor) -> Edit:
    """One change to begin with: that word left out, or masked."""
    kind = _single(tried)
    return tried.edits[tried.kinds.index(kind) + farthest(tried, floor)] if kind in tried.kinds else Edit()


def _single(tried: Tried) -> Kind:
    return "left_out" if "left_out" in tried.kinds else "masked"


def by_layer(reading: Reading, again: Reading, pooling: str) -> Doubles:
    """float64[layers+1], the cosine of the first text's vector before and after a change, layer by layer."""
    pool = POOLINGS[pooling].pool
    return np.array([cosine(pool(reading, k)[:1], pool(again, k))[0, 0] for k in range(reading.layers + 1)], np.float64)
