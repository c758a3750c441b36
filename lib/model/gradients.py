"""Gradients of one number that is computed from the last vectors, by what came before them.

The weights take no part: they stay without gradients, and the model that everybody shares is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from captum.attr import IntegratedGradients
from numpy.typing import NDArray
from torch.nn.functional import cosine_similarity, cross_entropy

from lib.model import heads
from lib.model.lending import Lent, Opened
from lib.model.opening import opened
from lib.model.passes import encode
from lib.model.threads import alone
from lib.model.tokenizing import tokenize
from lib.reading import Encoding, Floats, Gradients, Ints, Loss
from lib.tuning import Through, weights

STEPS = 32
SHARPNESS = 20  # that the cosines of a training through the mean are multiplied by
STEP_TOKENS = 1 << 11  # tokens a batch of steps: what the backward pass keeps grows with them


def gradients(
    slug: str,
    text: str,
    direction: Floats,
    *,
    pair: str | None = None,
    cosine: bool = False,
    steps: int = STEPS,
    progress: Callable[[int, int], None] | None = None,
) -> Gradients:
    """Gradient x input and integrated gradients of one text, for the part of its first vector along a direction.

        s(x) = h(x) . direction, or that divided by |h(x)|
        here:  (x - x') . ds/dx at x
        along: (x - x') . mean over k of ds/dx at x' + (k - 1/2) / steps (x - x')

    x are the looked-up token vectors before anything is added to them, x' those of the baseline.

    Args:
        slug: of the checkpoint.
        text: cut at the model's limit.
        direction: float[hidden].
        pair: the second text, or None.
        cosine: whether the length of the first vector is left out of the number.
        steps: midpoints on the way from baseline to text.
        progress: called with the number of steps done and of all, while they are made.

    Raises:
        ValueError: no text, a checkpoint that cannot be opened, or a direction of another width.

    Source:
        sundararajan2017, sections 3 and 5; shrikumar2016; computed by kokhlikyan2020.
    """
    model = opened(slug)
    if direction.shape != (model.checkpoint.hidden,):
        raise ValueError(f"A direction of {direction.shape} in a space of {model.checkpoint.hidden} units.")
    with model.lent() as lent, torch.no_grad():
        encoding = tokenize(lent.tokenizer, lent.checkpoint, [text], [pair])
        given, baseline = _inputs(lent, encoding)
    score = _score(model, encoding, direction, cosine=cosine)
    done = 0

    def counted(inputs: torch.Tensor) -> torch.Tensor:
        nonlocal done
        if progress:
            progress(done, steps)
        done += len(inputs)
        return score(inputs)

    tokens = given.shape[1]
    with alone():
        along = IntegratedGradients(counted).attribute(
            given,
            baselines=baseline,
            n_steps=steps,
            method="riemann_middle",
            internal_batch_size=max(1, STEP_TOKENS // tokens),
        )
        with torch.enable_grad():
            ends = torch.cat([given, baseline]).requires_grad_()
            scores = score(ends)
            (slopes,) = torch.autograd.grad(scores.sum(), ends)
    end, start = scores.tolist()
    here = (given - baseline) * slopes[:1]
    return Gradients(
        baseline=model.mask_token,
        here=here[0].sum(dim=-1, dtype=torch.float64).numpy(),
        along=along[0].detach().sum(dim=-1, dtype=torch.float64).numpy(),
        start=start,
        end=end,
        steps=steps,
    )


def _inputs(lent: Lent, encoding: Encoding) -> tuple[torch.Tensor, torch.Tensor]:
    """float32[1, tokens, width] twice: the text's token vectors, and those of the text with its pieces blank."""
    table = lent.eager.get_input_embeddings()
    given = table(torch.tensor(encoding.input_ids))
    mask = lent.tokenizer.mask_token_id
    blank = torch.zeros_like(given[0, 0]) if mask is None else table(torch.tensor(mask))
    pieces = torch.from_numpy(encoding.is_word)[..., None]
    return given, torch.where(pieces, blank, given)


def _score(
    model: Opened, encoding: Encoding, direction: Floats, *, cosine: bool
) -> Callable[[torch.Tensor], torch.Tensor]:
    """The number as a function of float32[rows, tokens, width]; float32[rows]."""
    along = torch.tensor(direction, dtype=torch.float32)
    first = int(encoding.first[0])
    same = {"attention_mask": torch.tensor(encoding.attention_mask)}
    if model.checkpoint.has_segments:
        same["token_type_ids"] = torch.tensor(encoding.token_type_ids)

    def score(inputs: torch.Tensor) -> torch.Tensor:
        given = {name: row.expand(len(inputs), -1) for name, row in same.items()}
        with model.lent() as lent:  # the way back needs none: nobody's hooks are called on it
            out = lent.eager(inputs_embeds=inputs, **given, return_dict=True)
        vectors = out.last_hidden_state[:, first]  # float32[rows, hidden]
        size = vectors.norm(dim=-1) if cosine else 1
        return vectors @ along / size

    return score


def pushes(
    slug: str,
    text: str,
    head: tuple[NDArray[np.float64], NDArray[np.float64]],
    label: int,
    *,
    through: Through,
    place: int = 0,
    pair: str | None = None,
) -> tuple[Encoding, Floats]:
    """How hard a classifier's loss pushes each token's vector in each layer: the length of its gradient there.

        loss = -log softmax(W v + b)[label], v the vector that goes into the classifier

    Args:
        slug: of the checkpoint.
        text: cut at the model's limit.
        head: W float64[classes, hidden] and b float64[classes].
        label: the class that would be right.
        through: which vector goes into the classifier.
        place: the position for "place".
        pair: the second text, or None.

    Returns:
        the tokens, and float32[layers+1, tokens] the lengths of the gradients; 0 is an exact zero.

    Raises:
        ValueError: no text, or a checkpoint that cannot be opened.
    """
    matrix, bias = (torch.tensor(each, dtype=torch.float32) for each in head)
    with opened(slug).lent() as lent:
        encoding = tokenize(lent.tokenizer, lent.checkpoint, [text], [pair])
        with torch.enable_grad():
            states = _states(lent, encoding, torch.tensor(encoding.input_ids))
    with torch.enable_grad():
        vector = torch.from_numpy(weights(encoding, through, place)) @ states[-1][0]  # float32[1, hidden]
        loss = cross_entropy(vector @ matrix.T + bias, torch.tensor([label]))
        return encoding, _lengths(loss, states)


def arrivals(
    slug: str, text: str, pair: str, masked: Ints, *, others: Sequence[str]
) -> tuple[Encoding, dict[Loss, Floats]]:
    """Where the losses of BERT's training, of a training through the mean and of a classifier arrive in one text.

        words:      mean over the masked tokens of -log p(token), from the pair with them masked
        pairs:      -log p(the second text follows), from the same
        mean:       -log softmax_k(20 cos(m, m_k))[pair], m the mean of the text alone, m_k of the pair and of others
        classifier: -log softmax(W h_0)[0] of the text alone, W float[2, hidden] drawn at random

    Args:
        slug: of a checkpoint with both heads of BERT's training.
        text: cut at the model's limit.
        pair: the text that stands behind it.
        masked: int64[masked], positions in the pair; at least one.
        others: texts that the mean should be unlike.

    Returns:
        the tokens of the text alone, and of each loss float32[layers+1, tokens] the lengths of its gradients at the
        first text's vectors; 0 is an exact zero.

    Raises:
        ValueError: no text, no token that could be masked, or a checkpoint that has no such heads.
    """
    if not len(masked):
        raise ValueError("This text has no word that could be masked. Type a sentence above.")
    heads.require(slug)
    with alone():
        means = torch.from_numpy(encode(slug, [pair, *others], poolings=["mean"], layers=[-1])["mean", -1])
    with alone(), opened(slug).lent() as lent:
        single = tokenize(lent.tokenizer, lent.checkpoint, [text], [None])
        both = tokenize(lent.tokenizer, lent.checkpoint, [text], [pair])
        size = min(int(single.lengths[0]), int(both.lengths[0]))
        ids = torch.tensor(both.input_ids)
        hidden = ids.clone()
        hidden[0, masked] = int(lent.tokenizer.mask_token_id)
        with torch.enable_grad():
            read = _states(lent, both, hidden)
            logits = heads.word_logits(lent, read[-1][0, masked])
            words = cross_entropy(logits, ids[0, masked])
            pairs = cross_entropy(heads.pair_logits(lent, read[-1][:, 0]), torch.tensor([heads.FOLLOWS]))
            found: dict[Loss, Floats] = {"words": _lengths(words, read, keep=True), "pairs": _lengths(pairs, read)}
            read = _states(lent, single, torch.tensor(single.input_ids))
            alike = cosine_similarity(read[-1][0].mean(dim=0, keepdim=True), means)
            mean = cross_entropy(SHARPNESS * alike[None], torch.tensor([0]))
            dice = torch.Generator().manual_seed(0)
            matrix = torch.randn(2, read[-1].shape[-1], generator=dice) * 0.02
            classifier = cross_entropy(read[-1][:, 0] @ matrix.T, torch.tensor([0]))
            found |= {"mean": _lengths(mean, read, keep=True), "classifier": _lengths(classifier, read)}
    return single, {loss: lengths[:, :size] for loss, lengths in found.items()}


def _states(lent: Lent, encoding: Encoding, ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """[layers+1] of float32[1, tokens, hidden], with the way back to the looked-up vectors."""
    given = {"attention_mask": torch.tensor(encoding.attention_mask)}
    if lent.checkpoint.has_segments:
        given["token_type_ids"] = torch.tensor(encoding.token_type_ids)
    looked_up = lent.eager.get_input_embeddings()(ids).requires_grad_()
    out = lent.eager(inputs_embeds=looked_up, **given, output_hidden_states=True, return_dict=True)
    states: tuple[torch.Tensor, ...] = out.hidden_states
    return states


def _lengths(loss: torch.Tensor, states: tuple[torch.Tensor, ...], *, keep: bool = False) -> Floats:
    """float32[layers+1, tokens], of the loss's gradients; a vector that the loss does not hang on has 0."""
    slopes = torch.autograd.grad(loss, states, retain_graph=keep)
    return np.stack([slope[0].norm(dim=-1).numpy() for slope in slopes])
