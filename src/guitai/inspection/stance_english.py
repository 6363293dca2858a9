"""How a phrase is meant in English: stated in earnest, denied, asked, or in somebody else's mouth."""

import re

from guitai.inspection.conditions import Stance

_CLAUSE = re.compile(r"[,.;:!?\n]|\bbut\b|\bhowever\b|\bbecause\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?\n]")
_DENIAL = re.compile(
    r"\b(?:not|never|no|cannot|cant|dont|wont|nobody|no one|none|nothing|neither|nor|without|refuse[sd]?|forbidden|"
    r"prohibited|illegal|unable|impossible)\b|n't\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\b(?:no problem|no doubt|not only|no worries|no risk|without (?:a )?doubt|why not|no matter)\b", re.IGNORECASE
)
_DENIED_AFTER = re.compile(
    r"^\W*(?:is|are|was|that is|that's|would be)\s+(?:not|never|illegal|impossible|false|wrong|a lie|a scam|untrue|"
    r"prohibited|fraud)|^\W*(?:isn't|aren't|cannot|can't|can not)",
    re.IGNORECASE,
)
_UNTRUE_LATER = re.compile(r"\b(?:scams?|fraud(?:sters?)?|not true|untrue|a lie|lying|don't believe)\b", re.IGNORECASE)
_OTHERS_SAY = re.compile(
    r"\b(?:someone|somebody|anyone|anybody|they|he|she|people|scammers?|fraudsters?|callers?|if you|"
    r"you (?:just |also )?"
    r"(?=said|say|mentioned|told|asked|heard))\b(?P<between>[^.!?\n]{0,25}?)"
    r"(?:\b(?:says?|said|claims?|claimed|tells?|told|asks?|asked|promises?|promised|mentioned|offers?|offered|heard)\b)"
    r"(?P<gap>[^.!?\n]{0,40})$",
    re.IGNORECASE,
)
_WE_SAY = re.compile(r"\b(?:i|we|our|us)\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|whether|suppose|unless)\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"^\W*(?:and |so |well )?(?:do|does|did|is|are|was|were|can|could|would|will|should|"
    r"have|has|may|what|which|how|who|when)\b",
    re.IGNORECASE,
)


def english_stance(text: str, start: int, end: int) -> Stance:
    """Tell how text[start:end] is meant in the utterance `text`."""
    sentence = _SENTENCE.split(text[:start])[-1]
    clause = _CLAUSE.split(text[:start])[-1]
    tail = _SENTENCE.split(text[end:])[0]
    if _DENIED_AFTER.match(tail) or _UNTRUE_LATER.search(tail):
        return Stance.DENIED
    reported = _OTHERS_SAY.search(sentence)
    if reported and not _WE_SAY.search(reported["between"] + reported["gap"]):
        return Stance.QUOTED
    if len(_DENIAL.findall(_NO_DENIAL.sub(" ", clause))) % 2:
        return Stance.DENIED
    if _IF.search(clause):
        return Stance.QUOTED
    stop = _SENTENCE.search(text, end)
    asked = (stop is not None and stop[0] == "?") or _QUESTION.match(clause or text[start:end])
    return Stance.ASKED if asked else Stance.STATED
