"""What one forward pass tells us: the tokenizer's rows (:class:`Encoding`) and the model's numbers (:class:`Reading`).

Both are frozen and their arrays read-only, so that one reading can be shared by everyone who asks for the same text.
Shapes: ``batch`` texts, ``tokens`` positions with special tokens and padding, ``layers`` blocks, ``heads``, ``hidden``.
Layer 0 is the embedding output, layer k the output of block k; in some models the last has passed one more LayerNorm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lib.checkpoints import Checkpoint
from lib.edits import Edit

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]
Attention: TypeAlias = Literal["full", "cls", "none"]
Precision: TypeAlias = Literal["float32", "bfloat16"]
Loss: TypeAlias = Literal["words", "pairs", "mean", "classifier"]


@dataclass(frozen=True)
class Seat:
    """A token by what it was before anything was edited, wherever it stands now.

    Attributes:
        place: among the real tokens of its text.
        copy: which of several, from 0, where an edit made more of it.
    """

    place: int
    copy: int = 0


@dataclass(frozen=True)
class Request:
    """What a model is asked to read; a reading is kept under it, and carries it.

    The same texts with something changed are ``replace(reading.request, edits=...)``.

    Attributes:
        model: slug of the checkpoint.
        texts: at least one, a row each.
        pairs: the second text of each row, None for a row without; empty where no row has one.
        attention: what is kept of it. "full": every head's tokens x tokens; "cls": what the first token attends to and
            who attends to it, which grows with the tokens and not with their square; "none": nothing.
        edits: what is changed, one for each row; empty for nothing.
        watch: with attention="cls", the token of each row whose attention is kept; empty for what stands first.
        precision: of the numbers inside the model. "bfloat16" keeps 8 of float32's 24 binary digits: for thousands of
            texts, of which neither attention is kept nor anything is changed.
    """

    model: str
    texts: tuple[str, ...]
    pairs: tuple[str | None, ...] = ()
    attention: Attention = "cls"
    edits: tuple[Edit, ...] = ()
    watch: tuple[Seat, ...] = ()
    precision: Precision = "float32"

    def __post_init__(self) -> None:
        if self.attention not in ("full", "cls", "none"):
            raise ValueError(f'attention is {self.attention!r}, but "full", "cls" or "none" was expected.')
        rows = len(self.texts)
        for what, given in (("pairs", self.pairs), ("edits", self.edits), ("seats", self.watch)):
            if given and len(given) != rows:
                raise ValueError(f"{rows} texts but {len(given)} {what}: give one for each text.")
        if self.precision != "float32" and (self.attention != "none" or any(self.edits)):
            raise ValueError(f"In {self.precision}, nothing can be changed and no attention is kept: take float32.")

    def rows(self, rows: Sequence[int]) -> Request:
        """Some of the texts, each as often as it is named, with their second texts; nothing changed or watched."""
        pairs = tuple(self.pairs[row] for row in rows) if self.pairs else ()
        texts = tuple(self.texts[row] for row in rows)
        return replace(self, texts=texts, pairs=pairs if any(pairs) else (), edits=(), watch=())


def _lock(array: NDArray[np.generic]) -> None:
    array.flags.writeable = False


def _want(name: str, array: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has the shape {array.shape}, but {shape} was expected from the other arrays.")


# the fields of an encoding that have one entry a row: names, and arrays
_BY_ROW = ("texts", "pairs", "tokens", "unread")
_ARRAYS = (
    "input_ids",
    "attention_mask",
    "token_type_ids",
    "special_tokens_mask",
    "offset_mapping",
    "sequence",
    "full_lengths",
    "origin",
)


@dataclass(frozen=True, eq=False)
class Encoding:
    """What the tokenizer made of the texts; the tokenizer's own names, unchanged.

    Attributes:
        texts: the texts as given, one a row.
        pairs: the second text of each row, or None where a row is a single text.
        tokens: the pieces by name, ``batch`` rows of ``tokens``.
        input_ids: int64[batch, tokens].
        attention_mask: int64[batch, tokens], 1 for what may be read, 0 for padding.
        token_type_ids: int64[batch, tokens], the segment; all 0 in a model that has none.
        special_tokens_mask: int64[batch, tokens], 1 for what the tokenizer added (padding too).
        offset_mapping: int64[batch, tokens, 2], first and one past the last code point in the text of its segment.
        sequence: int64[batch, tokens], 0 or 1 for a piece of the first or second text, -1 for what was added.
        unk_id: the id of the unknown piece, or -1.
        full_lengths: int64[batch], the tokens there would have been had nothing been cut.
        unread: the end of each text that was cut off, "" where nothing was.
        origin: int64[batch, tokens], the place that each token had among the real tokens of its text before anything
            was edited, -1 for padding; what it is without an edit follows from the mask.
    """

    texts: tuple[str, ...]
    pairs: tuple[str | None, ...]
    tokens: tuple[tuple[str, ...], ...]
    input_ids: Ints
    attention_mask: Ints
    token_type_ids: Ints
    special_tokens_mask: Ints
    offset_mapping: Ints
    sequence: Ints
    unk_id: int
    full_lengths: Ints
    unread: tuple[str, ...]
    origin: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        shape = self.input_ids.shape
        if not self.origin.size:
            places = np.where(self.attention_mask == 1, self.attention_mask.cumsum(axis=1) - 1, -1)
            object.__setattr__(self, "origin", places)
        for name in ("attention_mask", "token_type_ids", "special_tokens_mask", "sequence", "origin"):
            _want(name, getattr(self, name), shape)
        _want("offset_mapping", self.offset_mapping, (*shape, 2))
        _want("full_lengths", self.full_lengths, shape[:1])
        for name in _BY_ROW:
            if len(getattr(self, name)) != shape[0]:
                raise ValueError(f"{name} has {len(getattr(self, name))} rows, but input_ids has {shape[0]}.")
        for name in _ARRAYS:
            _lock(getattr(self, name))

    @cached_property
    def first(self) -> Ints:
        """int64[batch], the position of each row's first real token: 0, unless the padding is on the left."""
        return self.attention_mask.argmax(axis=1)

    @cached_property
    def last(self) -> Ints:
        """int64[batch], the position of each row's last real token."""
        return self.attention_mask.shape[1] - 1 - self.attention_mask[:, ::-1].argmax(axis=1)

    @cached_property
    def separator(self) -> Ints:
        """int64[batch], the position of each row's last special token; -1 where it has none but the first."""
        added = (self.special_tokens_mask == 1) & (self.attention_mask == 1)
        added[np.arange(len(added)), self.first] = False
        return np.where(added.any(axis=1), added.shape[1] - 1 - added[:, ::-1].argmax(axis=1), -1)

    @cached_property
    def lengths(self) -> Ints:
        """int64[batch], real tokens in each row, special ones included, padding not."""
        return self.attention_mask.sum(axis=1)

    @cached_property
    def is_word(self) -> NDArray[np.bool_]:
        """bool[batch, tokens], pieces of the learner's own text: neither added nor padding."""
        return (self.special_tokens_mask == 0) & (self.attention_mask == 1)

    def roles(self, row: int) -> tuple[str, ...]:
        """What each position of a row is: "cls" (the first token, wherever it stands), "sep", "pad" or "word"."""
        mask, added, origin = self.attention_mask[row], self.special_tokens_mask[row], self.origin[row]
        return tuple(
            "pad" if mask[i] == 0 else "cls" if origin[i] == 0 and added[i] else "sep" if added[i] else "word"
            for i in range(len(mask))
        )

    def at(self, row: int, place: int, copy: int = 0) -> int:
        """Where the token of a place stands in a row.

        Args:
            row: which text.
            place: of the token before anything was edited.
            copy: which of several, from 0.

        Raises:
            ValueError: it is not there (any more).
        """
        found = np.flatnonzero(self.origin[row] == place)
        if len(found) <= copy:
            which = f"Copy {copy + 1} of the" if copy else "The"
            raise ValueError(f"{which} token of place {place} is not in text {row + 1}.")
        return int(found[copy])

    def seated(self, seats: Sequence[Seat]) -> Ints:
        """Where one token of each row stands.

        Args:
            seats: one for each row.

        Returns:
            int64[batch], positions.

        Raises:
            ValueError: another number of seats than of rows, or a token that is not there (any more).
        """
        if len(seats) != len(self.texts):
            raise ValueError(f"{len(self.texts)} texts but {len(seats)} seats: name one token of each text.")
        return np.array([self.at(row, seat.place, seat.copy) for row, seat in enumerate(seats)], np.int64)

    def only(self, rows: Sequence[int]) -> Encoding:
        """Some of the rows, in the order asked for; their padding stays."""
        kept = list(rows)
        parts: dict[str, Any] = {name: tuple(getattr(self, name)[row] for row in kept) for name in _BY_ROW}  # or arrays
        return replace(self, **parts | {name: getattr(self, name)[kept] for name in _ARRAYS})

    def row(self, row: int) -> tuple[str, ...]:
        """The names of a row's real tokens, padding left out."""
        mask = self.attention_mask[row]
        return tuple(token for token, real in zip(self.tokens[row], mask, strict=True) if real)


@dataclass(frozen=True, eq=False)
class Reading:
    """One forward pass over a batch of texts.

    Attributes:
        checkpoint: the model that read.
        encoding: what it was given.
        hidden_states: float32[layers+1, batch, tokens, hidden].
        pooler_output: float32[batch, hidden], or None in a model without a pooler.
        row: float32[layers, batch, heads, tokens], what the first token attends to; None where attention was not kept.
            The first token, here and below, or the one that the pass was asked to watch in its stead.
        column: float32[layers, batch, heads, tokens], what attends to the first token; None where it was not kept.
        attentions: float32[batch, heads, query, key] for each layer; empty where only row and column were kept.
        closed: whether the vectors of the last layer have passed one more LayerNorm behind its block.
        request: what was asked for; None of a reading that no model made.
    """

    checkpoint: Checkpoint
    encoding: Encoding
    hidden_states: Floats
    pooler_output: Floats | None = None
    row: Floats | None = None
    column: Floats | None = None
    attentions: tuple[Floats, ...] = field(default=())
    closed: bool = False
    request: Request | None = None

    def __post_init__(self) -> None:
        if self.hidden_states.ndim != 4:
            raise ValueError(
                f"hidden_states has the shape {self.hidden_states.shape}, "
                "but [layers+1, batch, tokens, hidden] was expected."
            )
        states, batch, tokens, hidden = self.hidden_states.shape
        _want("input_ids", self.encoding.input_ids, (batch, tokens))
        if self.pooler_output is not None:
            _want("pooler_output", self.pooler_output, (batch, hidden))
        if (self.row is None) != (self.column is None):
            raise ValueError("row and column of the attention belong together: give both or neither.")
        for name, kept in (("row", self.row), ("column", self.column)):
            if kept is not None:
                _want(name, kept, (states - 1, batch, kept.shape[2], tokens))
        if self.attentions and len(self.attentions) != states - 1:
            raise ValueError(f"attentions has {len(self.attentions)} layers, but hidden_states has {states - 1}.")
        for kept in self.attentions:
            _want("attentions", kept, (batch, kept.shape[1], tokens, tokens))
        for array in (self.hidden_states, self.pooler_output, self.row, self.column, *self.attentions):
            if array is not None:
                _lock(array)

    @property
    def layers(self) -> int:
        """Blocks; hidden states are numbered 0 to this."""
        return self.hidden_states.shape[0] - 1

    @property
    def heads(self) -> int:
        """Attention heads in each block."""
        return self.checkpoint.heads if self.row is None else self.row.shape[2]

    @property
    def batch(self) -> int:
        """Texts."""
        return self.hidden_states.shape[1]

    @property
    def hidden(self) -> int:
        """Width of a vector."""
        return self.hidden_states.shape[3]

    @property
    def last_hidden_state(self) -> Floats:
        """float32[batch, tokens, hidden], the output of the last block."""
        return self.hidden_states[-1]

    @cached_property
    def cls(self) -> Floats:
        """float32[layers+1, batch, hidden], the first real token's vector in every layer.

        This is ``hidden_states[:, :, 0]``, unless a row is padded on the left.
        """
        first = self.encoding.first
        if not first.any():
            return self.hidden_states[:, :, 0]
        picked = self.hidden_states[:, np.arange(self.batch), first]
        _lock(picked)
        return picked

    def of(self, place: int) -> Floats:
        """The vectors of the token that had a place before anything was edited; 0 is the first token, wherever it went.

        Args:
            place: among the real tokens of each text.

        Returns:
            float32[layers+1, batch, hidden].

        Raises:
            ValueError: a text has no such token (any more).
        """
        where = [self.encoding.at(row, place) for row in range(self.batch)]
        return self.hidden_states[:, np.arange(self.batch), where]

    def seated(self, seats: Sequence[Seat]) -> Floats:
        """The vectors of one token of each row, wherever it went.

        Args:
            seats: one for each row.

        Returns:
            float32[layers+1, batch, hidden].

        Raises:
            ValueError: another number of seats than of rows, or a token that is not there (any more).
        """
        return self.hidden_states[:, np.arange(self.batch), self.encoding.seated(seats)]

    def only(self, rows: Sequence[int]) -> Reading:
        """Some of the texts, in the order asked for, as they were read in this batch; their padding stays.

        Args:
            rows: at least one, each from 0 on.
        """
        kept = list(rows)
        return replace(
            self,
            encoding=self.encoding.only(kept),
            hidden_states=self.hidden_states[:, kept],
            pooler_output=None if self.pooler_output is None else self.pooler_output[kept],
            row=None if self.row is None else self.row[:, kept],
            column=None if self.column is None else self.column[:, kept],
            attentions=tuple(layer[kept] for layer in self.attentions),
        )

    def _block(self, layer: int) -> int:
        if layer == 0:
            raise ValueError(
                f"Attention happens in layers 1 to {self.layers}; layer 0 is the embeddings, before anything is read."
            )
        if not 1 <= layer <= self.layers:
            raise ValueError(f"There is no layer {layer} here: attention happens in layers 1 to {self.layers}.")
        return layer - 1

    def attention(self, layer: int) -> Floats:
        """The whole attention of one layer.

        Args:
            layer: 1 to ``layers``.

        Returns:
            float32[batch, heads, query, key], shares from 0 to 1; each query's row adds up to 1.

        Raises:
            ValueError: there is no such layer, or full attention was not kept.
        """
        block = self._block(layer)
        if not self.attentions:
            raise ValueError('Full attention was not kept in this reading: read with attention="full".')
        return self.attentions[block]

    def attends_to(self, layer: int) -> Floats:
        """What the first token attends to: row 0 of every head.

        Args:
            layer: 1 to ``layers``.

        Returns:
            float32[batch, heads, tokens], shares from 0 to 1 that add up to 1 over the tokens.

        Raises:
            ValueError: there is no such layer, or the pass was made with attention="none".
        """
        block = self._block(layer)
        if self.row is None:
            raise ValueError('No attention was kept in this reading: read with attention="cls" or "full".')
        return self.row[block]

    def attended_by(self, layer: int) -> Floats:
        """What attends to the first token: column 0 of every head.

        Args:
            layer: 1 to ``layers``.

        Returns:
            float32[batch, heads, tokens], for each token the share of *its* reading that it takes from the first one.
            The shares belong to different tokens, so they do not add up to 1. Padding attends, too: its entries are
            computed, and mean nothing.

        Raises:
            ValueError: there is no such layer, or the pass was made with attention="none".
        """
        block = self._block(layer)
        if self.column is None:
            raise ValueError('No attention was kept in this reading: read with attention="cls" or "full".')
        return self.column[block]


@dataclass(frozen=True, eq=False)
class Gradients:
    """What a text's tokens do for one number, by the slopes of that number in their input vectors.

    The baseline is the same text with all of its pieces blank; what is added around them has no part in the numbers.

    Attributes:
        baseline: the token that stands in the place of each piece, "" for a vector of zeros.
        here: float64[tokens], input minus baseline times the slope at the text itself.
        along: float64[tokens], the same with the slope's mean over the way from baseline to text: integrated gradients.
        start: the number at the baseline.
        end: the number at the text.
        steps: slopes that the mean is taken over.
    """

    baseline: str
    here: NDArray[np.float64]
    along: NDArray[np.float64]
    start: float
    end: float
    steps: int

    def __post_init__(self) -> None:
        _want("along", self.along, self.here.shape)
        for array in (self.here, self.along):
            _lock(array)


@dataclass(frozen=True, eq=False)
class NextSentence:
    """The way from the first token's last vector to the probability that a pair's second text follows the first.

    Attributes:
        first: float32[batch, hidden], the first token's last vector.
        dense: float32[batch, hidden], behind the pooler's linear layer.
        pooled: float32[batch, hidden], the same behind tanh: ``pooler_output``.
        logits: float32[batch, 2], of "the second text follows" and of "it is a random one".
        follows: float32[batch], the probability that the second text follows: softmax of the logits.
        weights: float32[2, hidden], of the head: a logit is the product of its row and ``pooled``, and its bias.
        bias: float32[2].
    """

    first: Floats
    dense: Floats
    pooled: Floats
    logits: Floats
    follows: Floats
    weights: Floats
    bias: Floats


@dataclass(frozen=True, eq=False)
class Part:
    """One of the looked-up vectors that a token's input is the sum of.

    Attributes:
        name: as on screen: "token", "position", "segment".
        ids: int64[tokens], the row of its table that each token got.
        vectors: float32[tokens, width], those rows.
        lengths: float32[rows], the length of every row of the table.
        means: float32[width], of each unit over the rows of the table.
        deviations: float32[width], standard deviation of each unit over the rows of the table.
    """

    name: str
    ids: Ints
    vectors: Floats
    lengths: Floats
    means: Floats
    deviations: Floats

    def __post_init__(self) -> None:
        _want("ids", self.ids, self.vectors.shape[:1])
        for name in ("means", "deviations"):
            _want(name, getattr(self, name), self.vectors.shape[1:])
        for array in (self.ids, self.vectors, self.lengths, self.means, self.deviations):
            _lock(array)


@dataclass(frozen=True, eq=False)
class Step:
    """What is done to a sum: no summand.

    Attributes:
        name: as on screen: "LayerNorm", "projection".
        weight: float32[width] of a LayerNorm, float32[hidden, width] of a projection.
        bias: float32[hidden], added at the end; 0 where the step has none.
        epsilon: what a LayerNorm adds to the variance; 0 in a projection.
        vectors: float32[tokens, hidden], what the model's own module made of it.
    """

    name: str
    weight: Floats
    bias: Floats
    epsilon: float
    vectors: Floats

    def __post_init__(self) -> None:
        _want("bias", self.bias, self.vectors.shape[1:])
        for array in (self.weight, self.bias, self.vectors):
            _lock(array)


@dataclass(frozen=True, eq=False)
class InputParts:
    """The input of one text taken apart: the parts are added, the steps are applied in order.

    Attributes:
        parts: the summands, at least one.
        steps: what is done to their sum, in the model's order; may be empty.
    """

    parts: tuple[Part, ...]
    steps: tuple[Step, ...]

    @property
    def tokens(self) -> int:
        """Positions of the text."""
        return len(self.parts[0].ids)

    @property
    def total(self) -> Floats:
        """float32[tokens, width], the sum of the parts."""
        return np.sum([part.vectors for part in self.parts], axis=0, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Added:
    """Something that a layer adds to the first token's vector.

    Attributes:
        name: as on screen: "attention", "feed-forward", "convolution".
        vector: float32[hidden].
    """

    name: str
    vector: Floats

    def __post_init__(self) -> None:
        _lock(self.vector)


@dataclass(frozen=True, eq=False)
class LayerParts:
    """One layer taken apart, as the first token of one text goes through it.

    What token j has to give in head h is f_h(x_j) = ``values[h, j] @ output[h]``; the first token gets
    ``weights[h, j]`` of it, and the sum of all that, with ``bias``, is the "attention" on the ``path``.

    Attributes:
        weights: float32[heads, tokens], what it attends to, shares that add up to 1.
        values: float32[heads, tokens, width], the value vectors.
        output: float32[heads, width, hidden], the projection of the heads' outputs.
        bias: float32[hidden], what that projection adds whatever is attended to; 0 in a model without.
        entering: float32[hidden], the first token's vector before the layer.
        path: what is added to it and the LayerNorms that it goes through, in order: from ``entering`` to ``leaving``.
            None where that could not be found.
        leaving: float32[hidden], the first token's vector after the layer.
    """

    weights: Floats
    values: Floats
    output: Floats
    bias: Floats
    entering: Floats
    path: tuple[Added | Step, ...] | None
    leaving: Floats

    def __post_init__(self) -> None:
        heads, tokens, width = self.values.shape
        hidden = self.leaving.shape[0]
        _want("weights", self.weights, (heads, tokens))
        _want("output", self.output, (heads, width, hidden))
        _want("bias", self.bias, (hidden,))
        _want("entering", self.entering, (hidden,))
        for array in (self.weights, self.values, self.output, self.bias, self.entering, self.leaving):
            _lock(array)

    @cached_property
    def by_token(self) -> NDArray[np.float64]:
        """float64[tokens, hidden], what it gets of each token, all heads together: sum_h a_hj f_h(x_j)."""
        heads, tokens, width = self.values.shape
        read = self.weights[:, :, None].astype(np.float64) * self.values
        # heads side by side, so that one product also adds them up
        sides = self.output.astype(np.float64).reshape(heads * width, -1)
        return read.transpose(1, 0, 2).reshape(tokens, -1) @ sides

    @cached_property
    def by_head(self) -> NDArray[np.float64]:
        """float64[heads, hidden], what it gets from each head, all tokens together."""
        read = np.einsum("hj,hjd->hd", self.weights.astype(np.float64), self.values.astype(np.float64))
        return np.einsum("hd,hdm->hm", read, self.output.astype(np.float64))

    @property
    def nbytes(self) -> int:
        """Bytes held by the arrays, with what is made of them when asked for; the projection belongs to the model."""
        heads, tokens, _ = self.values.shape
        vectors = 3 + len(self.path or ()) + 2 * (heads + tokens)  # float64 counts twice
        return self.weights.nbytes + self.values.nbytes + vectors * self.leaving.nbytes


@dataclass(frozen=True, eq=False)
class Ledger:
    """Every layer of one text taken apart, as its first token goes through them.

    Attributes:
        layers: at least one.
    """

    layers: tuple[LayerParts, ...]

    @property
    def tokens(self) -> int:
        """Positions of the text."""
        return self.layers[0].weights.shape[1]


@dataclass(frozen=True)
class PoolerWeights:
    """What the weights of a model's pooler tell of its training.

    Attributes:
        biases: how many it has, one for each dimension.
        at_zero: how many of them are exactly 0, where all of them start.
        spread: standard deviation of its matrix.
        others: the median of the same of the model's other square matrices.
    """

    biases: int
    at_zero: int
    spread: float
    others: float

    @property
    def untouched(self) -> bool:
        """Whether no step of training ever moved it: a bias starts at 0, and any gradient moves it from there."""
        return self.at_zero == self.biases
