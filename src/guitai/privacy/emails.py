"""E-mail addresses, written or spoken (张三艾特 qq 点 com, john dot smith at gmail dot com)."""

import re
from collections.abc import Iterator

from guitai.privacy.model import Kind, PersonalData, Span

_DIGIT = "0-9零〇一二三四五六七八九幺"
_AT = re.compile(r"\s?(?:[@＠]|艾特|爱特|小老鼠|圈[aAａ](?![a-zA-Z])|(?<![A-Za-z])(?i:at)(?![A-Za-z]))\s?")
_WRITTEN_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,12}(?![A-Za-z])")
_SPOKEN_DOMAIN = re.compile(
    rf"(?:(?:[A-Za-z{_DIGIT}-]\s?){{1,30}}(?:\.|点|(?i:dot))\s?){{1,3}}"
    r"(?i:com|cn|net|org|edu|gov|hk|io|co|me|cc|uk)(?![A-Za-z])"
)
_PROVIDER = re.compile(
    rf"(?i:qq|一六三|163|一二六|126|gmail|foxmail|outlook|hotmail|sina|新浪|yahoo)(?![A-Za-z{_DIGIT}])"
)
_PIECE = re.compile(
    rf"(?P<join>\.|点|下划线|下横线|减号|横杠|杠|(?<![A-Za-z])(?i:dot|underscore|dash)(?![A-Za-z]))"
    rf"|(?P<word>[A-Za-z{_DIGIT}%+_-]+)|(?P<space>\s)|(?P<other>.)",
    re.DOTALL,
)
_LONGEST_LOCAL = 64


def find_emails(turn: int, text: str) -> Iterator[PersonalData]:
    """Yield the e-mail addresses in one turn; a mask keeps the first character and the domain."""
    for at in _AT.finditer(text):
        spoken = at[0].strip() not in ("@", "＠")
        domain = None if spoken else _WRITTEN_DOMAIN.match(text, at.end())
        domain = domain or _SPOKEN_DOMAIN.match(text, at.end())
        if domain is None and "特" in at[0]:
            domain = _PROVIDER.match(text, at.end())
        start = _local_start(text, at.start())
        if domain is None or start == at.start():
            continue
        hidden = Span(turn, start + (at.start() - start > 1), at.start())
        yield PersonalData(Kind.EMAIL, (Span(turn, start, domain.end()),), (hidden,), text[start : domain.end()])


def _local_start(text: str, end: int) -> int:
    """Return where the part before the at sign begins; `end` where there is none."""
    floor = max(0, end - _LONGEST_LOCAL)
    pieces = list(_PIECE.finditer(text[floor:end]))
    start, joined, single = end, True, False
    for i in range(len(pieces) - 1, -1, -1):
        piece = pieces[i]
        if piece.lastgroup == "space":
            continue
        if piece.lastgroup == "join":
            joined = True
            continue
        is_single = len(piece[0]) == 1
        touches = piece.end() + floor == start
        if piece.lastgroup == "other" or not (joined or touches or (single and is_single)):
            break
        start, joined, single = piece.start() + floor, False, is_single
    return start
