"""The heads of pretraining: what turns a vector into words with probabilities, or into a yes or no about two texts.

An encoder is opened without them. Here their few weights are read from the model's own files by the names that its
family gives them, and used on any vector that the encoder made. The output matrix of the words is the table of the
embeddings, which is in memory already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn.functional import layer_norm, linear
from transformers import PreTrainedConfig
from transformers.activations import ACT2FN

from lib import checkpoints
from lib.checkpoints import Taught, Trained
from lib.model import opening
from lib.model.lending import Lent
from lib.reading import Floats, Ints, NextSentence, Reading

FOLLOWS = 0  # the logit that says: the second text follows the first


@dataclass(frozen=True)
class _Names:
    """What a family calls the parts of its head for masked words.

    Attributes:
        dense: of the linear layer; its names end in ``.weight`` and ``.bias``.
        norm: of the LayerNorm.
        bias: of the output, one name or another.
        activation: the field of the config that names it, or its own name.
        epsilon: the field of the config that holds the LayerNorm's, or the number itself.
    """

    dense: str
    norm: str
    bias: tuple[str, ...]
    activation: str = "hidden_act"
    epsilon: str | float = "layer_norm_eps"


_ROBERTA = _Names("lm_head.dense", "lm_head.layer_norm", ("lm_head.bias", "lm_head.decoder.bias"), "gelu")
_WORDS: Mapping[str, _Names] = MappingProxyType(
    {
        "bert": _Names(
            "cls.predictions.transform.dense",
            "cls.predictions.transform.LayerNorm",
            ("cls.predictions.bias", "cls.predictions.decoder.bias"),
        ),
        "roberta": _ROBERTA,
        "xlm-roberta": _ROBERTA,
        "mpnet": _ROBERTA,
        "distilbert": _Names(
            "vocab_transform", "vocab_layer_norm", ("vocab_projector.bias",), "activation", epsilon=1e-12
        ),
        "albert": _Names(
            "predictions.dense", "predictions.LayerNorm", ("predictions.bias", "predictions.decoder.bias")
        ),
        # of its generator; the discriminator came without
        "electra": _Names(
            "generator_predictions.dense", "generator_predictions.LayerNorm", ("generator_lm_head.bias",), "gelu"
        ),
        "modernbert": _Names("head.dense", "head.norm", ("decoder.bias",), "classifier_activation", "norm_eps"),
    }
)
_PAIRS = "cls.seq_relationship"
_OLD = (("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta"))  # what BERT's first files say


@dataclass(frozen=True, eq=False)
class Words:
    """The likeliest tokens for some vectors.

    Attributes:
        ids: int64[vectors, top], the likeliest first.
        tokens: [vectors][top], their names in the vocabulary.
        probabilities: float32[vectors, top], shares of all tokens of the vocabulary.
        entropy: float32[vectors], nats, of the probabilities of all tokens.
    """

    ids: Ints
    tokens: tuple[tuple[str, ...], ...]
    probabilities: Floats
    entropy: Floats


def has_next_sentence(slug: str) -> bool:
    """Whether the model came with a trained head for the next sentence."""
    return not _lacking(slug, "pairs")


def has_words(slug: str) -> bool:
    """Whether the model came with a trained head for masked words."""
    return not _lacking(slug, "words")


def next_sentence(reading: Reading) -> NextSentence:
    """What the head for the next sentence makes of the first tokens' last vectors.

    Args:
        reading: of pairs; of single texts it is computed as well, but no such example was ever trained.

    Raises:
        ValueError: this model has no such head; says so.
    """
    slug = reading.checkpoint.slug
    _refuse(slug, "pairs")
    with opening.opened(slug).lent() as lent:
        found = _weights(slug, (f"{_PAIRS}.weight", f"{_PAIRS}.bias"))
        first = torch.tensor(reading.cls[-1])
        with torch.inference_mode():
            pooler = lent.eager.get_submodule("pooler.dense")
            dense = pooler(first)
            pooled = dense.tanh()
            logits = linear(pooled, found[f"{_PAIRS}.weight"], found[f"{_PAIRS}.bias"])
            follows = logits.softmax(1)[:, FOLLOWS]
    weights, bias = found[f"{_PAIRS}.weight"], found[f"{_PAIRS}.bias"]
    return NextSentence(*(each.numpy().copy() for each in (first, dense, pooled, logits, follows, weights, bias)))


def words(slug: str, vectors: Floats, top: int = 5) -> Words:
    """The tokens that the head for masked words finds likeliest for some vectors.

    It was trained on the last layer's vectors of masked tokens, and never on those of [CLS]; of any other vector it
    says something, too, which is an extrapolation.

    Args:
        slug: of the checkpoint.
        vectors: float32[vectors, hidden], of any layer and position.
        top: how many tokens for each.

    Raises:
        ValueError: this model has no such head; says so.
    """
    _refuse(slug, "words")
    with opening.opened(slug).lent() as lent, torch.inference_mode():
        logits = word_logits(lent, torch.tensor(vectors))
        sure = logits.log_softmax(1)
        best = sure.topk(min(top, sure.shape[1]), dim=1)
        entropy = -(sure.exp() * sure).nan_to_num(0.0).sum(1)
        names = [tuple(lent.tokenizer.convert_ids_to_tokens(row)) for row in best.indices.tolist()]
    return Words(best.indices.numpy().copy(), tuple(names), best.values.exp().numpy().copy(), entropy.numpy().copy())


def chances(slug: str, vectors: Floats, ids: Ints) -> Floats:
    """The probability that the head for masked words gives to a token of each vector's own.

    Args:
        slug: of the checkpoint.
        vectors: float32[vectors, hidden].
        ids: int64[vectors], a token for each.

    Returns:
        float32[vectors].

    Raises:
        ValueError: this model has no such head; says so.
    """
    _refuse(slug, "words")
    with opening.opened(slug).lent() as lent, torch.inference_mode():
        sure = word_logits(lent, torch.tensor(vectors)).log_softmax(1)
        return sure.gather(1, torch.tensor(ids)[:, None])[:, 0].exp().numpy().copy()


def require(slug: str) -> None:
    """Refuses a model that lacks one of the two heads.

    Raises:
        ValueError: says which.
    """
    _refuse(slug, "words")
    _refuse(slug, "pairs")


def pair_logits(lent: Lent, first: Tensor) -> Tensor:
    """float32[batch, 2], of first tokens' last vectors float32[batch, hidden]: follows, and is a random text."""
    found = _weights(lent.checkpoint.slug, (f"{_PAIRS}.weight", f"{_PAIRS}.bias"))
    pooled = lent.eager.get_submodule("pooler.dense")(first).tanh()
    return linear(pooled, found[f"{_PAIRS}.weight"], found[f"{_PAIRS}.bias"])


def word_logits(lent: Lent, vectors: Tensor) -> Tensor:
    """float32[vectors, vocabulary], of vectors float32[vectors, hidden]."""
    entry, config = lent.checkpoint, lent.eager.config
    names = _WORDS[entry.family]
    bias = _output_bias(entry.slug, names)
    parts = (f"{names.dense}.weight", f"{names.dense}.bias", f"{names.norm}.weight", f"{names.norm}.bias", bias)
    found = _weights(entry.slug, parts)
    weight, shift, scale, offset, output = (found.get(each) for each in parts)
    if weight is None or scale is None:
        raise ValueError(_sentence(entry.name, "words"))
    epsilon = names.epsilon if isinstance(names.epsilon, float) else float(getattr(config, names.epsilon))
    inner = ACT2FN[_activation(config, names)](linear(vectors, weight, shift))
    table = lent.eager.get_input_embeddings().get_parameter("weight")
    return linear(layer_norm(inner, scale.shape, scale, offset, epsilon), table, output)


def _activation(config: PreTrainedConfig, names: _Names) -> str:
    return str(getattr(config, names.activation, names.activation))


# Where the weights lie


def _refuse(slug: str, what: str) -> None:
    lacking = _lacking(slug, what)
    if lacking:
        raise ValueError(lacking)


def _lacking(slug: str, what: str) -> str:
    """Why a model has no such head; "" where it has one."""
    entry = opening.opened(slug).checkpoint
    if isinstance(entry.where, Trained):
        return (
            f"{entry.name} was trained in this app, on another task: the head it had before does not fit it any more."
        )
    if isinstance(entry.where, Taught):
        return "" if what == "words" or entry.where.pairs else _sentence(entry.name, what)
    names = _names(opening.folder(slug, checkpoints.place(slug)))
    if what == "pairs":
        whole = entry.family == "bert" and entry.has_pooler and {f"{_PAIRS}.weight", f"{_PAIRS}.bias"} <= set(names)
        return "" if whole else _sentence(entry.name, what)
    known = _WORDS.get(entry.family)
    if known is None or not _output_bias(slug, known) or f"{known.dense}.weight" not in names:
        return _sentence(entry.name, what)
    with opening.opened(slug).lent() as lent:
        tied = getattr(lent.eager.config, "tie_word_embeddings", True)
    return "" if tied else f"The head for masked words of {entry.name} has a matrix of its own, and is not read here."


def _sentence(name: str, what: str) -> str:
    task = "next sentences" if what == "pairs" else "masked words"
    return f"{name} came without a head for {task}."


def _output_bias(slug: str, names: _Names) -> str:
    """The name that the output's bias has in this model's files; "" where it has none."""
    there = _names(opening.folder(slug, checkpoints.place(slug)))
    return next((each for each in names.bias if each in there), "")


def _names(folder: Path) -> dict[str, tuple[Path, str]]:
    """Each weight of a folder by its name as transformers has it: the file, and its name in there."""
    found = {}
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, framework="pt") as weights:
            for key in weights.keys():  # noqa: SIM118 - no mapping
                name = key
                for new, old in _OLD:
                    name = name.removesuffix(old) + new if name.endswith(old) else name
                found[name] = file, key
    return found


def _weights(slug: str, wanted: tuple[str, ...]) -> dict[str, Tensor]:
    """Some of a model's weights by their names, float32[their own shape]; those that are not there are left out."""
    there = _names(opening.folder(slug, checkpoints.place(slug)))
    found = {}
    for name in wanted:
        if name in there:
            file, key = there[name]
            with safe_open(file, framework="pt") as weights:
                found[name] = weights.get_tensor(key).float()
    return found
