"""What stands on every page: the specimen line with the shared texts, the model's badge, examples, the link."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lib import checkpoints, components, escape, settings
from lib.app import beside, choices, contents, links, models, parts, path, presenter, work
from lib.checkpoints import ROLES
from lib.quantities import listed, plural
from lib.texts.examples import EXAMPLES
from lib.words import models as said
from lib.words import whose

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_SPECIMEN, _CARD, _LINE = (Path(__file__).with_name(name) for name in ("specimen", "card", "line"))
_DRAWER, _TYPED = "badge", "badge_typed"  # whether the model's drawer is open, and what is typed in it


@dataclass(frozen=True)
class Places:
    """What is drawn when the page has run.

    Attributes:
        link: the drawer of the link, which says what was chosen in the page.
        address: of the page, unseen.
        complaints: what a link asked for in vain.
    """

    link: DeltaGenerator
    address: DeltaGenerator
    complaints: DeltaGenerator


def draw(pages: Mapping[str, st.Page]) -> Places:
    """The frame, above the page.

    Args:
        pages: all of them, by file stem.

    Returns:
        what :func:`finish` fills.
    """
    with st.container(key="frame"):
        with st.container(key="tools", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(whose.box(choices.texts()), width="content")
            _examples()
            _pair_button()
            if choices.replaced():
                st.button("Undo", type="tertiary", key="bring_back", on_click=choices.bring_back)
            beside.ask()
            st.space("stretch")
            _model()
            link = st.popover("Copy link", type="tertiary", key="link")
            presenter.button()
        _news()
        with st.container(key="specimen"):
            st.text_area(
                "Your text",
                key=choices.TEXT,
                height="content",
                label_visibility="collapsed",
                placeholder="Type a sentence; one text a line",
            )
        _seats()
        if _pair_is_open():
            with st.container(key="specimen_pair"):
                st.text_input(
                    "Second text of the pair",
                    key=choices.PAIR,
                    label_visibility="collapsed",
                    placeholder="Second text: the first line above and this one are read as one pair",
                )
        _expected()
        _too_long()
        address = _doors(pages)
    with st.container(key="path"):
        path.row()
    return Places(link, address, st.container(key="complaints"))


def finish(places: Places) -> None:
    """What is known only when the page has run: its link, and kind sentences about what a link asked for in vain.

    Args:
        places: from :func:`draw`.
    """
    with places.link:
        _link()
    with places.address:
        st.html(f"<span>{html.escape(links.link(links.state()) or '')}</span>")
        path.remember()
    presenter.draw()
    with places.complaints:
        for number, sentence in enumerate(choices.complaints()):
            parts.note(sentence, key=f"link_{number}")


def _expected() -> None:
    """What a model that reads expects in front of a text, and does not get."""
    second = beside.comparison().model if choices.page() in choices.SIDED else None
    for number, model in enumerate([choices.checkpoint(), *([second] if second else [])]):
        if sentence := said.unprefixed(model, choices.texts()):
            parts.note(sentence, key=f"prefix_{number}")


def _too_long() -> None:
    """Says before a reload what it would lose."""
    if choices.too_long():
        parts.note(
            "**Too long for the address.** Your texts stay on every page while you are here, but a reload loses them. "
            "“Save this state”, under “Copy link”, writes them to a file that brings them back.",
            key="address",
        )


def _seats() -> None:
    """The names that the style sheet puts round each line of the specimen: this model's own."""

    def text(name: str) -> str:
        return "".join(f"\\{ord(letter):x} " for letter in name)  # any character, safe inside a style sheet

    model = choices.checkpoint()
    first, last = text(model.first_token), text(model.separator)
    lines = (st.session_state.get(choices.TEXT) or "").count("\n") + 1
    # one text wraps, between a seat at its beginning and one at its end; of several each keeps its line
    rows, wrap, end = (1, "pre-wrap", "end") if lines == 1 else (8, "pre", "start")  # the box shows six
    column = [(name, "\\a ".join([seat] * rows)) for name, seat in (("first-tokens", first), ("separators", last))]
    rules = "".join(f'--{name}:"{seats}";' for name, seats in (*column, ("separator", last)))
    rules += f"--lines:{lines};--more:{lines - 1};--has-more:{'block' if lines > 1 else 'none'};"
    whole = "--box:auto;--over:static;--fold:9.6rem;--clip:auto;--room:.8rem;"
    # behind the first page the text has been read, and its picture wants the room; on a phone it does everywhere
    open_wide = f"@media (min-width:641px){{.stApp{{{whole}--has-more:none}}}}"
    opened = lines == 1 or choices.page() == contents.FIRST
    st.html(f"<style>.stApp{{{rules}--wrap:{wrap};--end:{end}}}{open_wide if opened else ''}</style>")


def _doors(pages: Mapping[str, st.Page]) -> DeltaGenerator:
    """What is unseen: links to every page, pressed by a component's own buttons, and the place for the page's address.

    A closed drawer is not there for the click that copies the address.
    """
    with st.container(key="doors"):
        address = st.container(key="address")
        for stem, page in pages.items():
            with st.container(key=f"door_{stem}"):
                st.page_link(page, label=stem)
    components.mount(str(_SPECIMEN))(key="specimen_keys", data={"page": choices.page(), "query": choices.entry()})
    components.mount(str(_LINE))(key=work.LINE, on_broke_change=_again)
    return address


def _again() -> None:
    """What the browser says of its line is read where it is needed; to say it makes the page run."""


def _examples() -> None:
    with st.popover("Examples", type="tertiary", key="examples"):
        for example in EXAMPLES.get(choices.page(), EXAMPLES["question"]):
            st.button(
                example.label,
                key=f"example_{choices.page()}_{example.key}",
                on_click=choices.put,
                args=(example,),
                width="stretch",
            )
            st.caption(escape.markdown(example.shows))


def _pair_is_open() -> bool:
    return bool(choices.pair() or st.session_state.get(choices.PAIR_OPEN))


def _open_pair() -> None:
    st.session_state[choices.PAIR_OPEN] = True


def _close_pair() -> None:
    choices.replace(st.session_state[choices.TEXT], "")


def _pair_button() -> None:
    if _pair_is_open():
        st.button("Drop the pair", type="tertiary", key="pair_off", on_click=_close_pair)
    else:
        st.button("Make it a pair", type="tertiary", key="pair_on", on_click=_open_pair)


def _model() -> None:
    drawer = st.popover(said.badge(choices.checkpoint()), type="tertiary", key=_DRAWER, on_change="rerun")
    if drawer.open:
        with drawer:
            _offers()
            st.text_input(
                "Any other: its name on the Hugging Face hub",
                key=_TYPED,
                placeholder="owner/name",
                help=said.wanted(settings.largest()),
                on_change=_choose_typed,
            )


def _offers() -> None:
    """What is known of the model that reads, and which others there are."""
    with st.container(key="badge_about"):
        st.markdown(said.about(choices.checkpoint()))
    trained = [checkpoints.checkpoint(slug) for slug in models.trained()]
    _offered("Trained in this app", [(entry.slug, said.trained(entry)) for entry in trained])
    with st.container(key="offers"):
        st.markdown(f":gray[{said.COLUMNS}]")
    for role, label in ROLES.items():
        listed = [entry for entry in checkpoints.CHECKPOINTS.values() if entry.role == role]
        _offered(label, [(entry.slug, said.choice(entry)) for entry in listed])
    _offered("In this server's folder", [(slug, said.folder(slug)) for slug in models.folders()])


def _offered(label: str, offers: Sequence[tuple[str, str]]) -> None:
    """Models to choose from, under one heading."""
    if not offers:
        return
    with st.container(key=f"offers_{label}"):
        st.markdown(f":gray[{label}]")
        for slug, words in offers:
            reads = slug == models.reads()
            st.button(
                words,
                key=f"choose_{slug}",
                type="tertiary",
                width="stretch",
                disabled=reads,
                on_click=_choose,
                args=(slug,),
            )


def _choose(slug: str) -> None:
    models.ask(slug)
    st.session_state[_DRAWER] = False


def _choose_typed() -> None:
    _choose(st.session_state[_TYPED])
    st.session_state[_TYPED] = ""


def _news() -> None:
    """How far the model is that was asked for, or why it does not read."""
    if models.ended():
        st.rerun()
    if models.waiting() is not None:
        _coming()
    problem = models.problem()
    if problem is not None:
        parts.note(said.failed(problem.name, problem.reason, choices.checkpoint()), key="model")


@st.fragment(run_every=1.0)
def _coming() -> None:
    job = models.waiting()
    if job is None:
        st.rerun()  # the whole page: another model reads now, or a note says why not
    slug, now = job
    with st.container(key="coming", horizontal=True, vertical_alignment="bottom"):
        words = f"{said.coming(slug, now.note, now.done, now.of)}. {said.meanwhile(choices.checkpoint())}"
        st.progress(now.share, text=words)
        # a button of its own for each model: one pressed late must not cancel what was asked for since
        st.button("Cancel", key=f"coming_cancel_{slug}", type="tertiary", on_click=models.cancel, args=(slug,))


def _link() -> None:
    parameters = links.state()
    address = links.link(parameters)
    if address:
        # the click copies in the browser, which then shows one of the two
        with st.container(key="copied_yes"):
            st.markdown("**Copied.** Paste it where you want it.")
        with st.container(key="copied_no"):
            st.markdown("**Your browser did not let it be copied.** Mark the link below and copy it by hand.")
        st.markdown(
            "This link opens the same page with the same texts and settings. They stand in it, and so in the logs "
            "of servers it passes."
        )
        st.code(address, language=None, wrap_lines=True)
    else:
        st.markdown(
            f"Your texts are too long for a link (over {choices.LONGEST // 1024} KB). Save them with the settings as "
            "a file; whoever opens it here sees the same page."
        )
    if choices.page() not in contents.PLAIN:
        _picture()
    st.download_button(
        "Save this state",
        links.saved(parameters),
        file_name="cls-explained.json",
        mime="application/json",
        key="save_state",
        on_click="ignore",
    )
    st.file_uploader(
        "Open a saved state",
        type="json",
        key="open_state",
        on_change=_open_file,
        max_upload_size=links.LARGEST_FILE >> 20,
    )
    if st.session_state.get("open_problem"):
        parts.note(st.session_state["open_problem"], key="open")


def _picture() -> None:
    """A button for a card of the page; the browser makes it of what is on screen when it is pressed."""
    stem, model, texts = choices.page(), choices.checkpoint(), choices.texts()
    aside = "deeper into " if contents.ENTRIES[stem].deepens else ""
    second = beside.comparison().model if stem in choices.SIDED else None
    names = listed([path.speaker().name, *([second.name] if second else [])])
    components.mount(str(_CARD))(
        key="page_card",
        data={
            "step": f"{model.first_token} explained · {aside}step {contents.step(stem)} of {len(contents.STEPS)} "
            f"· numbers of {escape.visible(names)}",
            "first": model.first_token,
            "last": model.separator,
            "text": escape.visible(texts[0]) if texts else "",
            "more": f"and {plural(len(texts) - 1, 'more text')}" if len(texts) > 1 else "",
            "file": f"cls-{stem}.png",
        },
    )


def _open_file() -> None:
    file = st.session_state.get("open_state")
    st.session_state["open_problem"] = ""
    if file is None:
        return
    try:
        links.restore(links.opened(file.getvalue()))
    except ValueError as problem:
        st.session_state["open_problem"] = str(problem)
