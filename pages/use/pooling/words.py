"""What is said of texts through poolings: sentences under pictures, rows of tables, columns of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lib import escape
from lib.checkpoints import Checkpoint
from lib.exhibit import Column
from lib.found import Verdict
from lib.measures.vectors import Floor, above, extremes, kept_together, max_shares, part_ways
from lib.pooling import POOLINGS
from lib.quantities import exactly, number, plural, share, written
from lib.reading import Reading
from lib.texts.examples import Example
from lib.texts.sources import cite, link
from lib.words import whose
from lib.words.attention import named
from lib.words.beside import whose as whose_models
from lib.words.terms import term
from pages.use.pooling.curves import INTERVAL, LANDMARKS, Curve
from pages.use.pooling.measures import Neighbours, Pooled, TokenWeights, Unpadded

PUBLISHED = {"cls": 29.19, "mean": 54.81}  # reimers2019, Table 1: bert-base, Spearman x 100, mean of seven test sets
CLASSIFIED = {"cls": 84.66, "mean": 84.94}  # its Table 5: the same vectors, accuracy of a classifier, seven tasks
ANSWERS = ("For none", "For fewer than half", "For half or more")
AS_MUCH = 0.05  # of a share: up to there a text is kept as well in one place as in another
RISE = 0.02  # of a cosine, from which on texts got more alike
CLAIM = "“The average of all vectors finds the same nearest texts as the first vector.”"


def lead(model: Checkpoint) -> str:
    """What this step has to do with the question, and how the model was trained."""
    favoured = " This model was trained through the mean, so the mean is favoured here." if _by_mean(model) else ""
    return f"Why keep {named(model)}, and not the {term('mean pooling', 'mean of all tokens')}?{favoured}"


def _by_mean(model: Checkpoint) -> bool:
    return "mean" in model.first_vector.partition(" (before")[0]  # what it was trained for last


def question(model: Checkpoint) -> str:
    """What is asked before the pictures."""
    return (
        f"By {term('cosine')}, each text has a nearest neighbour. For how many of these texts does "
        f"the mean find another one than {named(model)}?"
    )


def _bucket(apart: int, texts: int) -> str:
    return ANSWERS[0 if not apart else 1 if 2 * apart < texts else 2]


def revealed(found: Neighbours) -> tuple[tuple[str, ...], str]:
    """The answers that are right, and what was measured.

    Args:
        found: the first token's vector beside the mean, in the last layer.

    Returns:
        Which of ``ANSWERS`` are right: none where ties leave it open, or where there is nothing to differ in.
    """
    if found.texts < 3:
        return (), "Two texts have only each other as a neighbour, so nothing can differ. Add a third text above."
    first, last = _bucket(found.apart, found.texts), _bucket(found.apart + found.ties, found.texts)
    because = f"The mean finds another nearest neighbour for **{found.apart} of {found.texts}** texts."
    if found.ties:
        because += f" For {found.ties} it cannot be told, because several texts are equally near."
    elif found.apart:
        because += " So it matters which vector you keep."
    else:
        because += " So for these texts it does not matter which vector you keep."
    return ((first,) if first == last else ()), because


def verdict(found: Neighbours) -> Verdict:
    """How much of it holds that the mean tells the same as the first token.

    Args:
        found: the first token's vector beside the mean.
    """
    if found.texts < 3 or _bucket(found.apart, found.texts) != _bucket(found.apart + found.ties, found.texts):
        return "cannot tell"
    kinds: Mapping[str, Verdict] = dict(zip(ANSWERS, ("holds", "in part", "fails"), strict=True))
    return kinds[_bucket(found.apart, found.texts)]


def scope(first: Pooled, mean: Pooled, layer: int, model: Checkpoint) -> tuple[str, str, str]:
    """What holds for this model, for BERT, and for most encoders.

    Args:
        first: the first token's vector.
        mean: the mean.
        layer: that is pooled.
        model: that reads.
    """
    here = "One of the two vectors cannot be had here."
    if first.raw_floor and mean.raw_floor:
        here = (
            f"In layer {layer} two unrelated sentences have a cosine of {written(first.raw_floor.mean)} by "
            f"{named(model)} and of {written(mean.raw_floor.mean)} by the mean."
        )
    return (
        here,
        f"Without further training the mean compares sentences better: {PUBLISHED['mean']} against "
        f"{PUBLISHED['cls']} for [CLS] (Spearman × 100, mean of seven test sets, {cite('reimers2019')}).",
        "Usually the vector to take is the one that the model was trained through. Models such as BGE were trained "
        f"through the first token ({cite('xiao_cpack2024')}), others through the mean.",
    )


def readers(first: float, mean: float, model: Checkpoint) -> list[tuple[str, str, str]]:
    """Two ways to use the same vectors, and these texts: the rows of a table, Markdown.

    Args:
        first: cosine of the first two texts by the first token.
        mean: the same by the mean.
        model: that reads.
    """
    return [
        ("cosine, nothing is trained: similarity, Spearman × 100", f"{PUBLISHED['cls']}", f"{PUBLISHED['mean']}"),
        ("a classifier, trained on the vectors: accuracy, %", f"{CLASSIFIED['cls']}", f"{CLASSIFIED['mean']}"),
        (f"cosine of texts 1 and 2 by {escape.markdown(model.name)}", number(first), number(mean)),
    ]


def two_readers() -> str:
    """What the table says, and where it is from; Markdown."""
    return (
        f"The first two rows are of one bert-base, as it comes ({link('reimers2019')}, Tables 1 and 5; each a mean of "
        "seven sets). By cosine its first vector is behind the mean. A classifier gets nearly the same out of both. "
        "A cosine counts every dimension alike, while a classifier learns which dimensions matter. So “is this vector "
        "good?” depends on what uses it."
    )


def trained_through() -> str:
    """Which token's vector models were trained to compare texts by; Markdown."""
    return (
        f"Training decides which vector to use. In SimCSE ({link('gao_simcse2021')}) and in BGE "
        f"({link('xiao_cpack2024')}) a contrastive loss trains the first token’s: the vectors of two texts that belong "
        "together come closer, and those of others move apart. In a decoder a token attends to nothing behind it, so "
        f"there the last token is taken: {link('wang2024')} append an end token and keep its last vector."
    )


def way(key: str, model: Checkpoint) -> str:
    """The name of a curve; plain."""
    return key if key == LANDMARKS else POOLINGS[key].name(model)


def _spoken(key: str, model: Checkpoint) -> str:
    """A pooling inside a sentence; Markdown."""
    return {"cls": named(model), "mean": "the mean", "lasttoken": "the last token"}.get(key, "the landmarks")


def where(texts: Sequence[str], model: Checkpoint) -> str:
    """What is done to the first text, which is moved; Markdown.

    Args:
        texts: as typed.
        model: that reads.
    """
    moves = whose.text(texts[0], which="first" if len(texts) > 1 else "")
    return (
        f"{link('doshi2026')} report that the first token favours what stands in front, and that a mean may dilute "
        f"what matters. Here {moves} stands in front of, between and behind sentences of ours. 100% means as near "
        "to its own vector as if it stood alone, 0% no nearer than our sentences alone. *Landmarks* are copies of "
        f"{escape.markdown(model.separator)} after every {INTERVAL} tokens, and the average of their vectors is taken. "
        "Their authors train a model for that; here none was."
    )


def no_room(model: Checkpoint) -> str:
    """That there is nothing to compare; Markdown."""
    name = escape.markdown(model.name)
    return f"**No room for this.** {name} takes {plural(model.limit, 'token')}; the texts of this comparison need more."


def not_apart() -> str:
    """That no pooling tells the text from the sentences around it; Markdown."""
    return "**Nothing to see.** By every pooling this text has the same vector as our sentences."


def moved_headline(found: Curve, model: Checkpoint) -> str:
    """In front or at the end; Markdown."""
    first = escape.markdown(model.first_token)
    if "cls" not in found.values:
        return f"To {first} this text is the same as the sentences around it"
    front, end = (float(found.values["cls"][k]) for k in (0, -1))
    if abs(front - end) < AS_MUCH:
        return f"{first} keeps about as much of a text at the front as at the end"
    more, less = ("front", "end") if front > end else ("end", "front")
    return f"{first} keeps more of a text at the {more} than at the {less}"


def moved(found: Curve, model: Checkpoint) -> str:
    """How much is kept at the front and at the end, and which pooling keeps most; Markdown.

    Args:
        found: at least one pooling.
        model: that reads.
    """
    ends = [
        f"{_spoken(way, model)} keeps **{share(float(found.values[way][0]))}** and "
        f"**{share(float(found.values[way][-1]))}**"
        for way in ("cls", "mean")
        if way in found.values
    ]
    said = f"At the front and at the end {', '.join(ends)}. " if ends else ""
    most = max(found.values, key=lambda way: float(found.values[way].mean()))
    average = share(float(found.values[most].mean()))
    name = _spoken(most, model)
    return f"{said}Averaged over the places, {name} {'keep' if most == LANDMARKS else 'keeps'} most: **{average}**."


def longer() -> str:
    """What is done to texts that grow; Markdown."""
    return (
        f"{link('zhou2025')} found that the vectors of long texts lie closer together than those of short ones. Here "
        "texts of ours grow, each on a subject of its own. How alike is the average pair?"
    )


def grown_headline(found: Curve, model: Checkpoint) -> str:
    """By which of the two the texts get more alike; Markdown."""
    rise = {way: float(found.values[way][-1] - found.values[way][0]) for way in ("cls", "mean")}
    by = [
        name
        for way, name in (("cls", f"by {escape.markdown(model.first_token)}"), ("mean", "by the mean"))
        if rise[way] >= RISE
    ]
    if not by:
        return "Unrelated texts do not get more alike as they grow"
    return f"Unrelated texts get more alike as they grow, {' and '.join(by)}{'' if len(by) > 1 else ' alone'}"


def grown(found: Curve, pairs: int, model: Checkpoint) -> str:
    """How alike the shortest and the longest texts are; Markdown.

    Args:
        found: of at least two sizes.
        pairs: that each value is the mean of.
        model: that reads.
    """
    told = [
        f"from **{number(float(found.values[way][0]))}** to **{number(float(found.values[way][-1]))}** by "
        f"{_spoken(way, model)}"
        for way in ("cls", "mean")
    ]
    return (
        f"Where texts grow from {plural(found.ticks[0], 'sentence')} to {found.ticks[-1]}, the average cosine of "
        f"{plural(pairs, 'pair')} goes {' and '.join(told)}."
    )


def limits(models: Sequence[Checkpoint], texts: int) -> str:
    """What the page does not show.

    Args:
        models: that read.
        texts: that there are.
    """
    return (
        f"{whose_models(models)}, and {plural(texts, 'text')}: too few to say which pooling is better. On seven test "
        f"sets {cite('reimers2019')} measured {PUBLISHED['cls']} for the first vector and {PUBLISHED['mean']} for the "
        "mean (Spearman × 100), with a bert-base that was never trained for similarity."
    )


def keep() -> str:
    """The sentence to keep."""
    return (
        "By cosine, BERT’s mean shows better than its first vector which texts are alike. Usually the better one is "
        "what the model was trained through."
    )


def headline(one: Pooled) -> str:
    """The finding above a matrix."""
    if one.centred:
        return f"{_capital(one.spoken)}, centred: unrelated sentences stay below {written(one.level)}"
    return f"{_capital(one.spoken)}: unrelated sentences have a cosine of {written(one.level)}"


def _capital(spoken: str) -> str:
    plain = spoken.removeprefix("“").replace("”", "", 1)
    return spoken if spoken.startswith(":") else plain[0].upper() + plain[1:]


def cosines(one: Pooled) -> str:
    """The sentence under a matrix.

    Args:
        one: a pooling.
    """
    if one.floor is None:
        return f"**No matrix for {one.spoken}.** {one.why_not}"
    most, least = extremes(one.cosines)
    if len(one.cosines) == 2:
        pairs = f"The two texts have a cosine of **{written(most.cosine)}**"
    elif most.cosine - least.cosine < 1e-6:
        pairs = f"All pairs of texts have a cosine of **{written(most.cosine)}**"
    else:
        pairs = (
            f"Texts {most.first + 1} and {most.second + 1} are most alike (**{written(most.cosine)}**), "
            f"{least.first + 1} and {least.second + 1} least (**{written(least.cosine)}**)"
        )
    return f"{pairs}. The grey band holds 90% of unrelated pairs.{one.note}"


def baselines(poolings: Sequence[Pooled]) -> str:
    """The sentence under the picture of every pooling on one scale."""
    had = sorted(((one.raw_floor.mean, one.spoken) for one in poolings if one.raw_floor), key=lambda each: each[0])
    (least, low), (most, high) = had[0], had[-1]
    shown = [one for one in poolings if one.floor]
    clear = [one for one in shown if one.floor and extremes(one.cosines)[0].cosine > one.floor.high]
    centred = "After centring, the" if any(one.centred for one in poolings) else "The"
    return (
        f"Unrelated sentences have a cosine of **{written(most)}** on average under {high}, and of "
        f"**{written(least)}** under {low}. So one number means different things. {centred} most alike pair of these "
        f"texts stands above 95% of unrelated pairs under {len(clear)} of {plural(len(shown), 'pooling')}."
    )


def multiples(poolings: Sequence[Pooled]) -> str:
    """The sentence under the small matrices."""
    shown = sum(one.floor is not None for one in poolings)
    return f"The same texts under {shown} of {plural(len(poolings), 'pooling')}: a row and a column for each text."


def nearest(a: Pooled, b: Pooled, found: Neighbours, ready: Example | None) -> str:
    """The sentence under the table of neighbours.

    Args:
        a: one pooling.
        b: another.
        found: for how many texts they differ.
        ready: the ready set on screen, whose neighbouring lines belong together; or None.
    """
    if a.called == b.called:
        return f"You compare {a.spoken} with itself, so nothing differs. Choose another pooling above."
    mode = " after centring" if a.centred else ""
    sentence = f"{a.spoken} and {b.spoken} name a different nearest text for **{found.apart} of {found.texts}**{mode}."
    if found.ties:
        sentence += f" For {found.ties} it cannot be told: several texts are equally near."
    if ready and ready.together > 1:
        kept = [f"**{kept_together(one.near, ready.together)}** under {one.spoken}" for one in (a, b)]
        sentence += (
            f" In this set every {ready.together} lines in a row belong together; the nearest text is one of them for "
            f"{' and '.join(kept)}, of {found.texts}."
        )
    return sentence


def points(one: Pooled) -> str:
    """The sentence under a map."""
    shares = one.plane.shares
    if not shares.any():
        return f"{one.spoken}: all texts stand on one spot; there is no direction in which they differ."
    spread = np.abs(one.places).max()
    tight = " They stand so close together that the map cannot part them." if spread < 0.02 else ""
    if len(one.yours) == 2:
        return f"{one.spoken}: two texts differ in one direction only, so the second axis is empty.{tight}"
    return (
        f"{one.spoken}: this plane holds **{share(float(shares.sum()))}** of what the {len(one.yours)} texts differ "
        f"in ({share(float(shares[0]))} and {share(float(shares[1]))}).{tight}"
    )


def _supplied(reading: Reading, row: int, layer: int) -> tuple[str, int, str]:
    """Of one text the token that is the largest in most dimensions: itself, its position, and in what share of them."""
    real = reading.encoding.attention_mask[row] == 1
    supplied = max_shares(reading.hidden_states[layer, row], real)[real]
    top = int(supplied.argmax())
    return escape.quote(reading.encoding.row(row)[top]), top, share(float(supplied[top]))


def weights(reading: Reading, row: int, layer: int) -> str:
    """The sentence under the picture of weights."""
    tokens, (token, top, most) = reading.encoding.row(row), _supplied(reading, row, layer)
    return (
        f"This text has {plural(len(tokens), 'token')}. The mean takes **1/{len(tokens)}** of each; "
        f"{named(reading.checkpoint)} takes all of one and nothing of the others. Under max, {token} at position "
        f"{top} is the largest in **{most}** of {reading.hidden} dimensions."
    )


def weights_of_two(shown: Sequence[tuple[Reading, int, int]], names: Sequence[str]) -> str:
    """The sentence under two pictures of weights.

    Args:
        shown: reading, row of the text and layer of each.
        names: of the sides, plain.
    """
    clauses = []
    for (reading, row, layer), name in zip(shown, names, strict=True):
        token, top, most = _supplied(reading, row, layer)
        clauses.append(
            f"in {escape.markdown(name)} the mean takes **1/{len(reading.encoding.row(row))}** of each token, and "
            f"under max {token} at position {top} is the largest in **{most}** of the dimensions"
        )
    return f"I{'; '.join(clauses)[1:]}."


def specials_say(specials: Sequence[float], alike: Sequence[float]) -> str:
    """The sentence under the table of specials."""
    low, high = int(np.argmin(alike)), int(np.argmax(alike))
    least, most = share(min(specials)), share(max(specials))
    held = least if least == most else f"{least} to {most}"
    begin = f"The mean gives {held} of its weight to special tokens. Leave them out, and "
    if number(alike[low], 3) == number(alike[high], 3):
        return f"{begin}every vector keeps a cosine of **{number(alike[low], 3)}** to the usual mean."
    return (
        f"{begin}the vector of text {low + 1} turns most (cosine **{number(alike[low], 3)}** to the usual mean), that "
        f"of text {high + 1} least ({number(alike[high], 3)})."
    )


def _numbered(texts: Sequence[str], row: int) -> str:
    return f"{row + 1} {escape.quote(texts[row], 32)}"


def neighbours(a: Pooled, b: Pooled, texts: Sequence[str]) -> list[dict[str, str]]:
    """For each text its nearest under two poolings, as rows of a table; Markdown."""

    def found(one: Pooled, row: int) -> str:
        near = np.flatnonzero(one.near[row]).tolist()
        value = written(float(one.cosines[row, near[0]]))
        return (
            f"{plural(len(near), 'text')} equally near · {value}"
            if len(near) > 1
            else f"{_numbered(texts, near[0])} · {value}"
        )

    differ = part_ways(a.near, b.near)
    tied = (a.near.sum(axis=1) > 1) | (b.near.sum(axis=1) > 1)
    second = b.spoken if b.called != a.called else f"{b.spoken} again"
    return [
        {
            "text": _numbered(texts, row),
            f"nearest by {a.spoken}": found(a, row),
            f"nearest by {second}": found(b, row),
            "​": "**≠ other**" if differ[row] else "◌ tie" if tied[row] else "= same",
        }
        for row in range(len(texts))
    ]


def pair_columns(texts: Sequence[str], poolings: Sequence[Pooled]) -> dict[str, Column]:
    """Every pair of texts with its cosines under each pooling that can be had."""
    rows, columns = (each.tolist() for each in np.triu_indices(len(texts), 1))
    return {
        "one text": [texts[row] for row in rows],
        "another text": [texts[column] for column in columns],
        **{one.called: above(one.cosines) for one in poolings if one.floor},
    }


def baseline_columns(poolings: Sequence[Pooled]) -> dict[str, Column]:
    """Every pooling's unrelated sentences, and the pairs of texts."""
    gap = float("nan")

    def of(floors: Sequence[Floor | None], what: str) -> list[float]:
        return [getattr(floor, what) if floor else gap for floor in floors]

    raw, after = [one.raw_floor for one in poolings], [one.centred_floor for one in poolings]
    ends = [one.ends or (gap, gap) for one in poolings]
    return {
        "pooling": [one.name for one in poolings],
        **{f"unrelated sentences, {word}": of(raw, what) for what, word in _WORDS.items()},
        **{f"unrelated sentences, centred, {word}": of(after, what) for what, word in _WORDS.items()},
        "least alike pair": [least for least, _ in ends],
        "most alike pair": [most for _, most in ends],
    }


_WORDS = {"mean": "mean", "low": "5 % lie below", "high": "5 % lie above"}


def map_columns(one: Pooled, texts: Sequence[str], sentences: Sequence[str], axes: Sequence[str]) -> dict[str, Column]:
    """Where each text stands on a map, and the unrelated sentences behind them.

    Args:
        one: the pooling.
        texts: as typed.
        sentences: the unrelated ones.
        axes: the heads of the two axes.
    """
    places = np.concatenate([one.places, one.background])
    nearest_ones = [str(row + 1) if row >= 0 else "" for row in one.only_nearest]
    return {
        "text": [*texts, *sentences],
        "number": [*(str(k + 1) for k in range(len(texts))), *[""] * len(sentences)],
        "nearest": [*nearest_ones, *[""] * len(sentences)],
        **{head: places[:, axis] for axis, head in enumerate(axes)},
    }


def special_rows(texts: Sequence[str], held: Sequence[float], alike: Sequence[float]) -> list[dict[str, str]]:
    """The rows of the table on special tokens; Markdown."""
    return [
        {
            "text": _numbered(texts, row),
            "weight of the special tokens in the mean": share(held[row]),
            "cosine of the means with and without them": number(alike[row], 3),
        }
        for row in range(len(texts))
    ]


def weight_columns(rows: Sequence[TokenWeights], tokens: Sequence[str]) -> list[tuple[str, Column]]:
    """Every token's weight under every pooling that has any: the numbers behind the picture."""
    return [
        ("position", list(range(len(tokens)))),
        ("token", list(tokens)),
        *((row.name, row.weights) for row in rows if row.weights is not None),
    ]


ROUNDING = 1e-3  # of an activation; float32 sums taken in another order differ by far less


def padding_rows(found: Unpadded) -> list[dict[str, str]]:
    """The rows of the table on padding; Markdown."""
    rows = [
        {
            "pooling": name,
            "largest difference": exactly(difference),
            "padding changes nothing": "● holds" if difference < ROUNDING else "○ does not hold",
        }
        for name, difference in found.differences.items()
    ]
    bug = {
        "pooling": "mean over the padding too (a common bug)",
        "largest difference": exactly(found.bug_difference),
        "padding changes nothing": "● holds" if found.bug_difference < ROUNDING else "○ does not hold",
    }
    return [*rows, bug]


def _unbroken(number: str) -> str:
    """The same, never broken over two lines."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def padding_says(found: Unpadded, texts: Sequence[str]) -> str:
    """The sentence under the table on padding."""
    beside = "beside a longer text of ours" if found.company else "in the batch of these texts"
    worst = max(found.differences.values())
    return (
        f"Text {found.row + 1}, {escape.quote(texts[found.row], 40)}, was put in alone, and {beside} with "
        f"**{plural(found.pads, 'position')}** of padding behind it: over all poolings and dimensions the largest "
        f"difference is **{_unbroken(exactly(worst))}**. A mean that forgets the mask has a cosine of "
        f"**{written(found.bug_cosine)}** to the right one."
    )
