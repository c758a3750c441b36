"""Which vector each family's class for classification gives to its classifier, as the installed classes compute it.

``tests/pages/why/test_pooler.py`` builds a small model of each class and computes its logits in this way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Taken = Literal["first", "last", "mean"]


@dataclass(frozen=True)
class Family:
    """One class of transformers.

    Attributes:
        kind: ``model_type`` of its config.
        name: of the class, without ``ForSequenceClassification``.
        taken: which of the last vectors goes on.
        steps: what it goes through: submodules by their names, and functions.
        says: the same in words: the vector, and what lies between it and the output.
        mean: whether the config asks for the mean of all vectors.
    """

    kind: str
    name: str
    taken: Taken
    steps: tuple[str, ...]
    says: tuple[str, str]
    mean: bool = False


_OWN = ("classifier.dense", "tanh", "classifier.out_proj")
_BEHIND = ("classification_head.dense", "tanh", "classification_head.out_proj")
_MODERN = ("head.dense", "gelu", "head.norm", "classifier")

FAMILIES = (
    Family(
        "bert",
        "Bert",
        "first",
        ("bert.pooler.dense", "tanh", "classifier"),
        ("the first token’s, as `pooler_output`", "the model’s own pooler with tanh"),
    ),
    Family(
        "albert",
        "Albert",
        "first",
        ("albert.pooler", "tanh", "classifier"),
        ("the first token’s, as `pooler_output`", "the model’s own pooler with tanh"),
    ),
    Family("roberta", "Roberta", "first", _OWN, ("the first token’s", "a new layer with tanh")),
    Family("xlm-roberta", "XLMRoberta", "first", _OWN, ("the first token’s", "a new layer with tanh")),
    Family("mpnet", "MPNet", "first", _OWN, ("the first token’s", "a new layer with tanh")),
    Family(
        "electra",
        "Electra",
        "first",
        ("classifier.dense", "gelu", "classifier.out_proj"),
        ("the first token’s", "a new layer with GELU"),
    ),
    Family(
        "distilbert",
        "DistilBert",
        "first",
        ("pre_classifier", "relu", "classifier"),
        ("the first token’s", "a new layer with ReLU"),
    ),
    Family(
        "deberta-v2",
        "DebertaV2",
        "first",
        ("pooler.dense", "gelu", "classifier"),
        ("the first token’s", "a new layer with GELU, which is called pooler, too"),
    ),
    Family(
        "modernbert",
        "ModernBert",
        "first",
        _MODERN,
        ("the first token’s, where the config says `cls`", "a layer with GELU and a normalisation"),
    ),
    Family(
        "modernbert",
        "ModernBert",
        "mean",
        _MODERN,
        ("the mean, where the config says `mean`", "a layer with GELU and a normalisation"),
        mean=True,
    ),
    Family(
        "xlnet",
        "XLNet",
        "last",
        ("sequence_summary.summary", "tanh", "logits_proj"),
        ("the last token’s: its summary token stands there", "a new layer with tanh"),
    ),
    Family("gpt2", "GPT2", "last", ("score",), ("the last token’s", "nothing")),
    Family("t5", "T5", "last", _BEHIND, ("the decoder’s at the end of the text", "a new layer with tanh")),
    Family("bart", "Bart", "last", _BEHIND, ("the decoder’s at the end of the text", "a new layer with tanh")),
)
