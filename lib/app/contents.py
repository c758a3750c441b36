"""The contents: every page with its chapter, its titles and the words that lead to it, in the order of the path.

The path is a few steps from the question to its answer. Every other page deepens one of them, and leads back to it.
Nothing else knows this order: the menu, a page's head and its ways on are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A page.

    Attributes:
        stem: name of its folder, and its address.
        chapter: folder of its chapter.
        menu: its title in the menu, and of its step.
        title: its title on the page; "{first}" stands for the model's first token.
        door: the words that lead to it.
        deepens: stem of the step that it stands beside; "" for a step of the path.
    """

    stem: str
    chapter: str
    menu: str
    title: str
    door: str
    deepens: str = ""

    @property
    def file(self) -> str:
        """Its file, as Streamlit wants it."""
        return f"pages/{self.chapter}/{self.stem}/page.py"


_ORDER = (
    Entry("question", "start", "The question", "Why keep only {first}?", "Back to the question"),
    Entry("sources", "start", "Sources", "Sources, versions, and your texts", "Where this is from", "question"),
    Entry("access", "start", "Accessibility", "Can everybody use it?", "Who can use these pages", "question"),
    Entry("tokens", "meet", "Tokens", "A text, as the model gets it", "Begin: a text becomes tokens"),
    Entry("blank", "meet", "Before layer 1", "Before the first layer", "What goes into layer 1", "tokens"),
    Entry("cube", "look", "The output cube", "The output cube and its slice", "What comes out: the cube"),
    Entry(
        "journey", "look", "The journey", "The journey of {first}", "How the vector of {first} changes by layer", "cube"
    ),
    Entry("attention", "watch", "Attention", "What does {first} attend to?", "Where its content comes from: attention"),
    Entry(
        "amount", "watch", "How much it gets", "A weight is not an amount", "How much attention brings in", "attention"
    ),
    Entry(
        "evidence", "watch", "What it uses", "What does {first} use?", "Which tokens matter for {first}", "attention"
    ),
    Entry("heads", "watch", "Every head", "Every head, every token", "Every head and every token", "attention"),
    Entry("starve", "change", "Knock-out", "Starve {first}: attention knock-out", "Take attention away from {first}"),
    Entry(
        "direction",
        "change",
        "Which way it looks",
        "Which way may {first} look?",
        "May it attend to the left or the right?",
    ),
    Entry(
        "place", "change", "Token or place?", "The token or the place?", "Is it the token or the position?", "direction"
    ),
    Entry("words", "change", "Change one word", "Change one word", "What changes when one word does", "direction"),
    Entry("next_sentence", "why", "Next sentence", "What {first} was made for", "The task that made it"),
    Entry(
        "learning",
        "why",
        "Watch it learn",
        "{first} learns its task",
        "Watch a small model learn the task",
        "next_sentence",
    ),
    Entry("masked", "why", "Masked words", "What does masking ask of {first}?", "BERT’s other task", "next_sentence"),
    Entry(
        "gradients",
        "why",
        "Gradients",
        "Which loss trains {first}?",
        "Which loss trained this vector?",
        "next_sentence",
    ),
    Entry(
        "pooler",
        "why",
        "The pooler",
        "The pooler behind {first}",
        "The other vector that libraries return",
        "next_sentence",
    ),
    Entry("pooling", "use", "[CLS] or mean?", "{first} or the mean?", "Compare {first} with the mean"),
    Entry("traps", "change", "Traps", "Traps", "Mistakes that raise no error", "pooling"),
    Entry(
        "classify",
        "use",
        "From slice to label",
        "Did it have to be this slice?",
        "Classify texts from any slice",
        "pooling",
    ),
    Entry("finetune", "use", "Train it", "Train {first}, and watch", "Train {first} for a task"),
    Entry("answer", "start", "The answer", "Why that slice: your answer", "The answer, with what you found"),
)
ENTRIES: Mapping[str, Entry] = {entry.stem: entry for entry in _ORDER}
CHAPTERS: Mapping[str, str] = {
    "start": "Start",
    "meet": "Input",
    "look": "Output",
    "watch": "Attention",
    "change": "Experiments",
    "why": "Pretraining",
    "use": "Use",
}
STEPS = tuple(entry.stem for entry in _ORDER if not entry.deepens)
FIRST, LAST = STEPS[0], STEPS[-1]  # the page that opens without an address, and the one that collects what was found
PLAIN = ("sources", "access", LAST)  # pages of words: there is no picture


def chapters() -> Mapping[str, tuple[Entry, ...]]:
    """The chapters by their titles, with their pages, in their order."""
    return {title: tuple(entry for entry in _ORDER if entry.chapter == chapter) for chapter, title in CHAPTERS.items()}


def step(stem: str) -> int:
    """The step of a page, from 1; of a page beside the path the one that it deepens."""
    return STEPS.index(ENTRIES[stem].deepens or stem) + 1


def after(stem: str) -> Entry:
    """Where a page leads: to the next step, or from a page beside the path back to its step."""
    if ENTRIES[stem].deepens:
        return ENTRIES[ENTRIES[stem].deepens]
    return ENTRIES[STEPS[step(stem) % len(STEPS)]]


def beside(stem: str) -> tuple[Entry, ...]:
    """The pages that deepen a step."""
    return tuple(entry for entry in _ORDER if entry.deepens == stem)
