"""The project around the code: what is shipped, pinned, documented and run is what it says it is."""

import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, TOOL = PYPROJECT["project"], PYPROJECT["tool"]
PACKAGES = TOOL["hatch"]["build"]["targets"]["wheel"]["packages"]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])


def requirements() -> list[Requirement]:
    texts = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    return [Requirement(text) for text in texts]


def pins() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.lstrip().startswith("#")]


def said_in(page: Path, program: str) -> list[list[str]]:
    """Every command line of a program in the fenced blocks of a page, continuation lines joined."""
    fenced = re.findall(r"^```[a-z]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = "\n".join(fenced).replace("\\\n", " ").splitlines()
    words = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines if program in line]
    return [line for line in words if line and Path(line[0]).name == program]


def clean_environment(**changes: str) -> dict[str, str]:
    """The environment without what an outer make hands down."""
    kept = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return kept | changes


class TestPackages:
    def test_one_list_of_packages_is_used_everywhere(self):
        rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
        assert set(PACKAGES) == rooms
        assert TOOL["mypy"]["packages"] == TOOL["coverage"]["run"]["source"] == PACKAGES
        assert TOOL["importlinter"]["root_packages"] == PACKAGES
        assert TOOL["pytest"]["ini_options"]["testpaths"] == ["tests", *PACKAGES]

    def test_our_packages_are_the_ones_imported(self):
        for name in PACKAGES:
            assert Path(importlib.import_module(name).__file__).parent == ROOT / name

    def test_tests_are_no_packages_and_have_names_of_their_own(self):
        names = Counter(path.name for path in ROOT.glob("tests/**/test_*.py"))
        assert [name for name, times in names.items() if times > 1] == []
        assert list(ROOT.glob("tests/**/__init__.py")) == []

    def test_the_command_exists(self):
        module, _, function = PROJECT["scripts"]["paiban"].partition(":")
        assert callable(getattr(importlib.import_module(module), function))

    def test_the_changelog_knows_the_version(self):
        changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        assert re.search(rf"^## \[(Unreleased|{re.escape(PROJECT['version'])})\]", changelog, re.MULTILINE)
        assert version("paiban") == PROJECT["version"]


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> set[str]:
    """Names of the files in the wheel, built as it would be for a release."""
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")))
    with zipfile.ZipFile(built) as wheel:
        return set(wheel.namelist())


class TestWheel:
    def test_it_holds_all_of_our_packages_and_nothing_else(self, files):
        tops = {name.split("/")[0] for name in files}
        assert tops == {*PACKAGES, f"paiban-{PROJECT['version']}.dist-info"}
        modules = {str(path.relative_to(ROOT)) for name in PACKAGES for path in (ROOT / name).rglob("*.py")}
        assert modules <= files

    @pytest.mark.parametrize("folder", ["scenarios/report_assets", "scenarios/examples"])
    def test_it_holds_the_data_that_the_code_reads(self, files, folder):
        kept = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert kept
        assert {name for name in kept if "__pycache__" not in name} <= files

    def test_it_holds_no_one_elses_history(self, files):
        assert [name for name in files if "bank" in name or name.startswith(("examples/", "tests/"))] == []

    def test_it_holds_the_licence(self, files):
        assert f"paiban-{PROJECT['version']}.dist-info/licenses/LICENSE" in files


class TestConstraints:
    def test_only_exact_versions_and_no_places(self):
        text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
        assert "://" not in text
        assert [str(pin) for pin in pins() if [s.operator for s in pin.specifier] != ["=="] or pin.url] == []

    @pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
    def test_every_requirement_has_one_fitting_pin_for_each_python(self, python):
        machine = {
            "python_version": python,
            "python_full_version": f"{python}.1",
            "sys_platform": "linux",
            "platform_python_implementation": "CPython",
        }
        here = [pin for pin in pins() if pin.marker is None or pin.marker.evaluate(machine)]
        assert max(Counter(pin.name for pin in here).values()) == 1
        pinned = {pin.name: next(iter(pin.specifier)).version for pin in here}
        unfit = [str(r) for r in requirements() if not r.specifier.contains(pinned.get(r.name, "0"))]
        assert unfit == []


class TestPages:
    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
    def test_what_they_point_at_is_there(self, page):
        links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        local = [link for link in links if "://" not in link]
        assert [link for link in local if not (page.parent / link).exists()] == []

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
    def test_make_targets_exist(self, page):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
        said = {word for line in said_in(page, "make") for word in line[1:] if "=" not in word}
        said |= set(re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8")))
        assert said <= targets

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
    def test_commands_and_their_options_exist(self, page, capsys):
        for command in said_in(page, "paiban"):
            assert helped(command[1]) == 0, command
            known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
            assert {w.split("=")[0] for w in command if w.startswith("--")} <= known, command

    def test_the_readme_shows_the_commands(self):
        readme = ROOT / "README.md"
        assert {line[1] for line in said_in(readme, "make")} >= {"demo", "test"}
        assert {line[1] for line in said_in(readme, "paiban")} >= {"init", "plan", "audit"}


def helped(command: str) -> int:
    """Exit code of ``paiban COMMAND --help``."""
    try:
        return importlib.import_module("api.cli").main([command, "--help"]) or 0
    except SystemExit as end:
        return end.code or 0


class TestGates:
    def test_continuous_integration_runs_the_readmes_test_command(self):
        script = ROOT / ".ci" / "run"
        assert script.read_text(encoding="utf-8").splitlines()[-1] == "make test"
        assert os.access(script, os.X_OK)

    def test_hooks_are_local_and_the_gates_of_make_lint(self):
        hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
        assert re.findall(r"repo: (.+)", hooks) == ["local"]
        recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint:")[1].split("\n\n")[0]
        gates = [line.removesuffix(" .") for line in re.findall(r"\$\(BIN\)/(.+)", recipe)]
        entries = re.findall(r"entry: \.venv/bin/(.+)", hooks)
        assert [entry.removesuffix(" --force-exclude") for entry in entries] == gates

    @pytest.mark.parametrize(("ci", "processes", "code"), [("true", 0, 1), ("true", 2, 1), ("", 0, 0)])
    def test_with_ci_a_skip_is_a_failure_and_named(self, tmp_path, ci, processes, code):
        shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
        lines = ["import pytest", "def test_left_out(): pytest.skip('no')", "def test_fine(): pass"]
        lines += ["@pytest.mark.xfail", "def test_expected_to_fail(): assert False"]
        (tmp_path / "test_inner.py").write_text("\n".join(lines), encoding="utf-8")
        whole = "import pytest\npytest.skip('no', allow_module_level=True)"
        (tmp_path / "test_module.py").write_text(whole, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(processes), "."]
        run = subprocess.run(
            command, cwd=tmp_path, env=clean_environment(CI=ci), capture_output=True, text=True, check=False
        )
        assert run.returncode == code
        assert ("test_left_out" in run.stdout) is (code == 1)
        assert ("test_module" in run.stdout) is (code == 1)
        assert "test_expected_to_fail" not in run.stdout


FAKE_PYTHON = """#!/bin/sh
echo "$*" >> {calls}
case "$*" in {lacks}) exit 1;; "-m venv"*) rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python;; esac
"""


class TestMake:
    """What make does on other machines, where a script stands in for Python: nothing is installed here."""

    def make(self, tmp_path: Path, lacks: str = "nothing") -> tuple[int, str, list[str]]:
        """Exit code, standard error and what Python was asked, for ``make install`` in a copy."""
        calls, fake, copy = tmp_path / "calls", tmp_path / "python", tmp_path / "copy"
        calls.write_text("", encoding="utf-8")
        fake.write_text(FAKE_PYTHON.format(calls=calls, lacks=lacks), encoding="utf-8")
        fake.chmod(0o755)
        copy.mkdir(exist_ok=True)
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            if not (copy / name).exists():
                shutil.copy(ROOT / name, copy)
        command = ["make", "install", f"PYTHON=no-such-python {fake}"]
        run = subprocess.run(
            command, cwd=copy, env=clean_environment(), capture_output=True, text=True, check=False
        )
        return run.returncode, run.stderr, calls.read_text(encoding="utf-8").splitlines()

    def test_an_old_python_gets_a_sentence(self, tmp_path):
        code, said, _ = self.make(tmp_path, lacks="*version_info*")
        assert code == 2
        assert "Paiban needs Python 3.11 or newer" in said

    def test_a_missing_venv_module_gets_the_package_to_install(self, tmp_path):
        code, said, calls = self.make(tmp_path, lacks="*ensurepip*")
        assert code == 2
        assert "apt-get install python3-venv" in said
        assert not any("pip install" in call for call in calls)

    def test_a_failed_installation_is_tried_again(self, tmp_path):
        assert self.make(tmp_path, lacks="*pip*install*")[0] == 2
        code, _, calls = self.make(tmp_path)
        assert code == 0
        assert any("--constraint constraints.txt" in call for call in calls)

    def test_the_environment_is_reused_until_what_it_is_built_from_changes(self, tmp_path):
        assert self.make(tmp_path)[0] == 0
        assert self.make(tmp_path) == (0, "", [])
        (tmp_path / "copy" / "constraints.txt").touch()
        assert self.make(tmp_path) == (0, "", [])
        with (tmp_path / "copy" / "constraints.txt").open("a", encoding="utf-8") as file:
            file.write("numpy==2.4.6\n")
        code, _, calls = self.make(tmp_path)
        assert code == 0
        assert any("-m venv --clear" in call for call in calls)
        assert len(list((tmp_path / "copy" / ".venv").glob("installed-*"))) == 1

    def test_an_environment_of_another_make_is_built_anew(self, tmp_path):
        (tmp_path / "copy" / ".venv" / "bin").mkdir(parents=True)
        assert any("-m venv --clear" in call for call in self.make(tmp_path)[2])
