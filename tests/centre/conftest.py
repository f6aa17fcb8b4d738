"""A small centre folder that is right, for tests to break in one place, and a writer of spreadsheets."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

TOML = """
[centre]
name = "Test"
timezone = "Europe/Berlin"
country = "DE"
interval_minutes = 30

[[queue]]
name = "calls"
target_seconds = 20
opening = [{ days = ["mon", "tue", "wed", "thu", "fri"], opens = "08:00", closes = "20:00" }]
closed_holidays = ["Labor Day"]

[[queue]]
name = "客服"
channel = "chat"
target_seconds = 30
aht_seconds = 300

[[shift]]
name = "day"
earliest_start = "08:00"
latest_start = "11:30"
duration_minutes = 510
days = ["mon", "tue", "wed", "thu", "fri"]
breaks = [
    { minutes = 15, earliest_minutes = 90, latest_minutes = 150 },
    { minutes = 30, earliest_minutes = 210, latest_minutes = 285, paid = false, kind = "meal" },
]

[[contract]]
name = "full"
weekly_minutes_min = 2400
weekly_minutes_max = 2400
days_min = 5
days_max = 5
shifts = ["day"]
"""
FILES = {
    "centre.toml": TOML,
    "history.csv": """interval_start,queue,offered,aht_seconds
2024-03-04T07:00:00Z,calls,10,200
2024-03-04T07:30:00Z,calls,12,210.5
2024-03-04T07:00:00Z,客服,3,
""",
    "agents.csv": """agent_id,name,team,level,skills,contract
A001,王芳,one,senior,calls;客服:0.5,full
A002,Emily Carter,one,junior,calls,full
""",
    "leave.csv": """agent_id,start,end,kind
A001,2024-03-11,2024-03-12,annual
""",
    "requests.csv": """agent_id,date,kind,shift,weight
A002,2024-03-12,off,,
A002,2024-03-13,on,day,2
""",
    "events.csv": """name,start,end,queues,kind,uplift
春节促销,2024-03-11T09:00,2024-03-11T18:00,calls;客服,campaign,0.2
""",
    "ledger.csv": """agent_id,account,period,amount,unit,as_of
A001,nights,2024-02,3,shifts,2024-03-01
""",
    "rota_before.csv": """agent_id,day,start,end,activity,shift,paid
A001,2024-03-08,2024-03-08T08:00:00Z,2024-03-08T10:00:00Z,work:calls,day,true
A001,2024-03-08,2024-03-08T10:00:00Z,2024-03-08T10:15:00Z,break,day,true
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A centre folder with every file in it, all right."""
    path = tmp_path / "centre"
    path.mkdir()
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a piece of a file that must be there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture
def write_xlsx() -> Callable[[Path, Sequence[Sequence[object]]], None]:
    """Write rows of text, numbers and datetimes as the smallest spreadsheet there is."""
    return _write_xlsx


def _write_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    lines = "".join(
        f'<row r="{r}">{"".join(_cell(r, c, value) for c, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, start=1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="数据" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, head + text)


def _cell(row: int, column: int, value: object) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, datetime):
        serial = (value - datetime(1899, 12, 30)).total_seconds() / 86400
        return f'<c r="{place}" s="1"><v>{serial!r}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
