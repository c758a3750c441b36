"""The parts a page is made of, as verbs: open it, show a picture, say a sentence, lead on.

The only place that knows containers, keys and the order in which a picture, its caption and its data stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import streamlit as st

from lib import escape, exhibit
from lib.app import choices, contents, look, path, presenter
from lib.checkpoints import Checkpoint
from lib.exhibit import Drawing, Exhibit, Table
from lib.figures.chart import larger
from lib.found import VERDICTS, Verdict
from lib.texts.examples import DEFAULT
from lib.words import models, step, whose

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

Figure: TypeAlias = "go.Figure"
PASSED = "no"  # in a link: the experiment was wanted without a guess


@dataclass(frozen=True)
class Proof:
    """A page's proof of one of its pictures.

    Attributes:
        what: should hold; Markdown, a clause.
        found: what was measured, with its unit.
        holds: whether it does.
    """

    what: str
    found: str
    holds: bool


class Ended(Exception):  # noqa: N818 - no error: the page has said why
    """A page that goes no further. ``st.stop`` would also stop what app.py does behind the page."""


def end() -> NoReturn:
    """Ends the page here; what stands above it stays."""
    raise Ended


@contextmanager
def or_end(key: str = "problem") -> Iterator[None]:
    """Ends the page with a kind sentence where what is done inside cannot be done.

    Args:
        key: of the note; unique on the page.
    """
    try:
        yield
    except ValueError as problem:
        note(str(problem), key=key)
        end()


def open_page(lead: str, *, speaker: Checkpoint | None = None) -> None:
    """The head of a page: its title, and its lead in two or three sentences; the frame says where on the path it is.

    Args:
        lead: Markdown.
        speaker: the model whose numbers the page shows, where that may be another one than the chosen one.
    """
    by = st.session_state[path.SPEAKER] = speaker or choices.checkpoint()
    st.title(_of_model(contents.ENTRIES[choices.page()].title, by), anchor=False)
    with st.container(key="lead"):
        st.markdown(lead)


def _of_model(words: str, model: Checkpoint) -> str:
    """Words of the contents, with the first token of a model; Markdown."""
    return words.replace("{first}", escape.markdown(model.first_token))


def say(sentence: str, key: str) -> None:
    """The one computed sentence under a picture; Markdown, with texts and tokens quoted by ``lib.escape.quote``."""
    with st.container(key=f"says_{key}"):
        st.markdown(sentence)


def note(text: str, key: str) -> None:
    """What is missing and what to do, where a page cannot go on or something was left out."""
    with st.container(key=f"note_{key}"):
        st.markdown(text)


def caution(text: str, key: str) -> None:
    """A limit that was reached, numbers first: what was left out."""
    with st.container(key=f"caution_{key}"):
        st.warning(text)


def too_few(number: int, least: int) -> None:
    """Says that more texts are needed, and offers some."""
    if number == 0:
        note("**No text yet.** Type a sentence in the line above, or take the example.", key="few")
    else:
        note(
            f"**{'One text' if number == 1 else f'{number} texts'} only.** This page compares texts: it needs {least}. "
            "Add another one above (one text a line), or take the example.",
            key="few",
        )
    st.button("Take the example", key="take_example", on_click=choices.put, args=(DEFAULT,))


def speaks(speaker: Checkpoint, why: str = "has no head for this") -> None:
    """Says which model speaks on the page, where it is not the chosen one.

    Args:
        speaker: that speaks.
        why: what the chosen one lacks; as it goes on behind its name.
    """
    if said := models.speaks(choices.checkpoint(), speaker, why):
        with st.container(key="speaks"):
            st.markdown(said)


def stage(name: str) -> tuple[AbstractContextManager[object], AbstractContextManager[object]]:
    """Two places: a question with its controls and its answer, and right of them the picture that they change.

    What one presses and what changes are seen together. A phone shows one under the other, and so does a presentation,
    where the answer waits for a key.

    Args:
        name: unique on the page.
    """
    if presenter.on():
        return nullcontext(), nullcontext()
    with st.container(key=f"stage_{name}"):
        aside, picture = st.columns([2, 3], gap="medium")
    return aside, picture


def about() -> AbstractContextManager[object]:
    """What a question is about, right above it; a presentation shows the two together."""
    return st.container(key="about")


def guess(question: str, answers: Sequence[str], *, key: str) -> str:
    """A question before an experiment: the page ends here until it is answered or passed over.

    Args:
        question: what will happen; Markdown.
        answers: two to four, plain text.
        key: ``<page>_guess``; which answer was chosen is in the link, counted from 1.

    Returns:
        the answer that was chosen; "" where the visitor wanted to see the experiment without one.
    """
    numbers = [str(number) for number in range(1, len(answers) + 1)]
    if choices.recall(key, ("", *numbers, PASSED), "") == PASSED:
        choices.keep(key, PASSED, "")
        with st.container(key="guess_passed"):
            st.button("Guess first", type="tertiary", key=f"{key}_back", on_click=choices.put_control, args=(key, ""))
        return ""
    choices.unset(key, "")
    asked = f"{key}_asked"
    if key in st.session_state and st.session_state.get(asked, question) != question:
        # it answered another question: nobody's answer is put to a question that they have not seen
        st.session_state.pop(asked)
        st.session_state[key] = PASSED
        return guess(question, answers, key=key)
    # once it is answered it makes room for the picture
    with st.container(key="guess_done" if key in st.session_state else "guess_open", gap="xsmall"):
        given = st.radio(
            question, numbers, index=None, key=key, format_func=lambda number: escape.markdown(answers[int(number) - 1])
        )
        choices.keep(key, given or "", "")
        if given is None and presenter.on():  # a class answers by raising hands, and the beat before the answer waits
            return ""
        if given is None:
            with st.container(key="guess_pass", horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown("Choose one to open the experiment. There is no score.", width="content")
                st.button(
                    "Show it without a guess",
                    type="tertiary",
                    key=f"{key}_pass",
                    on_click=choices.put_control,
                    args=(key, PASSED),
                )
            end()
    answer = answers[int(given) - 1]
    if st.session_state.get(asked) != question or not path.is_noted(answer):
        path.predicted(answer, "", "")
    st.session_state[asked] = question
    return answer


def reveal(given: str, right: str | Sequence[str], because: str, *, key: str) -> None:
    """The answer to a prediction, right under its question.

    Args:
        given: what :func:`guess` returned.
        right: the answer that is right on the texts on screen, or several that are; none where that cannot be told.
        because: what was measured, in one or two sentences; Markdown.
        key: unique on the page.
    """
    rights = (right,) if isinstance(right, str) else tuple(right)
    if given:
        path.predicted(given, given if given in rights else next(iter(rights), ""), because)
    with st.container(key=f"reveal_{key}"):
        st.markdown(step.revealed(given, rights, because))


def keep(sentence: str) -> None:
    """The one sentence of a step that is worth keeping, at most 25 words; the last step collects them. Markdown."""
    path.note(keep=sentence)
    with st.container(key="keep", gap="xsmall"):
        st.markdown(":small[:gray[Keep this]]")
        st.markdown(sentence)


def fold(label: str, draw: Callable[[], object], *, key: str) -> None:
    """What goes deeper, folded: nothing of it is computed before it is opened, and a link keeps it open.

    Args:
        label: what is inside; Markdown.
        draw: draws it.
        key: unique on the page.
    """
    opened, usual = f"{choices.page()}_open_{key}", bool(st.session_state.get(choices.OPEN))
    # set anew in every run: a fold whose label has changed is another one to Streamlit, and would be closed
    st.session_state[opened] = choices.recall(opened, (False, True), usual, name=label)
    with st.container(key=f"fold_{key}"):
        drawer = st.expander(label, key=opened, on_change="rerun")
        if choices.keep(opened, bool(drawer.open), usual):
            with drawer:
                draw()


def scope(here: str, bert: str, encoders: str) -> None:
    """Tells apart what holds for the model that reads, for BERT, and for most encoders; folded.

    Args:
        here: what holds for this model, a sentence; what its first vector was trained for is said before it.
        bert: the same of BERT.
        encoders: the same of most encoders.
    """

    def draw() -> None:
        st.markdown(step.scope(path.speaker(), here, bert, encoders))

    fold("What holds for this model, for BERT, and for most encoders", draw, key="scope")


def settle(kind: Verdict, claim: str, because: str) -> None:
    """Notes how much of a claim holds here, for the last step; :func:`verdict` shows it, too."""
    path.note(claim=claim.strip("“”"), verdict=kind, because=because)


def verdict(kind: Verdict, claim: str, because: str, *, key: str, on: str = "") -> None:
    """A claim that was put to the test, how much of it holds here, and why.

    Args:
        kind: of :data:`lib.found.VERDICTS`.
        claim: what people say, in quotation marks.
        because: what was measured; Markdown.
        key: unique on the page.
        on: what it was tested on; Markdown. The texts on screen where it is not said.
    """
    settle(kind, claim, because)
    mark, word = VERDICTS[kind]
    with st.container(border=True, key=f"verdict_{key}", gap="xsmall"):
        st.markdown(f":gray[A claim, tested on {on or whose.texts(choices.texts())}]")
        st.subheader(claim, anchor=False)
        with st.container(key=f"holds_{key}"):
            st.markdown(f"**{mark} {word}**")
        st.markdown(because)


def checks(proofs: Sequence[Proof]) -> None:
    """What the page proves of its own pictures, each held or broken.

    Args:
        proofs: at least one.
    """
    marks = {True: "●", False: "○ **Broken:**"}
    with st.container(key="checks", gap="xsmall"):
        st.markdown("This page checks itself")
        st.markdown("\n".join(f"- {marks[each.holds]} {each.what}: {each.found}" for each in proofs))


def ours(texts: Sequence[str]) -> None:
    """Says which texts stand beside the only one that was typed, by their numbers.

    Args:
        texts: the typed one first.
    """
    named = [f"{number} {escape.quote(text)}" for number, text in enumerate(texts[1:], 2)]
    note(
        f"There is one text, so it is compared with ours: {', '.join(named[:-1])} and {named[-1]}. Add another above, "
        "one text a line.",
        key="ours",
    )


def limits(text: str) -> None:
    """What this page does not show, folded; before the way on."""
    with st.container(key="limits"):
        fold("What this does not show", lambda: st.markdown(text), key="limits_text")


def lead_on() -> None:
    """The end of a page: a door to the next step, and the pages that go deeper into this one."""
    path.note()  # seen to its end
    stem = choices.page()
    entry, deeper = contents.after(stem), contents.beside(stem)
    back = bool(contents.ENTRIES[stem].deepens)
    words = (
        f"Back to step {contents.step(stem)}: {entry.menu}"
        if back
        else f"{_of_model(entry.door, choices.checkpoint())} →"
    )
    with st.container(key="way_on"):
        st.page_link(entry.file, label=words, width="content")
    if deeper:
        with st.container(key="deeper", horizontal=True, gap="small"):
            st.markdown("Deeper into this step:", width="content")
            for each in deeper:
                st.page_link(each.file, label=_of_model(each.door, choices.checkpoint()), width="content")


def door(stem: str, label: str, *, key: str) -> None:
    """A link to another page, inside the text.

    Args:
        stem: of the page.
        label: what waits there; plain text.
        key: unique on the page.
    """
    with st.container(key=f"to_{key}"):
        st.page_link(contents.ENTRIES[stem].file, label=f"{label} →", width="content")


def show(shown: Exhibit, **pressed: Callable[[], None]) -> object:
    """Shows an exhibit: its picture, its sentence, and its numbers when they are asked for.

    Args:
        shown: made by the page's ``exhibits.py``.
        **pressed: what the component calls when something in it is pressed, by the name it has for that.

    Returns:
        What was pressed in a component; None for a figure.
    """
    report = picture(shown, **pressed)
    say(shown.sentence, key=shown.name)
    numbers(shown)
    return report


def picture(shown: Exhibit, **pressed: Callable[[], None]) -> object:
    """An exhibit's picture under its headline, for a page that puts something under it before its sentence."""
    if shown.headline:
        with st.container(key=f"headline_{shown.name}"):
            st.header(shown.headline, anchor=False)
    made = shown.picture
    if isinstance(made, Drawing):
        return made.draw(made.message(escape.plain(shown.sentence)), key=f"drawing_{shown.name}", **pressed)
    chart(made(look.palette()), alt=shown.sentence, name=f"{choices.page()}-{shown.name}")
    return None


def numbers(shown: Exhibit) -> None:
    """The numbers behind an exhibit's picture, made only when they are asked for."""
    totals = "; ".join(f"{name}: {value:.6g}" for name, value in shown.totals.items())
    data(shown.table, name=shown.name, about=f"{shown.about} {totals}." if totals else shown.about)


def chart(figure: go.Figure, *, alt: str, name: str) -> None:
    """A Plotly figure that is complete by itself.

    Args:
        figure: from ``lib.figures``.
        alt: its sentence, read out to those who cannot see it.
        name: of the picture file that the button saves, and of the figure on its page.
    """
    save = {"format": "svg", "filename": f"cls-{name}"}
    st.plotly_chart(
        larger(figure, look.scale()),
        theme=None,
        alt=escape.plain(alt),
        key=f"chart_{name}",
        config={
            "displayModeBar": True,
            "displaylogo": False,
            "modeBarButtons": [["toImage"]],
            "toImageButtonOptions": save,
            "scrollZoom": False,
        },
    )


def sheet(table: Table) -> pd.DataFrame:
    """A table in which no head and no field is a formula for a spreadsheet.

    Args:
        table: columns of one length; NaN is an empty cell.
    """
    import pandas as pd

    frame = pd.DataFrame({head: list(column) for head, column in exhibit.columns(table).items()})
    for head in frame.columns:
        if frame[head].map(lambda value: isinstance(value, str)).any():
            frame[head] = frame[head].map(
                lambda value: "" if value != value else escape.cell(escape.visible(str(value)))
            )
    return frame


def csv(frame: pd.DataFrame) -> bytes:
    """A table of :func:`sheet` as the file that spreadsheets open."""
    return frame.to_csv(index=False).encode("utf-8-sig")  # the mark tells them that it is UTF-8


def data(columns: Callable[[], Table], *, name: str, about: str) -> None:
    """The numbers behind a picture: a table and its CSV, made only when they are asked for.

    Args:
        columns: makes the table, column by column, all of one length.
        name: of the file, and unique on the page.
        about: what the table holds, one line with units.
    """
    with st.container(key=f"data_{name}"):
        drawer = st.expander("The numbers behind this picture", key=f"drawer_{name}", on_change="rerun")
        if not drawer.open:
            return
        frame = sheet(columns())
        with drawer:
            st.markdown(about)
            st.dataframe(frame, hide_index=True, alt=escape.plain(about), height=min(38 * len(frame) + 40, 380))
            st.download_button(
                "Save as CSV",
                csv(frame),
                file_name=f"cls-{name}.csv",
                mime="text/csv",
                key=f"csv_{name}",
                on_click="ignore",
            )


def lines(rows: Sequence[Sequence[str]], *, heads: Sequence[str], code: bool = True, key: str = "table") -> None:
    """A small table of words.

    Args:
        rows: cells; the first plain where it is code, the others Markdown.
        heads: of the columns, Markdown.
        code: whether the first column is code; on a phone it then stands over the others.
        key: unique on the page.
    """
    tick = "`" if code else ""
    table = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    for first, *others in rows:
        cells = (re.sub(r"(?<!\\)\|", r"\|", cell) for cell in (f"{tick}{first}{tick}", *others))
        table.append(f"| {' | '.join(cells)} |")
    with st.container(key=f"lines_{'code' if code else 'words'}_{key}"):
        st.markdown("\n".join(table))


def works(rows: Sequence[tuple[str, str, str]]) -> None:
    """A list of works: link, title, what each was read for; all of them ours, none typed by a visitor."""
    listed = (f"- {link}: *{escape.markdown(title)}*. Read for {escape.markdown(use)}." for link, title, use in rows)
    st.markdown("\n".join(listed))
