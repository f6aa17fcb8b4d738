"""What the page says, in English and Simplified Chinese."""

from collections.abc import Callable

from api.page import asked_words, job_words, peaks_words, planner_words, sweep_words, version_words

LANGUAGES = {"en": "English", "zh": "简体中文"}
WORDS = (
    {
        "activity": ("Activity", "活动"),
        "all": ("All", "全部"),
        "back": ("Back to your centres", "返回中心列表"),
        "board": ("Rota board", "排班看板"),
        "board.help": (
            "Drag a shift to move it, an end to stretch it, onto somebody else to give or swap it. Keys: ← → Shift Delete Enter.",
            "拖动班次可移动，拖动两端可伸缩，拖到他人行上可转交或互换；点击查看详情。键盘：← →、Shift、Delete、Enter。",
        ),
        "changed.none": ("Nothing has changed since it was published.", "自上次发布以来没有变化。"),
        "error.stale": ("Somebody else has changed this meanwhile", "其他人已更改此内容"),
        "level": ("Level", "级别"),
        "plan": ("Plan", "规划"),
        "print": ("Print", "打印"),
        "publish": ("Publish", "发布"),
        "publish.accept": ("Publish although these rules are broken", "明知违反以上规则，仍然发布"),
        "publish.affected": ("Who is affected", "受影响的人员"),
        "publish.clean": ("No rule is broken.", "没有违反任何规则。"),
        "publish.days": ("days that change", "天有变化"),
        "publish.done": ("Published: agents see this version now.", "已发布：坐席现在看到的是此版本。"),
        "publish.first": ("It is published for the first time.", "首次发布。"),
        "publish.title": ("Publish this rota", "发布此排班"),
        "queue": ("Queue", "队列"),
        "redo": ("Redo", "重做"),
        "rules": ("Rules broken", "违反的规则"),
        "undo": ("Undo", "撤销"),
        "weeks": ("4 weeks", "4 周"),
        "js.activity": ("Activity", "活动"),
        "js.add": ("Add a shift", "添加班次"),
        "js.added": ("This change breaks rules:", "此更改违反以下规则："),
        "js.apply": ("Apply", "应用"),
        "js.away": ("Mark absent", "标记缺勤"),
        "js.breaches": ("Breaches", "违规"),
        "js.cancel": ("Cancel", "取消"),
        "js.changed": ("changed since it was published", "发布后有更改"),
        "js.clean": ("No rule is broken.", "没有违反任何规则。"),
        "js.cost": ("Wages", "工资"),
        "js.draft": ("Draft", "草稿"),
        "js.drop": ("Drop my change", "放弃我的更改"),
        "js.from": ("From", "从"),
        "js.give": ("Give to, or swap with,", "转交给或互换："),
        "js.close": ("Close", "关闭"),
        "js.missing": ("short", "缺口"),
        "js.mended": ("This change mends:", "此更改消除了："),
        "js.needed": ("Most agents required", "最多所需人数"),
        "js.newest": ("Show the newest version", "显示最新版本"),
        "js.off": ("off by", "相差"),
        "js.paid": ("Paid hours", "计薪工时"),
        "js.pause": ("Add a break", "添加休息"),
        "js.published": ("Published", "已发布"),
        "js.put": ("Put my change on the newest version", "把我的更改应用到最新版本"),
        "js.remove": ("Delete shift", "删除班次"),
        "js.retry": ("Try again", "重试"),
        "js.service": ("Service expected", "预期服务水平"),
        "js.shift": ("Shift", "班次"),
        "js.short": ("Short of the requirement", "人力缺口"),
        "js.sign": ("Sign in (new tab)", "登录（新标签页）"),
        "js.start": ("Starts", "开始"),
        "js.to": ("To", "到"),
        "js.trouble-bad-input": ("This change cannot be made.", "无法进行此更改。"),
        "js.trouble-conflict": ("This does not fit what is there.", "与现有内容冲突。"),
        "js.trouble-forbidden": (
            "The page's session is another one now, or your role may not do this.",
            "会话已变更，或您的角色无权进行此操作。",
        ),
        "js.trouble-internal": (
            "Something went wrong on our side; the change was not kept.",
            "系统出错了，更改未保存。",
        ),
        "js.trouble-not-found": ("It is not there any more, or not for you.", "内容已不存在，或您无权查看。"),
        "js.trouble-not-known": (
            "Your session has ended. Your change is kept here: sign in, then try again.",
            "会话已结束。您的更改仍保留在此页：请登录后重试。",
        ),
        "js.trouble-offline": (
            "No connection. Your change is kept here and not yet saved.",
            "网络已断开。您的更改保留在此页，尚未保存。",
        ),
        "js.trouble-stale": (
            "Somebody else has changed this rota meanwhile. Your change is kept here.",
            "其他人已更改此排班。您的更改仍保留在此页。",
        ),
        "js.trouble-too-many": (
            "Too many requests: wait a moment. Your change is kept here.",
            "请求过多，请稍候。您的更改保留在此页。",
        ),
        "js.trouble-unavailable": (
            "The database cannot be used now. Your change is kept here.",
            "数据库暂时不可用。您的更改保留在此页。",
        ),
        "js.version": ("Version", "版本"),
        "break": ("Break", "休息"),
        "centres": ("Centres", "中心"),
        "centres.none": ("No centre yet", "还没有中心"),
        "centres.none.way": (
            "Start with the example, or bring a centre folder as a zip.",
            "可以先用示例中心，或上传中心文件夹的 zip 压缩包。",
        ),
        "created": ("Made", "创建于"),
        "day": ("Day", "日"),
        "day.count": ("days", "天"),
        "draft": ("Draft", "草稿"),
        "error.bad-input": ("The file has faults, and nothing was kept", "文件有错误，未保存任何内容"),
        "error.conflict": ("This does not fit what is there", "与现有内容冲突"),
        "error.forbidden": ("Your role may not do this", "您的角色无权进行此操作"),
        "error.internal": ("Something went wrong on our side", "系统出错了"),
        "error.internal.way": (
            "Nothing was stored. Tell your administrator this number:",
            "未保存任何内容。请把此编号告诉管理员：",
        ),
        "error.not-found": ("There is no such page, or not for you", "页面不存在，或您无权查看"),
        "error.too-large": ("The file is too large", "文件过大"),
        "error.too-many": ("Too many requests: wait a moment", "请求过多，请稍候再试"),
        "error.unavailable": ("The database cannot be used now", "数据库暂时不可用"),
        "error.unavailable.way": (
            "Nothing was changed. Try again in a moment.",
            "未作任何更改，请稍后再试。",
        ),
        "example": ("Make the example centre", "创建示例中心"),
        "file": ("File", "文件"),
        "found": ("Found", "实际"),
        "limit": ("Limit", "限值"),
        "off": ("Off by", "相差"),
        "when": ("When", "时间"),
        "rest.upload": (
            "Audit any rota (CSV or Excel; it is not kept)",
            "审计任意排班文件（CSV 或 Excel，不保存）",
        ),
        "hours": ("Hours", "工时"),
        "language": ("Language", "语言"),
        "leave": ("Leave", "请假"),
        "meal": ("Meal", "用餐"),
        "contract": ("Contract, a week", "合同周工时"),
        "kind.rest": ("Rest", "休息时段"),
        "kind.short": ("Rest too short", "休息不足"),
        "mine": ("My shifts", "我的班次"),
        "mine.calendar": ("For my calendar (iCal)", "导入日历（iCal）"),
        "mine.none": ("No rota is published yet.", "还没有发布的排班。"),
        "mine.free": ("No shift in this rota.", "此排班中没有您的班次。"),
        "over": ("Beyond it", "超出"),
        "rest.gaps": ("Rest between shifts", "班次间休息"),
        "timeline": ("Day by day", "逐日时间线"),
        "wish": ("Wish", "愿望"),
        "wish.add": ("Send the wish", "提交愿望"),
        "wish.off": ("A day off", "休息"),
        "wish.on": ("To work", "上班"),
        "wish.take": ("Take back", "撤回"),
        "wishes": ("My wishes", "我的愿望"),
        "wishes.none": ("No wishes.", "没有愿望。"),
        "next": ("Next", "下一页"),
        "other": ("Meeting, training", "会议、培训"),
        "people": ("People", "人员"),
        "people.none": ("Nobody matches these filters", "没有符合筛选条件的人员"),
        "previous": ("Previous", "上一页"),
        "changed": ("Published, and changed since", "已发布，之后有更改"),
        "published": ("Published", "已发布"),
        "queue.all": ("All queues", "全部队列"),
        "required.none": ("No requirement is kept with this rota.", "此排班没有保存所需人数。"),
        "rest": ("Rest and hours", "休息与工时"),
        "role.admin": ("Administrator", "管理员"),
        "role.agent": ("Agent", "坐席"),
        "role.hr": ("HR", "人事"),
        "role.planner": ("Planner", "规划师"),
        "role.team_lead": ("Team lead", "组长"),
        "rostered": ("working", "在岗"),
        "rotas": ("Rotas", "排班"),
        "rotas.none": ("No rota yet: bring one as a file.", "还没有排班：请上传排班文件。"),
        "rota.upload": ("Bring a rota (CSV or Excel)", "上传排班（CSV 或 Excel）"),
        "sign-in": ("Sign in", "登录"),
        "sign-in.ended": ("Your session has ended. Sign in again.", "会话已结束，请重新登录。"),
        "sign-in.key": ("Your key", "您的密钥"),
        "sign-in.key.help": (
            "It begins with paiban_. The first one is printed where the service was started.",
            "以 paiban_ 开头。首个密钥显示在启动服务的终端中。",
        ),
        "sign-in.wrong": (
            "This key is not valid: not known, expired or revoked.",
            "密钥无效：未知、已过期或已撤销。",
        ),
        "sign-out": ("Sign out", "退出登录"),
        "skip": ("Skip to content", "跳到正文"),
        "skill": ("Skill", "技能"),
        "staffing": ("People at work through the day", "全天在岗人数"),
        "team": ("Team", "班组"),
        "theme": ("Light or dark", "浅色或深色"),
        "theme.auto": ("As the system", "跟随系统"),
        "theme.dark": ("Dark", "深色"),
        "theme.light": ("Light", "浅色"),
        "times": ("Times in", "时区"),
        "version": ("Version", "版本"),
        "view": ("View", "视图"),
        "week": ("Week", "周"),
        "work": ("Work", "工作"),
        "zip": ("Bring a centre folder (zip)", "上传中心文件夹（zip）"),
        "upload": ("Upload", "上传"),
        "apply": ("Apply", "应用"),
    }
    | asked_words.WORDS
    | job_words.WORDS
    | peaks_words.WORDS
    | sweep_words.WORDS
    | planner_words.WORDS
    | version_words.WORDS
)
"""Each text by key: English, 简体中文."""


def speaker(language: str) -> Callable[[str], str]:
    """The function that tells a key's text in a language.

    Examples
    --------
    >>> speaker("zh")("team")
    '班组'
    """
    column = list(LANGUAGES).index(language)
    return lambda key: WORDS[key][column]


def preferred(header: str) -> str:
    """The language of an ``Accept-Language`` header: Chinese where it comes first, else English.

    Examples
    --------
    >>> [preferred(header) for header in ("zh-CN,zh;q=0.9,en;q=0.8", "de,en", "")]
    ['zh', 'en', 'en']
    """
    return "zh" if header.strip().lower().startswith("zh") else "en"
