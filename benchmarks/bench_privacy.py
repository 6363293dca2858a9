"""Personal data found: mobile numbers read aloud in real speech, and generated sentences, beside plain expressions.

The peer is the usual set of `\\d` patterns, run on the digits form of the same text (`to_digits`), which favours it.
A value counts as found when a finding of its class overlaps it; a finding of a class that overlaps none is false.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time

from benchmarks.generate_personal_data import Sentence, sentences
from benchmarks.result import Result
from guitai.language.numerals import to_digits_aligned
from guitai.privacy.find import find, find_in_turns
from guitai.privacy.model import Turn

REPO = Path(__file__).parent.parent
SHARED = Path(os.environ.get("GUITAI_SHARED_DATA", REPO.parent / "shared" / "data"))
COUNT, SEED = 10_000, 20_260
_TRANSCRIPT = 10_000
_DIGIT_VALUES = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {"幺": "1", "〇": "0"}
_SPOKEN_MOBILE = re.compile("[零〇一幺二三四五六七八九]{11}")

Found = tuple[str, int, int]

PATTERNS = {
    "mobile": r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",
    "landline": r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)",
    "id_card": r"(?<!\d)\d{17}[\dXx](?!\d)",
    "bank_card": r"(?<!\d)(?:\d{4}[- ]?){3}\d{4}(?:[- ]?\d{3})?(?!\d)",
    "passport": r"(?<![A-Za-z])[EG]\d{8}(?!\d)",
    "email": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "address": r"[\u4e00-\u9fff]{2,}(?:路|街|道|巷)\d+号",
    "name": r"(?<=我叫)[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{2,3}(?=先生|女士)",
    "cvv": r"(?i:cvv2?|安全码)\D{0,3}(?P<value>\d{3})(?!\d)",
    "password": r"密码\D{0,3}(?P<value>\d{6})(?!\d)",
    "one_time_code": r"验证码\D{0,3}(?P<value>\d{4,6})(?!\d)",
    "amount": r"\d[\d,]*(?:\.\d+)?(?:万|亿)?(?:元|块)",
}
_COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}


def mobile_truth(tsv: Path) -> dict[str, str]:
    """Return clip → digits for the clips whose reference text, less spaces and marks, is eleven spoken digits 1[3-9]….

    The definition reads the text alone, whole clip by whole clip; a number cut over clips would not count.
    """
    truth: dict[str, str] = {}
    for line in tsv.read_text(encoding="utf-8").splitlines()[1:]:
        clip, _, text = line.partition("\t")
        said = re.sub(r"[^\u4e00-\u9fff〇]", "", text)
        if _SPOKEN_MOBILE.fullmatch(said):
            digits = "".join(_DIGIT_VALUES[char] for char in said)
            if re.fullmatch("1[3-9][0-9]{9}", digits):
                truth[clip] = digits
    return truth


def mobile_recall(truth: dict[str, str], texts: dict[str, str]) -> float:
    """Return the share of clips in whose text the finder takes the true mobile number."""
    hits = sum(_mobiles(texts.get(clip, "")) >= {digits} for clip, digits in truth.items())
    return hits / len(truth)


def _mobiles(text: str) -> set[str]:
    return {data.value for data in find(text) if data.kind == "mobile"}


def run() -> list[Result]:
    cases = list(sentences(COUNT, SEED))
    ours, theirs = _scores(cases, _ours), _scores(cases, _peer)
    results: list[Result] = []
    for kind in sorted(PATTERNS):
        for what, i in (("precision", 0), ("recall", 1)):
            mine, other = ours[kind][i], theirs[kind][i]
            results.append(_result(f"privacy-{kind}-{what}", f"{COUNT} generated sentences", mine, other, 0.99))
    results.append(_speed(cases))
    return [*_real_speech(), *results]


def _real_speech() -> list[Result]:
    tsv = SHARED / "aishell" / "transcripts.tsv"
    if not tsv.exists():
        print(f"privacy: {tsv} is absent, spoken mobile numbers are left out", file=sys.stderr)
        return []
    truth = mobile_truth(tsv)
    rows = [line.partition("\t") for line in tsv.read_text(encoding="utf-8").splitlines()[1:]]
    texts = {clip: text for clip, _, text in rows}
    mine = mobile_recall(truth, texts)
    peer = sum(bool(_COMPILED["mobile"].search(texts[clip])) for clip in truth) / len(truth)
    false = sum(bool(_mobiles(text)) for clip, text in texts.items() if clip not in truth)
    workload = f"{len(truth)} clips with a number, {len(texts) - len(truth)} without ({false} false)"
    return [_result("privacy-spoken-mobile-recall", workload, mine, peer, 0.95)]


def _result(name: str, workload: str, ours: float, peer: float, bar: float) -> Result:
    ratio = ours / peer if peer else float("inf") if ours else 1.0
    return Result(name, workload, ours, peer, "plain regex", "share", min(ratio, 1e6), f"ours >= {bar}", ours >= bar)


def _speed(cases: list[Sentence]) -> Result:
    """Measure the finder on a transcript of 10,000 characters, every third turn with personal data."""
    talk = "您好，请问有什么可以帮您？我想查一下上个月的账单，好像多扣了一笔钱，麻烦您帮我看看是怎么回事。"
    turns: list[Turn] = []
    while sum(len(turn.text) for turn in turns) < _TRANSCRIPT:
        turns += [Turn("a", talk[:13]), Turn("c", talk[13:] * 3), Turn("c", cases[len(turns)].text)]
    ours = min(_cpu_ms(lambda: find_in_turns(turns)) for _ in range(5))
    peer = min(_cpu_ms(lambda: [_peer(turn.text) for turn in turns]) for _ in range(5))
    workload = f"{_TRANSCRIPT} characters of a transcript, {len(turns)} turns"
    return Result("privacy-find-time", workload, ours, peer, "plain regex", "ms", ours / peer, "ours <= 50", ours <= 50)


def _cpu_ms(action: Callable[[], object]) -> float:
    started = process_time()
    action()
    return (process_time() - started) * 1000


def _scores(cases: Iterable[Sentence], finder: Callable[[str], list[Found]]) -> dict[str, tuple[float, float]]:
    """Return precision and recall by class."""
    hit, false, missed = Counter[str](), Counter[str](), Counter[str]()
    for case in cases:
        left = list(case.truth)
        for kind, start, end in finder(case.text):
            match = next((t for t in left if t[0] == kind and t[1] < end and start < t[2]), None)
            if match:
                left.remove(match)
                hit[kind] += 1
            else:
                false[kind] += 1
        missed.update(kind for kind, _, _ in left)
    return {kind: (_share(hit[kind], false[kind]), _share(hit[kind], missed[kind])) for kind in PATTERNS}


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 0.0


def _ours(text: str) -> list[Found]:
    return [(str(data.kind), data.spans[0].start, data.spans[-1].end) for data in find(text)]


def _peer(text: str) -> list[Found]:
    written, places = to_digits_aligned(text)
    places.append(len(text))
    found: list[Found] = []
    for kind, pattern in _COMPILED.items():
        for match in pattern.finditer(written):
            start, end = match.span("value" if "value" in pattern.groupindex else 0)
            found.append((kind, places[start], places[end]))
    return found


if __name__ == "__main__":
    for result in run():
        print(
            f"{result.name:36} ours {result.ours:.4f}  {result.peer_name} {result.peer:.4f}  {result.bar}: {result.met}"
        )
