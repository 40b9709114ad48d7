"""Every code block of the README runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PATIENCE

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(
    r"^```(\w+)\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
)
PYTHON = [code for language, code in BLOCKS if language == "python"]
BASH = [code for language, code in BLOCKS if language == "bash"]


def test_there_is_nothing_in_the_readme_that_is_not_run():
    assert {language for language, _ in BLOCKS} == {"python", "bash"}
    assert len(BASH) == 2


@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_python(code, serve, open_page):
    if "playground.start(" in code:
        tab = open_page(
            serve(code.replace("playground.start(", "playground.start(port=PORT, open_browser=False, ")).url
        )
        assert tab.locator("#app").inner_text().strip()
    else:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment.pop("PYTEST_CURRENT_TEST", None)
        subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=PATIENCE)


@pytest.mark.slow
def test_the_first_command_runs_the_counter(tmp_path, shared_port_4000):
    checkout = tmp_path / "a checkout"
    ignore = shutil.ignore_patterns(".git", ".venv", "venvs", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, checkout, ignore=ignore)
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTEST_CURRENT_TEST", "DISPLAY")}
    environment["PIP_NO_COMPILE"] = "no"  # that is how to say it; what is not imported need not be compiled
    environment["PATH"] = f"{Path(sys.executable).resolve().parent}:{environment['PATH']}"
    with subprocess.Popen(
        ["bash", "-c", BASH[0].replace("&& .venv/bin/python", "&& exec .venv/bin/python")],
        cwd=checkout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            lines = iter(process.stdout.readline, "")
            assert any(re.match(r"playground: http://127\.0\.0\.1:\d+$", line) for line in lines)
        finally:
            process.terminate()


def test_the_second_command_is_the_script_that_runs_these_tests():
    assert BASH[1].strip() == "tests/run"
    assert os.access(ROOT / "tests" / "run", os.X_OK)
