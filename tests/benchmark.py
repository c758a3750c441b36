"""How fast it is, as ratios of medians over interleaved pairs: ``python -m tests.benchmark [--quick] [--json FILE]``.

Both sides of a pair run one after the other, again and again, so that what else the machine does hits both. A ratio
that has a bar says whether it is met; times in seconds say only how it was on this machine at this hour.

``read`` is held against tokenizer and transformers alone, with the same outputs. ``encode`` is held against
sentence-transformers with the same texts, limit, pooling and processor, and against ONNX Runtime and OpenVINO where
they are installed (``pip install onnxruntime onnxscript openvino``). These run the same model on the same batches:
sentence-transformers' own ways to them need older versions of transformers than the app. The pages are opened in a real
Chromium; that on what the first token attends to is held against BertViz alone on a page, one text each, both servers
warm.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lib.checkpoints import DEFAULT
from lib.edits import Edit
from lib.jobs import Job, Queue
from lib.measures.vectors import unit
from lib.texts.examples import REFERENCE
from lib.texts.labelled import LABELLED
from lib.tuning import Recipe, Task, Tuned, size
from tests.browser.conftest import FLAGS, IDLE, Site, found_chromium, serving
from tests.conftest import ROOT
from tests.test_pages import EXPERIMENTS, PAGES, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

    from lib.model.passes import Attention

PAIRS = 7  # of runs, at least
READ_SIZES = ((1, 16), (8, 32), (4, 128))  # texts x tokens
READ_AT_MOST = 1.2
EXPERIMENT_AT_MOST = 2.0
ENCODE_AT_LEAST = {"float32": 1.1, "bfloat16": 1.8}
COSINE_ABOVE = 0.999  # of each vector made in bfloat16, to the same in float32
PAGE_TOKENS = (16, 64, 128, 512)
BERTVIZ_TOKENS = (16, 64, 128)
BERTVIZ = ROOT / "tests" / "bertviz_alone.py"
FIRST_TEXT_AT_MOST = 3.0  # seconds
STEPS_AT_LEAST = 0.9  # of those that a bare loop makes on as many threads
BESIDE_TRAINING_AT_MOST = 3.0
MEMORY = 1536  # MB at most for 20,000 texts, model and libraries included
PICTURES = '[data-testid^="stBidiComponent"], [data-testid="stPlotlyChart"], [data-testid="stIFrame"]'
FIRST_PICTURE = f"""() =>
  [...document.querySelectorAll('{PICTURES}')].some((e) => e.getBoundingClientRect().height > 60)
  || (({IDLE})() && performance.now() - window.idleSince > 5000)"""  # a page at rest draws no more


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        what: was measured.
        value: a ratio, seconds, bytes or a cosine.
        unit: "x", "s" or "KB"; "" for a cosine.
        spread: the middle half of the single values, as text.
        bar: what was asked for, "" where nothing was.
        met: whether it was; None where nothing was asked for.
        digits: behind the point.
    """

    what: str
    value: float
    unit: str
    spread: str = ""
    bar: str = ""
    met: bool | None = None
    digits: int = 2

    def __str__(self) -> str:
        """As it is printed."""
        kept = "" if self.met is None else "   met" if self.met else "   MISSED"
        return f"{self.what:58s} {self.value:9.{self.digits}f} {self.unit:3s} {self.spread:19s} {self.bar}{kept}"


def taken(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(
    ours: Callable[[], object], theirs: Callable[[], object], pairs: int
) -> tuple[list[float], list[float]]:
    """Seconds of both, run in turn; who begins changes, and one pair before them warms up."""
    ours(), theirs()
    sides: tuple[list[float], list[float]] = ([], [])
    for number in range(pairs):
        for side, work in ((0, ours), (1, theirs)) if number % 2 else ((1, theirs), (0, ours)):
            sides[side].append(taken(work))
    return sides


def ratio(
    what: str, above: list[float], below: list[float], *, most: float | None = None, least: float | None = None
) -> Line:
    """The line of a ratio of medians.

    Args:
        what: was measured.
        above: single values of what is held against the other.
        below: as many of the other, in the same turns.
        most: of the ratio, as a bar; None for none.
        least: the same from below.
    """
    value = statistics.median(above) / statistics.median(below)
    spread = quartiles([a / b for a, b in zip(above, below, strict=True)])
    if most is not None:
        return Line(what, value, "x", spread, f"at most {most:g}", value <= most)
    if least is not None:
        return Line(what, value, "x", spread, f"at least {least:g}", value >= least)
    return Line(what, value, "x", spread)


def quartiles(values: list[float]) -> str:
    """The middle half of them."""
    low, _, high = statistics.quantiles(values, n=4)
    return f"({low:.2f} to {high:.2f})"


def reach(values: list[float]) -> str:
    """The least and the most of a few."""
    return f"({min(values):.2f} to {max(values):.2f})"


def machine() -> str:
    """What it ran on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    names = ("streamlit", "torch", "transformers", "sentence-transformers")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    where = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    return f"{cores} cores{load}, {where}, {packages}"


# Reading


def reading(pairs: int) -> Iterator[Line]:
    """``read`` with all attention against the bare pass: tokenizer, model, the same outputs as NumPy."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from lib.checkpoints import CHECKPOINTS
    from lib.model import read
    from lib.model.passes import ALONE
    from lib.model.threads import alone

    folder = CHECKPOINTS[DEFAULT].where.path()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    bare = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    words = " ".join(REFERENCE).split()
    for batch, tokens in READ_SIZES:
        texts = [of_length(tokenizer, words[20 * row :], tokens) for row in range(batch)]

        def theirs(texts: list[str] = texts) -> list[object]:
            with torch.inference_mode():
                given = tokenizer(texts, padding=True, truncation=True, max_length=512, return_tensors="pt")
                out = bare(**given, output_hidden_states=True, output_attentions=True)
                return [part.numpy() for part in (*out.hidden_states, *out.attentions, out.pooler_output)]

        def ours(texts: list[str] = texts) -> object:
            return read(DEFAULT, texts, attention="full")

        def on_one_core(theirs: Callable[[], object] = theirs) -> None:
            with alone():
                theirs()

        small = batch * tokens <= ALONE  # such a reading takes one core, so that a class is answered sooner
        for where, bare_pass in (("as many threads", on_one_core if small else theirs), ("on all cores", theirs)):
            one, other = interleaved(ours, bare_pass, pairs * 5)
            most = READ_AT_MOST if where == "as many threads" else None
            yield ratio(f"read / transformers, {batch} x {tokens} tokens, {where}", one, other, most=most)


def of_length(tokenizer: Callable[..., dict[str, list[int]]], words: list[str], tokens: int) -> str:
    """A text of so many tokens, special ones included, or a few less."""
    taken_: list[str] = []
    for word in cycle(words):
        if len(tokenizer(" ".join([*taken_, word]), verbose=False)["input_ids"]) > tokens:
            return " ".join(taken_)
        taken_.append(word)
    return ""


# Encoding


def phrases(many: int) -> list[str]:
    """Mixed phrases: film reviews where the data folder is there, else our own sentences, cut and joined."""
    file = Path(os.environ.get("CLS_DATA", ROOT.parent / "shared" / "data")) / "sst2_train.tsv"
    if file.is_file():
        return [line.split("\t")[0] for line in file.read_text("utf-8").splitlines()[:many]]
    mixed = (
        " ".join((one + " " + other).split()[: 3 + (7 * number) % 40])
        for number, (one, other) in enumerate(zip(cycle(REFERENCE), islice(cycle(REFERENCE), 1, None), strict=False))
    )
    return list(islice(mixed, many))


def encoding(pairs: int, many: int) -> Iterator[Line]:
    """``encode`` against sentence-transformers: the mean of the last layer, the same limit, one processor."""
    from sentence_transformers import SentenceTransformer

    from lib.checkpoints import CHECKPOINTS
    from lib.model import encode
    from lib.model.precision import has_bfloat16
    from lib.reading import Precision

    texts = phrases(many)
    other = SentenceTransformer(str(CHECKPOINTS[DEFAULT].where.path()), device="cpu", local_files_only=True)
    other.max_seq_length = CHECKPOINTS[DEFAULT].limit

    def ours(precision: Precision) -> Callable[[], object]:
        return lambda: encode(DEFAULT, texts, poolings=["mean"], layers=[-1], precision=precision)

    def theirs() -> object:
        return other.encode(texts, show_progress_bar=False)

    precisions: tuple[Precision, ...] = ("float32", "bfloat16") if has_bfloat16() else ("float32",)
    for precision in precisions:
        mine, yours = interleaved(ours(precision), theirs, pairs)
        what = f"speed of encode ({precision}) / sentence-transformers"
        yield ratio(what, yours, mine, least=ENCODE_AT_LEAST[precision])
        yield Line(f"encode ({precision}), {len(texts)} phrases", statistics.median(mine), "s", quartiles(mine))
    if "bfloat16" not in precisions:
        print("this processor does not multiply bfloat16: that was not measured", file=sys.stderr)
        return
    whole, half = (
        encode(DEFAULT, texts, poolings=["cls", "mean"], layers=[-1], precision=precision) for precision in precisions
    )
    for (pooling, layer), vectors in whole.items():
        least = float((unit(vectors) * unit(half[pooling, layer])).sum(axis=1).min())
        what = f"smallest cosine of bfloat16 to float32, {pooling}"
        yield Line(what, least, "", "", f"above {COSINE_ABOVE}", least > COSINE_ABOVE, digits=5)


def engines(pairs: int, many: int) -> Iterator[Line]:
    """``encode`` against the same model in other engines: the mean of the last layer of the same batches."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from lib.checkpoints import CHECKPOINTS
    from lib.model import encode
    from lib.model.passes import BATCH_TOKENS, batches
    from lib.model.precision import has_bfloat16
    from lib.reading import Precision

    known, texts = CHECKPOINTS[DEFAULT], phrases(many)
    tokenizer = AutoTokenizer.from_pretrained(known.where.path())
    net = AutoModel.from_pretrained(known.where.path(), attn_implementation="sdpa").eval()

    class Mean(torch.nn.Module):
        """One vector a text."""

        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, ids: torch.Tensor, real: torch.Tensor, segments: torch.Tensor) -> torch.Tensor:
            states = net(input_ids=ids, attention_mask=real, token_type_ids=segments).last_hidden_state
            weights = real.unsqueeze(-1).to(states.dtype)
            return (states * weights).sum(dim=1) / weights.sum(dim=1)

    def given(some: list[str]) -> list[np.ndarray]:
        made = tokenizer(some, padding=True, truncation=True, max_length=known.limit, return_tensors="np")
        return [made[name] for name in ("input_ids", "attention_mask", "token_type_ids")]

    example = tuple(map(torch.from_numpy, given(["a good film", "good"])))

    def onnx() -> Callable[[list[np.ndarray]], np.ndarray]:
        import onnxruntime

        auto = dict.fromkeys((0, 1), torch.export.Dim.AUTO)
        program = torch.onnx.export(Mean(), example, dynamo=True, dynamic_shapes=(auto,) * 3, verbose=False)
        session = onnxruntime.InferenceSession(program.model_proto.SerializeToString())
        names = [each.name for each in session.get_inputs()]
        return lambda arrays: session.run(None, dict(zip(names, arrays, strict=True)))[0]

    def openvino(kind: str) -> Callable[[list[np.ndarray]], np.ndarray]:
        import openvino as engine

        hint = {"INFERENCE_PRECISION_HINT": engine.Type.bf16 if kind == "bfloat16" else engine.Type.f32}
        compiled = engine.compile_model(engine.convert_model(Mean(), example_input=example), "CPU", hint)
        return lambda arrays: compiled(arrays)[0]

    sizes = np.array([len(ids) for ids in tokenizer(texts, truncation=True, max_length=known.limit)["input_ids"]])
    rivals: list[tuple[str, Precision, Callable[[], Callable[[list[np.ndarray]], np.ndarray]]]] = [
        ("ONNX Runtime", "float32", onnx),
        ("OpenVINO", "float32", lambda: openvino("float32")),
        ("OpenVINO", "bfloat16", lambda: openvino("bfloat16")),
    ]
    for name, precision, make in rivals:
        if precision == "bfloat16" and not has_bfloat16():
            continue
        try:
            run = make()
        except ImportError as problem:
            print(f"{name} was not measured: {problem}", file=sys.stderr)
            continue
        vectors = np.empty((len(texts), known.hidden), np.float32)

        def theirs(run: Callable[[list[np.ndarray]], np.ndarray] = run, vectors: np.ndarray = vectors) -> None:
            for rows in batches(sizes, BATCH_TOKENS):
                vectors[rows] = run(given([texts[row] for row in rows]))

        def ours(precision: Precision = precision) -> np.ndarray:
            return encode(DEFAULT, texts, poolings=["mean"], layers=[-1], precision=precision)["mean", -1]

        mine, yours = interleaved(ours, theirs, pairs)
        yield ratio(f"speed of encode / {name}, {precision}", yours, mine)
        least = float((unit(vectors) * unit(ours("float32"))).sum(axis=1).min())
        yield Line(f"smallest cosine of {name}, {precision}, to encode in float32", least, "", digits=5)


# Thousands of labelled texts

_STREAM = """
import resource, sys, time
from lib.model.slices import stream
from tests.benchmark import phrases
many = int(sys.argv[1])
some = phrases(many)
start = time.perf_counter()
found = stream("{slug}", (some * (many // len(some) + 1))[:many])
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, found.cube.nbytes)
"""


def streaming(sizes: tuple[int, ...]) -> Iterator[Line]:
    """What reading thousands of texts for a classifier takes, each size in a process of its own."""
    for many in sizes:
        done = subprocess.run(
            [sys.executable, "-c", _STREAM.format(slug=DEFAULT), str(many)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, kilobytes, cube = map(float, done.stdout.split()[-3:])
        peak = kilobytes / 1024
        yield Line(f"classify, {many} texts: read", seconds, "s")
        yield Line(f"classify, {many} texts: memory at its peak", peak, "MB", "", f"below {MEMORY}", peak < MEMORY)
        yield Line(f"classify, {many} texts: cube on disk", cube / 2**20, "MB")


def large_cube(browser: Browser, site: Site) -> Iterator[Line]:
    """From the end of the reading of 2,000 texts to their cube and to the question behind it, and what was sent."""
    texts = phrases(2000)
    table = "\n".join(f"{text}\t{number % 2}" for number, text in enumerate(texts))
    page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
    traffic = Traffic()
    traffic.on(page.context.new_cdp_session(page))
    page.goto(site.link(page="classify", classify_data="file"))
    box = page.locator('input[type="file"]')
    box.wait_for(state="attached", timeout=120_000)
    page.wait_for_function(IDLE, timeout=120_000)
    box.set_input_files({"name": "texts.tsv", "mimeType": "text/plain", "buffer": table.encode()})
    page.locator(".st-key-work_classify_start button").click(timeout=60_000)
    page.wait_for_selector(".st-key-work_classify_waiting", timeout=60_000)
    page.wait_for_selector(".st-key-work_classify_waiting", state="detached", timeout=600_000)
    start = time.perf_counter()
    page.wait_for_selector(".st-key-drawing_cube canvas", timeout=60_000)
    yield Line("classify, 2000 texts: read to the cube drawn", time.perf_counter() - start, "s")
    page.wait_for_selector(".st-key-guess_open", timeout=60_000)
    yield Line("classify, 2000 texts: read to the last beat", time.perf_counter() - start, "s")
    yield Line("classify, 2000 texts: sent", traffic.received / 1024, "KB")
    page.context.close()


# Pages in a browser


@dataclass
class Traffic:
    """Bytes that the server sent over the websocket since the last look."""

    received: int = 0

    def on(self, session: CDPSession) -> None:
        """Listens to a visit."""

        def frame(event: dict[str, dict[str, str | int]]) -> None:
            answer = event["response"]
            text = str(answer["payloadData"])
            binary = answer["opcode"] == 2  # which is told as base64
            self.received += len(text) * 3 // 4 if binary else len(text.encode())

        session.on("Network.webSocketFrameReceived", frame)
        session.send("Network.enable")


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """A Chromium, or None where there is none."""
    path = found_chromium()
    if not path:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        running = started.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()


def first_picture(page: Page) -> None:
    """Waits for a picture of any kind; at rest without one the page has none."""
    page.wait_for_function(FIRST_PICTURE, timeout=120_000)


def first_lines(page: Page) -> None:
    """Waits for BertViz's lines, inside its frame."""
    page.frame_locator('[data-testid="stIFrame"]').locator("svg line").first.wait_for(state="attached", timeout=120_000)


def visit(
    browser: Browser, url: str, seen: Callable[[Page], None] = first_picture
) -> tuple[float, float, float, int, int]:
    """Seconds to the first text, the first picture and rest; the bytes sent; how many pictures there are."""
    page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
    traffic = Traffic()
    traffic.on(page.context.new_cdp_session(page))
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("h1", state="visible", timeout=120_000)
    text = time.perf_counter() - start
    seen(page)
    picture = time.perf_counter() - start
    page.wait_for_function(IDLE, timeout=120_000)
    rest = time.perf_counter() - start
    drawn = page.locator(PICTURES).filter(visible=True).count()
    page.context.close()
    return text, picture, rest, traffic.received, drawn


def cold(browser: Browser, folder: Path, starts: int) -> Iterator[Line]:
    """From the command to the first text and to the first picture, on a server that has read nothing."""
    texts, pictures = [], []
    for number in range(starts):
        before = time.perf_counter()
        with serving(folder / f"cold-{number}.txt") as site:
            up = time.perf_counter() - before
            text, picture, *_ = visit(browser, site.url)
        texts.append(up + text)
        pictures.append(up + picture)
    first, bar = statistics.median(texts), f"at most {FIRST_TEXT_AT_MOST:g}"
    yield Line("command to first text", first, "s", reach(texts), bar, first <= FIRST_TEXT_AT_MOST)
    yield Line("command to first picture", statistics.median(pictures), "s", reach(pictures))


def pages(browser: Browser, site: Site, visits: int) -> Iterator[Line]:
    """What each page sends and how long it takes, on a warm server, for two texts that were never read before."""
    from transformers import AutoTokenizer

    from lib.checkpoints import CHECKPOINTS

    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINTS[DEFAULT].where.path())
    words = " ".join(REFERENCE).split()
    for stem in PAGES:
        if not visit(browser, site.link(page=stem, **shown(stem)))[4]:
            yield Line(f"{stem}: a page without a picture", 0, "")
            continue
        for tokens in PAGE_TOKENS:
            links = [
                site.link(
                    page=stem,
                    text="\n".join(of_length(tokenizer, words[31 * n + k :], tokens) for k in (7, 19)),
                    **shown(stem),
                )
                for n in range(visits)
            ]
            seen = [visit(browser, link) for link in links]
            sent = [bytes_ / 1024 for _, _, _, bytes_, _ in seen]
            pictures = [picture for _, picture, *_ in seen]
            at = f"{stem}, 2 x {tokens} tokens"
            yield Line(f"{at}: sent", statistics.median(sent), "KB")
            if all(drawn for *_, drawn in seen):
                yield Line(f"{at}: to the first picture", statistics.median(pictures), "s", reach(pictures))


def against_bertviz(browser: Browser, site: Site, alone: Site, visits: int) -> Iterator[Line]:
    """Our page on what the first token reads, and BertViz alone: what is sent, and the time to the first picture.

    Ours shows every head of every layer in one direction; BertViz carries every layer and draws one.
    """
    from transformers import AutoTokenizer

    from lib.checkpoints import CHECKPOINTS

    tokenizer = AutoTokenizer.from_pretrained(CHECKPOINTS[DEFAULT].where.path())
    words = " ".join(REFERENCE).split()
    visit(browser, site.link(page="attention")), visit(browser, alone.link(), first_lines)  # both warm
    for tokens in BERTVIZ_TOKENS:
        texts = [of_length(tokenizer, words[37 * n + 11 :], tokens) for n in range(visits)]
        both = [
            (visit(browser, site.link(page="attention", text=text)), visit(browser, alone.link(text=text), first_lines))
            for text in texts
        ]
        sent, pictures = [], []
        for name, seen in zip(("attention", "BertViz alone"), zip(*both, strict=True), strict=True):
            sent.append(statistics.median(bytes_ / 1024 for *_, bytes_, _ in seen))
            times = [picture for _, picture, *_ in seen]
            pictures.append(statistics.median(times))
            yield Line(f"{name}, {tokens} tokens: sent", sent[-1], "KB")
            yield Line(f"{name}, {tokens} tokens: to the first picture", pictures[-1], "s", reach(times))
        yield Line(f"BertViz / attention, {tokens} tokens: sent", sent[1] / sent[0], "x")
        yield Line(f"BertViz / attention, {tokens} tokens: time to the first picture", pictures[1] / pictures[0], "x")


# Experiments


@dataclass(frozen=True)
class Passes:
    """One call of ``lib.model.read`` that a page made.

    Attributes:
        texts: as many rows as were read.
        pairs: the second text of each, or None.
        attention: what was kept of it.
        edit: what was changed in it.
    """

    texts: tuple[str, ...]
    pairs: tuple[str | None, ...] | None
    attention: Attention
    edit: Edit | tuple[Edit, ...] | None

    def again(self, *, changed: bool) -> None:
        """Reads it once more, with its changes or without."""
        from lib.model import read

        read(DEFAULT, self.texts, pairs=self.pairs, attention=self.attention, edit=self.edit if changed else None)


def passes(stem: str) -> list[Passes]:
    """The passes that an experiment makes for the default texts beyond the plain reading, in a visit of its own."""
    from streamlit.testing.v1 import AppTest

    from lib import model

    made: list[Passes] = []
    plain = model.read

    def heard(slug: str, texts: Sequence[str], **given: object) -> object:
        pairs, edit = given.get("pairs"), given.get("edit")
        if edit is not None:
            edit = edit if isinstance(edit, Edit) else tuple(edit)
            made.append(Passes(tuple(texts), tuple(pairs) if pairs else None, given.get("attention", "full"), edit))
        return plain(slug, texts, **given)

    model.read = heard
    try:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
        app.run()
        app.switch_page(PAGES[stem])
        for key, value in shown(stem).items():
            app.session_state[key] = value
        app.run()
    finally:
        model.read = plain
    return made


def experiments(pairs: int) -> Iterator[Line]:
    """What an experiment on the default texts costs: its changed passes against the same texts read plainly."""
    for stem in EXPERIMENTS:
        made = passes(stem)
        if not made:
            yield Line(f"{stem}: no changed pass of its own", 0, "")
            continue
        one, other = interleaved(
            lambda made=made: [each.again(changed=True) for each in made],
            lambda made=made: [each.again(changed=False) for each in made],
            pairs,
        )
        rows = sum(len(each.texts) for each in made)
        yield ratio(f"{stem}: {rows} texts changed / the same read plainly", one, other, most=EXPERIMENT_AT_MOST)


# Training


def labelled(many: int) -> Task:
    """So many ready sentences to learn from, and two to ask about."""
    labels = np.array(LABELLED.labels)
    return Task(LABELLED.texts, labels, LABELLED.classes, np.arange(many), np.arange(len(labels) - 2, len(labels)))


def bare(task: Task, top: int, recipe: Recipe) -> Callable[[], None]:
    """The loop that anybody would write: whole model, fused attention, the same batches and optimizer."""
    import copy

    import torch

    from lib.model import opened
    from lib.model.finetune import LARGEST_STEP, drawn, order

    model = opened(recipe.slug)._whole
    rows = drawn(recipe, task)[0]

    def run() -> None:
        net = copy.deepcopy(model.sdpa)
        for block in net.encoder.layer[-top:]:
            block.requires_grad_(True)
        head = torch.nn.Linear(model.checkpoint.hidden, len(task.classes))
        changing = [each for each in (*net.parameters(), *head.parameters()) if each.requires_grad]
        optimizer = torch.optim.AdamW(changing, lr=recipe.rate)
        for batch in order(len(rows), size(recipe, task)[2], recipe):
            some = rows[batch]
            given = model.tokenizer([task.texts[k] for k in some], padding=True, return_tensors="pt")
            states = net(**given).last_hidden_state
            loss = torch.nn.functional.cross_entropy(head(states[:, 0]), torch.from_numpy(task.labels[some]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(changing, LARGEST_STEP)
            optimizer.step()

    return run


def training(pairs: int) -> Iterator[Line]:
    """Steps against a bare loop, and what pages wait for their readings meanwhile."""
    from lib.model import opened, read
    from lib.model.finetune import finetune
    from lib.model.threads import leaving_room

    task = labelled(160)
    for top in (1, opened(DEFAULT).checkpoint.layers):
        recipe = Recipe(DEFAULT, top=top, epochs=2, rate=1e-4)
        plain = bare(task, top, recipe)

        def alone(plain: Callable[[], None] = plain) -> None:
            with leaving_room():
                plain()

        what = "all layers" if top > 1 else "last layer"
        for where, theirs in (("as many threads", alone), ("on all cores", plain)):
            one, other = interleaved(lambda recipe=recipe: finetune(recipe, task), theirs, pairs)
            least = STEPS_AT_LEAST if where == "as many threads" else None
            yield ratio(f"train {what}: steps / bare loop, {where}", other, one, least=least)

    def waits(many: int) -> list[float]:
        found = []
        for _ in range(many):
            found.append(taken(lambda: read(DEFAULT, REFERENCE[:4])))
            time.sleep(0.02)  # a visitor looks at what they got
        return found

    waits(3)
    before = waits(60)
    queue, begun = Queue(workers=1, most=0), threading.Event()

    def work(job: Job[Tuned]) -> Tuned:
        def tell(done: int, of: int, note: str, so_far: Tuned | None) -> None:
            begun.set()
            job.report(done, of, note)

        return finetune(Recipe(DEFAULT, top=6, epochs=8, rate=1e-4), task, tell=tell, unwanted=lambda: job.unwanted)

    queue.submit("training", "visitor", work)
    begun.wait(60)
    during = waits(60)
    queue.leave("visitor")
    while len(queue):
        time.sleep(0.05)
    usual = [statistics.median(before)] * len(during)
    yield ratio("read while all layers are trained / while nothing is", during, usual, most=BESIDE_TRAINING_AT_MOST)


def measured(args: argparse.Namespace) -> Iterator[Line]:
    """Everything, or the parts that were asked for."""
    if "read" in args.only:
        yield from reading(PAIRS)
    if "encode" in args.only:
        yield from encoding(PAIRS, 400 if args.quick else 2000)
    if "engines" in args.only:
        yield from engines(PAIRS, 400 if args.quick else 2000)
    if "experiments" in args.only:
        yield from experiments(PAIRS)
    if "train" in args.only:
        yield from training(3 if args.quick else PAIRS)
    if "stream" in args.only:
        yield from streaming((2000,) if args.quick else (2000, 20_000))
    if "cube" in args.only:
        with chromium() as browser, tempfile.TemporaryDirectory() as folder:
            if browser is None:
                print("no Chromium on this machine: the large cube was not measured", file=sys.stderr)
                return
            with serving(Path(folder) / "log.txt") as site:
                yield from large_cube(browser, site)
    if "pages" in args.only:
        with chromium() as browser, tempfile.TemporaryDirectory() as folder:
            if browser is None:
                print("no Chromium on this machine: the pages were not measured", file=sys.stderr)
                return
            yield from cold(browser, Path(folder), 2 if args.quick else 5)
            with serving(Path(folder) / "log.txt") as site:
                yield from pages(browser, site, 1 if args.quick else 3)
    if "bertviz" in args.only:
        with chromium() as browser, tempfile.TemporaryDirectory() as folder:
            if browser is None:
                print("no Chromium on this machine: BertViz was not measured", file=sys.stderr)
                return
            log = Path(folder) / "log.txt"
            with serving(log) as site, serving(log.with_name("alone.txt"), BERTVIZ) as alone:
                yield from against_bertviz(browser, site, alone, 1 if args.quick else 5)


def main() -> None:
    """Prints the table, and writes it where asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer phrases, runs and visits")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    parts = ("read", "encode", "engines", "experiments", "train", "stream", "cube", "pages", "bertviz")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="measure only this")
    args = parser.parse_args()
    print(machine(), flush=True)
    lines = []
    for line in measured(args):
        print(line, flush=True)
        lines.append(line)
    if args.json:
        found = {"machine": machine(), "lines": [asdict(line) for line in lines]}
        args.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
