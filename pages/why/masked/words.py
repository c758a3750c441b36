"""What the page on masked words says."""

from __future__ import annotations

from lib.checkpoints import Checkpoint
from lib.escape import markdown, quote, visible
from lib.quantities import share
from lib.reading import Encoding
from lib.texts.sources import link
from lib.words.attention import named
from lib.words.terms import term
from pages.why.masked.measures import Filled, Lens

ANSWERS = ("The word that stood there", "Another word")
PROBABILITY = "probability"
ATTENDED = "share of its attention"
MARKS = ("the word that stood there", "another word")


def lead(speaker: Checkpoint) -> str:
    """The page's lead."""
    return (
        "In BERT’s other task the model predicts hidden words, each at its own position. What does this task ask of "
        f"{named(speaker)}?"
    )


def hidden(encoding: Encoding, place: int, mask: str) -> str:
    """The tokens around the one that is masked."""
    tokens = encoding.tokens[0]
    start, stop = max(0, place - 8), min(int(encoding.lengths[0]), place + 9)
    shown = [f"`{_code(mask if k == place else tokens[k])}`" for k in range(start, stop)]
    return f"The model gets {'… ' if start else ''}{' '.join(shown)}{' …' if stop < encoding.lengths[0] else ''}"


def _code(token: str) -> str:
    """A token's name between back ticks; one in the name would end them."""
    return visible(token).replace("`", "ˋ").replace("\n", " ") or " "


QUESTION = "Which word will the model find likeliest at the masked position?"


def right(found: Filled) -> tuple[str, ...]:
    """The right answer; none where the two likeliest words are as likely."""
    if abs(float(found.probabilities[0] - found.probabilities[1])) < 1e-4:
        return ()
    return (ANSWERS[0] if found.rank == 1 else ANSWERS[1],)


def because(found: Filled, speaker: Checkpoint) -> str:
    """What the model says."""
    best, true = quote(found.tokens[0]), quote(found.token)
    if found.rank == 1:
        return (
            f"{markdown(speaker.name)} gives {true} a probability of {share(found.chance)}, more than any other token."
        )
    return (
        f"{markdown(speaker.name)} finds {best} likeliest, with {share(float(found.probabilities[0]))}. The token that "
        f"stood there, {true}, gets {share(found.chance)}."
    )


def predicted(found: Filled, place: int, speaker: Checkpoint) -> str:
    """Under the probabilities."""
    first = float(found.probabilities.sum())
    return (
        f"The head for masked words gives each token of the vocabulary a probability. The {len(found.tokens)} "
        f"likeliest get **{share(first)}** together, and the token that stood there **{share(found.chance)}**. It used "
        f"the vector at position {place}, not that of {named(speaker)}."
    )


def headline(found: Filled) -> str:
    """Above the probabilities."""
    if found.rank == 1:
        return f"The model finds the masked word: {quote(found.token)}"
    return f"The model puts {quote(found.tokens[0])} where {quote(found.token)} stood"


def attended(names: list[str], shares: list[float], layer: int, own: float) -> str:
    """Under what the mask attends to."""
    return (
        f"In layer {layer} the mask attends most to {quote(names[0])}, with **{share(shares[0])}** of its attention "
        f"(mean over heads), and to itself **{share(own)}**. A large share may bring in little where a token is an "
        f"{term('attention sink')}."
    )


def attended_headline(name: str, layer: int) -> str:
    """Above what the mask attends to."""
    return f"In layer {layer} the mask attends most to {quote(name)}"


def lens(found: Lens, speaker: Checkpoint) -> str:
    """Under the words that the first token would be."""
    return (
        "An extrapolation: the head was trained on masked tokens of the last layer, but it says something of any "
        f"vector. In layer {len(found.tokens) - 1} its likeliest token is {quote(found.tokens[-1])}, with "
        f"**{share(float(found.probabilities[-1]))}**."
    )


def lens_headline(found: Lens, speaker: Checkpoint) -> str:
    """Above the words that the first token would be."""
    return f"If {named(speaker)} were a word, the head would say {quote(found.tokens[-1])}"


def about_lens() -> str:
    """What the method is called, and how far it goes."""
    return (
        "To put the last layer’s head on the vectors of earlier layers is known as the logit lens. It is often "
        f"brittle; the tuned lens of {link('belrose2023')} trains a layer of its own for each. Both "
        "were tested on models that write from left to right."
    )


def row(layer: int, token: str) -> str:
    """A layer and its likeliest token; plain."""
    return f"layer {layer}: {visible(token)}"


def claim(speaker: Checkpoint) -> str:
    """The claim."""
    return f"“BERT’s masked words teach {markdown(speaker.first_token)} to stand for the text.”"


def settled(speaker: Checkpoint) -> str:
    """Why it does not hold."""
    return (
        "Each word is predicted from the vector at its own position. BERT’s first token is never masked, so this task "
        "asks nothing of its last vector."
    )


def keep(speaker: Checkpoint) -> str:
    """The sentence to keep."""
    return (
        "BERT never masks its first token, so masked words ask nothing of its last vector: other tokens only attend "
        "to it."
    )


def scope(speaker: Checkpoint, found: Filled) -> tuple[str, str, str]:
    """What holds where."""
    return (
        f"In {markdown(speaker.name)} the masked token of this text gets a probability of {share(found.chance)}.",
        f"In BERT 15% of the tokens are drawn, the first one and the separators never. Of those drawn, 80% become the "
        f"mask token, 10% a random token, and 10% stay ({link('devlin2019')}, {link('google_bert')}).",
        f"RoBERTa’s first token is drawn like any other ({link('fairseq_code')}): there, the task asks its last vector "
        "to name that token. ELECTRA’s must say that it is an original.",
    )
