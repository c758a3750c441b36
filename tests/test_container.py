"""The container of .container/Containerfile is built, starts with little memory and no rights, and shows a page."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.browser.conftest import free_port
from tests.conftest import PATIENCE, ROOT
from tests.crowd import Run, Visitor, wording

FILE = ROOT / ".container" / "Containerfile"
TOOLS = ("debootstrap", "buildah", "podman", "runc")
SMALL = ("CLS_MEMORY=1340", "CLS_MEMORY_MODELS=440")  # the README's for a host with 2.7 GB
BASE, IMAGE, NAME = "localhost/bare:latest", "localhost/cls:latest", "cls-tested"


def run(*command: str | Path, seconds: float = 900) -> str:
    """What a command prints; the test fails where it does."""
    done = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, f"{command}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture
def podman(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """Podman with the built image in a store of its own, which goes with the test.

    No registry is asked: the base is a bare Debian from its packages, and the app's packages are fetched as wheels by
    this machine's pip, as it is set up.
    """
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    lacking = [tool for tool in TOOLS if not shutil.which(tool, path=path)]
    if lacking or os.geteuid() != 0:
        sorry = f"a container is built as root, with {', '.join(TOOLS)}: not here"
        if os.environ.get("CI") == "true":
            pytest.fail(sorry)
        pytest.skip(sorry)
    state = tempfile.mkdtemp(prefix="cls-")  # podman takes 50 characters for it
    store = ("--root", str(tmp_path / "store"), "--runroot", state)
    bare, wheels = tmp_path / "bare", tmp_path / "wheels"
    (suite,) = re.findall(r"ARG BASE=\S+/debian:(\w+)-slim", FILE.read_text("utf-8"))
    buildah, engine = ("buildah", *store), ("podman", *store, "--cgroup-manager", "cgroupfs", "--runtime", "runc")
    try:
        with ThreadPoolExecutor(1) as apart:
            fetched = apart.submit(
                run, sys.executable, "-m", "pip", "wheel", "-q", "-r", ROOT / "requirements.txt", "-w", wheels
            )
            run(shutil.which("debootstrap", path=path) or "", "--variant=minbase", suite, bare)
            run("tar", "-C", bare, "-cf", tmp_path / "bare.tar", ".")
            shutil.rmtree(bare)
            base = run(*buildah, "from", "scratch").strip()
            run(*buildah, "add", "-q", base, tmp_path / "bare.tar", "/")
            run(*buildah, "commit", "-q", "--rm", base, BASE)
            fetched.result()
        run(
            *(
                *buildah,
                "build",
                "--isolation",
                "chroot",
                "--format",
                "docker",
                "--pull-never",
                "-t",
                IMAGE,
                "-f",
                FILE,
            ),
            *("--build-arg", f"BASE={BASE}", "--build-arg", "PACKAGES=--no-index --find-links /wheels"),
            *("--volume", f"{wheels}:/wheels:ro", "."),
        )
        yield engine
    finally:
        subprocess.run([*engine, "rm", "-f", "-t", "0", NAME], capture_output=True, check=False)
        subprocess.run([*buildah, "rmi", "-a", "-f"], capture_output=True, check=False)
        for folder in (tmp_path, state):
            shutil.rmtree(folder, ignore_errors=True)


async def come(url: str) -> Run:
    visitor = Visitor(url)
    await visitor.come()
    drawn = await visitor.open("starve", wording(1))
    await visitor.go()
    return drawn


@pytest.mark.long
def test_the_container_starts_without_rights_and_shows_a_page(podman: tuple[str, ...]) -> None:
    """Six minutes on two cores, most of them for its packages."""
    port = free_port()
    given = [f"STREAMLIT_SERVER_PORT={port}", "STREAMLIT_SERVER_ADDRESS=127.0.0.1", *SMALL]
    run(
        *(*podman, "run", "-d", "--name", NAME, "--network", "host", "--read-only", "--tmpfs", "/tmp"),
        *("--cap-drop", "all", "--security-opt", "no-new-privileges", "--memory", "2700m", "--memory-swap", "2700m"),
        *("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"),
        *(part for each in given for part in ("-e", each)),
        IMAGE,
    )
    until = time.monotonic() + PATIENCE
    while subprocess.run([*podman, "healthcheck", "run", NAME], capture_output=True, check=False).returncode:
        assert time.monotonic() < until, run(*podman, "logs", NAME)
        time.sleep(0.5)
    with ThreadPoolExecutor(1) as apart:  # a browser before it may have left a loop running in this thread
        drawn = apart.submit(asyncio.run, come(f"http://127.0.0.1:{port}")).result()
    assert drawn.wrong == []
    assert drawn.title
    assert drawn.pictures

    inside = (*podman, "exec", NAME, "sh", "-c")
    assert run(*inside, "id -u").strip() == "1000"
    assert run(*inside, "grep CapEff /proc/self/status").split()[1] == "0" * 16
    assert set(run(*inside, "ls -A /app").split()) - {"__pycache__"} == {".streamlit", "app.py", "lib", "pages"}
    assert run(*inside, "touch /app/x /venv/x 2>/dev/null || echo no").strip() == "no"
    assert run(*inside, "touch /models/x && echo yes").strip() == "yes", "there a fetched model is kept"
    assert "Traceback" not in run(*podman, "logs", NAME)
