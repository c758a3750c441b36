"""The contents: every page with its chapter, its titles and the words that lead to it, in the order of the story.

The chapters read as a sentence. Nothing else knows this order: the menu, a page's head and its way on are made from it.
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
        menu: its title in the menu.
        title: its title on the page; "{first}" stands for the model's first token.
        door: the words that lead to it from the page before.
        told: whether the story leads through it.
    """

    stem: str
    chapter: str
    menu: str
    title: str
    door: str
    told: bool = True

    @property
    def file(self) -> str:
        """Its file, as Streamlit wants it."""
        return f"pages/{self.chapter}/{self.stem}/page.py"


_ORDER = (
    Entry(
        "question",
        "start",
        "The question",
        "One seat, in front of your words",
        "Back to the question, with what you know now",
    ),
    Entry("sources", "start", "Sources", "Sources, versions, and your texts", "Where this is from", told=False),
    Entry("tokens", "meet", "Where it is put", "Your text, as the model gets it", "Begin: where exactly it is put"),
    Entry("blank", "meet", "Before layer 1", "Before the first layer", "What goes in: before layer 1"),
    Entry("cube", "look", "The output cube", "The output, and the slice classifiers keep", "What comes out: the cube"),
    Entry("journey", "look", "The journey", "The journey of {first}", "How it came about: the journey of {first}"),
    Entry("attention", "watch", "What it reads", "What does {first} read?", "What moves it: what {first} reads"),
    Entry("amount", "watch", "How much it gets", "A weight is not an amount", "A weight is not an amount"),
    Entry("evidence", "watch", "What it uses", "What does {first} use?", "Which of these says what it uses?"),
    Entry("heads", "watch", "Every head", "Every head, every token", "Every head, and every token"),
    Entry("starve", "change", "Starve it", "Starve {first}", "Take it away and look again: starve {first}"),
    Entry(
        "direction",
        "change",
        "Which way it looks",
        "Which way may {first} look?",
        "Which way may it look? The causal switch",
    ),
    Entry("place", "change", "Token or place?", "The token or the place?", "The token or the place?"),
    Entry("words", "change", "Change one word", "Change one word", "Now change one word"),
    Entry("traps", "change", "Traps", "Traps", "Mistakes that raise no error"),
    Entry("pooling", "use", "[CLS] or mean?", "{first} or the mean?", "What the right vector is good for"),
    Entry(
        "classify",
        "use",
        "From slice to label",
        "From the slice to a label",
        "From the slice to a label, with real texts",
    ),
    Entry(
        "finetune",
        "use",
        "Watch it wake up",
        "Watch {first} wake up",
        "Train it for the task, and watch it wake up",
    ),
)
ENTRIES: Mapping[str, Entry] = {entry.stem: entry for entry in _ORDER}
FIRST = _ORDER[0].stem  # the page that opens without an address


def position(stem: str) -> int:
    """Where a page's chapter stands in the story, counted from 0 as tokens are."""
    return list(chapters()).index(ENTRIES[stem].chapter)


def chapters() -> Mapping[str, tuple[Entry, ...]]:
    """The chapters with their pages, in their order."""
    names = dict.fromkeys(entry.chapter for entry in _ORDER)
    return {name: tuple(entry for entry in _ORDER if entry.chapter == name) for name in names}


def after(stem: str) -> Entry:
    """The page to which a page leads: the next one of the story, and from the last back to the first."""
    story = [entry for entry in _ORDER if entry.told]
    stems = [entry.stem for entry in story]
    return story[(stems.index(stem) + 1) % len(story)] if stem in stems else story[0]
