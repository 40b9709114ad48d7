"""Checks an exercise: `python checks.py 1_counter_check.py my_counter.py` prints one line of JSON for each test.

A test of a check is a function with one argument, `visit`, which opens a page of the program as `playground.visit`
does. Its docstring says in plain words what is expected. Each test gets a copy of the program in an empty directory,
and what the program gives to `playground.start` is not served: it is what the test visits.
"""

import contextlib
import json
import os
import runpy
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

import playground

WHAT_A_VISIT_TAKES = ("live", "children", "on_mount")


class Program:
    """A program that a test visits."""

    def __init__(self, path):
        self.path, self.given, self.shown, self.open_pages = path, {}, [], 0

    def run(self):
        playground.start = self.start
        sys.argv = [str(self.path)]
        runpy.run_path(str(self.path), run_name="__main__")
        if not self.given.get("live"):
            raise RuntimeError("the program does not call playground.start(live=...)")

    def start(self, live=None, **options):
        """Note what the program would serve."""
        self.given = {"live": live, **options}

    @contextlib.contextmanager
    def visit(self, path="/"):
        """Open a page, and note what it shows when a test fails."""
        options = {name: value for name, value in self.given.items() if name in WHAT_A_VISIT_TAKES}
        if self.open_pages:
            options.pop("children", None)  # the first page has started them, for all
        self.open_pages += 1
        with playground.visit(path=path, **options) as page:
            try:
                yield page
            except AssertionError:
                self.shown.append(f"The page shows: {page.text:.200}")
                raise
            finally:
                self.open_pages -= 1

    def explain(self, error):
        """What has happened instead of what was expected."""
        if isinstance(error, SyntaxError):
            return f"Python cannot read line {error.lineno}: {error.msg}."
        if isinstance(error, AssertionError):
            told = str(error).split("\n")[0]
            return " ".join([f"{told[:1].upper()}{told[1:]}." if told else "", *self.shown]).strip()
        trace = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in trace if frame.filename == str(self.path)]
        where = f" in line {lines[-1]}" if lines else ""
        return f"{type(error).__name__}{where}: {error}".split("\n")[0]


def check(test, source):
    """Run one test on a program: what was expected, whether it is so, and what is there instead."""
    instead = ""
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        program = Program(Path(shutil.copy(source, directory)))
        try:
            program.run()
            test(program.visit)
        except (Exception, SystemExit) as error:
            instead = program.explain(error) or "It is not so."
        finally:
            os.chdir(source.parent)
    return {"expected": test.__doc__, "passed": not instead, "instead": instead}


def main(check_file, source):
    tests = runpy.run_path(check_file)
    source = Path(source).resolve()
    for name, test in tests.items():
        if name.startswith("test_"):
            print(json.dumps(check(test, source)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
