"""What-if changes in Simplified Chinese; in English they tell themselves (`scenarios.changes.Change.words`)."""

from scenarios.changes import Change, Scenario
from scenarios.report_data import Language

CHINESE = {
    "volume": "联络量",
    "aht": "平均处理时长",
    "arrivals": "到达时间",
    "target_share": "服务水平目标",
    "target_seconds": "应答时限（秒）",
    "patience_seconds": "客户耐心（秒）",
    "max_occupancy": "占用率上限",
    "minimum_agents": "最低在岗人数",
    "containment_share": "机器人拦截比例",
    "containment_aht_factor": "剩余联络处理时长倍数",
    "first_contact_resolution": "首次解决率",
    "transfer_share": "转接比例",
    "callback_share": "回呼比例",
    "opening": "营业时间",
    "shrinkage": "计划外损耗",
    "preset": "规则预设",
    "event": "事件",
    "hire": "增加人员",
    "attrition": "年流失率",
    "leave": "减少人员",
    "crosstrain": "增加技能",
    "contract": "更换合同",
    "set": "设置",
}
"""Names of the kinds of change of `scenarios.change_kinds.KINDS`."""


def change_words(change: Change, language: Language) -> str:
    """One change in words.

    Examples
    --------
    >>> change_words(Change("volume:calls=+10%", "volume +10 % (calls)", lambda inputs: inputs), "zh")
    '联络量（calls）+10%'
    """
    if language == "en":
        return change.words
    head, _, value = change.text.partition("=")
    name, _, selectors = head.partition(":")
    where = f"（{selectors.strip()}）" if selectors.strip() else " "
    return f"{CHINESE[name]}{where}{value.strip()}"


def scenario_words(scenario: Scenario, language: Language) -> str:
    """All changes of a scenario in words."""
    if language == "en":
        return scenario.words
    return "；".join(change_words(change, language) for change in scenario.changes) or "无改动"
