"""Every code block of the README and of the guide runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PATIENCE, wait_until

pytest.importorskip("playwright")
from playwright.sync_api import expect

ROOT = Path(__file__).parents[1]
README, GUIDE = [(ROOT / path).read_text(encoding="utf-8") for path in ("README.md", "examples/guide.md")]


def blocks_of(text):
    """The code blocks of a page of Markdown, with their languages."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


BLOCKS = blocks_of(README + GUIDE)
PYTHON = [code for language, code in BLOCKS if language == "python"]
PAGES = [code for code in PYTHON if "playground.start(" in code]
BASH = [code for language, code in BLOCKS if language == "bash"]


def test_there_is_nothing_in_the_readme_that_is_not_run():
    assert {language for language, _ in BLOCKS} == {"python", "bash"}
    assert len(BASH) == 2


def with_options(code):
    return code.replace("playground.start(", "playground.start(port=PORT, open_browser=False, ")


def expect_content(tab):
    expect(tab.locator("#app")).to_have_text(re.compile(r"\S"), use_inner_text=True)
    expect(tab.locator("playground-overlay")).to_have_count(0)


@pytest.mark.parametrize("code", PAGES, ids=range(len(PAGES)))
def test_a_program_runs_also_in_a_second_tab_and_when_it_is_loaded_again(code, serve, open_page):
    server = serve(with_options(code))
    for tab in (open_page(server.url), open_page(server.url)):
        expect_content(tab)
        tab.reload()
        expect_content(tab)
    assert "Traceback" not in server.log


@pytest.mark.slow
def test_the_programs_can_be_saved_over_each_other(serve, open_page):
    first, *others = [code for code in PAGES if '{"/' not in code]
    server = serve(with_options(first))
    tab = open_page(server.url)
    for code in others:
        reports = server.log.count("reloaded")
        server.path.write_text(with_options(code).replace("PORT", server.url.rpartition(":")[2]), encoding="utf-8")
        wait_until(lambda reports=reports: server.log.count("reloaded") > reports, lambda: server.log)
        expect_content(tab)
    assert "Traceback" not in server.log


@pytest.mark.parametrize("code", [code for code in PYTHON if code not in PAGES])
def test_a_program_without_a_server_runs(code):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTEST_CURRENT_TEST", None)
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=PATIENCE)


def test_both_can_be_read():
    assert len(README.splitlines()) <= 350
    links = re.findall(r"\]\(#([^)]+)\)", README)
    anchors = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall("(?m)^#+ (.*)", README)]
    assert links
    assert set(links) <= set(anchors)
    for text, directory in ((README, ROOT), (GUIDE, ROOT / "examples")):
        for path in re.findall(r"\]\(([^#:)]+)(?:#[^)]*)?\)", text):
            assert (directory / path).exists(), path


def test_what_an_assistant_reads_is_made_of_it():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "playground", "llms"]
    text = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    assert len(text.splitlines()) <= 300
    assert text.startswith("# playground\n\nWrite a page as a stateful Python class")
    assert set(re.findall("(?m)^## (.*)", text)) == {
        "A tour", "What is kept when", "What does not work in `render()`", "Wrong and right", "Names",
    }  # fmt: skip
    told = [code for _, code in blocks_of(text)]
    assert told == [code for code in PYTHON if code in README]
    assert "`playground.key(item)`" in text


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
