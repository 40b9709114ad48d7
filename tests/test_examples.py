"""Every example runs as it is, and says what it needs."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)

# the regular expression of PEP 723
METADATA = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


def metadata_of(example):
    """The inline script metadata of a file."""
    blocks = [found["content"] for found in METADATA.finditer(example.read_text()) if found["type"] == "script"]
    assert len(blocks) == 1, f"{example.name} has {len(blocks)} blocks of script metadata"
    return tomllib.loads("".join(line[2:] or "\n" for line in blocks[0].splitlines(keepends=True)))


def test_there_are_examples():
    assert "demo_live" in [path.stem for path in EXAMPLES]


@every_example
def test_an_example_opens_in_the_browser_without_complaints(serve, open_page, example):
    server = serve(example)
    tab = open_page(server.url)
    tab.wait_for_function("document.querySelector('.nicegui-content')?.childElementCount > 0")
    assert "Traceback" not in server.log
    assert server.stderr == ""


@every_example
def test_an_example_says_what_it_needs(example):
    metadata = metadata_of(example)
    assert metadata["requires-python"] == ">=3.11"
    assert any(re.match(r"nicegui-playground\b", dependency) for dependency in metadata["dependencies"])


@every_example
def test_an_example_says_what_it_shows_and_starts_at_its_end(example):
    module = ast.parse(example.read_text())
    assert ast.get_docstring(module), "no docstring"
    assert "playground.start(" in ast.unparse(module.body[-1])
