"""The field's words, each explained in one sentence where it first stands: one table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "attention": "In each layer a token makes its new vector from all tokens; the weights, which add up to 100%, "
        "are its attention.",
        "attention head": "One of several attentions that a layer computes side by side, each with weights of its own.",
        "attention sink": "A token that many heads attend to when they have little to do, often the first one.",
        "classifier": "A small function that is trained to tell the label of a text from its vector.",
        "dimension": "One place in a vector, with one number in it.",
        "cosine": "How alike the directions of two vectors are: 1 is the same direction, 0 is none in common.",
        "encoder": "A model such as BERT in which a token may attend to both sides; it makes vectors, no text.",
        "fine-tuning": "Training a pretrained model further on one task, with labelled texts.",
        "gradient": "How the loss would change if a number changed a little; training moves the weights by it.",
        "head": "A small layer behind the model that makes an answer to one task of its vectors.",
        "held-out": "Texts that the training never saw, so that they show what was learned and not what was memorised.",
        "layer": "One block of the model: attention mixes the tokens' vectors, then a small network changes each.",
        "logit": "A number before it is made into a probability: the larger, the more likely.",
        "loss": "A number that says how wrong the model’s answers are; training makes it small.",
        "mean pooling": "One vector for a text: the average of its tokens' vectors.",
        "next-sentence prediction": "BERT's second pretraining task: tell from its first token's vector whether "
        "text B follows text A.",
        "outlier dimension": "A dimension that holds most of a vector's squared length, in nearly every text.",
        "padding": "Tokens without a meaning that fill up shorter texts, so that all texts have the same length.",
        "pooler": "A small layer behind the first token’s vector: a matrix, a bias and a tanh.",
        "pretraining": "The first training of a model, on a great deal of text that nobody had to label.",
        "stable rank": "How many directions a head writes in, the strong ones counted more; 1 is a single one.",
        "softmax": "It turns numbers into probabilities: none is below 0, and together they are 100%.",
        "token": "A word or a part of a word; the model gets one number for each.",
        "value vector": "What a head takes from a token: its vector times a matrix of that head; the attention weights "
        "mix these.",
        "vector": "A list of numbers; for a token it stands for what the model knows of it.",
    }
)


def term(name: str, shown: str = "") -> str:
    """A word that explains itself when it is pointed at or has the keyboard's focus; Markdown.

    Args:
        name: of the table.
        shown: what stands in the text; the name itself where it is empty.
    """
    address = name.replace(" ", "-")
    return f'[{shown or name}](#{address} "{TERMS[name]}")'
