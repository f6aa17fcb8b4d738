"""Words of the report's section on new starters, in English and Simplified Chinese."""

WORDS: dict[str, tuple[str, str]] = {
    "nav_onboarding": ("New starters", "新员工"),
    "h_onboarding": ("New starters: induction, mentors, ramp", "新员工：入职培训、带教与成长"),
    "p_onboarding": (
        "Nobody covers in induction, and whoever is mentored works only beside their mentor. Stages end with a recorded pass; where none "
        "is recorded yet, the plan assumes one.",
        "入职培训期不接待客户；带教期只在导师身边工作。各阶段以考试合格记录为准结束；尚无记录的，计划按假定的合格日期安排。",
    ),
    "cap_onb_stages": ("Stages", "阶段"),
    "onb_who": ("Agent", "坐席"),
    "onb_stage": ("Stage", "阶段"),
    "onb_when": ("Days here", "本期日期"),
    "onb_basis": ("Rests on", "依据"),
    "onb_mentor": ("Mentor", "导师"),
    "onb_speed": ("Speed", "效率"),
    "onb_exam": ("Exam", "考试"),
    "onb_induction": ("induction", "入职培训"),
    "onb_mentored": ("beside a mentor", "带教"),
    "onb_independent": ("independent", "独立上岗"),
    "onb_assumed": ("an assumed pass", "假定合格"),
    "onb_recorded": ("what is recorded", "已有记录"),
    "cap_onb_days": ("Agent-hours at the queue by day", "每日在线坐席小时"),
    "onb_heads": ("Starters", "新员工"),
    "onb_effective": ("They come to", "折合坐席"),
    "onb_lost": ("Lost by ramp and mentoring", "因成长与带教减少"),
    "onb_needed": ("To roster", "应排"),
    "onb_needed_heads": ("To roster with it", "计入后应排"),
    "onb_at": (
        "{day}: {heads} h of starters come to {agents} h of agents",
        "{day}：新员工 {heads} 小时，折合坐席 {agents} 小时",
    ),
    "alt_onb": (
        "Hours of starters at the queue by day (line) and what they come to (bars)",
        "每日新员工在线小时（线）与折合坐席小时（柱）",
    ),
}
