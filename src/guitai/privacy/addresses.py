"""Postal addresses: a road or estate with its numbers, and the region before it."""

import re
from collections.abc import Iterator

from guitai.privacy.model import Kind, PersonalData, Span

_NUMBER = "[0-9零〇一二三四五六七八九十百两-]{1,6}"
_STRONG = "路|街|大道|巷|胡同|弄|花园|小区|新村|家园|公寓|嘉园|雅苑|名苑|苑|大厦|村|坊|府"
_WEAK = "道|区|里|城|园|庄|场|湾|院|寓|镇|乡|厦|居|庭|郡|屯|营|寨|堡|中心"
_PLACE = re.compile(
    f"(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))[东西南北中]?[段路里]?(?P<number>{_NUMBER})"
    "(?P<unit>号楼|号(?![线门台柜窗厅机卡码之前后以开到还扣])|弄|栋|幢|座|单元|室|组)"
)
_DETAIL = re.compile(
    f"(?:[，, ]?(?:[\u4e00-\u9fff]{{0,8}}?(?:{_STRONG}|{_WEAK}))?[A-Za-z]?{_NUMBER}"
    "(?:号楼|号院|号|栋|幢|座|单元|层|楼|室|房|户|弄|组|门)"
    f"|[A-Za-z]座){{0,6}}(?:{_NUMBER}室?(?![0-9元块万年月日]))?"
)
_NOT_IN_NAME = "是在到住址寄于的我您你了请从给和跟去有要把说叫就哦嗯啊呢吗吧那这"
_LEFT = re.compile(f"[^\\W\\d_{_NOT_IN_NAME}]{{1,30}}$")
_PROVINCE = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|"
    "青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_REGION = re.compile(f"{_PROVINCE}|[\u4e00-\u9fff]{{2,3}}(?:省|市|县|州)")
_STEM = re.compile(
    f"(?:(?:{_PROVINCE})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?)?"
    "(?:[\u4e00-\u9fff]{2,4}?(?:市(?!场)|自治州|地区|盟))?"
)
_NOT_A_PLACE = re.compile(
    "(?:知|渠|通|频|难|报|味|霸|高速|管|轨|街|线|公|铁|思|网|电|回|出|这|那|哪|公里|商|市|机|现|当|广|停车|操)$"
)
_CUED = re.compile(
    "(?:地址|住址|住在|家住|居住在|寄到|寄往|邮寄到|送到|搬到)(?:是|为|：|:|在|了|呢|嘛|\\s){0,2}"
    f"(?P<place>(?:(?:{_PROVINCE})|[\u4e00-\u9fff]{{2,3}}(?:省|市))[^\\W_{_NOT_IN_NAME}]{{2,40}})"
)
_PARTS = re.compile("[镇乡路街村巷弄]")
_ENGLISH = re.compile(
    r"\b[0-9]{1,5}\s(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Way)\b"
)


def find_addresses(turn: int, text: str) -> Iterator[PersonalData]:
    """Yield the addresses in one turn; a mask keeps province and city."""
    end = 0
    for place in _PLACE.finditer(text):
        if place.start() < end:
            continue
        start = _start(text, place)
        detail = _DETAIL.match(text, place.end())
        stop = detail.end() if detail else place.end()
        if start < 0 or (place["weak"] and stop == place.end() and not _REGION.match(text, start)):
            continue
        end = stop
        yield _address(turn, start, stop, text)
    for cued in _CUED.finditer(text):
        stem = _STEM.match(cued["place"])
        if cued.start("place") >= end and _PARTS.search(cued["place"], stem.end() if stem else 0):
            yield _address(turn, cued.start("place"), cued.end("place"), text)
    for match in _ENGLISH.finditer(text):
        span = Span(turn, match.start(), match.end())
        yield PersonalData(Kind.ADDRESS, (span,), (span,), match[0])


def _start(text: str, place: re.Match[str]) -> int:
    """Return where the address begins whose first number is at `place`, or -1 where it is no address."""
    floor = max(0, place.start() - 30)
    left = _LEFT.search(text[floor : place.start()])
    if left is None or _NOT_A_PLACE.search(left[0]):
        return -1
    region = _REGION.search(left[0])
    return floor + left.start() + (region.start() if region else 0)


def province_and_city(address: str) -> str:
    """Return the part of an address that a mask keeps; empty where that would be all of it."""
    stem = _STEM.match(address)
    return stem[0] if stem and stem.end() < len(address) else ""


def _address(turn: int, start: int, end: int, text: str) -> PersonalData:
    hidden = Span(turn, start + len(province_and_city(text[start:end])), end)
    return PersonalData(Kind.ADDRESS, (Span(turn, start, end),), (hidden,), text[start:end])
