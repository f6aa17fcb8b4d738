"""What an import tells of rows and expects of cells, in Chinese: each sentence is known by its form, and its figures are kept."""

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
    (r"the name of a queue", "队列名称"),
    (r"one of the centre's queues \((.*)\), chosen for it; or that it is left out", "为其选择本中心的队列（{0}），或不导入"),
    (r"one row an interval and queue; row (\d+) says otherwise", "每个时段和队列一行；第 {0} 行与之不同"),
    (r"intervals of (\d+) minutes, as the centre has, or finer", "不长于本中心时段（{0} 分钟）的时段"),
    (r"dates whose order is told .*", "需指明日期顺序（日、月先后均可能）"),
    (r"a time that exists in (\S+): clocks skipped this one", "{0} 中存在的时刻：调整时钟时跳过了此刻"),
    (r"a date that exists, read as .*", "存在的日期"),
    (r"a time from 00:00 to 23:59", "00:00 至 23:59 之间的时刻"),
    (r"a time on a whole minute", "整分钟的时刻"),
    (r"a number of (\w+), 0 or more(?:, without thousands separators)?", "不小于 0 的数（{0}），不带千位分隔符"),
    (r"a length of time such as 0:04:05.*", "时长，例如 0:04:05"),
    (r"a column with the start of the interval, or .*", "时段开始列，或日期列加时刻列"),
    (r"a column for (\w+)", "{0} 列"),
    (r"one column", "只能有一列"),
    (r"no further faults like the ([\d,]+) listed", "同类错误仅列出前 {0} 处"),
    (r"a column with a number or name by which each person is known", "标识每个人的列（工号）"),
    (r"a number or name by which the person is known", "此人的工号"),
    (r"each person once; row (\d+) has the same", "每人一行；与第 {0} 行重复"),
    (r"rows of people below the header", "表头下的人员行"),
    (r"a day with the year first, such as (\S+)", "年份在前的日期，例如 {0}"),
    (r"queues: (.+)", "队列：{0}"),
    (r"a date such as (\S+)", "日期，例如 {0}"),
    (r"a heading of the file, or the number of a column", "文件中的表头，或列的序号"),
    (r"the number of a column", "列的序号"),
    (r"a number, 0 or more", "不小于 0 的数"),
    (r"a spreadsheet named .xlsx", "以 .xlsx 命名的电子表格"),
    (r"a text file or an .xlsx spreadsheet", "文本文件或 .xlsx 电子表格"),
    (r"one of (.+)", "以下之一：{0}"),
    (r"(\d+) people are new, (\d+) are changed, (\d+) stay as they are", "新增 {0} 人，更改 {1} 人，{2} 人不变"),
)  # fmt: skip
WORDS = {
    **LEFT,
    **ORDERS,
    "queue": "队列",
    "offered": "来电量",
    "seconds": "秒",
    "minutes": "分钟",
    "hours": "小时",
    "milliseconds": "毫秒",
}


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
