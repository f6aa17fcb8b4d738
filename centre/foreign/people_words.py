"""What the columns of lists of people are called, and what each of them is for us; how levels are called."""

ROLES = (
    "agent_id",
    "name",
    "team",
    "level",
    "skills",
    "contract",
    "role",
    "site",
    "starts_on",
    "leaves_on",
    "born_on",
)
"""What a column can be, by the name of the column of ``agents.csv``."""
DATES = ("starts_on", "leaves_on", "born_on")
HEADINGS = {
    "agent_id": (
        "agent_id", "agent id", "id", "employee id", "employee number", "employee no", "personnel number", "user id", "login",
        "工号", "员工编号", "人员编号", "坐席工号", "客服工号", "编号", "员工号", "external id",
    ),
    "name": (
        "name", "agent name", "employee name", "full name", "display name", "姓名", "员工姓名", "坐席姓名", "客服姓名", "名字", "人员姓名",
    ),
    "team": ("team", "group", "team name", "department", "management unit", "小组", "班组", "组别", "团队", "部门", "所属团队", "所属班组"),
    "level": ("level", "grade", "seniority", "job level", "级别", "等级", "职级", "岗级", "层级", "坐席级别"),
    "skills": ("skills", "skill", "queues", "queue", "skill groups", "skill group", "技能", "技能组", "队列", "所属技能组", "业务技能"),
    "contract": (
        "contract", "contract type", "employment type", "work plan", "合同", "合同类型", "用工类型", "工时制度", "班制", "用工形式",
    ),
    "role": ("role", "job", "job title", "position", "岗位", "职位", "角色", "职务"),
    "site": ("site", "location", "city", "职场", "地点", "工作地点", "城市", "所在地"),
    "starts_on": ("starts_on", "start date", "hire date", "date hired", "joining date", "入职日期", "入职时间", "到岗日期", "上岗日期"),
    "leaves_on": ("leaves_on", "end date", "termination date", "leaving date", "离职日期", "离职时间"),
    "born_on": ("born_on", "date of birth", "birth date", "birthday", "出生日期", "生日"),
}  # fmt: skip
LEVELS = {
    word: level
    for level, words in {
        "junior": ("junior", "trainee", "初级", "初级坐席", "初级客服", "新人", "实习"),
        "intermediate": ("intermediate", "regular", "mid", "中级", "中级坐席", "中级客服"),
        "senior": ("senior", "expert", "高级", "高级坐席", "高级客服", "资深", "骨干"),
        "supervisor": (
            "supervisor",
            "team leader",
            "team lead",
            "lead",
            "主管",
            "班长",
            "组长",
            "班组长",
            "质检主管",
        ),
        "manager": ("manager", "经理", "总监", "部门经理"),
    }.items()
    for word in words
}
"""Our level by what others call it."""
