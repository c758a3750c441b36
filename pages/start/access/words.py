"""What the conformance report says of all criteria together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from lib.quantities import plural
from pages.start.access.criteria import Criterion

HEADS = ("criterion", "result", "what shows it")
PRINCIPLES: Mapping[str, str] = MappingProxyType(
    {"1": "Perceivable", "2": "Operable", "3": "Understandable", "4": "Robust"}
)


def missed(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Those that are not met, or not everywhere."""
    return [each for each in criteria if each.result in ("not met", "in part")]


def summary(criteria: Sequence[Criterion]) -> str:
    """How many are met."""
    many = Counter(each.result for each in criteria)
    return (
        f"Of {plural(len(criteria), 'criterion', 'criteria')} of the levels A and AA **{many['met']} are met**, "
        f"{many['in part']} in part, and {many['not met']} not. {many['does not apply']} do not apply: there is no "
        "sound, no film and no form here."
    )


def heading(name: str, criteria: Sequence[Criterion], number: str) -> str:
    """The label of a principle's fold."""
    own = [each for each in criteria if each.number.startswith(number)]
    return f"{name}: {plural(len(own), 'criterion', 'criteria')}, {sum(each.result == 'met' for each in own)} met"


def rows(criteria: Sequence[Criterion]) -> list[tuple[str, str, str]]:
    """A row a criterion, under :data:`HEADS`."""
    return [(f"{each.number} {each.name} ({each.level})", f"**{each.result}**", each.shown) for each in criteria]
