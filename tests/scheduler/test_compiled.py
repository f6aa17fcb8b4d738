"""Compiled code: what division and waiting threads see, and a cache that is kept, shared and never stale."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

import scheduler.compiled
from scheduler.compiled import compiled, stamp_of

CALLER = "from scheduler.compiled import compiled\nfrom scheduler.callee import seven\n\n"
CALLER += "@compiled\ndef twice():\n    return 2 * seven()\n"
CALLEE = "from scheduler.compiled import compiled\n\n@compiled\ndef seven():\n    return 7\n"
ASKING = "from scheduler.caller import twice\nprint(twice(), twice.stats.cache_misses.total())"


@compiled
def over(x: float, y: float) -> float:
    return x / y


def test_division_by_zero_is_numpys() -> None:
    assert over(1.0, 0.0) == np.inf
    assert np.isnan(over(0.0, 0.0))


def small_project(folder: Path) -> Path:
    """A copy of our way to compile with two modules of which one calls the other."""
    package = folder / "scheduler"
    package.mkdir()
    (package / "__init__.py").touch()
    source = Path(scheduler.compiled.__file__).read_text(encoding="utf-8")
    (package / "compiled.py").write_text(source, encoding="utf-8")
    (package / "caller.py").write_text(CALLER)
    (package / "callee.py").write_text(CALLEE)
    return package


def answer(project: Path, home: str) -> list[str]:
    """What a new process says: the caller's answer, and how often it had to compile for it."""
    kept_out = {"NUMBA_CACHE_DIR", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in kept_out}
    environment |= {"HOME": home, "PYTHONPATH": str(project.parent)}
    environment |= {
        "PYTHONDONTWRITEBYTECODE": "1"
    }  # bytecode knows a change within a second by the size alone
    run = subprocess.run(
        [sys.executable, "-c", ASKING], capture_output=True, text=True, env=environment, cwd=project.parent
    )
    assert not run.stderr
    return run.stdout.split()


def test_the_second_process_does_not_compile_and_a_changed_callee_is_seen(tmp_path: Path) -> None:
    project, home = small_project(tmp_path), str(tmp_path / "home")
    assert answer(project, home) == ["14", "1"]
    assert answer(project, home) == ["14", "0"]
    (project / "callee.py").write_text(CALLEE.replace("return 7", "return 8"))
    assert answer(project, home) == ["16", "1"]


def test_without_a_home_to_write_to_nothing_is_kept_and_all_works(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder would have to be")
    project = small_project(tmp_path)
    assert answer(project, str(blocked)) == ["14", "1"]
    assert answer(project, str(blocked)) == ["14", "1"]
    assert not list(project.rglob("*.nbi"))


def test_the_stamp_knows_compiled_sources_only(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    before = stamp_of(project)
    (project / "plain.py").write_text("x = 1\n")
    assert stamp_of(project) == before
    (project / "deeper").mkdir()
    (project / "deeper" / "more.py").write_text(CALLEE)
    assert stamp_of(project) != before
