"""What holds for every test: with CI=true examples are drawn the same each time and a skip is a failure.

Where tests run in several processes, each kernel is compiled by one of them, for which the others wait.
"""

import fcntl
import os
import sys
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: small matrices, several processes

import pytest
from hypothesis import settings

CI = os.environ.get("CI", "").lower() == "true"

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if CI else "local")


def pytest_configure(config: pytest.Config) -> None:
    """With CI=true, watch for skipped tests."""
    if CI:
        config.pluginmanager.register(SkipWatch())


@pytest.fixture(scope="session", autouse=True)
def compiled_once(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Among several processes, one at a time compiles a function and the next finds it on disk; coverage looks away."""
    if not hasattr(pytestconfig, "workerinput"):
        yield
        return
    from numba.core.compiler_lock import global_compiler_lock
    from numba.core.dispatcher import Dispatcher

    compile, locks = Dispatcher.compile, tmp_path_factory.getbasetemp().parent

    def compile_alone(function: Dispatcher, signature: object) -> object:
        tracer = sys.gettrace()
        sys.settrace(None)  # numba is written in Python: watched, it takes half as long again
        try:
            lock = locks / f"compiling {function.__module__}.{function.__qualname__}"
            with global_compiler_lock, lock.open("w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                return compile(function, signature)
        finally:
            sys.settrace(tracer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Dispatcher, "compile", compile_alone)
        yield


class SkipWatch:
    """Notes every skipped test and module; they fail the run and are named at its end."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)

    pytest_runtest_logreport = pytest_collectreport = note

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self.skipped and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.skipped:
            terminalreporter.section("skipped tests, with CI=true a failure", red=True, bold=True)
            terminalreporter.write_line("\n".join(self.skipped))
