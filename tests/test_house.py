"""The rules of the house, checked on the source: where things lie, who imports whom, what never gets in."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.app import contents
from lib.texts.sources import SOURCES
from tests.conftest import ROOT

TOP = {"app.py", "pages", "lib", "tests", "requirements.txt", "README.md", "pyproject.toml", "LICENSE"}
HEAVY = (
    "torch",
    "transformers",
    "peft",
    "plotly",
    "pandas",
    "bertviz",
    "sklearn",
    "scipy",
    "sentence_transformers",
    "huggingface_hub",
    "matplotlib",
)

LIB = sorted((ROOT / "lib").rglob("*.py"))
ROOMS = sorted((ROOT / "pages").rglob("*.py"))
PAGES = [file for file in ROOMS if file.name == "page.py"]
SOURCE = [ROOT / "app.py", *ROOMS, *LIB]
DESCRIBED = [*LIB, *(file for file in ROOMS if file not in PAGES)]
COMPONENTS = sorted(
    file
    for top in ("lib", "pages")
    for file in (ROOT / top).rglob("*")
    if file.suffix in (".js", ".css", ".svg", ".html")
)
TREES = {file: ast.parse(file.read_text("utf-8")) for file in SOURCE}


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def named(files: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=map(name, files))


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module named in an import, "lib.app.parts" for ``from lib.app import parts`` where that is a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports say the whole name"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def on_import(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that an import runs: not the bodies of functions, nor what only type checkers see."""
    todo: list[ast.stmt] = list(tree.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            todo += node.orelse
            continue
        yield node
        for child in ("body", "orelse", "finalbody"):
            todo += getattr(node, child, [])
        todo += [line for handler in getattr(node, "handlers", []) for line in handler.body]


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


# Where things lie


def test_what_the_walks_walk_over_is_there() -> None:
    assert (ROOT / "app.py").is_file()
    assert len(PAGES) >= 5
    assert len(LIB) >= 20
    assert len(COMPONENTS) >= 4
    assert {file.suffix for file in COMPONENTS} >= {".js", ".css", ".svg"}


def test_no_page_lies_directly_in_pages() -> None:
    assert (ROOT / "pages").is_dir()
    assert list((ROOT / "pages").glob("*.py")) == [], "Streamlit's old discovery would run it without app.py"
    assert {len(file.relative_to(ROOT).parts) for file in ROOMS} == {4}, "pages/chapter/page/file.py"


def test_the_contents_are_the_files() -> None:
    listed = [entry.file for entry in contents.ENTRIES.values()]
    assert sorted(listed) == [name(file) for file in PAGES]


def test_the_top_level_is_what_its_owner_asked_for() -> None:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = [path.name for path in ROOT.iterdir()]  # a copy without its history
    tops = {line.split("/")[0] for line in listed if (ROOT / line).exists()}
    assert "app.py" in tops
    assert {top for top in tops if not top.startswith(".")} - TOP == set()


# Who imports whom


@named([file for file in SOURCE if name(file) != "lib/model/lending.py"])
def test_a_model_is_reached_by_a_loan_alone_and_so_is_a_hook(file: Path) -> None:
    names = [node.attr for node in ast.walk(TREES[file]) if isinstance(node, ast.Attribute)]
    assert [each for each in names if re.fullmatch(r"register_\w+_hook|_whole", each)] == []


FACTS = (
    *("lib.checkpoints", "lib.reading", "lib.pooling", "lib.escape", "lib.quantities", "lib.edits", "lib.tuning"),
    *("lib.texts", "lib.settings", "lib.exhibit", "lib.tables", "lib.found", "lib.taught"),
)
NUMBERS = (*FACTS, "lib.measures")
# where a file lies -> which modules of ours, and which heavy ones, it may import; the first that fits
MAY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "app.py": (("lib",), ("streamlit",)),
    "pages/watch/evidence/ranks.py": (("lib.measures",), ("scipy",)),
    "pages/why/learning/measures.py": ((*NUMBERS,), ("scipy",)),
    "room:page": ((*NUMBERS, "lib.app", "lib.cached", "lib.components", "lib.figures", "lib.words"), ("streamlit",)),
    "room:screen": (("lib",), ("streamlit", "pandas")),
    "room:pure": ((*NUMBERS, "lib.components", "lib.figures", "lib.words"), ("plotly",)),
    "lib/app/": (("lib",), ("streamlit", "pandas", "plotly")),
    "lib/cached/": (("lib",), ("streamlit",)),
    "lib/components/": ((*NUMBERS, "lib.components"), ("streamlit",)),
    "lib/words/": ((*NUMBERS, "lib.words"), ()),
    "lib/model/": (
        *(("lib.model", *(each for each in FACTS if each != "lib.texts"), "lib.store", "lib.jobs"),),
        ("torch", "transformers", "peft", "tokenizers", "safetensors", "bertviz", "huggingface_hub", "httpx2"),
    ),
    "lib/figures/": (("lib.figures", "lib.quantities", "lib.escape"), ("plotly", "pandas")),
    "lib/measures/": (("lib.measures", *FACTS), ("sklearn", "threadpoolctl")),
    "lib/pooling.py": (("lib.reading", "lib.checkpoints"), ()),
    "lib/reading.py": (("lib.checkpoints", "lib.edits"), ()),
    "lib/tuning.py": (("lib.reading", "lib.pooling"), ()),
    "lib/checkpoints.py": (("lib.settings", "lib.taught"), ()),
    "lib/jobs.py": (("lib.store",), ()),
    "lib/found.py": (("lib.escape",), ()),
    "lib/exhibit.py": (("lib.quantities", "lib.escape"), ("plotly",)),
    "lib/texts/": (("lib.texts", "lib.tables"), ()),
    "lib/tables.py": (("lib.escape", "lib.quantities"), ()),
    "lib/": ((), ()),
}


def place(file: Path) -> str:
    """Where a file lies, as ``MAY`` has it: in a room its page, what else is drawn there, or what is pure."""
    here = name(file)
    if not here.startswith("pages/") or here in MAY:
        return here
    drawn = file.name in ("controls.py", "tuned.py") or file.with_suffix(".js").is_file()
    return "room:page" if file.name == "page.py" else "room:screen" if drawn else "room:pure"


@named(SOURCE)
def test_imports_go_one_way(file: Path) -> None:
    here, found = place(file), set(imports(TREES[file]))
    ours, heavy = next(both for where, both in MAY.items() if here.startswith(where))
    packages = {"lib", *(f"lib.{each.name}" for each in (ROOT / "lib").iterdir() if each.is_dir())}
    mine = {each for each in found if within(each, "lib")} - packages  # ``from lib.app import parts`` names parts, too
    assert [each for each in mine if not any(within(each, module) for module in ours)] == []
    spoken = {each for each in found if any(within(each, module) for module in ("streamlit", "httpx2", *HEAVY))}
    assert [each for each in spoken if not any(within(each, module) for module in heavy)] == []


@named(ROOMS)
def test_a_room_imports_no_other_room(file: Path) -> None:
    own = ".".join(file.parent.relative_to(ROOT).parts)
    assert [each for each in imports(TREES[file]) if within(each, "pages") and not within(each, own)] == []


@pytest.mark.parametrize("file", [file for file in ROOMS if file.name == "exhibits.py"], ids=name)
def test_a_picture_and_its_sentence_are_made_by_functions_of_one_name(file: Path) -> None:
    found = []
    for function in (node for node in TREES[file].body if isinstance(node, ast.FunctionDef)):
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        match [call.args[1] for call in calls if ast.unparse(call.func) == "Exhibit"]:
            case [ast.Call(func=ast.Attribute(value=ast.Name("words"), attr=made))] if made != function.name.lstrip(
                "_"
            ):
                found.append(f"{function.name} is said by {made}")
    assert found == []


def test_what_only_one_page_needs_lies_in_its_room() -> None:
    dotted = (".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in SOURCE)
    modules = dict(zip(dotted, SOURCE, strict=True))
    needs = {module: {each for each in imports(TREES[file]) if each in modules} for module, file in modules.items()}
    needed_by: dict[str, set[str]] = {module: set() for module in modules}
    for room in ("app", *{".".join(file.parent.relative_to(ROOT).parts) for file in ROOMS}):
        todo, seen = [module for module in modules if within(module, room)], set()
        while todo:
            module = todo.pop()
            if module not in seen:
                seen.add(module)
                todo += needs[module]
        for module in seen:
            needed_by[module].add(room)
    alone = {module: rooms for module, rooms in needed_by.items() if module.startswith("lib.") and len(rooms) < 2}
    # torch is spoken in one folder, whoever needs it; and what app.py alone needs is every page's
    alone = {each: rooms for each, rooms in alone.items() if not within(each, "lib.model") and "app" not in rooms}
    alone = {module: rooms for module, rooms in alone.items() if modules[module].name != "__init__.py"}
    assert alone == {}


@named(SOURCE)
def test_nothing_heavy_is_imported_on_the_way_to_the_first_paint(file: Path) -> None:
    if name(file).startswith("lib/model/"):
        return
    lines = [node for node in on_import(TREES[file]) if isinstance(node, ast.Import | ast.ImportFrom)]
    found = {module for line in lines for module in imports(line)}
    assert [each for each in found if any(within(each, heavy) for heavy in (*HEAVY, "lib.model"))] == []


def test_what_the_frame_and_the_pages_need_brings_nothing_heavy_along() -> None:
    modules = sorted(
        {
            ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for file in LIB
            if not name(file).startswith("lib/model/") and file.name != "__init__.py"
        }
    )
    assert "lib.app.frame" in modules
    code = (
        "import sys, importlib, streamlit\n"
        "before = set(sys.modules)\n"  # Streamlit itself brings an empty shell of plotly along
        f"for each in {modules!r}: importlib.import_module(each)\n"
        f"print(*{{each.split('.')[0] for each in set(sys.modules) - before}} & set({HEAVY!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# What is written about what there is


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Public functions, classes, and the public methods of public classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    part for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")
                )


ARRAY = re.compile(r"\b(Array|Floats|Ints|NDArray|ndarray)\b")
SHAPE = re.compile(r"\b(?:float|int|uint|bool|complex)(?:16|32|64|8)?\[[^\]]+\]")


@named(DESCRIBED)
def test_what_is_public_is_described(file: Path) -> None:
    assert ast.get_docstring(TREES[file]), "a module says what it is for"
    missing = [node.name for node in public(TREES[file]) if not ast.get_docstring(node)]
    assert missing == []


@named(DESCRIBED)
def test_what_takes_or_gives_arrays_says_their_shapes(file: Path) -> None:
    missing = []
    for node in public(TREES[file]):
        if not isinstance(node, ast.FunctionDef):
            continue
        given = [arg.annotation for arg in (*node.args.args, *node.args.kwonlyargs)]
        arrays = [ast.unparse(each) for each in (*given, node.returns) if each and ARRAY.search(ast.unparse(each))]
        if arrays and not SHAPE.search(ast.get_docstring(node) or ""):
            missing.append(f"{node.name}: {', '.join(arrays)}")
    assert missing == []


@named(DESCRIBED)
def test_arrays_that_a_record_holds_have_shapes(file: Path) -> None:
    missing = []
    for node in public(TREES[file]):
        if isinstance(node, ast.ClassDef):
            fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
            for each in fields:
                field = ast.unparse(each.target)
                if field.startswith("_") or not ARRAY.search(ast.unparse(each.annotation)):
                    continue
                line = re.search(rf"^\s*{field}: (.+(?:\n\s{{8,}}.+)*)", ast.get_docstring(node) or "", re.M)
                if not line or not SHAPE.search(line[1]):
                    missing.append(f"{node.name}.{field}")
    assert missing == []


@named(SOURCE)
def test_what_the_checker_of_types_is_not_told_has_its_reason(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    names = [node for node in ast.walk(TREES[file]) if isinstance(node, ast.Name | ast.Attribute)]
    loose = {node.lineno for node in names if (node.id if isinstance(node, ast.Name) else node.attr) == "Any"}
    bare = [number for number in loose if "  # " not in lines[number - 1]]
    bare += [
        k for k, line in enumerate(lines, 1) if "type: ignore" in line and not re.search(r"ignore\[.+\]  # ", line)
    ]
    assert bare == []


def test_every_source_that_is_leaned_on_is_listed() -> None:
    asked: dict[str, str] = {}
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).split(".")[-1]
                keys = [arg for arg in node.args[:1] if called in ("cite", "link")]
                keys += [word.value for word in node.keywords if word.arg == "source"]
                asked |= {
                    key.value: name(file)
                    for key in keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                said = re.search(r"^Source:\n((?:\s+.+\n?)+)", ast.get_docstring(node) or "", re.M)
                keys_said = re.findall(r"\b[a-z]+(?:_[a-z]+)*(?:19|20)\d\d\b", said[1]) if said else []
                asked |= dict.fromkeys(keys_said, name(file))
    assert asked
    assert {key: where for key, where in asked.items() if key not in SOURCES} == {}


def test_every_source_that_is_listed_is_leaned_on() -> None:
    lists = [ROOT / "lib/texts/sources.py", ROOT / "tests/lib/texts/test_texts.py"]  # where keys are entries, examples
    files = [file for file in (*SOURCE, *(ROOT / "tests").rglob("*.py")) if file not in lists]
    leaning = " ".join(file.read_text("utf-8") for file in files)
    assert [key for key in SOURCES if not re.search(rf"\b{key}\b", leaning)] == []


# What never gets in


@named(COMPONENTS)
def test_a_component_fetches_nothing_and_writes_no_markup(file: Path) -> None:
    text = file.read_text("utf-8")
    bare = re.sub(r"http://www\.w3\.org/[0-9]{4}/[a-z]+", "", text)  # the name of a language, not an address
    assert re.findall(r"https?:|//[a-z0-9-]+\.[a-z]{2,}", bare, re.I) == []
    banned = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\s*\("
        r"|new Function|setTimeout\s*\(\s*['\"`]|\bfetch\s*\(|XMLHttpRequest|WebSocket|sendBeacon|@import|\bimport\s*\("
    )
    allowed = ["fetch("] if file.name == "common.js" else []  # the page's own fonts, for a picture that is saved
    assert re.findall(banned, text) == allowed


def test_what_components_share_is_named_for_the_linter_and_used() -> None:
    """The linter sees each file alone: a name that it is told of must be one that is there."""
    scripts = {file: file.read_text("utf-8") for file in COMPONENTS if file.suffix == ".js"}
    shared = [file for file in scripts if file.name in ("common.js", "kept.js") or file.name.startswith("cube_")]
    defined = {each for file in shared for each in re.findall(r"^(?:const|class|function) (\w+)", scripts[file], re.M)}
    config = json.loads(re.sub(r"//.*", "", (ROOT / ".oxlintrc.json").read_text("utf-8")))
    told = {each for part in (config, *config["overrides"]) for each in part.get("globals", {})}
    assert told <= defined
    every = "\n".join(scripts.values())
    assert [each for each in sorted(defined) if len(re.findall(rf"\b{each}\b", every)) < 2] == []


@named(SOURCE)
def test_no_unsafe_markup_and_no_hard_stop(file: Path) -> None:
    for node in ast.walk(TREES[file]):
        if isinstance(node, ast.keyword):
            assert node.arg not in ("unsafe_allow_html", "unsafe_allow_javascript"), f"line {node.lineno}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("eval", "exec", "compile", "__import__"):
            pytest.fail(f"line {node.lineno}")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.stop":
            pytest.fail(f"line {node.lineno}: parts.end() lets app.py finish")


def test_only_what_the_page_on_sources_names_writes_files() -> None:
    writes = r"\btempfile\b|\.write_(?:text|bytes)\(|\bmemmap\(|\bsave_pretrained\(|\bopen\([^)]*[\"'][wax]b?[\"']"
    found = [name(file) for file in SOURCE if re.search(writes, file.read_text("utf-8"))]
    packed = ["lib/model/slices.py", "lib/model/tuned.py"]  # vectors of labelled texts, and what is packed
    assert found == ["lib/model/pretrain.py", *packed], "the first is a command of its own"


@named(PAGES)
def test_a_page_is_a_story(file: Path) -> None:
    tree, lines = TREES[file], file.read_text("utf-8").splitlines()
    assert ast.get_docstring(tree), "its claim"
    assert len(lines) <= 120
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    own = [node.name for node in tree.body if isinstance(node, kinds)]
    folds = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and ast.unparse(each.func) == "parts.fold"]
    folded = {each.id for fold in folds for each in ast.walk(fold) if isinstance(each, ast.Name)}
    assert [each for each in own if each not in folded] == [], "a function that draws no fold belongs in another module"
    assert "session_state" not in "\n".join(lines), "pages read choices by their getters"


@named(SOURCE)
def test_names_are_nouns_and_pictures(file: Path) -> None:
    banned = re.compile(r"^(get|compute|plot|calculate|do|handle)_|(^|_)(utils?|helpers?|managers?)$")
    found = [node.name for node in ast.walk(TREES[file]) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert [each for each in (*found, file.stem) if banned.search(each)] == []


@named([*SOURCE, *COMPONENTS])
def test_the_voice_is_plain(file: Path) -> None:
    if file.suffix == ".py":
        said = [
            node.value
            for node in ast.walk(TREES[file])
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
    else:
        said = re.findall(r"'[^'\n]*'|`[^`]*`", file.read_text("utf-8"))
    found = [text for text in said if re.search(r"\bsimply\b|[a-z]!(\s|$)", text, re.I)]
    assert found == []


@named(sorted((ROOT / "tests").rglob("test_*.py")))
def test_no_test_fails_for_being_slow(file: Path) -> None:
    """A visit without a browser gives up after 3 seconds where nothing is said, which a loaded machine needs."""
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    visits = [node for node in calls if ast.unparse(node.func).startswith("AppTest.from_")]
    assert [node.lineno for node in visits if "default_timeout" not in {each.arg for each in node.keywords}] == []
