"""What an import tells of rows, in Chinese: each sentence is known by its form, and its figures are kept."""

import re

ORDERS = {"ymd": "年月日", "dmy": "日月年", "mdy": "月日年"}
LEFT = {
    "before the header": "表头之前的",
    "of totals": "合计",
    "of headings again": "重复表头",
    "without figures": "没有数据的",
}
FORMS: tuple[tuple[str, str], ...] = (
    (r"([\d,]+) rows? (before the header|of totals|of headings again|without figures) left out: (.+)", "略去 {0} 行（{1}行）：第 {2} 行"),
    (r"([\d,]+) rows of queues that are left out", "略去 {0} 行（不导入的队列）"),
    (r"([\d,]+) rows that say the same again left out: (.+)", "略去 {0} 行（内容重复）：第 {1} 行"),
    (r"intervals of (\d+) minutes were added up to (\d+)", "{0} 分钟时段已合并为 {1} 分钟"),
    (r"([\d,]+) rows that part a queue further .* were added up", "{0} 行是队列的细分（渠道、技能或多个队列对应一个），已合并"),
    (r"dates are read as (\w+), by which alone their days follow one another", "日期按{0}读取：只有这样日期才前后相接"),
    (
        r"([\d,]+) intervals that clocks of (\S+) show twice: .*",
        "{1} 调整时钟，有 {0} 个时段出现两次：先出现的行计为第一个小时，后出现的计为第二个",
    ),
    (r"level of (\d+) people is assumed: (\w+)", "{0} 人没有级别，按 {1} 计"),
    (r"contract of (\d+) people is assumed: (.+)", "{0} 人没有合同，按 {1} 计"),
    (r"(\d+) people are new, (\d+) are changed, (\d+) stay as they are", "新增 {0} 人，更改 {1} 人，{2} 人不变"),
)  # fmt: skip
WORDS = {**LEFT, **ORDERS}


def in_chinese(sentence: str) -> str:
    """A sentence in Chinese; one of no known form as it is.

    Examples
    --------
    >>> in_chinese("1 row of totals left out: 116")
    '略去 1 行（合计行）：第 116 行'
    """
    for form, told in FORMS:
        if match := re.fullmatch(form, sentence):
            return told.format(*(WORDS.get(each, each) for each in match.groups()))
    return sentence
