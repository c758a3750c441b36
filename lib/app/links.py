"""A link that restores page, texts, model and controls on a cold server; a file where a link would be too long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote_plus, urlsplit

import streamlit as st

from lib.app import choices, models

LARGEST_FILE = 1 << 20  # bytes of a file that is opened
KIND = "cls-explained"  # marks our files


def state() -> dict[str, str]:
    """Everything a link carries, by parameter."""
    boxes = {key: st.session_state.get(key) or "" for key in (choices.TEXT, choices.PAIR)}
    shared = {"page": choices.page(), **boxes, choices.MODEL: models.written(models.reads())}
    return {key: value for key, value in (shared | choices.controls()).items() if value or key == "text"}


def query(parameters: Mapping[str, str]) -> str:
    """The parameters as the part of an address behind "/?"; a line break is %0A."""
    return "&".join(f"{key}={quote_plus(value)}" for key, value in parameters.items())


def link(parameters: Mapping[str, str]) -> str | None:
    """The whole address, or None where it would be longer than every server takes."""
    tail = query(parameters)
    if len(tail) > choices.LONGEST:
        return None
    here = urlsplit(st.context.url or "http://localhost:8501")
    base = here.path
    if base.rstrip("/").endswith(f"/{choices.page()}"):
        base = base.rstrip("/")[: -len(choices.page())]
    return f"{here.scheme}://{here.netloc}{base or '/'}?{tail}"


def saved(parameters: Mapping[str, str]) -> bytes:
    """The file that holds what a link would."""
    return json.dumps({"kind": KIND, **parameters}, ensure_ascii=True, indent=1).encode()


def opened(content: bytes) -> dict[str, str]:
    """What such a file holds.

    Raises:
        ValueError: it is too large, or not one of ours.
    """
    sorry = "This is not a file that was saved here. Choose a file that “Save this state” wrote."
    if len(content) > LARGEST_FILE:
        raise ValueError(f"This file is larger than {LARGEST_FILE >> 20} MB. {sorry}")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise ValueError(sorry) from problem
    if not isinstance(found, dict) or found.pop("kind", None) != KIND:
        raise ValueError(sorry)
    if not all(isinstance(key, str) and isinstance(value, str) for key, value in found.items()):
        raise ValueError(sorry)
    # JSON can spell half a character, which Streamlit cannot send
    return {key: value.encode("utf-8", "replace").decode() for key, value in found.items()}


def restore(parameters: Mapping[str, str]) -> None:
    """Sets every choice as the file has it, and asks for its page; for an ``on_change``."""
    choices.replace(parameters.get("text", ""), parameters.get("pair", ""))
    models.ask(parameters.get("model", ""))
    for key, text in parameters.items():
        if key not in ("text", "pair", "model"):
            choices.ask(key, text)
