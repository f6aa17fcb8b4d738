"""The command line from the outside: help, exit codes, faults of options, one object for machines, no trace."""

import importlib.util
import os
import signal
import subprocess
import sys

import pytest

from api import cli
from api.cli import COMMANDS, main
from centre.errors import Stopped

PAIBAN = [sys.executable, "-m", "api.cli"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    assert main([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"example:\n  paiban {command}" in told
    assert "exit codes: 0 done" in told


def test_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"    {command} " in told for command in COMMANDS)


def test_help_loads_nothing_slow():
    code = (
        "import sys; from api.cli import main; main(['plan', '--help']); "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'pandas', 'numba', 'ortools', 'pydantic')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("words", "option", "found"),
    [
        (["plan", "c", "--out", "x", "--start", "2026-13-02"], "--start", "2026-13-02"),
        (["plan", "c", "--out", "x", "--start", "2026-03-02", "--days", "0"], "--days", "0"),
        (["plan", "c", "--out", "x", "--start", "2026-03-02", "--days", "七"], "--days", "七"),
        (["plan", "c", "--out", "x", "--start", "2026-03-02", "--seconds", "-1"], "--seconds", "-1"),
        (["plan", "c", "--out", "x", "--start", "2026-03-02", "--seconds", "nan"], "--seconds", "nan"),
        (["plan", "c", "--out", "x", "--start", "2026-03-02", "--workers", "two"], "--workers", "two"),
        (["plan", "c", "--out", "x", "--start", "2026-03-02", "--seed", "1.5"], "--seed", "1.5"),
        (["audit", "r.csv", "--rules", "eu-wtd", "--timezone", "Mars/Base"], "--timezone", "Mars/Base"),
        (["audit", "r.csv", "--rules", "eu-wtd", "--timezone", "/etc/passwd"], "--timezone", "/etc/passwd"),
    ],
)
def test_a_wrong_value_is_told_with_its_option(run, words, option, found):
    code, told = run(*words)
    assert code == 2
    assert [(fault["file"], fault["found"]) for fault in told["faults"]] == [(option, found)]
    assert told["faults"][0]["expected"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["plan"],
        ["bogus"],
        ["plan", "c", "--start", "2026-03-02"],
        ["plan", "c", "--start", "2026-03-02", "--out", "x", "--effort", "3", "--seconds", "3"],
        ["plan", "c", "--start", "2026-03-02", "--out", "x", "--sed", "3"],
        ["audit", "rota.csv"],
        ["audit", "rota.csv", "--rules", "eu-wtd", "--centre", "c"],
        ["report", "week", "--lang", "fr"],
    ],
)
def test_wrong_words_are_bad_input(run, words):
    code, told = run(*words)
    assert code == 2
    assert "--help" in told["faults"][0]["expected"]


def test_faults_are_told_on_stderr_and_not_on_stdout(capsys, tmp_path):
    assert main(["plan", str(tmp_path / "no"), "--start", "2026-03-02", "--out", str(tmp_path / "x")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "expected a centre folder with centre.toml" in told.err
    assert "Traceback" not in told.err


@pytest.fixture
def failing(monkeypatch):
    """Make `paiban doctor` end with an error."""

    def fail(error):
        def run_(args, progress):
            raise error

        monkeypatch.setattr("api.commands.doctor.run", run_)

    return fail


def test_an_error_of_our_own_is_one_line_without_what_it_says(capsys, failing):
    failing(RuntimeError("王芳 is ill"))
    assert main(["doctor"]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "RuntimeError at test_cli.py" in told.err
    assert "PAIBAN_TRACE=1" in told.err
    assert "王芳" not in told.err


def test_its_trace_is_there_for_who_asks(capsys, failing, monkeypatch):
    monkeypatch.setenv("PAIBAN_TRACE", "1")
    failing(RuntimeError("details"))
    assert main(["doctor"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Stopped("no rota in time"), 3),
        (KeyboardInterrupt(), 3),
        (PermissionError(13, "Permission denied", "agents.csv"), 2),
        (OSError(28, "No space left on device"), 3),
        (MemoryError(), 3),
    ],
)
def test_whatever_happens_has_its_exit_code(run, failing, error, code):
    failing(error)
    assert run("doctor")[0] == code


def test_faults_beyond_a_hundred_are_counted(capsys, tmp_path):
    (tmp_path / "r.csv").write_text(
        "agent_id,day,start,end,activity,shift,paid\n" + "a,x,y,z,sleep,d,maybe\n" * 19
    )
    assert main(["audit", str(tmp_path / "r.csv"), "--rules", "eu-wtd"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1 + 95
    cli._failed(2, "bad input", (cli.Fault("f", "x"),) * 150, as_json=False)
    assert capsys.readouterr().err.splitlines()[-1] == "  and 50 more (all of them with --json)"


def test_a_folder_without_a_report_is_told_in_words(run, tmp_path):
    code, told = run("report", tmp_path)
    assert code == 2
    assert told["faults"][0]["found"] == "no such file"
    assert told["faults"][0]["file"].endswith("report.json")
    (tmp_path / "report.json").write_text("{}")
    assert run("report", tmp_path)[1]["faults"][0]["found"] == "another version's, or changed"


def test_an_old_terminal_gets_what_it_can_show(tmp_path):
    env = os.environ | {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    words = [*PAIBAN, "report", str(tmp_path / "无")]
    done = subprocess.run(words, capture_output=True, env=env, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*PAIBAN, "doctor"], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_progress_tells_each_sentence_once(capsys):
    tell = cli._progress()
    for sentence in ("one", "one", "two"):
        tell(sentence)
    assert [line.rpartition("] ")[2] for line in capsys.readouterr().err.splitlines()] == ["one", "two"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_with_3_and_leaves_nothing_half_written(folder, tmp_path, number):
    out = tmp_path / "place" / "week"
    words = ["plan", str(folder), "--start", "2026-02-23", "--seconds", "100", "--out", str(out)]
    code = (
        "import sys, time\nimport scenarios.plan as p\n"
        "def slow(problem, limits, progress, start=None):\n    progress('slow')\n    time.sleep(60)\n"
        "p.solve = slow\nfrom api.cli import main\nsys.exit(main(sys.argv[1:]))"
    )
    with subprocess.Popen([sys.executable, "-c", code, *words], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "slow" in line:
                break
        assert [path.name[:14] for path in out.parent.iterdir()] == [".week.partial-"]
        process.send_signal(number)
        process.wait(timeout=20)
    assert process.returncode == 3
    assert list(out.parent.iterdir()) == []


def test_doctor_finds_this_installation_well(run):
    code, told = run("doctor")
    assert (code, [check for check in told["checks"] if not check["good"]]) == (0, [])
    assert {"python", "ortools", "time zones", "write access", "cores"} <= {
        check["name"] for check in told["checks"]
    }


def test_doctor_names_another_distribution_of_the_same_name(run, monkeypatch):
    monkeypatch.setattr(
        "api.commands.doctor.packages_distributions", lambda: {"scheduler": ["paiban", "scheduler-thing"]}
    )
    code, told = run("doctor")
    bad = [check for check in told["checks"] if not check["good"]]
    assert code == 1
    assert [check["name"] for check in bad] == ["package scheduler"]
    assert "scheduler-thing" in bad[0]["found"]


def test_doctor_misses_the_solver(run, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ortools" else find(name))
    code, told = run("doctor")
    assert code == 1
    assert [check["name"] for check in told["checks"] if not check["good"]] == ["ortools"]


def test_init_makes_a_folder_that_reads(run, tmp_path):
    from centre.folder import read_centre

    code, told = run("init", tmp_path / "new" / "centre", "--example", "small")
    assert code == 0
    assert {"centre.toml", "history.csv", "agents.csv"} <= set(told["files"])
    assert len(read_centre(tmp_path / "new" / "centre").agents) == 25


def test_init_fills_an_empty_folder_and_refuses_another(run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run("init", tmp_path / "empty")[0] == 0
    before = sorted((tmp_path / "empty").iterdir())
    assert run("init", tmp_path / "empty")[0] == 2
    assert sorted((tmp_path / "empty").iterdir()) == before
    (tmp_path / "file").write_text("mine")
    assert run("init", tmp_path / "file")[0] == 2
    assert (tmp_path / "file").read_text() == "mine"


def test_init_knows_its_examples(run, tmp_path):
    code, told = run("init", tmp_path / "x", "--example", "../../etc")
    assert code == 2
    assert "small" in told["faults"][0]["expected"]
    assert not (tmp_path / "x").exists()
