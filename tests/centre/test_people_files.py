"""People: every fault by row and column, and nobody's name in any of them."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from centre.errors import Faults
from centre.model import Contract, Opening, Queue, ShiftTemplate
from centre.people import Agent
from centre.people_files import Known, agents_of, leave_frame, ledger_frame, requests_frame

BERLIN = ZoneInfo("Europe/Berlin")
HEADER = "agent_id,name,team,level,skills,contract"
WEEK = (0, 1, 2, 3, 4)
KNOWN = Known(
    queues={"calls": Queue("calls", opening=(Opening(WEEK, 480, 1200),)), "客服": None},
    shifts={
        "day": ShiftTemplate("day", 480, 600, 480, days=WEEK),
        "late": ShiftTemplate("late", 1300, 1380, 300, days=WEEK),
    },
    contracts={
        "full": Contract("full", 0, 2400, 0, 5, ("day",)),
        "nights": Contract("nights", 0, 2400, 0, 5, ("late",)),
    },
)
Read = Callable[..., tuple[tuple[Agent, ...], list[tuple[int | None, str, str, str]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Agents and (row, column, found, expected) of every fault in the lines given below the header."""

    def agents(
        *lines: str, header: str = HEADER, known: Known = KNOWN
    ) -> tuple[tuple[Agent, ...], list[object]]:
        path = tmp_path / "agents.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        faults = Faults()
        found, _ = agents_of(path, known, faults)
        return found, [(fault.row, fault.column, fault.found, fault.expected) for fault in faults]

    return agents  # type: ignore[return-value]


def test_agents_with_every_column(read: Read) -> None:
    header = HEADER + ",role,site,timezone,starts_on,leaves_on,stage,mentor,born_on,available,opt_outs"
    agents, faults = read(
        'A1,王芳,一组,senior,"calls; 客服:0.5",full,'
        "lead,上海,Asia/Shanghai,1970-01-02,1970-01-03,,A2,1969-12-31,,48h;night",
        "A2,,,junior,,full,,,,,,,,,,",
        header=header,
    )
    assert faults == []
    assert agents[0] == Agent(
        "A1",
        "王芳",
        "一组",
        "senior",
        (("calls", 1.0), ("客服", 0.5)),
        "full",
        "lead",
        "上海",
        "Asia/Shanghai",
        1,
        2,
        "",
        "A2",
        -1,
        (),
        ("48h", "night"),
    )
    assert agents[1] == Agent("A2", "", "", "junior", (), "full")


@pytest.mark.parametrize(
    ("line", "column", "found", "words"),
    [
        ("A1,王芳,t,senior,cals,full", "skills", "cals", "did you mean 'calls'"),
        ("A1,王芳,t,senior,calls:80,full", "skills", "calls:80", "0.5 half"),
        ("A1,王芳,t,senior,calls:0,full", "skills", "calls:0", "0.5 half"),
        ("A1,王芳,t,senior,calls:,full", "skills", "calls:", "0.5 half"),
        ("A1,王芳,t,senior,calls;calls:0.5,full", "skills", "calls;calls:0.5", "each queue once"),
        ("A1,王芳,t,boss,calls,full", "level", "boss", "junior, intermediate, senior"),
        ("A1,王芳,t,senoir,calls,full", "level", "senoir", "did you mean 'senior'"),
        ("A1,王芳,t,senior,calls,5x9", "contract", "5x9", "a contract of centre.toml"),
        ("A1,王芳,t,senior,calls,", "contract", "", "a value"),
        (",王芳,t,senior,calls,full", "agent_id", "", "a value"),
        ("A1,王芳,t,senior,calls,nights", "contract", "nights", "some shift that falls in the opening hours"),
        ("A1,王芳,t,王芳,calls,full", "level", "", "one of junior"),
        ("A1,senior,t,Emily Carter,calls,full", "level", "", "one of junior"),
        ("A1,calls,t,senior,李伟,full", "skills", "", "queues of centre.toml"),
        ("A1,full,t,senior,calls,李伟", "contract", "", "a contract of centre.toml"),
    ],
)
def test_one_thing_wrong(read: Read, line: str, column: str, found: str, words: str) -> None:
    agents, faults = read(line)
    assert agents == ()
    assert [fault[:3] for fault in faults] == [(2, column, found)]
    assert words in faults[0][3]


def test_an_agent_twice_names_the_other_row(read: Read) -> None:
    _, faults = read("A1,a,t,senior,calls,full", "A2,b,t,senior,calls,full", "A1,c,t,senior,calls,full")
    assert faults == [(4, "agent_id", "A1", "an agent_id of its own; row 2 has the same")]


def test_dates_in_order_and_nobodys_birthday_told(read: Read) -> None:
    header = HEADER + ",starts_on,leaves_on,born_on"
    _, faults = read(
        "A1,a,t,senior,calls,full,2024-01-02,2024-01-01,",
        "A2,a,t,senior,calls,full,2024-01-02,2024-01-02,31.12.1980",
        header=header,
    )
    assert [fault[:3] for fault in faults] == [(3, "born_on", ""), (2, "leaves_on", "")]


def test_a_mentor_must_be_someone(read: Read) -> None:
    _, faults = read("A1,a,t,senior,calls,full,A9", header=HEADER + ",mentor")
    assert [fault[:3] for fault in faults] == [(2, "mentor", "A9")]


def test_swapped_columns_of_a_whole_file_are_one_fault_without_names(read: Read) -> None:
    lines = [f"A{k},senior,t,Emily Carter{'abcdefghijklmnopqrstuvwxyz'[k]},calls,full" for k in range(25)]
    _, faults = read(*lines)
    assert [fault[:3] for fault in faults] == [(2, "level", "")]
    assert "is it the right column?" in faults[0][3]


def test_a_file_without_header_does_not_tell_names(read: Read) -> None:
    _, faults = read("A2,李伟,t,senior,calls,full", header="A1,王芳,t,senior,calls,full")
    assert {fault[2] for fault in faults} == {"a row of data"}


def test_no_agents_at_all(read: Read) -> None:
    agents, faults = read()
    assert agents == ()
    assert [fault[3] for fault in faults] == ["at least one agent below the header"]


def test_without_settings_names_are_not_judged(read: Read) -> None:
    agents, faults = read("A1,a,t,senior,anything,whatever", known=Known())
    assert faults == []
    assert agents[0].skills == (("anything", 1.0),)


@pytest.mark.parametrize(
    ("shift", "hours", "possible"),
    [
        (ShiftTemplate("s", 480, 480, 60, days=(0,)), Opening((1,), 0, 1440), False),
        (ShiftTemplate("s", 480, 480, 60, days=(0,)), Opening((0,), 540, 600), False),
        (ShiftTemplate("s", 480, 480, 61, days=(0,)), Opening((0,), 540, 600), True),
        (ShiftTemplate("s", 420, 480, 61, days=(0,)), Opening((0,), 540, 600), True),
        (ShiftTemplate("s", 1380, 1380, 120, days=(6,)), Opening((0,), 0, 30), True),
        (ShiftTemplate("s", 0, 0, 60, days=(0,)), Opening((6,), 1200, 1500), True),
        (ShiftTemplate("s", 60, 60, 60, days=(0,)), Opening((6,), 1200, 1500), False),
    ],
)
def test_a_possible_shift(read: Read, shift: ShiftTemplate, hours: Opening, possible: bool) -> None:
    contract = Contract("c", 0, 2400, 0, 7, ("s",))
    known = Known({"q": Queue("q", opening=(hours,))}, {"s": shift}, {"c": contract})
    agents, faults = read("A1,a,t,senior,q,c", known=known)
    assert bool(agents) is possible
    assert bool(faults) is not possible


def test_people_without_skills_warn(tmp_path: Path) -> None:
    path = tmp_path / "agents.csv"
    path.write_text(f"{HEADER}\nA1,王芳,t,manager,,full\n", encoding="utf-8")
    faults = Faults()
    agents_of(path, KNOWN, faults)
    assert faults.warnings == ["agents.csv: 1 without skills, who cover no queue: A1"]


def test_leave_of_whole_days_and_hours(tmp_path: Path) -> None:
    path = tmp_path / "leave.csv"
    path.write_text(
        "agent_id,start,end,kind\nA1,2024-03-31,2024-04-01,annual\nA1,2024-04-02T14:00,2024-04-02T16:00,\n"
    )
    frame = leave_frame(path, BERLIN, {"A1"}, Faults())
    assert ((frame["end"] - frame["start"]).dt.total_seconds() / 3600).tolist() == [23, 2]
    assert frame["kind"].tolist() == ["annual", ""]


def test_leave_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "leave.csv"
    path.write_text(
        "agent_id,start,end,kind\nA9,2024-03-04,2024-03-05,sick\nA1,2024-03-05,2024-03-05,sick\nA1,soon,2024-03-05,sick\n"
    )
    faults = Faults()
    leave_frame(path, BERLIN, {"A1"}, faults)
    assert {(f.row, f.column, f.found) for f in faults} == {
        (2, "agent_id", "A9"),
        (3, "end", ""),
        (4, "start", "soon"),
    }


def test_no_leave_is_a_table_with_the_right_columns() -> None:
    frame = leave_frame(None, BERLIN, {"A1"}, Faults())
    assert list(frame.columns) == ["agent_id", "start", "end", "kind", "row"]
    assert str(frame["start"].dtype) == "datetime64[s, UTC]"
    assert frame.empty


def test_requests(tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text("agent_id,date,kind,shift,weight\nA1,2024-03-04,off,,\nA1,2024-03-05,on,day,2.5\n")
    frame = requests_frame(path, KNOWN, {"A1"}, Faults())
    assert frame["weight"].tolist() == [1, 2.5]
    assert frame["shift"].tolist() == ["", "day"]
    path.write_text("agent_id,date,kind,shift,weight\nA2,2024-02-30,maybe,dya,-1\n")
    faults = Faults()
    requests_frame(path, KNOWN, {"A1"}, faults)
    assert [(f.row, f.column, f.found) for f in faults] == [
        (2, "agent_id", "A2"),
        (2, "date", "2024-02-30"),
        (2, "kind", "maybe"),
        (2, "shift", "dya"),
        (2, "weight", "-1"),
    ]


def test_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(
        "agent_id,account,period,amount,unit,as_of\nA1,overtime,2024-03,-3.5,hours,2024-03-01\nA1,,x,y,z,w\n"
    )
    faults = Faults()
    frame = ledger_frame(path, {"A1"}, faults)
    assert frame["amount"].tolist()[0] == -3.5
    assert [(f.row, f.column, f.found) for f in faults] == [
        (3, "account", ""),
        (3, "amount", ""),
        (3, "as_of", "w"),
    ]
