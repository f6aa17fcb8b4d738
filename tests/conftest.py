"""What holds for every test: with CI=true examples are drawn the same each time and a skip is a failure."""

import os

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
