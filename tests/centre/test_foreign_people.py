"""Lists of people of other tools: Chinese and English headings, values in other words, and every fault with its row, without names."""

import pytest

from centre.errors import Faults
from centre.foreign.notes import in_chinese
from centre.foreign.people import Known, changed_people, imported_people, proposed_people
from centre.foreign.sheet import read_sheet

OURS = Known(
    ["calls", "chat"], ["full-time", "part-time"],
    {"A001": {"agent_id": "A001", "name": "林艳", "team": "一组", "level": "junior", "skills": "calls", "contract": "full-time"}},
)  # fmt: skip
CHINESE = """人员名单,,,,,,
工号,姓名,班组,职级,技能组,合同类型,入职日期
A001,林艳,一组,高级,热线、在线客服,全职,2018/5/1
A002,王小明,二组,初级,热线:0.8,全职,2026年3月2日
"""
CHOSEN = {"queues": {"热线": "calls", "在线客服": "chat"}, "contracts": {"全职": "full-time"}}


def read(tmp_path, text, known=OURS, encoding="utf-8", **change):
    path, faults = tmp_path / "list.csv", Faults()
    path.write_bytes(text.encode(encoding))
    sheet = read_sheet(path, faults)
    mapping = changed_people(proposed_people(sheet), change, faults)
    result = imported_people(sheet, mapping, known, faults)
    for sentence in (*result.told, *(each.expected for each in faults.found)):
        assert in_chinese(sentence) != sentence
    return result, faults.found


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chinese_list_becomes_rows_of_ours(tmp_path, encoding):
    result, faults = read(tmp_path, CHINESE, encoding=encoding, **CHOSEN)
    assert faults == []
    one, two = result.rows
    assert one == {
        "agent_id": "A001", "name": "林艳", "team": "一组", "level": "senior", "skills": "calls;chat", "contract": "full-time",
        "starts_on": "2018-05-01",
    }  # fmt: skip
    assert (two["skills"], two["starts_on"]) == ("calls:0.8", "2026-03-02")
    assert (list(result.before), result.count) == (["A001"], 2)
    assert result.told == ("1 people are new, 1 are changed, 0 stay as they are",)


def test_a_queue_may_be_left_out_and_what_is_not_told_stays(tmp_path):
    result, faults = read(tmp_path, "agent id,skills\nA001,calls;fax\n", queues={"fax": ""})
    assert (faults, result.rows) == ([], [])
    assert result.told == ("0 people are new, 0 are changed, 1 stay as they are",)


def test_what_somebody_new_lacks_is_assumed_and_told_where_there_is_one_answer(tmp_path):
    known = Known(["calls"], ["full-time"], {})
    result, faults = read(tmp_path, "员工编号,姓名\n7,张三\n", known)
    assert (faults, result.rows[0]["level"], result.rows[0]["contract"]) == ([], "junior", "full-time")
    assert result.told[:2] == (
        "level of 1 people is assumed: junior",
        "contract of 1 people is assumed: full-time",
    )
    _, faults = read(tmp_path, "员工编号,姓名\n7,张三\n")
    assert [(each.row, each.column, each.expected) for each in faults] == [
        (2, "contract", "one of full-time, part-time")
    ]


def test_every_fault_is_told_with_its_row_and_no_name(tmp_path):
    text = (
        "工号,姓名,级别,技能,合同,出生日期\nA001,王小明,王小明,传真,全职,1990-02-30\n,李四,初级,calls,full-time,\n"
        "A001,王小明,初级,calls,full-time,三月\n"
    )
    result, faults = read(tmp_path, text)
    assert [(each.row, each.column) for each in faults] == [
        (2, "级别"), (2, "技能"), (2, "合同"), (2, "出生日期"), (3, "工号"), (4, "工号"), (4, "出生日期"),
    ]  # fmt: skip
    assert not any("王小明" in str(each) or "1990" in str(each) or "李四" in str(each) for each in faults)
    assert (result.queues, result.contracts["全职"]) == ({"传真": None, "calls": "calls"}, None)


@pytest.mark.parametrize(
    ("text", "column"),
    [("姓名,班组\n王小明,一组\n", "agent_id"), ("工号\n", ""), ("工号,编号\n1,2\n", "agent_id")],
)
def test_what_is_no_list_of_people_is_told(tmp_path, text, column):
    roles = {"1": "agent_id", "2": "agent_id"} if "编号" in text else {}
    _, faults = read(tmp_path, text, roles=roles)
    assert [each.column for each in faults][:1] == [column]


@pytest.mark.parametrize(
    "sentence",
    [
        "2 rows of totals left out: 4, 116",
        "1 row before the header left out: 1",
        "1,200 rows of queues that are left out",
        "3 rows that say the same again left out: 5, 6, 7",
        "intervals of 15 minutes were added up to 30",
        "12 rows that part a queue further (media, skills, several queues for one) were added up",
        "dates are read as dmy, by which alone their days follow one another",
        "2 intervals that clocks of Europe/Berlin show twice: the first row is the first hour, the second the next; "
        "1 have one row, which is taken for the first",
        "one of the centre's queues (calls, chat), chosen for it; or that it is left out",
        "one row an interval and queue; row 7 says otherwise",
        "a number of seconds, 0 or more",
        "a number or name by which the person is known",
        "each person once; row 3 has the same",
        "one of full-time, part-time",
        "level of 1 people is assumed: junior",
        "contract of 2 people is assumed: full-time",
        "1 people are new, 2 are changed, 3 stay as they are",
    ],
)
def test_notes_are_told_in_chinese(sentence):
    told = in_chinese(sentence)
    assert told != sentence
    assert " rows" not in told
