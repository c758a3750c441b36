"""What a model has to choose from: pieces of its vocabulary by a word, its special tokens, its position ids."""

from __future__ import annotations

from lib.model.editing import last_position, takes_positions, usual_positions
from lib.model.opening import opened
from lib.model.tokenizing import clean, tokenize


def spelled(slug: str, word: str) -> tuple[str, ...]:
    """The pieces of the vocabulary that a typed word is made of.

    Args:
        slug: of the checkpoint.
        word: such as "banana", or a piece's own name, such as "[MASK]" or "##ing".

    Returns:
        Their names; one alone where the word is a piece, none where a part of it is unknown or nothing was typed.
    """
    typed = clean(word).strip()
    with opened(slug).lent() as lent:
        tokenizer = lent.tokenizer
        if typed in tokenizer.all_special_tokens:
            return (typed,)
        # some vocabularies have a word only with the space in front of it
        ways = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in (f" {typed}", typed)]
        shortest = min(ways, key=len)
        unknown = tokenizer.unk_token_id in shortest
        if typed in tokenizer.get_vocab() and (unknown or len(shortest) != 1):
            return (typed,)
        return () if unknown else tuple(tokenizer.convert_ids_to_tokens(shortest))


def specials(slug: str) -> tuple[str, ...]:
    """The names of the first token, the separator, the mask and the padding, as far as there are any."""
    model = opened(slug)
    entry = model.checkpoint
    return tuple(dict.fromkeys(filter(None, (entry.first_token, entry.separator, model.mask_token, entry.padding))))


def positions(slug: str) -> range | None:
    """The position ids from the one that the first token usually gets to the last there is.

    Returns:
        None in a family that has none.
    """
    with opened(slug).lent() as lent:
        if not takes_positions(lent.eager):
            return None
        encoding = tokenize(lent.tokenizer, lent.checkpoint, ["a"], [None])
        return range(int(usual_positions(lent, encoding)[0, 0]), last_position(lent) + 1)


def mask_token(slug: str) -> str:
    """The piece that stands where a word was taken out; "" in a family that has none.

    Args:
        slug: of the checkpoint.

    Raises:
        ValueError: a checkpoint that cannot be opened.
    """
    return opened(slug).mask_token
