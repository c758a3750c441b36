"""What the page shows of one model's texts on their way through its layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lib.checkpoints import Checkpoint
from lib.measures import journey as measures
from lib.measures.beside import distances
from lib.measures.journey import Alike, Moves, Track, TrackKind
from lib.measures.vectors import Doubles
from lib.reading import Floats, Reading


@dataclass(frozen=True, eq=False)
class Journey:
    """The way of one model's texts through its layers, or of two of them.

    Attributes:
        reading: of the texts that are compared.
        two: the rows of the two texts that were chosen, from 0; empty where all texts are compared.
    """

    reading: Reading
    two: tuple[int, ...] = ()

    @classmethod
    def of_two(cls, reading: Reading, rows: tuple[int, ...]) -> Journey:
        """Two texts of a reading.

        Args:
            reading: of all texts.
            rows: the two, from 0.
        """
        return cls(reading.only(rows), rows)

    @property
    def model(self) -> Checkpoint:
        """That read."""
        return self.reading.checkpoint

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of the texts on screen, from 1."""
        return tuple(row + 1 for row in self.two or range(self.reading.batch))

    @cached_property
    def tracks(self) -> Mapping[TrackKind, Track]:
        """The first token, the mean of the words and the separator, as far as the texts have them."""
        return {track.kind: track for track in measures.tracks(self.reading)}

    @property
    def first(self) -> Floats:
        """float32[layers+1, texts, hidden], the first token's vectors."""
        return self.tracks["first"].vectors

    @property
    def several(self) -> Mapping[TrackKind, Floats]:
        """float32[layers+1, texts, hidden] of each track that several texts have."""
        return {kind: track.vectors for kind, track in self.tracks.items() if track.vectors.shape[1] > 1}

    @cached_property
    def alike(self) -> Mapping[TrackKind, Alike]:
        """How alike the texts are by each of those."""
        return {kind: measures.alike(vectors) for kind, vectors in self.several.items()}

    @cached_property
    def moves(self) -> Mapping[TrackKind, Moves]:
        """How far each track moves."""
        return {kind: measures.moves(track.vectors) for kind, track in self.tracks.items()}

    @cached_property
    def gaps(self) -> Mapping[TrackKind, Doubles]:
        """float64[layers+1] of each track, how far two texts stand apart."""
        return {kind: distances(vectors) for kind, vectors in self.several.items()}

    @cached_property
    def outlier(self) -> int:
        """The dimension that holds most of the first token's squared length."""
        return measures.loud_unit(self.first)

    @cached_property
    def shares(self) -> Mapping[TrackKind, Doubles]:
        """float64[layers+1], the share of that dimension in each track's squared length."""
        return {kind: measures.share_of(track.vectors, self.outlier) for kind, track in self.tracks.items()}

    @property
    def without(self) -> Floats:
        """float32[layers+1, texts, hidden], the first token's vectors with that dimension set to 0."""
        return measures.without(self.first, self.outlier)
