"""What the answer page says: seven statements that one meets on the web, and what is so."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.escape import markdown, plain
from lib.found import VERDICTS, Found, Verdict
from lib.quantities import plural
from lib.texts.sources import link
from lib.words import step

_STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 sans-serif;color:#17202c}"
    "h1,h2{font-family:serif;line-height:1.2}table{border-collapse:collapse}"
    "td{vertical-align:top;padding:.4rem .8rem .4rem 0;border-top:1px solid #d5dce5}"
)


@dataclass(frozen=True)
class Statement:
    """A statement about [CLS] that one meets on the web.

    Attributes:
        key: its name in code.
        claim: in our words.
        verdict: of the papers.
        truth: what is so, with its sources; Markdown.
        page: where it can be tested.
    """

    key: str
    claim: str
    verdict: Verdict
    truth: str
    page: str


def statements() -> tuple[Statement, ...]:
    """The seven statements of the question's thread, in its order."""
    return (
        Statement(
            "classification",
            "[CLS] stands for classification: its output is there to classify the text.",
            "in part",
            "BERT’s authors classify from it, one text or a pair, after they have trained the whole model on that "
            f"task ({link('devlin2019')}). Without such training it is one vector among others.",
            "finetune",
        ),
        Statement(
            "service",
            "[CLS] was introduced so that a text’s vectors could be pooled into one.",
            "fails",
            "It was introduced with BERT itself, for next-sentence prediction and for fine-tuning "
            f"({link('devlin2019')}). A known embedding service, which came later, takes a mean of all tokens unless "
            f"it is told otherwise ({link('xiao2018')}).",
            "pooling",
        ),
        Statement(
            "other_words",
            "No other token can be taken, because its output stands for its own word.",
            "fails",
            "In BERT every token may attend to every other one, so every final vector depends on the whole text. What "
            "is special about [CLS] is its training: it has no word of its own to predict, and the answer is asked of "
            "it.",
            "classify",
        ),
        Statement(
            "probability",
            "Next-sentence prediction turns the output of [CLS] into a probability.",
            "in part",
            "The output of [CLS] is a vector. A small classifier behind it, the head, makes two numbers of the "
            f"vector, and a softmax makes probabilities of them ({link('google_bert')}).",
            "next_sentence",
        ),
        Statement(
            "untrained",
            "[CLS] can mean nothing for a single text if it was never trained for that.",
            "in part",
            f"BERT’s authors say so of the vector as it is ({link('devlin2019')}). A classifier that is trained on "
            "it still finds much there: with one, [CLS] and the mean of BERT come out nearly alike "
            f"({link('reimers2019')}).",
            "finetune",
        ),
        Statement(
            "no_information",
            "Its embedding and its position are fixed, so it contains no information of its own.",
            "in part",
            "Before the first layer it is the same vector in every text. All that it knows of a text comes in by "
            "attention. It has a role all the same: in many heads of some models, such as all-MiniLM-L6-v2, other "
            "tokens attend to it most.",
            "starve",
        ),
        Statement(
            "average",
            "The average of all vectors can be used instead.",
            "holds",
            f"Without further training the average compares texts better: {link('reimers2019')} measure 54.8 "
            "for the mean and 29.2 for [CLS] (Spearman correlation × 100, mean of seven tasks). After training the two "
            "are close.",
            "pooling",
        ),
    )


def label(statement: Statement) -> str:
    """How much of a statement holds, and the statement; Markdown."""
    return f"**{' '.join(VERDICTS[statement.verdict])}.** {markdown(statement.claim)}"


def heading(title: str) -> str:
    """The title of a step in front of what was found on it; Markdown. A question has its own mark already."""
    return f"**{markdown(title)}{'' if title.endswith('?') else '.'}**"


def predictions(given: Sequence[Found]) -> str:
    """How many predictions there are, and how many of those that were answered were right.

    Args:
        given: at least one.
    """
    answered = [each for each in given if each.shown and each.truth]
    right = sum(each.guess == each.truth for each in answered)
    return f"What you predicted: {plural(len(given), 'answer')}, {right} of {len(answered)} right"


def tested(shown: Found | None, here: str) -> str:
    """What the learner's texts showed of a page's claim, and which texts those were, if others are on screen now.

    Args:
        shown: of the page; None where it was not seen.
        here: the texts on screen, as they are kept.
    """
    if shown is None or not shown.verdict:
        return ":gray[You have not tested this yet.]"
    mark = " ".join(VERDICTS[shown.verdict])
    other = "" if shown.texts == here else f"\n\n:gray[:small[{markdown(shown.model)}, {markdown(shown.texts)}]]"
    return f"You tested: *{markdown(shown.claim)}* **{mark}.** {markdown(shown.because)}{other}"


def predicted(shown: Found) -> str:
    """One prediction beside what was found."""
    if not shown.shown:
        return f"You said: *{markdown(shown.guess)}*. Its answer was not shown yet."
    known = (shown.truth,) if shown.truth else ()
    return step.revealed(shown.guess, known, markdown(shown.shown))


def count(done: int, steps: int) -> str:
    """How far the learner has come."""
    if not done:
        return f"You have not walked the path yet. Its {steps} steps take about half an hour; each tests one of these."
    return f"You have seen **{done}** of {plural(steps, 'step')}. Open a statement to see its test."


def paper(answer: Sequence[str], texts: Sequence[str], model: str, found: Mapping[str, Found]) -> str:
    """The answer as one HTML file that needs no network.

    Args:
        answer: the sentences of the answer, Markdown.
        texts: of the learner.
        model: that read them.
        found: what the learner found, by the page's title.
    """
    say = [f"<p>{html.escape(plain(each))}</p>" for each in answer]
    rows = [
        f"<tr><td>{html.escape(each.claim)}</td><td>{html.escape(' '.join(VERDICTS[each.verdict]))}</td>"
        f"<td>{html.escape(plain(each.truth))}</td></tr>"
        for each in statements()
    ]
    mine = [
        f"<li><b>{html.escape(title)}</b>: {html.escape(_mine(each))}</li>"
        for title, each in found.items()
        if each.guess or each.because or each.keep
    ]
    typed = "".join(f"<li>{html.escape(text)}</li>" for text in texts)
    parts = (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Why [CLS]?</title><style>{_STYLE}</style><h1>Why keep only [CLS]?</h1>",
        *say,
        f"<h2>Seven statements</h2><table>{''.join(rows)}</table>",
        f"<h2>What you found</h2><ul>{''.join(mine)}</ul>" if mine else "",
        f"<h2>The texts, read by {html.escape(model)}</h2><ol>{typed}</ol></html>",
    )
    return "".join(parts)


def _mine(found: Found) -> str:
    said = (f"I said: {found.guess}.", found.shown, found.because) if found.guess else (found.because,)
    return " ".join(each for each in (*said, found.keep) if each)
