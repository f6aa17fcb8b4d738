"""What the screen of versions says, in English and Simplified Chinese."""

WORDS = {
    "version.draft": ("made", "新建"),
    "version.edit": ("edit", "编辑"),
    "version.publish": ("publishing", "发布"),
    "version.undo": ("undo", "撤销"),
    "versions": ("What changed", "更改内容"),
    "versions.after": ("After", "更改后"),
    "versions.before": ("Before", "更改前"),
    "versions.compare": ("Compare", "比较"),
    "versions.days": ("days changed", "天有更改"),
    "versions.free": ("off", "休息"),
    "versions.hours": ("paid hours", "计薪工时"),
    "versions.none": ("These versions are the same for everybody.", "这两个版本对所有人都相同。"),
    "versions.one": ("From version", "从版本"),
    "versions.other": ("To version", "到版本"),
    "versions.people": ("people affected", "人受影响"),
}
