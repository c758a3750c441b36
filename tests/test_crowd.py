"""Many visitors at once: none sees an error, and what the crowd of tests/crowd.py calls an error is one."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lib import tables
from tests.conftest import ROOT
from tests.crowd import Run, Told, Visitor, crowd, faults, wording
from tests.test_pages import PAGES

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))


@pytest.mark.long
def test_eight_visitors_see_no_error_on_any_page() -> None:
    with ThreadPoolExecutor(1) as apart:  # a browser before it may have left a loop running in this thread
        told = apart.submit(crowd, 8, 20, 2, list(PAGES), warm=False, unfolded=True).result()
    print("\n".join(told.lines()))
    assert {each.page for each in told.seen} == set(PAGES)
    assert [(each.page, each.wrong) for each in told.wrong] == []
    assert "Traceback" not in told.log


# What the crowd calls an error


def test_no_two_visits_have_the_same_text() -> None:
    assert len({wording(number) for number in range(2000)}) == 2000


def hearing() -> Visitor:
    """A visitor who has asked for a page, whose run has just begun."""
    visitor = Visitor("http://127.0.0.1:9")
    begin = ForwardMsg()
    begin.new_session.page_script_hash = "here"
    visitor._hear(begin)
    navigation = ForwardMsg()
    navigation.navigation.page_script_hash = "here"
    visitor._hear(navigation)
    return visitor


def drawn(visitor: Visitor, *, title: str = "A title", picture: str = "", exception: str = "") -> Run:
    """What has come when that was drawn."""
    message = ForwardMsg()
    message.delta.new_element.heading.tag, message.delta.new_element.heading.body = "h1", title
    visitor._hear(message)
    if picture:
        message = ForwardMsg()
        message.delta.new_element.plotly_chart.spec = picture
        visitor._hear(message)
    if exception:
        message = ForwardMsg()
        message.delta.new_element.exception.message = exception
        visitor._hear(message)
    return visitor._run


@pytest.mark.parametrize(
    ("given", "expected", "wrong"),
    [
        ({"picture": "the lemon of the baker"}, "here", ""),
        ({"picture": "the lemon of the pilot"}, "here", "the same as for another text"),
        ({}, "here", "no picture"),
        ({"picture": "the lemon of the baker", "title": ""}, "here", "no title"),
        ({"picture": "the lemon of the baker"}, "there", "another page came"),
        ({"picture": "the lemon of the baker", "exception": "it broke"}, "here", "it broke"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(given: dict[str, str], expected: str, wrong: str) -> None:
    others: set[int] = set()
    faults(drawn(hearing(), picture="the lemon of the pilot"), "words", "here", others)
    found = "; ".join(faults(drawn(hearing(), **given), "words", expected, others))
    assert wrong in found if wrong else found == ""


def test_the_text_in_its_box_is_no_proof_that_a_page_was_drawn_for_it() -> None:
    visitor = hearing()
    message = ForwardMsg()
    message.delta.new_element.text_area.label, message.delta.new_element.text_area.value = "Your text", "lemon"
    visitor._hear(message)
    assert visitor._run.drawn == []


def test_a_reference_to_what_was_never_sent_is_an_error() -> None:
    visitor = hearing()
    known, unknown = ForwardMsg(hash="a"), ForwardMsg(ref_hash="b")
    known.metadata.cacheable = True
    known.delta.new_element.plotly_chart.spec = "lemon"
    visitor._hear(known)
    visitor._hear(ForwardMsg(ref_hash="a"))
    assert visitor._run.pictures == 2
    assert visitor._run.wrong == []
    visitor._hear(unknown)
    assert len(visitor._run.wrong) == 1


def test_a_crowd_without_a_page_can_be_told() -> None:
    assert "0 pages" in next(Told(1, (), (), 1.0, None, (), "").lines())


# What makes it so


def test_a_figure_waits_for_all_of_pandas() -> None:
    """Another visitor's thread is in the middle of importing it; Plotly would take the half that is there."""
    script = """
import sys, threading, time
from importlib.machinery import PathFinder
half, go_on = threading.Event(), threading.Event()
class Slow:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "pandas.core":
            return None
        spec = PathFinder.find_spec(name, path)
        run = spec.loader.exec_module
        spec.loader.exec_module = lambda module: (half.set(), go_on.wait(60), run(module))
        return spec
sys.meta_path.insert(0, Slow)
threading.Thread(target=__import__, args=("pandas",)).start()
assert half.wait(60) and not hasattr(sys.modules["pandas"], "Series")

def release(main):
    at = lambda frame: frame and (frame.f_code.co_name, frame.f_locals.get("name"))
    while at(sys._current_frames()[main].f_back) != ("_lock_unlock_module", "pandas"):  # until it waits for the whole
        time.sleep(0.01)
    go_on.set()

threading.Thread(target=release, args=(threading.get_ident(),), daemon=True).start()
from lib.figures import chart
try:
    chart.blank().add_scatter(x=[1, 2])
finally:
    go_on.set()
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]


# What the server is told


def test_the_server_takes_files_as_large_as_the_app_says() -> None:
    assert CONFIG["server"]["maxUploadSize"] == tables.MOST_BYTES >> 20
    assert tables.MOST_BYTES % (1 << 20) == 0


def test_what_is_relied_on_is_said_to_the_server() -> None:
    server = CONFIG["server"]
    assert server["fileWatcherType"] == "none"
    assert server["enableXsrfProtection"] is True
    assert server["enableCORS"] is True
    assert server["maxMessageSize"] > server["maxUploadSize"]
