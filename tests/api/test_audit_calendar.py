"""``paiban audit --calendar``: the centre's table and a year of holiday-cn."""

import json

ROTA = """agent_id,day,start,end,activity,shift,paid
A1,2026-02-23,2026-02-23T01:00:00Z,2026-02-23T05:00:00Z,work:calls,day,true
"""


def test_a_year_of_holiday_cn_or_a_table_with_classes(tmp_path, run):
    (tmp_path / "rota.csv").write_text(ROTA, encoding="utf-8")
    year, table = tmp_path / "2026.json", tmp_path / "calendar.csv"
    words = ["audit", tmp_path / "rota.csv", "--rules", "eu-wtd", "--timezone", "Asia/Shanghai", "--calendar"]
    day = {"name": "春节", "date": "2026-02-23", "isOffDay": True}
    year.write_text(json.dumps({"year": 2026, "days": [day]}), encoding="utf-8")
    table.write_text("date,name,class\n2026-02-23,春节,bridged\n2026-02-28,上班,makeup\n", encoding="utf-8")
    assert [run(*words, path)[0] for path in (year, table)] == [0, 0]
    year.write_text(json.dumps({"year": 2026, "days": [day | {"date": "2026-02-30"}]}), encoding="utf-8")
    table.write_text("date,name,class\n2026-02-23,春节,holiday\n", encoding="utf-8")
    for path, column in ((year, "days, 1."), (table, "class")):
        code, told = run(*words, path)
        assert (code, told["faults"][0]["file"], told["faults"][0]["column"]) == (2, path.name, column)
