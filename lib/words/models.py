"""What is said of models: of the one that reads, of those to choose from, and of one that is on its way."""

from __future__ import annotations

from collections.abc import Sequence

from lib.checkpoints import FOLDER, Checkpoint, Hub, Taught, Trained, checkpoint
from lib.escape import cut, markdown
from lib.quantities import count, share
from lib.taught import interval
from lib.texts.sources import link

NAME = 42  # characters of a name on the badge
COLUMNS = (
    "To choose from: what the first vector was trained for, millions of parameters (M), and megabytes (MB) that are "
    "fetched once from the Hugging Face hub."
)


def badge(model: Checkpoint) -> str:
    """The model that reads, in one line."""
    name = markdown(cut(model.name, NAME))
    return f"{name} · hidden size {model.hidden} · {markdown(model.first_token)}: {model.first_vector_short}"


def about(model: Checkpoint) -> str:
    """What is known of the model that reads, in paragraphs."""
    few = 0 < model.parameters < 950_000
    size = ", under a million parameters" if few else f", {count(millions(model))} million parameters"
    name = f"[{model.name}](https://huggingface.co/{model.where.hub})" if isinstance(model.where, Hub) else ""
    paragraphs = [
        f"**{name or markdown(model.name)}** reads the text: {model.layers} layers, {model.heads} heads in each, "
        f"hidden size {model.hidden}, up to {count(model.limit)} tokens{size if model.parameters else ''}.",
        f"Its first vector ({markdown(model.first_token)}) was {model.first_vector}. "
        + (f"Its pooler: {model.pooler_note}." if model.has_pooler else "It has no pooler."),
    ]
    if model.prefixes:
        paragraphs.append(f"{prefixed(model)} Here the text is read as it stands in the box, without.")
    made = model.where
    if isinstance(made, Trained):
        who = (
            "Its texts are yours, so only you can read with it, until you leave."
            if made.private
            else "Whoever has its link can read with it, until the server needs the room for others."
        )
        paragraphs.append(f"It was trained in this app: {made.how}. {who}")
        begun = f"Licence of the model it began with: {model.licence or 'not known here'}."
        paragraphs.append(f"{begun} Source: {link(model.source)}." if model.source else begun)
    elif isinstance(made, Taught):
        paragraphs += taught(made)
        paragraphs.append(f"Licence: {model.licence}. The tasks: {link(model.source)}.")
    elif model.source:
        paragraphs.append(f"Licence: {model.licence}. Source: {link(model.source)}.")
    else:
        paragraphs.append("It is not in our table: its own files say all this. Its licence is not known here.")
    return "\n\n".join(paragraphs)


def taught(made: Taught) -> list[str]:
    """What a checkpoint that was taught BERT's tasks is, and how often it is right; paragraphs.

    Args:
        made: where it lies.
    """
    what = "BERT’s two pretraining tasks, masked words and next sentences" if made.pairs else "masked words alone"
    base = markdown(checkpoint(made.base).name)
    paragraphs = [
        f"It is not BERT: it is {base}, taught {what}, for {count(made.step)} steps of 32 pairs, "
        "on books, speeches and Wikipedia articles. It was made for this app, to show what these tasks do."
    ]
    if made.scores is not None:
        found = made.scores
        right = [f"{_right(found.mlm_right, found.pieces)} of {count(found.pieces)} masked words"]
        if made.pairs:
            right.insert(0, f"{_right(found.nsp_right, found.pairs)} of {count(found.pairs)} pairs")
        paragraphs.append(f"On documents that it has not seen it is right on {' and on '.join(right)}.")
    return paragraphs


def _right(right: int, of: int) -> str:
    low, high = interval(right, of)
    return f"{share(right / of)} (95% interval {share(low)} to {share(high)})"


def prefixed(model: Checkpoint) -> str:
    """What a model's makers put in front of which texts."""
    quoted = _quoted(model)
    if model.prefixed == "queries":
        return f"For search its makers put {quoted[0]} in front of what is asked, and nothing in front of other texts."
    return f"Its makers put {' or '.join(quoted)} in front of every text, and {quoted[0]} where nothing is searched."


def _quoted(model: Checkpoint) -> list[str]:
    return [f"“{markdown(prefix)}”" for prefix in model.prefixes]


def unprefixed(model: Checkpoint, texts: Sequence[str]) -> str:
    """That a model expects words in front of every text that are not put there; "" where it does not.

    Args:
        model: that reads; what was trained in this app learned without them.
        texts: as typed.
    """
    if model.prefixed != "every" or isinstance(model.where, Trained):
        return ""
    starts = tuple(prefix.lower() for prefix in model.prefixes)
    begun = f"**{markdown(model.name)} was trained with {' or '.join(_quoted(model))} in front of every text.** "
    ours = "Sentences of ours, with which a page may compare yours, are read without."
    if texts and all(text.lower().startswith(starts) for text in texts):
        return f"{begun}Yours begin like that. {ours}"
    return (
        f"{begun}Nothing is put in front here, and its makers warn that it does worse then. To read as they do, type "
        f"{_quoted(model)[0]} in front of each text. {ours}"
    )


def speaks(model: Checkpoint, speaker: Checkpoint, why: str) -> str:
    """Which model speaks on a page, where it is not the chosen one; "" where it is. Markdown.

    Args:
        model: that was chosen.
        speaker: that speaks.
        why: what the chosen one lacks; as it goes on behind its name.
    """
    return (
        "" if model.slug == speaker.slug else f"{markdown(model.name)} {why}. **{markdown(speaker.name)}** speaks here."
    )


def choice(model: Checkpoint) -> str:
    """One of the models to choose from, in one line."""
    way = f"{count(model.megabytes)} MB" if isinstance(model.where, Hub) else "comes with the app"
    size = f"{count(millions(model))} M · {way}" if model.parameters else way
    return f"{markdown(model.name)} :gray[{markdown(model.first_vector_short)} · {size}]"


def trained(model: Checkpoint) -> str:
    """One of the models that were trained here, in one line."""
    how = model.where.how if isinstance(model.where, Trained) else ""
    return f"{markdown(model.name)} :gray[{how}]"


def folder(slug: str) -> str:
    """A model in the operator's folder, in one line."""
    return markdown(cut(slug.removeprefix(FOLDER), 60))


def wanted(largest: int) -> str:
    """What kind of model may be asked for.

    Args:
        largest: parameters that a model may have.
    """
    return (
        f"An encoder with weights as safetensors and up to {count(largest // 1_000_000)} million parameters. "
        "The hub is told the model's name, and nothing of any text."
    )


def millions(model: Checkpoint) -> int:
    """Parameters in millions, at least one."""
    return max(1, round(model.parameters / 1e6))


def coming(slug: str, stage: str, done: int, whole: int) -> str:
    """A model on its way: what is done for it now.

    Args:
        slug: its name.
        stage: "starting", "asking", "counting", "fetching", "checking" or "opening"; "" while it waits for its turn.
        done: bytes that have come.
        whole: bytes there will be.
    """
    name = markdown(cut(slug.removeprefix(FOLDER), 60))
    digits = 0 if whole >= 10_000_000 else 2
    return {
        "": f"{name} waits for its turn",
        "starting": f"Making ready for {name}",
        "asking": f"Asking the hub for {name}",
        "counting": f"Counting the parameters of {name}",
        "fetching": f"Fetching {name}: {done / 1e6:.{digits}f} of {whole / 1e6:.{digits}f} MB",
        "checking": f"Checking that {name} is what the hub names",
        "opening": f"Opening {name}",
    }[stage]


def meanwhile(model: Checkpoint) -> str:
    """Who reads until then."""
    return f"{markdown(model.name)} reads the text meanwhile."


def failed(name: str, reason: str, model: Checkpoint) -> str:
    """Why a model that was asked for does not read, and who does.

    Args:
        name: as it was typed or stands in the link.
        reason: in sentences.
        model: the one that reads.
    """
    asked = markdown(cut(name.removeprefix(FOLDER), 60))
    return f"**{asked} cannot read here.** {reason} {markdown(model.name)} reads the text."
