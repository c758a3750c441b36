"""What the page on sources says: works, versions, and what is kept where."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from lib.texts.sources import SOURCES, link

PACKAGES = (
    "streamlit",
    "torch",
    "transformers",
    "tokenizers",
    "safetensors",
    "plotly",
    "captum",
    "bertviz",
    "numpy",
    "pandas",
    "scikit-learn",
)


def works() -> list[tuple[str, str, str]]:
    """(the work as a Markdown link, its title, what it was read for), by the first author's name."""
    ordered = sorted(SOURCES.values(), key=lambda source: (source.families[0].lower(), source.year))
    return [(link(source.key), source.title, source.use) for source in ordered]


def versions(packages: Sequence[str] = PACKAGES) -> list[tuple[str, str]]:
    """(package, its version here), without importing any of them; those that are not installed are left out."""
    found = []
    for package in packages:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return found
