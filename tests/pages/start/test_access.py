"""The conformance report names every criterion once, counts them rightly, and leans on tests that exist."""

from __future__ import annotations

import ast

from pages.start.access import words
from pages.start.access.criteria import CRITERIA, Criterion, Result
from tests.conftest import ROOT

NUMBERS = {  # of WCAG 2.1, levels A and AA, by guideline
    **{"1.1": [1], "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2, 3, 4, 5], "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13]},
    **{"2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4, 5, 6, 7], "2.5": [1, 2, 3, 4]},
    **{"3.1": [1, 2], "3.2": [1, 2, 3, 4], "3.3": [1, 2, 3, 4], "4.1": [1, 2, 3]},
}


def test_every_criterion_is_there_once_and_in_order() -> None:
    assert [each.number for each in CRITERIA] == [f"{line}.{n}" for line, ns in NUMBERS.items() for n in ns]


def test_the_tests_that_are_named_exist() -> None:
    for each in CRITERIA:
        if each.test:
            file, name = each.test.split("::")
            functions = {
                node.name
                for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
                if isinstance(node, ast.FunctionDef)
            }
            assert name in functions, each.number


def test_the_summary_counts() -> None:
    def some(result: Result, number: str = "1.1.1") -> Criterion:
        return Criterion(number, "A rule", "A", result, "So.")

    criteria = [some("met"), some("met", "2.1.1"), some("in part"), some("not met", "2.1.2"), some("does not apply")]
    told = words.summary(criteria)
    assert "Of 5 criteria" in told
    assert "**2 are met**, 1 in part, and 1 not. 1 do not apply" in told
    assert [each.result for each in words.missed(criteria)] == ["in part", "not met"]
    assert words.heading("Operable", criteria, "2") == "Operable: 2 criteria, 1 met"
    assert words.rows(criteria[:1]) == [("1.1.1 A rule (A)", "**met**", "So.")]
