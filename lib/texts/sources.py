"""Every paper, program and page this app leans on, once.

A claim on a page carries its key; :func:`cite` and :func:`link` turn a key into words. To add a source, add an entry to
``sources.toml``. A work by people has the key family name + year, with a word between where two would collide
(``gao_condenser2021``); a work by an organisation has a name of its own (``minilm_card``). Read a work before you cite
it, and leave out what you could not confirm.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class Source:
    """One work.

    Attributes:
        key: its name in code.
        authors: all of them in the work's own order, people as "Family, Given", an organisation as its name.
        year: of the publication named in ``where``; of a program, of its first release.
        title: as printed.
        where: conference, journal, or the host of a page.
        link: to the work itself, https.
        use: what it was read for; a noun clause.
    """

    key: str
    authors: tuple[str, ...]
    year: int
    title: str
    where: str
    link: str
    use: str

    @property
    def families(self) -> tuple[str, ...]:
        """The authors' family names; an organisation's whole name."""
        return tuple(author.split(",")[0] for author in self.authors)


_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
SOURCES: Mapping[str, Source] = MappingProxyType(
    {key: Source(key, tuple(entry.pop("authors")), **entry) for key, entry in _TABLE.items()}
)


def _source(key: str) -> Source:
    if key not in SOURCES:
        raise ValueError(f"There is no source called {key!r}. Take a key of SOURCES, or add one to sources.toml.")
    return SOURCES[key]


def cite(key: str) -> str:
    """The short form in plain text: "Devlin et al. 2019".

    Raises:
        ValueError: there is no such source.
    """
    source = _source(key)
    first, *others = source.families
    names = f"{first} et al." if len(others) > 1 else " and ".join((first, *others))
    return f"{names} {source.year}"


def link(key: str) -> str:
    """The short form as a Markdown link: "[Devlin et al. 2019](https://...)".

    Raises:
        ValueError: there is no such source.
    """
    return f"[{cite(key)}]({_source(key).link})"
