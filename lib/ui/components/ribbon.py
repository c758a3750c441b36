"""The ribbon: one text as the model gets it, one column a position, and what there is to say about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import streamlit as st

from lib import escape
from lib.checkpoints import Checkpoint
from lib.measures import tokens as measures
from lib.quantities import count, plural
from lib.reading import Encoding
from lib.ui.components import mount

Json: TypeAlias = "str | int | bool | None | Sequence[Json] | Mapping[str, Json]"

STEPS = ("letters", "pieces", "added", "numbers")  # how a text becomes what the model gets
LONGEST = 24  # letters of one piece that are drawn
QUOTED = 60  # characters of a text in a sentence
NAMED = 3  # how many of a kind a sentence names


def payload(checkpoint: Checkpoint, encoding: Encoding, row: int, words: str) -> dict[str, Json]:
    """What the ribbon is drawn from: the real tokens of one row, padding left out.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text that is shown.
        words: the picture in words, for those who cannot see it.

    Returns:
        Lists with one entry a position, and the names that the picture needs.
    """
    real = encoding.attention_mask[row].nonzero()[0].tolist()
    start = real[0]
    letters, begins = [""] * len(real), [True] * len(real)
    for word in measures.words(encoding, row):
        for position, part in zip(range(word.start, word.stop), word.parts, strict=True):
            letters[position - start] = _drawn(part)
            begins[position - start] = position == word.start
    roles = encoding.roles(row)
    strange = set(measures.unknown(encoding, row))
    return {
        "tokens": [escape.visible(encoding.tokens[row][p]) for p in real],
        "roles": ["unk" if p in strange else roles[p] for p in real],
        "letters": letters,
        "begins": begins,
        "ids": [int(encoding.input_ids[row, p]) for p in real],
        "positions": real,
        "offsets": [[int(edge) for edge in encoding.offset_mapping[row, p]] for p in real],
        "sequence": [int(encoding.sequence[row, p]) for p in real],
        "segments": [int(encoding.token_type_ids[row, p]) for p in real] if checkpoint.has_segments else None,
        "first": checkpoint.first_token,
        "separator": checkpoint.separator,
        "words": words,
    }


def ribbon(
    data: Mapping[str, Json],
    *,
    key: str,
    step: str = STEPS[-1],
    steps: bool = False,
    text: int = 0,
    texts: Sequence[str] = (),
    step_key: str = "",
    text_key: str = "",
) -> None:
    """Draws the ribbon; what the learner does with its controls is the page's choice in the next run.

    Args:
        data: from :func:`payload`.
        key: the component's key.
        step: which of ``STEPS`` is shown.
        steps: whether the learner can step through.
        text: which text is shown.
        texts: the texts to pick from; no picker where there is none.
        step_key: the page's key for the step.
        text_key: the page's key for the text.
    """

    def chosen(what: str, choice: str) -> None:
        value = getattr(st.session_state[key], what, None)
        if value is not None:
            st.session_state[choice] = value

    mount("ribbon")(
        key=key,
        data={
            **data,
            "step": step,
            "steps": steps,
            "text": text,
            "texts": [escape.cut(escape.visible(each), 36) for each in texts],
            "file": f"cls-{key.replace('_', '-')}.png",
        },
        on_step_change=lambda: chosen("step", step_key),
        on_text_change=lambda: chosen("text", text_key),
    )


def describe(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """The ribbon's caption: how many words became how many pieces, and where the first token is.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    size = measures.length(encoding, row)
    first, last = int(encoding.first[row]), int(encoding.last[row])
    kept = f"the first **{count(size.pieces)}** of them are kept" if size.cut else "nothing is left out"
    cut = f"; {kept}" if size.cut else ""
    return (
        f"Between its spaces your text has {plural(size.spaced, 'word')}. The tokenizer makes "
        f"**{plural(size.whole, 'piece')}** of {'it' if size.spaced == 1 else 'them'}{cut} and adds {size.added}: "
        f"**{plural(size.tokens, 'position')}**, {first} to {last}. {_first(checkpoint)} has id "
        f"{measures.shared_start(encoding)}, in this text as in any other."
    )


def describe_pair(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """The caption of a pair: where the second text begins, and that there is one first token.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the pair.
    """
    size = measures.length(encoding, row)
    second = (encoding.sequence[row] == 1).nonzero()[0]
    added = (encoding.special_tokens_mask[row] == 1) & (encoding.attention_mask[row] == 1)
    heads = int((encoding.input_ids[row, added] == measures.shared_start(encoding)).sum())
    separators = size.added - heads
    told = ""
    if second.size:
        told = f"The second text begins at position {int(second[0])}"
        told += (
            f": from there on, `token_type_ids` is {int(encoding.token_type_ids[row, second[0]])}."
            if checkpoint.has_segments
            else ". This model has no segments: only the separators tell it so."
        )
    return (
        f"Two texts, **{plural(size.tokens, 'position')}**: {_first(checkpoint)} {_times(heads)}, "
        f"{escape.markdown(checkpoint.separator)} {_times(separators)}. {told}"
    )


def findings(checkpoint: Checkpoint, encoding: Encoding, row: int) -> tuple[str, ...]:
    """What is remarkable about how this text was cut, a sentence or two each; often nothing.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    found = (
        _unknown(encoding, row),
        _most_cut(encoding, row),
        _respelled(encoding, row),
        _lost(encoding, row),
        _names(checkpoint, encoding, row),
        _right_to_left(encoding, row),
    )
    return tuple(sentence for sentence in found if sentence)


def left_out(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    """What was cut off, numbers first and its end quoted; "" where nothing was.

    Args:
        checkpoint: whose limit it was.
        encoding: the batch.
        row: the text.
    """
    size = measures.length(encoding, row)
    if not size.cut:
        return ""
    unread = encoding.unread[row]
    begin = escape.quote(unread, QUOTED)
    end = f", to its end, {escape.quote(unread[-QUOTED:].lstrip())}" if len(unread) > 2 * QUOTED else ""
    return (
        f"**Cut after {plural(size.tokens, 'token')}.** Your text has {count(size.tokens + size.cut)}; "
        f"{escape.markdown(checkpoint.first_token)} never saw the last {count(size.cut)}, from {begin}{end}."
    )


def table(checkpoint: Checkpoint, encoding: Encoding, row: int) -> dict[str, list[str] | list[int]]:
    """The ribbon's numbers, column by column.

    Args:
        checkpoint: whose tokenizer it was.
        encoding: the batch.
        row: the text.
    """
    real = encoding.attention_mask[row].nonzero()[0].tolist()
    segments = {"token_type_ids": encoding.token_type_ids[row, real].tolist()} if checkpoint.has_segments else {}
    return {
        "position": real,
        "token": [encoding.tokens[row][p] for p in real],
        "input_ids": encoding.input_ids[row, real].tolist(),
        "letters": [measures.typed(encoding, row, p) for p in real],
        "from character": encoding.offset_mapping[row, real, 0].tolist(),
        "to character": encoding.offset_mapping[row, real, 1].tolist(),
        "special": encoding.special_tokens_mask[row, real].tolist(),
        **segments,
        "attention_mask": encoding.attention_mask[row, real].tolist(),
    }


def _first(checkpoint: Checkpoint) -> str:
    return f":orange[{escape.markdown(checkpoint.first_token)}]"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _drawn(part: str) -> str:
    """Letters as they are drawn: cut where there are too many, and what cannot be seen made visible."""
    if len(part) > LONGEST:
        part = part[: LONGEST - 8] + "…" + part[-7:]
    joins = "\u200c\u200d"  # inside an emoji or a word of some scripts they shape the signs beside them
    return "".join(
        c if c in joins and 0 < k < len(part) - 1 and not (part[k - 1] + part[k + 1]).isascii() else escape.visible(c)
        for k, c in enumerate(part)
    )


def _listed(items: Sequence[str]) -> str:
    """A few of them, and how many more."""
    more = len(items) - NAMED
    if more == 1:  # "1 other" is no shorter than its name
        more = 0
    shown = list(items[:NAMED] if more > 0 else items)
    if more > 0:
        shown.append(f"{count(more)} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _unknown(encoding: Encoding, row: int) -> str:
    places = measures.unknown(encoding, row)
    if not places:
        return ""
    name = escape.markdown(encoding.tokens[row][places[0]])
    letters = [measures.typed(encoding, row, p) for p in places]
    shown = _listed([escape.quote(each, 24) for each in dict.fromkeys(letters)])
    where = _listed([str(p) for p in places])
    one = len(places) == 1
    size = f", all {count(len(letters[0]))} characters of it," if one and len(letters[0]) > LONGEST else ""
    return (
        f"{shown}{size} became **{name}** ({'position' if one else 'positions'} {where}): the tokenizer cannot spell "
        f"{'it' if one else 'these'} with its pieces. All that is left is id {encoding.unk_id}, and the model cannot tell "
        f"{'it' if one else 'them'} from any other unknown."
    )


def _most_cut(encoding: Encoding, row: int) -> str:
    most = max(measures.words(encoding, row), key=lambda word: word.stop - word.start, default=None)
    if most is None or most.stop - most.start < 2:
        return ""
    names = encoding.tokens[row][most.start : most.stop]
    many = len(names)
    shown = [f"`{escape.visible(name).replace('`', '')}`" for name in names[:8]]
    rest = f" and {many - 8} more" if many > 8 else ""
    return (
        f"{escape.quote(most.letters, 24)} is not in the vocabulary as a whole: it takes {many} pieces, "
        f"{' '.join(shown)}{rest}."
    )


def _respelled(encoding: Encoding, row: int) -> str:
    found = measures.respelled(encoding, row)
    if not found:
        return ""
    what = [
        name
        for name, some in (
            ("capitals", any(word.capitals for word in found)),
            ("accents and other marks on letters", any(word.marks for word in found)),
        )
        if some
    ]
    best = max(found, key=lambda word: (word.capitals + word.marks, -found.index(word)))
    return (
        f"{' and '.join(what).capitalize()} are lost before anything is cut: {escape.quote(best.typed, 24)} is read as "
        f"{escape.quote(best.read, 24)}"
        + (f", and {plural(len(found) - 1, 'other word')} likewise." if len(found) > 1 else ".")
    )


def _lost(encoding: Encoding, row: int) -> str:
    gone = measures.lost(encoding, row)
    if not gone:
        return ""
    names = [f"U+{ord(c):04X} {unicodedata.name(c, 'a control character').lower()}" for c in dict.fromkeys(gone)]
    return f"{plural(len(gone), 'character')} of yours reached no piece: {escape.markdown(_listed(names))}."


def _names(checkpoint: Checkpoint, encoding: Encoding, row: int) -> str:
    places = measures.names_typed(encoding, row)
    if not places:
        return ""
    names = _listed([escape.quote(name) for name in dict.fromkeys(encoding.tokens[row][p] for p in places)])
    again = [p for p in places if encoding.input_ids[row, p] == measures.shared_start(encoding)]
    return f"You typed {names} yourself, and the tokenizer took it for its own special token." + (
        f" So id {measures.shared_start(encoding)} stands at position {_listed([str(p) for p in again])} too; only the one "
        f"at position {int(encoding.first[row])} is the {escape.markdown(checkpoint.first_token)} that this app is about."
        if again
        else ""
    )


def _right_to_left(encoding: Encoding, row: int) -> str:
    if not measures.right_to_left(encoding.texts[row] + (encoding.pairs[row] or "")):
        return ""
    return (
        "Some of your text runs from right to left. Positions follow the order in which it is read, so here the pieces of "
        "such a word stand from left to right below it."
    )
