"""`paiban forecast --explain` and `--plot`: what is printed can be repeated with a pocket calculator, in both languages; what
cannot be explained is said before anything is written.
"""

import math
import re
from itertools import takewhile
from string import Formatter

import pandas as pd
import pytest

from api.cli import main
from api.forecast_words import WORDS, contacts, printed
from scenarios.forecast_names import FACTORS, FESTIVALS

START = "2026-03-02"
LINE = re.compile(r"^  ([ ×=→]) +([\d,.]+)  (.*)$")
OVERRIDES = """start,end,queue,kind,value,reason,author
2026-03-03T10:00,2026-03-03T12:00,calls,multiply,1.2,newsletter,王芳
"""
EVENTS = """name,phase,start,end,queues,kind,uplift
促销,,2026-03-03,2026-03-04,calls,campaign,0.4
"""


@pytest.fixture
def explain(folder, tmp_path, capsys):
    """Lines printed for what is asked, those of the forecast itself left out."""

    def explain_(*words):
        capsys.readouterr()
        asked = ["forecast", folder, "--start", START, "--out", tmp_path / "f.csv", *words]
        code = main([str(word) for word in asked])
        told = capsys.readouterr()
        return code, told.out.splitlines()[3:], told.err

    return explain_


def working(lines):
    """Factors printed below the head, and the numbers they lead to."""
    found = [match for line in takewhile(LINE.match, lines[1:]) if (match := LINE.match(line))]
    parts = [float(match[2].replace(",", "")) for match in found if match[1] != "="]
    return parts, [match[2] for match in found if match[1] == "="]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("when", ["2026-03-03T10:40", "2026-03-03T02:40Z", "2026-03-03", "2026-03-08T21:59"])
def test_the_factors_printed_multiply_to_the_number_printed(explain, folder, when, language):
    (folder / "events.csv").write_text(EVENTS, encoding="utf-8")
    code, lines, _ = explain("--explain", when, "--queue", "calls", "--lang", language)
    assert code == 0
    parts, results = working(lines)
    assert len(parts) >= 7
    digits = len(results[-1].partition(".")[2])
    assert f"{math.prod(parts):,.{digits}f}" == results[-1]
    assert lines[0].startswith("calls, " if language == "en" else "calls，")


def test_the_number_explained_is_that_of_the_file(explain, folder, tmp_path):
    (folder / "overrides.csv").write_text(OVERRIDES, encoding="utf-8")
    _, lines, _ = explain("--explain", "2026-03-03T10:40", "--queue", "calls")
    table = pd.read_csv(tmp_path / "f.csv")
    row = table[(table["interval_start"] == "2026-03-03T02:30:00Z") & (table["queue"] == "calls")].iloc[0]
    text = "\n".join(lines)
    assert working(lines)[1][-1] == contacts(row["offered_before_override"])
    assert f"{contacts(row['offered'])}  contacts planned with" in text
    assert "multiplied by 1.2 (newsletter; 王芳)" in text
    assert f"p10 to p90: {contacts(row['offered_p10'])} to {contacts(row['offered_p90'])}" in text


def test_the_author_of_an_override_is_on_the_screen_only(folder, tmp_path, run):
    (folder / "overrides.csv").write_text(OVERRIDES, encoding="utf-8")
    asked = ["--explain", "2026-03-03T10:40", "--queue", "calls", "--plot", tmp_path / "p.html"]
    code, told = run("forecast", folder, "--start", START, "--out", tmp_path / "f.csv", *asked)
    assert code == 0
    assert told["explain"]["hand"][0]["reason"] == "newsletter"
    assert "王芳" not in str(told)
    assert all("王芳" not in path.read_text(encoding="utf-8") for path in tmp_path.glob("*.*"))


def test_machines_get_the_same_as_data(folder, tmp_path, run):
    words = ["--explain", "2026-03-07", "--queue", "chat"]
    _, told = run("forecast", folder, "--start", START, "--out", tmp_path / "f.csv", *words)
    why = told["explain"]
    assert (why["queue"], why["day"], why["interval_start"]) == ("chat", "2026-03-07", None)
    assert math.prod(each["value"] for each in why["factors"]) == pytest.approx(why["forecast"])
    table = pd.read_csv(tmp_path / "f.csv", parse_dates=["interval_start"])
    local = table["interval_start"].dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m-%d")
    mine = table[(local == "2026-03-07") & (table["queue"] == "chat")]
    assert why["offered"] == pytest.approx(mine["offered"].sum())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--explain", "2026-03-03T03:00", "--queue", "calls"], "a time at which calls is open"),
        (["--explain", "2026-03-03T10:00", "--queue", "nobody"], "a queue that is forecast: calls, chat"),
        (["--explain", "2026-03-03T10:00"], "the queue to explain: calls, chat"),
        (["--explain", "2026-03-09", "--queue", "calls"], "a time of the forecast, 2026-03-02 to 2026-03-08"),
        (["--explain", "2026-03-01T23:59", "--queue", "calls"], "a time of the forecast"),
        (["--explain", "soon", "--queue", "calls"], "an instant such as"),
        (["--explain", "2026-02-30", "--queue", "calls"], "a date that there is"),
        (["--queue", "calls"], "--explain or --plot too"),
        (["--lang", "zh"], "--explain or --plot too"),
        (["--plot", "no/such/folder/p.html"], "a file in a folder that is there"),
    ],
)
def test_what_cannot_be_explained_is_said_and_nothing_written(explain, tmp_path, words, expected):
    code, lines, said = explain(*words)
    assert (code, lines) == (2, [])
    assert expected in said
    assert not (tmp_path / "f.csv").exists()


def test_a_history_alone_is_explained_too(folder, tmp_path, capsys):
    words = ["--history", folder / "history.csv", "--timezone", "Asia/Shanghai", "--country", "CN"]
    words += ["--start", START, "--days", "3", "--out", tmp_path / "f.csv", "--explain", "2026-03-03T10:40"]
    assert main(["forecast", *map(str, words), "--queue", "chat"]) == 0
    parts, results = working(capsys.readouterr().out.splitlines()[3:])
    assert math.prod(parts) == pytest.approx(float(results[-1]), abs=0.006)


def test_a_plot_is_written_in_the_language_asked_for(folder, tmp_path):
    words = ["forecast", folder, "--start", START, "--out", tmp_path / "f.csv", "--plot", tmp_path / "p.html"]
    assert main([*map(str, words), "--lang", "zh", "--queue", "calls"]) == 0
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert 'lang="zh-Hans"' in page
    assert "calls" in page
    assert "chat" not in page


def test_as_many_digits_as_the_product_needs():
    texts = printed([31234.567, 1.2345678, 0.0123456], ["level", "weekday", "share of day"], "476.1")
    assert round(math.prod(float(text.replace(",", "")) for text in texts), 1) == 476.1
    assert printed([2.0, 3.0], ["level", "weekday"], "6.00") == ["2.0", "3.000"]


def test_both_languages_have_the_same_places_to_fill():
    def places(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert all(places(en) == places(zh) and en and zh for en, zh in WORDS.values())
    assert all(en and zh for en, zh in FACTORS.values())
    assert "National Day" in FESTIVALS
