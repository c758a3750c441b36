"""What is chosen on the way from texts to labels, the long work behind it, and the files to take along."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from lib import escape
from lib.app import choices, parts, work
from lib.app.datasets import Chosen
from lib.components.cube import Output
from lib.jobs import Job
from lib.quantities import number, plural
from lib.reading import Floats, Ints, Precision
from pages.use.classify.measures import Classifier, CrossValidation, classifier, compared, predictions
from pages.use.classify.notebook import notebook

if TYPE_CHECKING:
    from lib.model.slices import Slices

MOST_MISTAKES = 5
MANY, GAINED = 1000, 1.2  # texts from which a faster number format is offered, where it is as much faster
SHOWN = 3  # texts whose tokens are shown
NOT_COMPUTED = "texts of like length are read together, so this one was never computed and stands at 0"

Features = Literal["cls", "mean"]


@dataclass(frozen=True, eq=False)
class Run:
    """Labelled texts, read by a model and learned from.

    Attributes:
        slices: of all texts.
        output: the cube, for its picture.
        by: what was learned, by features.
    """

    slices: Slices
    output: Output
    by: Mapping[Features, Classifier]


def precision(chosen: Chosen) -> Precision:
    """In which numbers the model reads: a choice for many texts, where this processor gains by it.

    Args:
        chosen: the labelled texts.
    """
    if len(chosen.data.texts) < MANY:
        return "float32"
    from lib.model.slices import gained

    times = gained(choices.checkpoint().slug)
    if times < GAINED:
        return "float32"
    half = choices.switch(
        f"Read in bfloat16: about {number(times, 1)} times as fast here",
        key="classify_half",
        help="Numbers of half the bits: the vectors change a little. How much is measured and said.",
    )
    return "bfloat16" if half else "float32"


def run(chosen: Chosen, precision: Precision) -> Run:
    """Reads the texts, or takes what is kept; while they are read the page shows how far it is, and ends there.

    Args:
        chosen: the labelled texts.
        precision: of the numbers inside the model.
    """
    model, texts = choices.checkpoint(), chosen.data.texts
    step = f"Step 1 of 2, texts put through {model.name}"

    def made(job: Job[Run]) -> Run:
        from lib.model.slices import stream

        job.report(0, len(texts), step)
        slices = stream(
            model.slug,
            texts,
            progress=lambda done, of: job.report(done, of, step),
            check=job.check,
            precision=precision,
        )
        output = Output(
            hidden=slices.cube,
            tokens=tuple(tuple(map(escape.visible, row)) for row in slices.tokens),
            roles=slices.roles,
            texts=texts[: len(slices.tokens)],
            first=slices.first,
            layer=model.layers,
            layers=model.layers,
            first_token=model.first_token,
            filler=NOT_COMPUTED,
        )
        job.report(len(texts), len(texts), "A classifier learns from the texts")
        labels, groups = np.array(chosen.data.labels), np.array(chosen.data.groups)
        by: dict[Features, Classifier] = {
            "cls": classifier(slices.cls, labels, groups, check=job.check),
            "mean": classifier(slices.mean, labels, groups, check=job.check),
        }
        return Run(slices, output, by)

    start = f"Put all {plural(len(texts), 'text')} through the model" if chosen.private else ""
    return work.finished("classify", (model.slug, chosen.key, precision), made, start=start, keep=not chosen.private)


def features() -> Features:
    """Which vector the classifier learns from."""
    names: Mapping[Features, str] = {"cls": choices.checkpoint().first_token, "mean": "mean of the tokens"}
    return choices.pick("Features", tuple(names), key="classify_features", default="cls", names=names.__getitem__)


def scaled() -> bool:
    """Whether every dimension is standardised before vectors are compared."""
    return choices.switch(
        "Standardise every dimension first",
        key="classify_scaled",
        default=True,
        help="Brings each dimension to mean 0 and spread 1 on the texts learned from: quiet ones count as loud ones.",
    )


def cross_validation(run: Run, chosen: Chosen, labels: Ints, groups: Ints) -> tuple[CrossValidation, tuple[str, ...]]:
    """Puts every layer and place to the same test; while it runs the page shows how far it is, and ends there.

    Args:
        run: the texts, read.
        chosen: the labelled texts.
        labels: int64[sample], of the texts that are compared.
        groups: int64[sample], which of them belong together.

    Returns:
        the comparison, and the ways to one vector in its order.
    """
    from lib.model.slices import WAYS

    grid = run.slices.grid

    def made(job: Job[CrossValidation]) -> CrossValidation:
        job.report(0, 0)
        return compared(
            grid,
            labels,
            groups,
            progress=lambda done, of: job.report(done, of, "Step 2 of 2, classifiers trained"),
            check=job.check,
        )

    key = (choices.checkpoint().slug, chosen.key, run.slices.precision, "all")
    return work.finished("classify_all", key, made, keep=not chosen.private), WAYS


def take_along(run: Run, chosen: Chosen, features: Features) -> None:
    """Features, predictions and a notebook, made when they are asked for.

    Args:
        run: the texts, read.
        chosen: the labelled texts.
        features: that the classifier learned from.
    """
    fitted, data = run.by[features], chosen.data
    vectors = run.slices.cls if features == "cls" else run.slices.mean
    names = [data.classes[label] for label in data.labels]

    def predicted() -> bytes:
        return parts.csv(parts.sheet(predictions(fitted, data)))

    def repeated() -> bytes:
        return notebook(
            data.texts,
            data.labels,
            data.classes,
            data.groups,
            choices.checkpoint(),
            features=features,
            accuracy=fitted.accuracy.value,
        ).encode()

    offers = (
        (
            "Features (Parquet)",
            partial(parquet, vectors, names),
            "features.parquet",
            "application/vnd.apache.parquet",
        ),
        ("Features (NumPy)", partial(arrays, vectors, names, fitted), "features.npz", "application/octet-stream"),
        ("Predictions (CSV)", predicted, "predictions.csv", "text/csv"),
        ("Notebook that repeats it", repeated, "notebook.ipynb", "application/x-ipynb+json"),
    )
    with st.container(horizontal=True, gap="small", key="classify_take"):
        for label, made, file, mime in offers:
            st.download_button(
                label, made, file_name=f"cls-{file}", mime=mime, key=f"classify_{file}", on_click="ignore"
            )


def parquet(vectors: Floats, labels: Sequence[str]) -> bytes:
    """Features as a Parquet file: a column for the label, and one for each dimension.

    Args:
        vectors: float32[texts, hidden].
        labels: name of each text's class.
    """
    import pandas as pd

    frame = pd.DataFrame(vectors, columns=[f"dimension {k}" for k in range(vectors.shape[1])])
    frame.insert(0, "label", list(labels))
    file = io.BytesIO()
    frame.to_parquet(file, engine="pyarrow", index=False)
    return file.getvalue()


def arrays(vectors: Floats, labels: Sequence[str], fitted: Classifier) -> bytes:
    """Features as a NumPy archive: ``features``, ``labels``, and the rows of ``train`` and ``test``.

    Args:
        vectors: float32[texts, hidden].
        labels: name of each text's class.
        fitted: what was learned from them.
    """
    file = io.BytesIO()
    np.savez_compressed(file, features=vectors, labels=np.array(labels), train=fitted.train, test=fitted.test)
    return file.getvalue()
