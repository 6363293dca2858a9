"""Names of persons, by what introduces them and by their title."""

import re
from collections.abc import Iterator

from guitai.privacy.model import Kind, PersonalData, Span

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴谈宋庞熊纪舒屈"
    "项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪解应宗丁宣邓郁单杭洪包诸"
    "左石崔吉龚程嵇邢裴陆荣翁荀惠曲封芮储靳段焦巴牧山谷车侯全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司黎薄印白蒲从鄂索"
    "咸籍赖卓蔺屠蒙池乔胥苍闻党翟谭劳申扶冉宰雍桑桂牛寿通边燕冀尚农温别庄晏柴瞿阎慕连茹习艾鱼容向古易慎戈廖终衡步耿满匡国文"
    "寇广阙东欧沃利蔚越师巩聂晁冷辛阚那简饶曾沙鞠丰关相查荆红游竺权盖桓肖岳商佟付邸闫涂代覃"
)
_COMMON_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎武乔贺赖龚"
)
_DOUBLE = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|南宫|独孤|长孙|宇文|轩辕"
_TITLE = "先生|女士|小姐|太太|同志|老师|经理|主任|总|师傅|阿姨|叔叔|大爷|大姐|大哥"
_NOT_GIVEN = (
    "的了是在我你您他她它们要想和与跟有不就也都来去打说请对吗呢吧啊呀嘛这那先女老身电手卡号什么怎谁哪个人今昨办为被把从到给让叫没"
    "很还再又会能可应该当因所以但如果或者位者们啥几多少钱款账帐户银行存取转汇贷查询问题事情做买卖上下里外内前后左右岁住"
    "零〇十百千万亿两"
)
_FIRST_GIVEN = f"[^\\W\\da-zA-Z_{_NOT_GIVEN}]"
_GIVEN = f"[^\\W\\da-zA-Z_{_NOT_GIVEN}一二三四五六七八九]"
_NAME = re.compile(f"(?:{_DOUBLE}|[{_SURNAMES}])(?!{_TITLE}){_FIRST_GIVEN}{_GIVEN}?")
_KIN = "爱人|老公|老婆|丈夫|妻子|太太|先生|父亲|母亲|爸爸|妈妈|我爸|我妈|儿子|女儿|孩子|哥哥|姐姐|弟弟|妹妹|朋友|同事"
_SURNAME = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_ROLE = "持卡人|收款人|付款人|联系人|借款人|担保人|户主"
_OTHER_ROLE = "开户人|投保人|被保险人|受益人|经办人|法人|客户|本人|他|她"
_CUE = re.compile(
    r"(?:我叫|名叫|叫做|(?:名字|姓名|户名|全名|本名|真名|开户名|账户名)(?:是|叫|为|呢|：|:|\s)*"
    rf"|姓{_SURNAME}[，,、\s]*(?:名字?)?(?:叫|是)|姓(?P<family>[{_SURNAMES}])[，,、\s]+(?=(?P=family))"
    rf"|(?:{_ROLE})\s?(?={_SURNAME})|(?:{_KIN}|{_ROLE}|{_OTHER_ROLE})(?:的?(?:名字|姓名))?(?:是|叫|为|填|写|：|:)"
    r"|(?:转账|汇款|转|汇|打|借)给)\s?"
)
_PRESENT = re.compile("(?:[，,。]叫|我是|您是|你是|请问是|这里是|我这边是|这边是)\\s?")
_FOLLOWS = re.compile(
    "$|[^\u4e00-\u9fff]|[的了是在我你您他她要想吗呢吧啊这那来今现手电身卡银账帐号住家需办打请麻谢之刚已还有就也没不给和跟与从到"
    f"转本客男女对可能会帮查申挂做名让说一二三四五六七八九]|{_TITLE}"
)
_ENDS = re.compile(f"$|[^\u4e00-\u9fff]|吗|吧|呢|啊|本人|(?:{_TITLE})|我[想要的]|身份证|手机|电话")
# Common words that begin with a family name.
_WORD_LIST = """
    高兴 高级 方便 方案 安全 安排 安徽 成都 成功 江苏 江西 温州 金卡 金额 金融 金牌 白金 黄金 常客 常用 任何 时候
    于是 和平 何时 马上 白领 石家 单位 单身 华为 华夏 关于 关心 应该 路过 钱包 车主 车贷 全额 全部 全称 全款 全家
    房贷 房东 房产 计划 平安 平台 平时 明天 明白 包括 项目 祝您 董事 季度 高管 管理 经济 经常 经理 解决 宣传 单独
    杭州 程序 宁波 宁夏 武汉 符合 司机 白天 从来 蒙古 能够 党员 劳动 申请 桂林 通过 通知 边上 尚未 农业 农行 农村
    温度 别的 别人 连续 习惯 容易 终于 满意 国家 国外 国内 文件 广东 广州 广西 东莞 利率 利息 师傅 简单 曾经 关机
    相关 查询 红色 游客 权利 商务 商家 商户 代理 代办 代表 付款 付费 付钱 花呗 花钱 常州 徐州 郑州 苏州 兰州 汤圆
    安装 云南 章程 支付 支行 毛病 山东 山西 强制 元旦 计算 乐意 康复 余额 余下 席位 路上 万能 万科 左右 段时 牧场
    山区 车位 侯车 班上 武警 景区 印象 印章 索赔 通常 通话 边境 容量 古董 易方 步骤 沃尔 越来 冷静 沙发 丰田 盖章
    张家 陈旧 严重 华侨 范围 方式 方面 方法 方向 任务 史上 费用 雷达 常见 于今 元钱 和您 纪念 梅花 盛世 钟点 夏天
    凌晨 洪水 石油 吉利 陆续 封闭 全国 武器 叶子 幸好 司法 黎明 向您 连锁 国有 文化 东西 欧元 利润 那个 关联 相信
    查账 红包 权益 商业 代扣 祖国 龙卡 别处 农商 高风 高额 高息 金葵 金管 施工 严格 路费 应急 封控 安心 安居 高端
    高考 常年 全程
    """
_WORDS = re.compile("|".join(_WORD_LIST.split()))
_AMBIGUOUS = frozenset("和于时成向从有何万方任安全都应对给叫是明经那別别计国通东单连查找叶")
_TITLED = re.compile("(?:先生|女士|小姐|太太)")
_ENGLISH = re.compile(
    r"(?i:\b(?:my (?:full )?name is|my name's|(?:the|full|his|her) name is|card ?holder(?:'s name)? is|"
    r"account holder is)\s+)"
    r"(?P<any>[A-Za-z]{2,20}(?:\s[A-Za-z]{2,20})?)"
    r"|(?:\b(?:[Tt]his is|I am|I'm|[Ii]t's|[Ss]peaking with|(?:Mr|Mrs|Ms|Miss|Dr)\.?)\s+"
    r"|(?:我叫|名字[是叫]|姓名[是：:]?)\s?)"
    r"(?P<capital>[A-Z][a-z]{1,20}(?:\s[A-Z][a-z]{1,20})?)"
)
_ENGLISH_WORD_LIST = """
    what not
    and i i'm calling from the my a an not here speaking is on in at with for to so but can could would have has
    please yes no ok okay about it's sorry very looking trying just really still now today monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september october november
    december
    """
_ENGLISH_WORDS = frozenset(_ENGLISH_WORD_LIST.split())


def find_names(turn: int, text: str) -> Iterator[PersonalData]:
    """Yield the names in one turn; a mask keeps the family name, and of an English name the initials.

    A family name with a title alone (张先生) is found, with nothing to hide.
    """
    for cue in _CUE.finditer(text):
        yield from _introduced(turn, text, cue.end(), _FOLLOWS)
    for cue in _PRESENT.finditer(text):
        yield from _introduced(turn, text, cue.end(), _ENDS)
    for title in _TITLED.finditer(text):
        yield from _titled(turn, text, title.start())
    yield from _english(turn, text)


def _introduced(turn: int, text: str, start: int, follows: re.Pattern[str]) -> Iterator[PersonalData]:
    """Yield the name that begins at `start` if what comes after it can follow a name."""
    name = _NAME.match(text, start)
    if name is None or _WORDS.match(text, start):
        return
    shortest = start + (3 if re.match(_DOUBLE, name[0]) else 2)
    for end in range(name.end(), shortest - 1, -1):
        if follows.match(text, end):
            yield _name(turn, text, start, end)
            return
    if follows is _FOLLOWS:
        yield _name(turn, text, start, name.end())


def _titled(turn: int, text: str, end: int) -> Iterator[PersonalData]:
    for length in (4, 3, 2):
        start = end - length
        name = _NAME.match(text, start, end) if start >= 0 else None
        if name is None or name.end() != end or (text[start] in _AMBIGUOUS and text[start + 1] in _SURNAMES):
            continue
        if not _WORDS.match(text, start):
            yield _name(turn, text, start, end)
        return
    if end and text[end - 1] in _COMMON_SURNAMES:
        yield PersonalData(Kind.NAME, (Span(turn, end - 1, end),), (), text[end - 1])


def family_name(name: str) -> str:
    """Return the part of a Chinese name that a mask keeps."""
    double = re.match(_DOUBLE, name)
    return double[0] if double and len(name) > len(double[0]) else name[:1]


def _name(turn: int, text: str, start: int, end: int) -> PersonalData:
    name = text[start:end]
    hidden = Span(turn, start + len(family_name(name)), end)
    return PersonalData(Kind.NAME, (Span(turn, start, end),), (hidden,), name)


def _english(turn: int, text: str) -> Iterator[PersonalData]:
    for match in _ENGLISH.finditer(text):
        group = "any" if match["any"] else "capital"
        words = list(re.finditer("[A-Za-z]+", match[group]))
        kept = [word for word in words if word[0].lower() not in _ENGLISH_WORDS]
        if not kept or kept[0] is not words[0]:
            continue
        offset = match.start(group)
        spans = tuple(Span(turn, offset + word.start(), offset + word.end()) for word in kept)
        hidden = tuple(Span(turn, span.start + 1, span.end) for span in spans)
        yield PersonalData(Kind.NAME, spans, hidden, " ".join(word[0] for word in kept))
