# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Learn playground with playground: a tutorial whose programs run beside their source, a gallery, and a reference.

What you write in the tutorial is a file of your own, run by a process of its own; to save it, here or in any editor,
is hot reload. It is for one's own machine: whoever opens the page may change what runs there.

Where its state lives:
- files: what the learner wrote and how far he got, below `~/.local/state/playground/learn`, because it outlives all;
- processes: a `Lesson` for each step and a `Runner` for each example, which own the programs that run, because several
  pages may show the same one;
- page: which step, and the text in the editor; a page is told by PubSub what is new.
"""

import contextlib
import inspect
import json
import os
import re
import shutil
import socket
import sys
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from textwrap import dedent
from types import FunctionType

from nicegui import app, ui

import playground

EXAMPLES = Path(__file__).resolve().parent
TUTORIAL = EXAMPLES / "tutorial"
PICTURES = EXAMPLES / "pictures"
OWN = playground.Command.log_directory().parent / "learn"  # what belongs to the learner
OWN.mkdir(parents=True, exist_ok=True)

MODULES = [str(Path(playground.__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
ENVIRONMENT = {"PYTHONPATH": os.pathsep.join(MODULES)}
ADDRESS = re.compile(r"(?:playground:|running on) \S*http://[\w.]+:(\d+)")
PATIENCE = 60  # seconds that a program runs on when nobody looks at it

progress = playground.FileState(OWN / "progress.json", {"done": [], "step": "1_counter"})


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def write(path, text):
    """Write a file in one piece, as a good editor does: nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


# ---------------------------------------------------------------------------------------------------------------------
# Programs that run
# ---------------------------------------------------------------------------------------------------------------------


class Runner(playground.GenServer):
    """Runs a program, and knows at which port it serves; tells on `topic` when that has changed.

    One that has served and starts again gets the same port: the browser comes back to it by itself.
    """

    def init(self, path):
        self.path, self.topic = path, f"runs {path.stem}"
        self.command, self.port = None, None
        self.subscribe("commands")

    @property
    def is_running(self):
        return self.command is not None and self.command.status == "running"

    @property
    def serves(self):
        return self.is_running and self.port is not None

    def handle_cast(self, request):
        match request:
            case "run":
                self.run()
            case "stop" if self.is_running:
                self.command.stop()

    def handle_info(self, message):
        match message:
            case playground.CommandOutput(command=self.command) if self.port is None:
                if found := ADDRESS.search(self.command.output):
                    self.port = int(found[1])
                    self.tell()
            case playground.CommandChanged(command=self.command):
                self.tell()

    def run(self):
        if not self.is_running:
            port = str(self.port or free_port())
            self.port = None
            self.command = playground.Command.start_link(self.command_line(port), **self.options())
            self.subscribe(self.command.topic)

    def command_line(self, port):
        if "playground.mount(app" in self.path.read_text(encoding="utf-8"):  # pages in an application
            return [sys.executable, "-m", "uvicorn", f"{self.path.stem}:app", "--port", port]
        return [sys.executable, "-m", "playground", "--port", port, "--no-browser", self.path]

    def options(self):
        return {"cwd": self.path.parent, "env": ENVIRONMENT, "log": None}

    def tell(self, news="run"):
        playground.broadcast(self.topic, news)


# ---------------------------------------------------------------------------------------------------------------------
# What all pages have
# ---------------------------------------------------------------------------------------------------------------------

CSS = """
:root { --paper: #fff; --ground: #f1f5f9; --ink: #0f172a; --soft: #475569; --line: #cbd5e1; --link: #4338ca;
        --chosen: #e0e7ff; --code: #fafafa; --good: #15803d; --bad: #b91c1c; }
body.body--dark { --paper: #171717; --ground: #0a0a0a; --ink: #f5f5f5; --soft: #a3a3a3; --line: #404040;
        --link: #a5b4fc; --chosen: #312e81; --code: #0a0a0a; --good: #4ade80; --bad: #fca5a5; }
body { background: var(--ground) !important; color: var(--ink); font-size: 17px; }
.nicegui-content { padding: 0; gap: 0; max-width: none; align-items: stretch; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.bar { background: #1e1b4b; color: #fff; min-height: 3.5rem; padding: 0 1rem; }
.bar a { color: #fff; text-decoration: none; padding: 0.4rem 0.8rem; border-radius: 0.5rem; font-size: 1.1rem; }
.bar a[aria-current] { background: #4338ca; }
.bar a:focus-visible { outline-color: #fff; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); }
.paper { background: var(--paper); border: 1px solid var(--line); border-radius: 0.75rem; }
.plain-link { color: var(--link); text-decoration: underline; }
.go { color: #fff; background: #4338ca; text-decoration: none; padding: 0.35rem 0.9rem; border-radius: 0.5rem; }
.action.q-btn { color: var(--link); background: var(--paper); border-radius: 0.5rem; font-size: 1rem; }
.code { font-size: 15px; } .code .q-btn { color: var(--link) !important; }
.q-field--outlined .q-field__control, .q-field__label { color: var(--link) !important; }
.text { width: 100%; min-width: 0; }
.text p, .text ul { margin: 0 0 0.7em; line-height: 1.5; } .text li { margin-bottom: 0.3em; }
.text h1 { font-size: 1.5rem; } .text h2 { font-size: 1.2rem; margin-top: 0.8em; font-weight: 600; line-height: 2; }
.text code { font-size: 0.92em; background: var(--ground); padding: 0.05em 0.15em; border-radius: 0.25em; }
.text pre { background: var(--code); padding: 0.6em 0.8em; border-radius: 0.5em; overflow-x: auto;
            margin: 0 0 0.7em; }
.text pre code { padding: 0; background: none; } .side .text pre code { white-space: pre-wrap; }

.two { display: grid; grid-template-columns: 21.5rem minmax(0, 1fr); height: calc(100dvh - 3.5rem); }
.side { overflow-y: auto; padding: 0.75rem; border-right: 1px solid var(--line); background: var(--paper); }
.main { overflow-y: auto; padding: 0.75rem 1rem; }
.chapter { display: flex; gap: 0.5rem; align-items: center; padding: 0.2rem 0.5rem; border-radius: 0.5rem;
           color: var(--ink); text-decoration: none; width: 100%; }
.chapter:hover, .chapter[aria-current] { background: var(--chosen); }
.chapter[aria-current] { font-weight: 600; }
.stage { display: grid; grid-template-rows: minmax(0, 5fr) minmax(0, 6fr); gap: 0.75rem; overflow: hidden; }
.stage > * { min-height: 0; overflow: hidden; display: flex; flex-direction: column; flex-wrap: nowrap; }
.stage iframe { border: 0; width: 100%; flex: 1; }
.editor { flex: 1; min-height: 0; overflow: hidden; }
.editor .cm-editor { height: 100%; font-size: 16px; outline: none; }
.editor .cm-scroller { line-height: 1.4; }
.editor .cm-activeLine, .editor .cm-activeLineGutter { background: none; }
.body--dark .editor { filter: invert(0.92) hue-rotate(180deg); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; padding: 1rem; }
.cards img { width: 100%; aspect-ratio: 8 / 5; object-fit: cover; object-position: top; display: block;
             border-radius: 0.7rem 0.7rem 0 0; border-bottom: 1px solid var(--line); }
.body--dark .cards img { filter: brightness(0.85); }

@media (min-width: 1600px) { .stage { grid-template: minmax(0, 1fr) / repeat(2, minmax(0, 1fr)); } }
@media (max-width: 800px) {
  .bar a { padding: 0.4rem; font-size: 1rem; } .bar .brand { display: none; }
  .two { display: block; height: auto; } .side { border: 0; } .side.names { max-height: 45dvh; }
  .stage { display: block; } .stage > * { height: 26rem; margin-bottom: 0.75rem; }
}
"""
PARTS = {"Tutorial": "/tutorial", "Gallery": "/gallery", "Guide": "/guide", "Reference": "/reference"}


def layout(view, part):
    """The bar at the top of all pages."""
    view.page_title = f"{part} · Learn playground"
    ui.colors(primary="#4338ca")
    with ui.header().classes("bar items-center flex-nowrap gap-2"):
        ui.label("Learn playground").classes("brand text-xl font-semibold grow")
        with ui.element("nav").classes("flex gap-1"):
            for text, path in PARTS.items():
                current(playground.navigate_link(text, path), text == part)


def current(link, is_so):
    """Mark the link to where one is, for eyes and for screen readers."""
    return link.props("aria-current=page") if is_so else link


def action(text, on_click, icon):
    button = ui.button(text, on_click=on_click, icon=icon, color=None)
    return button.props("outline no-caps dense").classes("action px-2")


def tick(is_so):
    ui.icon("check_circle" if is_so else "radio_button_unchecked", size="1.4rem").classes("good" if is_so else "soft")


def show_program(text):
    """A program to read."""
    ui.code(text, language="python").classes("w-full code")


# ---------------------------------------------------------------------------------------------------------------------
# Tutorial
# ---------------------------------------------------------------------------------------------------------------------


class Step:
    """A step of the tutorial: its text, its program, what is to be done to it, and the learner's copy."""

    def __init__(self, text):
        self.name = text.stem
        self.number = int(self.name.split("_")[0])
        heading, _, rest = text.read_text(encoding="utf-8").partition("\n")
        self.title = heading.removeprefix("# ")
        self.text, _, self.task = rest.partition("## Your turn\n")
        self.program = text.with_suffix(".py").read_text(encoding="utf-8")
        self.solution = text.with_name(f"{self.name}_solution.py").read_text(encoding="utf-8")
        self.check = text.with_name(f"{self.name}_check.py")
        self.file = OWN / "tutorial" / f"{self.name}.py"

    @property
    def is_done(self):
        return self.name in progress.value["done"]

    @property
    def next(self):
        return next((step for step in STEPS.values() if step.number == self.number + 1), None)


STEPS = {step.name: step for step in map(Step, sorted(TUTORIAL.glob("*.md")))}


class Lesson(Runner):
    """Runs the learner's program of a step while somebody looks at it, and checks it after each save."""

    def init(self, step):
        super().init(step.file)
        self.step = step
        if not self.path.exists():
            write(self.path, self.step.program)
        self.text = self.path.read_text(encoding="utf-8")
        self.check, self.results = None, []
        self.watchers = {}
        playground.watch(self.path)

    def handle_cast(self, request):
        match request:
            case ("open", page):
                self.watchers[page] = playground.monitor(page)
                self.run()
                self.begin_check()
            case ("close", page):
                self.forget(page)
            case ("save", text, page):
                self.text = text
                write(self.path, text)
                playground.broadcast_from(page, self.topic, "text")
            case _:
                super().handle_cast(request)

    def handle_info(self, message):
        match message:
            case playground.FileChanged():
                self.read()
            case playground.CommandChanged(command=self.check) if self.check.status != "running":
                self.end_check()
            case playground.Down(server=page):
                self.forget(page)
            case "nobody looks" if not self.watchers:
                super().handle_cast("stop")
            case _:
                super().handle_info(message)

    def read(self):
        """Take what somebody has saved, here or in an editor of his own."""
        with contextlib.suppress(OSError, UnicodeDecodeError):  # it was removed, or is no text: what was there stays
            text = self.path.read_text(encoding="utf-8")
            if text != self.text:
                self.text = text
                self.tell("text")
            if self.watchers:
                self.run()
                self.begin_check()

    def forget(self, page):
        if monitor := self.watchers.pop(page, None):
            monitor.cancel()
            self.send_after(PATIENCE, "nobody looks")

    @property
    def is_checking(self):
        return self.check is not None and self.check.status == "running"

    @property
    def is_right(self):
        return bool(self.results) and all(result["passed"] for result in self.results)

    def begin_check(self):
        if self.is_checking:
            self.check.stop()
        line = [sys.executable, TUTORIAL / "checks.py", self.step.check, self.path]
        self.check = playground.Command.start_link(line, pty=False, timeout=60, **self.options())
        self.tell()

    def end_check(self):
        lines = [line for line in self.check.output.splitlines() if line.startswith('{"expected"')]
        self.results = [json.loads(line) for line in lines]
        if self.check.status == "timed out":
            text = "Nothing has come within a minute. Is there a loop without an end?"
            self.results.append({"expected": "The program answers.", "passed": False, "instead": text})
        if self.is_right and not self.step.is_done:
            progress.update(lambda value: value["done"].append(self.step.name))
        self.tell()


class Lessons(playground.Supervisor):
    children = tuple(playground.child_spec(Lesson, name=name, step=step) for name, step in STEPS.items())


class Tutorial(playground.LiveView):
    def mount(self):
        self.lesson, self.foreign_saves = None, 0
        self.shows_solution = self.shows_output = False
        self.watch(progress)

    def handle_params(self, params):
        self.leave()
        self.step = STEPS.get(params.get("step")) or STEPS.get(progress.value["step"]) or next(iter(STEPS.values()))
        self.shows_solution = self.shows_output = False
        self.lesson = playground.whereis(self.step.name)
        self.source = self.lesson.text
        self.subscribe(self.lesson.topic)
        playground.cast(self.lesson, ("open", self))
        if progress.value["step"] != self.step.name:
            progress.update(lambda value: value.update(step=self.step.name))

    def leave(self):
        if self.lesson:
            self.unsubscribe(self.lesson.topic)
            playground.cast(self.lesson, ("close", self))

    def handle_info(self, message):
        if message == "text":  # somebody else has saved
            self.source = self.lesson.text
            self.foreign_saves += 1

    def render(self):
        layout(self, "Tutorial")
        with ui.element("div").classes("two"):
            with ui.element("nav").classes("side").props('aria-label="Steps"'):
                for step in STEPS.values():
                    self.chapter(step)
            with ui.element("main").classes("main stage"), playground.key(self.step.name):
                self.page()
                self.editor()
        self.solution()

    def chapter(self, step):
        """A step in the list; the one that is open has its text below it."""
        with current(playground.patch_link("", f"/tutorial/{step.name}"), step is self.step).classes("chapter"):
            tick(step.is_done)
            ui.label(f"{step.number}. {step.title}")
        if step is self.step:
            with ui.column().classes("gap-1 px-2 pt-2 pb-4 w-full"):
                ui.markdown(step.text).classes("text")
                self.exercise(step)

    def exercise(self, step):
        ui.label("Your turn").classes("text-xl font-semibold")
        ui.markdown(step.task).classes("text")
        with ui.column().classes("gap-2 w-full").props("aria-live=polite"):
            missing = [result for result in self.lesson.results if not result["passed"]]
            for result in self.lesson.results:
                self.result(result, explains=result in missing[:1] and self.lesson.text != step.program)
            if self.lesson.is_right:
                ui.label("Well done!").classes("text-xl font-semibold good")
        action("Show a solution", self.event("solution"), "lightbulb").classes("mt-2")

    def result(self, result, explains):
        """What the check expects, whether it is so, and what is there instead."""
        with ui.row().classes("flex-nowrap gap-2 items-start"):
            tick(result["passed"])
            with ui.column().classes("gap-0 min-w-0"):
                ui.label(result["expected"])
                if explains:
                    ui.label(result["instead"]).classes("bad break-words")

    def page(self):
        """The program that runs, or what it printed if it has ended."""
        lesson = self.lesson
        with ui.element("section").classes("paper").props('aria-label="The page"'):
            with ui.row().classes("w-full items-center px-3 py-1 gap-2"):
                ui.label("The page").classes("font-semibold grow")
                if lesson.command:
                    action("Output", self.event("output"), "terminal").props(f"aria-pressed={self.shows_output}")
                if lesson.serves:
                    ui.link("Open in a tab", self.address, new_tab=True).classes("plain-link")
            if lesson.command and (self.shows_output or not lesson.is_running):
                playground.terminal(lesson.command).classes("w-full grow min-h-0")
            elif lesson.serves:
                ui.element("iframe").props(f'src="{self.address}" title="The page of the program"')
            else:
                ui.label("The program starts …").classes("p-4 soft")

    @property
    def address(self):
        """Where the program serves, under the name by which the browser knows this machine."""
        return f"http://{self.client.request.url.hostname}:{self.lesson.port}/"

    def editor(self):
        with ui.element("section").classes("paper").props('aria-label="The source"'):
            with ui.row().classes("w-full items-center px-3 py-1 gap-2"):
                ui.label(self.step.file.name).classes("font-semibold")
                self.score()
                action("Copy the path", lambda: ui.clipboard.write(str(self.step.file)), "content_copy")
                action("Start over", self.event("start over"), "restart_alt")
            # an editor with the focus would keep what was typed in it: after the save of another one comes a new one
            with playground.key(self.foreign_saves):
                field = ui.codemirror(language="Python", theme="vscodeLight", line_wrapping=True)
                field.props('aria-label="The source. Escape, then Tab leaves it."').classes("editor")
                field.bind_value(self, "source").on_value_change(self.event("edit", debounce=0.4))
                field.map_key("Mod-s", self.event("edit"))
            with ui.row().classes("w-full px-3 py-1 gap-x-2 text-base soft"):
                ui.label("Saved as you type, or by your own editor:")
                ui.label(str(self.step.file)).classes("break-all")

    def score(self):
        """How much of the exercise is right, where it is seen while one types."""
        lesson, following = self.lesson, self.step.next
        passed = sum(result["passed"] for result in lesson.results)
        with ui.row().classes("grow items-center gap-2 px-2"):
            if lesson.is_checking:
                ui.spinner(size="1.2rem")
            elif lesson.results:
                tick(lesson.is_right)
            if lesson.is_right and following:
                playground.patch_link(f"Next: {following.title}", f"/tutorial/{following.name}").classes("go")
            elif lesson.results:
                ui.label(f"{passed} of {len(lesson.results)}").classes("soft")

    def solution(self):
        with ui.dialog().bind_value(self, "shows_solution"), ui.card().classes("w-full max-w-3xl"):
            ui.label(f"A solution: {self.step.title}").classes("text-xl font-semibold")
            show_program(self.step.solution)
            with ui.row().classes("w-full justify-end"):
                action("Put it into the editor", self.event("use"), "edit")
                action("Close", self.event("close"), "close")

    def handle_event(self, event):
        match event:
            case "edit":
                self.save()
            case "output":
                self.shows_output = not self.shows_output
            case "solution" | "close":
                self.shows_solution = event == "solution"
            case "use":
                self.shows_solution = False
                self.replace(self.step.solution)
            case "start over":
                self.replace(self.step.program)

    def replace(self, text):
        """Put another text in the place of what the learner wrote, which is kept beside it."""
        if self.source not in (self.step.program, self.step.solution, text):
            kept = self.step.file.with_name(f"{self.step.name}_before.py")
            write(kept, self.source)
            ui.notify(f"What you had is in {kept.name}")
        self.source = text
        self.save()

    def save(self):
        if self.source != self.lesson.text:
            playground.cast(self.lesson, ("save", self.source, self))


# ---------------------------------------------------------------------------------------------------------------------
# Gallery
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A program of the gallery, and what belongs to it: a directory of its name."""

    path: Path

    @property
    def name(self):
        return self.path.stem

    @property
    def title(self):
        return self.name.removeprefix("demo_").replace("_", " ").capitalize()

    @cached_property
    def source(self):
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def summary(self):
        """The first sentences of its docstring, up to an empty line."""
        found = re.search(r'^"""(.+?)(?:"""|\n\n)', self.source, re.MULTILINE | re.DOTALL)
        return " ".join(found[1].replace("`", "").split()) if found else ""

    @property
    def picture(self):
        return next(iter(PICTURES.glob(f"{self.name}.*")), None)

    def copy(self, directory):
        """Copy it; what is there already stays as it is.

        :raises FileExistsError: if there is something of its name
        """
        target = directory / self.path.name
        with target.open("x", encoding="utf-8") as file:
            file.write(self.source)
        if self.path.with_suffix("").is_dir() and not target.with_suffix("").exists():
            shutil.copytree(self.path.with_suffix(""), target.with_suffix(""))
        return target


FILES = sorted(EXAMPLES.glob("demo_*.py"), key=lambda path: path.stat().st_size)  # the simplest first
GALLERY = {example.name: example for example in map(Example, FILES)}


class Demo(Runner):
    """Runs a copy of an example: what it writes beside itself is no concern of others."""

    def init(self, example):
        super().init(OWN / "gallery" / example.path.name)
        self.example = example

    def run(self):
        if not self.is_running:
            self.path.parent.mkdir(exist_ok=True)
            self.path.unlink(missing_ok=True)
            shutil.rmtree(self.path.with_suffix(""), ignore_errors=True)
            self.example.copy(self.path.parent)
            super().run()


class Demos(playground.Supervisor):
    children = tuple(playground.child_spec(Demo, name=name, example=example) for name, example in GALLERY.items())


class Gallery(playground.LiveView):
    def mount(self):
        self.shown = None
        for name in GALLERY:
            self.subscribe(playground.whereis(name).topic)

    def handle_info(self, message):
        """A program has started or ended: the page is rendered again."""

    def render(self):
        layout(self, "Gallery")
        ui.label(f"Run opens an example in a tab. Copies go to {Path.cwd()}.").classes("px-4 pt-4 break-words")
        with ui.element("main").classes("cards"):
            for example in GALLERY.values():
                with playground.key(example.name):
                    self.card(example)
        if self.shown:
            with ui.dialog(value=True).on("hide", self.event("hide")), ui.card().classes("w-full max-w-5xl"):
                with ui.row().classes("w-full items-center"):
                    ui.label(self.shown.path.name).classes("text-xl font-semibold grow")
                    action("Close", self.event("hide"), "close")
                show_program(self.shown.source)

    def card(self, example):
        demo = playground.whereis(example.name)
        with ui.element("article").classes("paper flex flex-col").props(f"id={example.name}"):
            if example.picture:
                alt = f"The page of {example.path.name}"
                ui.element("img").props(f'src="/pictures/{example.picture.name}" alt="{alt}" loading=lazy')
            with ui.column().classes("p-3 gap-2 grow"):
                ui.label(example.title).classes("text-xl font-semibold")
                ui.label(example.summary).classes("soft text-base grow")
                with ui.row().classes("w-full items-center gap-2"):
                    ui.link("Run", f"/run/{example.name}", new_tab=True).classes("go font-semibold")
                    action("Source", self.event("show", example=example), "code")
                    action("Copy to my directory", self.event("copy", example=example), "download")
                    if demo.is_running:
                        action("Stop", lambda: playground.cast(demo, "stop"), "stop")

    def handle_event(self, event, params):
        match event:
            case "show":
                self.shown = params["example"]
            case "hide":
                self.shown = None
            case "copy":
                self.copy(params["example"])

    def copy(self, example):
        try:
            target = example.copy(Path.cwd())
        except FileExistsError as error:
            ui.notify(f"Nothing was copied: there is a {error.filename} already", type="warning", color="orange-10")
        except OSError as error:
            ui.notify(f"Nothing was copied: {error}", type="negative", color="red-10")
        else:
            ui.notify(f"It is in {target}", type="positive", color="green-10")


class Opening(playground.LiveView):
    """Starts an example, and goes there as soon as it serves."""

    def mount(self, params):
        self.demo = playground.whereis(params["name"])
        if not isinstance(self.demo, Demo):
            self.redirect("/gallery")
        self.subscribe(self.demo.topic)
        playground.cast(self.demo, "run")
        self.send("look")

    def handle_info(self, message):
        if self.demo.serves:
            self.redirect(f"http://{self.client.request.url.hostname}:{self.demo.port}/")

    def render(self):
        layout(self, "Gallery")
        with ui.column().classes("p-4 w-full"):
            ui.label(f"{self.demo.path.name} starts …").classes("text-2xl")
            if self.demo.command:
                playground.terminal(self.demo.command).classes("w-full h-96")


# ---------------------------------------------------------------------------------------------------------------------
# Guide
# ---------------------------------------------------------------------------------------------------------------------


def chapters():
    """The chapters of the guide: titles and texts, by what their addresses end in."""
    text = (EXAMPLES / "guide.md").read_text(encoding="utf-8").replace("](pictures/", "](/pictures/")
    parts = [part.partition("\n") for part in text.split("\n## ")[1:]]
    return {re.sub(r"\W+", "-", title.lower()).strip("-"): (title, rest) for title, _, rest in parts}


CHAPTERS = chapters()


class Guide(playground.LiveView):
    """All that there is to say, a chapter at a time."""

    def handle_params(self, params):
        chapter = params.get("chapter")
        self.chapter = chapter if chapter in CHAPTERS else next(iter(CHAPTERS))

    def render(self):
        layout(self, "Guide")
        with ui.element("div").classes("two"):
            with ui.element("nav").classes("side").props('aria-label="Chapters"'):
                for chapter, (title, _) in CHAPTERS.items():
                    link = playground.patch_link(title.replace("`", ""), f"/guide/{chapter}")
                    current(link, chapter == self.chapter).classes("chapter")
            with ui.element("main").classes("main"), playground.key(self.chapter):
                title, text = CHAPTERS[self.chapter]
                with ui.column().classes("paper max-w-4xl w-full p-4 mb-8"):
                    ui.markdown(f"# {title}\n{text}", extras=["fenced-code-blocks", "tables"]).classes("text w-full")


# ---------------------------------------------------------------------------------------------------------------------
# Reference
# ---------------------------------------------------------------------------------------------------------------------


class Plain(str):
    """A text that is shown without quotes where a value is shown by its `repr`."""

    __repr__ = str.__str__


def signature_of(thing):
    """How to call it, as its source says it; each parameter on a line of its own if there are many."""
    try:
        signature = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    shown, kind_before = [], None
    for parameter in signature.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and kind_before not in (parameter.KEYWORD_ONLY, "*"):
            shown.append("*")
        kind_before = "*" if parameter.kind is parameter.VAR_POSITIONAL else parameter.kind
        if parameter.annotation is not parameter.empty:
            parameter = parameter.replace(annotation=Plain(parameter.annotation))
        if type(parameter.default) is object:  # it stands for "not given"
            parameter = parameter.replace(default=Plain("..."))
        shown.append(str(parameter))
    arrow = "" if signature.return_annotation in (signature.empty, "None") else f" -> {signature.return_annotation}"
    line = ", ".join(shown)
    return f"({line}){arrow}" if len(line) < 70 else "(\n    " + ",\n    ".join(shown) + f",\n){arrow}"


def markdown_of(docstring):
    """A docstring as Markdown: blocks of code, and the parameters as a list."""
    text = inspect.cleandoc(docstring or "")
    block = re.compile(r"\.\. code-block:: (\w+)\n\n((?:    .*\n?|\n)+)")
    text = block.sub(lambda found: f"```{found[1]}\n{dedent(found[2]).strip()}\n```\n\n", text)
    text = re.sub(r"^:(?:param|ivar|cvar|raises) (\w+): ", r"- **\1**: ", text, flags=re.MULTILINE)
    text = re.sub(r"^:returns: ", "- **returns** ", text, flags=re.MULTILINE)
    return re.sub(r"(?<!\n)\n(?=- \*\*)", "\n", text)


@dataclass
class Entry:
    """A public name, or a method of one."""

    name: str
    thing: object
    owner: str = ""
    methods: list = field(default_factory=list)
    inherited: list = field(default_factory=list)  # pairs of a public base class and the name of a method

    @property
    def anchor(self):
        return f"/reference/{self.owner}#{self.name}" if self.owner else f"/reference/{self.name}"

    @property
    def full_name(self):
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def kind(self):
        if isinstance(self.thing, type):
            return "Errors" if issubclass(self.thing, BaseException) else "Classes"
        return "Functions" if callable(self.thing) else "Values"

    @cached_property
    def signature(self):
        is_made_by_users = "__init__" in vars(self.thing) if isinstance(self.thing, type) else callable(self.thing)
        return signature_of(self.thing) if is_made_by_users and self.kind != "Errors" else ""

    @cached_property
    def doc(self):
        if self.kind == "Values" and not self.owner:  # the text below it in the source
            found = re.search(
                rf'^{self.name}\b[^\n]*\n"""(.+?)"""', inspect.getsource(playground), re.MULTILINE | re.DOTALL
            )
            return found[1] if found else ""
        return markdown_of(self.thing.fget.__doc__ if isinstance(self.thing, property) else self.thing.__doc__)

    @cached_property
    def uses(self):
        """The examples that use it, with the first line that does."""
        caller = CALLERS.get(self.owner, self.owner) if self.owner else "playground"
        pattern = re.compile(rf"^.*\b{caller}\.{self.name}\b.*$", re.MULTILINE)
        found = [(example, pattern.search(example.source)) for example in GALLERY.values()]
        return [(example, line[0].strip()) for example, line in found if line]

    @cached_property
    def mentions(self):
        """The public names whose description speaks of it."""
        pattern = re.compile(rf"`{self.name}\b|playground\.{self.name}\b|\b{self.name}\(|\b{self.name}\b,? (?:and|or)")
        others = [other for other in reference().values() if other.name != self.name]
        return [other for other in others if any(pattern.search(each.doc) for each in (other, *other.methods))]


CALLERS = {"LiveView": "self", "LiveComponent": "self", "GenServer": "self", "VisitedPage": "page"}  # in programs


def entry_of(name):
    """A public name with its methods."""
    thing = getattr(playground, name)
    entry = Entry(name, thing)
    for cls in thing.__mro__ if isinstance(thing, type) else ():
        if cls.__module__ != playground.__name__:
            continue
        is_public_base = cls is not thing and cls.__name__ in playground.__all__
        for method, value in vars(cls).items():
            known = [*entry.methods, *(pair[1] for pair in entry.inherited)]
            is_method = isinstance(value, (FunctionType, classmethod, property)) and not method.startswith("_")
            if not is_method or any(method == getattr(other, "name", other) for other in known):
                continue
            if is_public_base:
                entry.inherited.append((cls.__name__, method))
            else:
                value = getattr(thing, method) if isinstance(value, classmethod) else value
                entry.methods.append(Entry(method, value, owner=name))
    return entry


@cache
def reference():
    """All public names, by name."""
    return {name: entry_of(name) for name in sorted(playground.__all__, key=str.lower)}


def search(query):
    """The entries that have all words of the query, best first."""
    words = query.lower().split()
    every = chain.from_iterable([entry, *entry.methods] for entry in reference().values())
    found = [entry for entry in every if all(word in f"{entry.full_name} {entry.doc}".lower() for word in words)]

    def rank(entry):
        name = entry.name.lower()
        return (name != words[0], not name.startswith(words[0]), words[0] not in name, entry.full_name.lower())

    return sorted(found, key=rank)


class Reference(playground.LiveView):
    def mount(self):
        self.query = ""

    def handle_params(self, params):
        self.entry = reference().get(params.get("name"))

    def render(self):
        layout(self, "Reference")
        with ui.element("div").classes("two"):
            with ui.element("nav").classes("side names").props('aria-label="Names"'):
                query = ui.input(placeholder="Search").bind_value(self, "query").classes("w-full text-lg")
                query.props("outlined dense clearable type=search autofocus aria-label=Search")
                self.names()
            with ui.element("main").classes("main"), playground.key(self.entry and self.entry.name):
                if self.entry:
                    self.show(self.entry)
                else:
                    self.overview()

    def names(self):
        if (self.query or "").strip():
            found = search(self.query)
            ui.label(f"{len(found)} found").classes("soft pt-2").props("aria-live=polite")
            for entry in found[:60]:
                self.link(entry)
            return
        for kind in ("Functions", "Classes", "Errors", "Values"):
            ui.label(kind).classes("text-lg font-semibold pt-3")
            for entry in reference().values():
                if entry.kind == kind:
                    self.link(entry)

    def link(self, entry):
        is_here = self.entry is entry
        current(playground.patch_link(entry.full_name, entry.anchor), is_here).classes("chapter font-mono text-base")

    def overview(self):
        with ui.column().classes("text max-w-3xl"):
            ui.label("Reference").classes("text-3xl font-semibold")
            ui.markdown(
                "All that `import playground` gives, made from the module itself. "
                "Choose a name on the left, or search: for `send_interval`, or for a word such as `focus`."
            )

    def show(self, entry):
        with ui.column().classes("max-w-4xl gap-3 w-full pb-8"):
            with ui.column().classes("paper w-full p-4 gap-1"):
                ui.label(f"playground.{entry.name}").classes("text-3xl font-semibold")
                self.body(entry)
                self.links("Mentioned in:", [(other.name, other.anchor) for other in entry.mentions[:8]])
            for method in entry.methods:
                with playground.key(method.name), ui.column().classes("paper w-full p-4 gap-1"):
                    ui.label(method.name).classes("text-xl font-semibold font-mono").props(f"id={method.name}")
                    self.body(method)
            if entry.inherited:
                ui.label("And what it has of others").classes("text-xl font-semibold pt-2")
                pairs = [(f"{base}.{method}", f"/reference/{base}#{method}") for base, method in entry.inherited]
                self.links("", pairs)

    def body(self, entry):
        if entry.signature:
            ui.code(f"{entry.name}{entry.signature}", language="python").classes("w-full code")
        ui.markdown(entry.doc).classes("text w-full")
        if entry.uses and "```" not in entry.doc:
            ui.code(entry.uses[0][1], language="python").classes("w-full code")
        uses = [example for example, _ in entry.uses[:5]]
        self.links("In the gallery:", [(example.path.name, f"/gallery#{example.name}") for example in uses])

    def links(self, title, pairs):
        if pairs:
            with ui.row().classes("gap-x-3 gap-y-1 items-baseline text-base w-full"):
                ui.label(title).classes("soft")
                for text, path in pairs:
                    playground.navigate_link(text, path).classes("plain-link")


if __name__ == "__main__":
    app.add_static_files("/pictures", PICTURES)
    ui.add_css(CSS, shared=True)
    pages = {
        "/": Gallery if "examples" in sys.argv else Tutorial,  # `playground examples` shows those first
        "/tutorial": Tutorial,
        "/tutorial/{step}": Tutorial,
        "/gallery": Gallery,
        "/run/{name}": Opening,
        "/guide": Guide,
        "/guide/{chapter}": Guide,
        "/reference": Reference,
        "/reference/{name}": Reference,
    }
    playground.start(live=pages, children=[Lessons, Demos], title="Learn playground", favicon="🎓")
