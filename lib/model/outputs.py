"""What a model really hands back, by the attention it was opened with: tried, not looked up."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from lib.model.opening import opened
from lib.model.tokenizing import tokenize


@dataclass(frozen=True)
class Returned:
    """What came back from a model that was asked for its attention.

    Attributes:
        implementation: "eager", "sdpa", or what else it was opened with.
        attentions: how many layers' weights came back.
        kind: of the container they came in, as Python names it.
        fields: of the output, in order, where nothing more than the vectors was asked for.
    """

    implementation: str
    attentions: int
    kind: str
    fields: tuple[str, ...]


def returned(slug: str, text: str) -> tuple[Returned, ...]:
    """Asks for attention in each of the ways in which the model can be opened.

    Args:
        slug: of the checkpoint.
        text: any.

    Returns:
        The faster way first; one alone in a family that has only one.
    """
    with opened(slug).lent() as lent, torch.inference_mode():
        encoding = tokenize(lent.tokenizer, lent.checkpoint, [text], [None])
        given = {
            "input_ids": torch.tensor(encoding.input_ids),
            "attention_mask": torch.tensor(encoding.attention_mask),
        }
        tried = []
        for net in dict.fromkeys((lent.sdpa, lent.eager)):
            plain, asked = net(**given), net(**given, output_attentions=True)
            weights = asked.attentions
            tried.append(
                Returned(
                    net.config._attn_implementation,
                    len([each for each in weights or () if each is not None]),
                    type(weights).__name__,
                    tuple(plain.keys()),
                )
            )
    return tuple(tried)
