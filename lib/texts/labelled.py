"""Sentences with a label, written for this app: does the writer like something, or dislike it, and what is it?

What a probe learns from. ``LABELLED`` (``sentiment.tsv``) is about good and bad: half of them are positive; each
subject has both kinds, so that the subject does not give the label away, and some say it only by a "not", by an "at
last", or by what happened. ``TOPICS`` (``topics.tsv``) has four topics. To add some, add a line of each label to the
file, in turn, on something that no other line is about.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lib.tables import Labelled, alike


def _read(name: str) -> Labelled:
    """The sentences of a file, of which none belong together but copies."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()[1:]  # the first names the columns
    texts, labels = zip(*(line.split("\t") for line in lines), strict=True)
    classes = tuple(sorted(set(labels)))
    return Labelled(texts, tuple(map(classes.index, labels)), classes, alike(texts))


_SENTIMENT = _read("sentiment.tsv")
LABELLED = replace(_SENTIMENT, groups=tuple(k // 2 for k in range(len(_SENTIMENT.texts))))  # two on each subject
TOPICS = _read("topics.tsv")
"""What a sentence is about: 100 on each of four topics, in turn."""
