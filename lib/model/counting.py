"""Counts what a config would have built, in a process of its own: ``python counting.py FOLDER MEMORY SECONDS``.

A config is a stranger's. How much is built from it only its family's code knows, so that code runs here, where time and
memory are bounded and whoever waits can end it. Nothing of lib is imported, so that it starts as fast as torch does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

UNBUILT, TOO_MUCH, TOO_LONG = 3, 4, 5  # how it ends without an answer
LOOK = 0.05  # seconds between two looks at the memory
ALONE = 6  # times the processor's seconds that it may take by the clock


def _bounded(memory: int, seconds: float) -> None:
    """Ends this process when it takes so much more memory than now, where the system tells, or processor time."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])  # the address space, which a limit is on
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    begun, spent, before = time.monotonic(), time.process_time(), _peak()

    def watch() -> None:
        # a busy machine is no fault of the config; but who asked may be gone, and nobody left to end this
        while time.process_time() - spent < seconds and time.monotonic() - begun < ALONE * seconds:
            if _peak() - before > memory:
                os._exit(TOO_MUCH)
            time.sleep(LOOK)
        os._exit(TOO_LONG)

    threading.Thread(target=watch, daemon=True).start()


def _peak() -> int:
    """Bytes of memory taken at most until now; 0 on Windows, which has no such record."""
    with suppress(ImportError):
        import resource

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return 0


def _counted(folder: str) -> dict[str, int]:
    """Parameters, other numbers and modules of the model that a config describes, built without memory for weights."""
    import torch
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    with torch.device("meta"):
        model = AutoModel.from_config(config, attn_implementation="eager", trust_remote_code=False)
    return {
        "parameters": sum(each.numel() for each in model.parameters()),
        "tables": sum(each.numel() for each in model.buffers()),
        "modules": sum(1 for _ in model.modules()),
        "decoder": int(bool(config.is_encoder_decoder or getattr(config, "is_decoder", False))),
    }


def _main(folder: str, memory: int, seconds: float) -> int:
    import torch
    from transformers import AutoModel, BertConfig

    with torch.device("meta"):  # once for all that is imported only when something is built
        AutoModel.from_config(BertConfig(num_hidden_layers=1), attn_implementation="eager")
    _bounded(memory, seconds)
    try:
        counts = _counted(folder)
    except MemoryError:
        return TOO_MUCH
    except Exception:  # a config can be wrong in every way there is
        return UNBUILT
    print(json.dumps(counts))
    return 0


if __name__ == "__main__":
    sys.stdout.flush()
    code = _main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
    sys.stdout.flush()
    os._exit(code)  # nothing is left to tidy up
