# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "pytest"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Green or red on every save: `python demo_tests.py [directory]` watches Python files and runs pytest on them.

Where its state lives: in one process for all pages, which watches the files and owns the run that is going on; a save
in the middle of a run stops it and starts another one. The pages only show it, and are told by PubSub.
"""

import importlib.util
import sys
from pathlib import Path

from nicegui import ui

import playground

if importlib.util.find_spec("pytest") is None:
    sys.exit(f"demo_tests.py needs pytest: {sys.executable} -m pip install pytest")

GIVEN = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
TESTS = Path(GIVEN[0]) if GIVEN else Path(__file__).with_suffix("")
PYTEST = [sys.executable, "-m", "pytest", "--color=yes", "-p", "no:cacheprovider", "-q", str(TESTS)]


class Runner(playground.GenServer):
    """Runs the tests: at the start, and whenever a file is saved."""

    def init(self):
        self.runs = 0
        playground.watch(TESTS, patterns="*.py")
        self.subscribe("commands")
        self.run()

    def run(self):
        self.runs += 1
        self.command = playground.Command.start(PYTEST, cwd=TESTS)
        playground.broadcast("runs", self.runs)

    def handle_info(self, message):
        match message:
            case playground.FileChanged() | "again":
                self.command.stop()
                self.run()
            case playground.CommandChanged(command=self.command):
                playground.broadcast("runs", self.runs)


class Page(playground.LiveView):
    def mount(self):
        self.subscribe("runs")

    def handle_info(self, message):
        """Another run, or it has ended: the page is rendered again."""

    def render(self):
        runner = playground.whereis(Runner)
        command = runner.command
        match command.status, command.exit_status:
            case "running", _:
                text, colour = "running", "bg-slate-600"
            case "exited", 0:
                text, colour = "green", "bg-green-700"
            case _:
                text, colour = "red", "bg-red-700"
        self.page_title = f"Tests: {text}"
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-4xl gap-4 sm:mt-4"):
            with ui.row().classes(f"w-full items-center rounded-2xl px-8 py-6 text-white transition-colors {colour}"):
                ui.label(text).classes("text-6xl font-light grow")
                with ui.column().classes("gap-0 items-end"):
                    ui.label(f"Run {runner.runs}").classes("text-lg")
                    ui.label("" if command.status == "running" else f"{command.duration:.1f} s").classes("text-lg")
            playground.terminal(command).classes("h-[60vh]")
            with ui.row().classes("w-full items-center"):
                ui.label(f"Save a file in {TESTS}, and they run again.").classes("text-lg grow basis-64 break-words")
                again = ui.button("Run again", icon="replay", on_click=lambda: runner.send("again"))
                again.props("unelevated rounded no-caps")


if __name__ == "__main__":
    playground.start(live=Page, children=[Runner])
