"""BertViz without the internet: its head view and its model view as one document that asks nobody for anything.

BertViz is made for notebooks: its page fetches require.js, which fetches jQuery and d3. Here the two come from packages
that carry them, and the tokens, which BertViz puts into a script as they are, are written so that none can end it.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from lib.quantities import Mode, palette
from lib.reading import Reading

View: TypeAlias = Literal["head", "model"]

FRAME = 18_000  # bytes of the document around its two libraries and the weights
WEIGHT = 5.5  # bytes of a weight as it is sent, of texts of 16 to 128 tokens; tested against the true size
SECOND = 40_000  # lines a browser draws in a second: 70 000 were measured on two idle cores, 20 000 on busy ones
_LIBRARIES = (("xstatic.pkg.jquery", "data/jquery.min.js"), ("mpld3", "js/d3.v5.min.js"))
_REQUIRE = re.compile(r'<script src="[^"]*require[^"]*"></script>')
_PARAMS = "const params = "
# the tokens and weights stand apart, so that the scripts are the same for every text and can be named by their hashes
_DATA = '<script type="application/json" id="weights">%s</script>'
_READ = 'JSON.parse(document.getElementById("weights").textContent)'
# what BertViz asks of require.js, answered with what is already here
_SHIM = "window.require={config(){}};window.requirejs=(names,draw)=>draw(jQuery,d3);"
_SCRIPT = re.compile(r"<script(?: type=\"text/javascript\")?>(.*?)</script>", re.DOTALL)
_RULES = "default-src 'none'; script-src %s; style-src 'unsafe-inline'"
_ROLES = ("page", "ink", "muted", "line", "wash", "cls")
_STYLE = """
:root{color-scheme:%(scheme)s;background:%(page)s;color:%(ink)s;font:15px 'Helvetica Neue',Helvetica,Arial,sans-serif}
body{margin:0;padding:4px 0 0 28px}
p{margin:0 0 10px;font-size:14px;color:%(muted)s}
svg{fill:%(page)s;overflow:visible;touch-action:manipulation}
svg text{fill:%(ink)s}
.background{fill:%(line)s}
.attn_background[fill=white],.attn_background[fill=black]{fill:%(page)s}
.attn_background:not([fill=white],[fill=black]){fill:%(wash)s}
#left>g:last-child>g:first-child text,#right>g:last-child>g:first-child text,g.detail>g:first-child>.token
{fill:%(cls)s;font-weight:600}
select{font:inherit;color:%(ink)s;background:%(page)s;border:1px solid %(muted)s;border-radius:3px;padding:4px 6px}
.numbers{margin-top:10px;display:flex;font-size:12px;color:%(muted)s}
.numbers i{width:20px;text-align:center;font-style:normal}
"""


def lines(layers: int, heads: int, tokens: int) -> int:
    """Lines that a view draws at once: one from every token to every token, in every head."""
    return layers * heads * tokens * tokens


def size(layers: int, heads: int, tokens: int) -> int:
    """Bytes of the document, estimated before it is made; both views carry the same weights.

    Args:
        layers: that are shown.
        heads: in each.
        tokens: real ones, special ones included.
    """
    return sum(map(len, _libraries())) + FRAME + round(WEIGHT * lines(layers, heads, tokens))


def seconds(layers: int, heads: int, tokens: int, view: View) -> float:
    """Seconds that a small computer needs to draw it, estimated; the head view draws one layer at a time."""
    return 1 + lines(1 if view == "head" else layers, heads, tokens) / SECOND


def height(layers: int, heads: int, tokens: int, view: View) -> int:
    """Pixels that a view is high, with the controls above it."""
    if view == "head":
        return round(22.5 * tokens) + 30 + 130
    thumbnail = tokens * 7 * 12 / heads + 10
    return round(max(layers * thumbnail + 38, 18 * tokens + 55)) + 60


@cache
def _libraries() -> tuple[str, ...]:
    """The text of jQuery and d3, from the packages that carry them; the packages are found and not imported."""
    libraries = []
    for package, file in _LIBRARIES:
        spec = importlib.util.find_spec(package)
        places = list(spec.submodule_search_locations or ()) if spec else []
        path = next((Path(place) / file for place in places if (Path(place) / file).is_file()), None)
        if path is None:
            raise ValueError(f"{file} of the package {package} is not here: install what requirements.txt names.")
        libraries.append(path.read_text("utf-8"))
    return tuple(libraries)


def html(
    reading: Reading,
    row: int,
    view: View,
    mode: Mode,
    *,
    layers: tuple[int, ...],
    decimals: int = 3,
    start: tuple[int, int] = (1, 1),
) -> str:
    """A view of one text's attention as a document for a frame.

    Layers and heads are counted from 1, as everywhere in the app. Padding is left out.

    Args:
        reading: with attention "full".
        row: which text.
        view: "head" for tokens joined by lines, a layer at a time; "model" for all heads as small pictures.
        mode: the theme it will be seen in.
        layers: those that are shown, from 1.
        decimals: that each weight is rounded to.
        start: (layer, head) that the head view opens with; the model view has no such start.

    Returns:
        the same document for the same reading, to the last letter.

    Raises:
        ValueError: there is no such text or layer, full attention was not kept, or BertViz writes another page than the
            versions that requirements.txt names.

    Source:
        vig2019.
    """
    import torch
    from bertviz import head_view, model_view

    if not 0 <= row < reading.batch:
        raise ValueError(f"There is no text {row} here: this reading has texts 0 to {reading.batch - 1}.")
    if view == "head" and start[0] not in layers:
        raise ValueError(f"The view cannot open with layer {start[0]}: it shows {', '.join(map(str, layers))}.")
    tokens, real = list(reading.encoding.row(row)), np.flatnonzero(reading.encoding.attention_mask[row])
    weights = [reading.attention(layer)[row][:, real][:, :, real] for layer in layers]
    # float64, because a rounded float32 is written with all of its digits
    rounded = [torch.from_numpy(kept.astype(np.float64)).round(decimals=decimals)[None] for kept in weights]
    if view == "head":
        page = head_view(rounded, tokens, prettify_tokens=False, heads=[start[1] - 1], html_action="return")
    else:
        page = model_view(rounded, tokens, prettify_tokens=False, display_mode=mode, html_action="return")
    body, tags = _REQUIRE.subn("", page.data)
    before, marker, after = body.partition(_PARAMS)
    if tags != 1 or not marker:
        raise ValueError("This version of BertViz writes another page: install the one that requirements.txt names.")
    params, end = json.JSONDecoder().raw_decode(after)
    own, params["root_div_id"] = params["root_div_id"], "bertviz"
    params["include_layers"] = list(layers)
    if view == "head":
        params["layer"] = start[0]
    else:
        params["include_heads"] = list(range(1, weights[0].shape[0] + 1))
    # BertViz writes the weights a second time, into the comment behind them: it ends with the line
    rest = after[end:].partition("\n")[2]
    data = json.dumps(params, separators=(",", ":")).replace("<", "\\u003c")
    before = before.replace(own, "bertviz").replace("<div id='vis'>", _numbers(view, weights[0].shape[0]))
    colours = palette(mode)
    style = _STYLE % {"scheme": mode, **{role: getattr(colours, role) for role in _ROLES}}
    scripts = "".join(f"<script>{script}</script>" for script in (*_libraries(), _SHIM))
    drawing = f"{before}{_PARAMS}{_READ};\n{rest}"
    rules = _RULES % " ".join(hashes(scripts + drawing))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>BertViz, {view} view</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{rules}"><style>{style}</style>{scripts}</head><body>'
        f"<p>Each token at the left attends to the tokens at the right.</p>{_DATA % data}{drawing}</body></html>"
    )


def hashes(markup: str) -> tuple[str, ...]:
    """The scripts in some HTML, each as a Content-Security-Policy allows it: "'sha256-…'" of its text."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _SCRIPT.findall(markup))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _numbers(view: View, heads: int) -> str:
    """The heads' numbers above BertViz's squares, which have none; and the place where it draws."""
    if view == "model":
        return "<div id='vis'>"
    return f"""<div class="numbers">{"".join(f"<i>{head}</i>" for head in range(1, heads + 1))}</div><div id='vis'>"""
