"""The tools of the presenter, written with what is public of playground.

`playground my_demo.py --stage`, or `playground.start(live=..., stage=True)`, brings them up beside a program, below
`/_playground/`. With `share=True` or `show_code=True`, what they have for the audience is there as well: the QR code,
and the program to read.

`Saves` keeps what was saved, `Steps` what pages and processes have done; the pages show both.
"""

from collections import deque
from pathlib import Path


from nicegui import ui

import playground

settings = None  # what `start` was given, as far as it is public: `shared_url`


def setup(given):
    """The pages, by their paths, and the processes that go with what `start` was given."""
    global settings
    settings = given
    pages, children = {}, []
    if given.share:
        pages["/_playground/qr"] = Qr
    if given.stage or given.share or given.show_code:
        children.append(Saves)
        if given.show_code is not False:
            pages["/_playground/code"] = Code
    if given.stage:
        children.append(Steps)
        pages |= {"/_playground/": Tools, "/_playground/inspect": Inspect, "/_playground/tree": Tree}
    return pages, children


# ---------------------------------------------------------------------------------------------------------------------
# What is kept
# ---------------------------------------------------------------------------------------------------------------------


class Saves(playground.GenServer):
    """Keeps the versions of the program, the first one included."""

    def init(self):
        self.versions = [playground.sources()]
        playground.subscribe("playground:saves")

    def handle_info(self, saved):
        playground.broadcast("playground:stage", "saved")


class Steps(playground.GenServer):
    """Keeps what was handled last, and brings pages back to the state before."""

    def init(self):
        self.handled = deque(maxlen=200)
        playground.subscribe("playground:messages")
        playground.subscribe("playground:tools")

    def handle_info(self, message):
        match message:
            case playground.Handled():
                if type(message.process).__module__ != __name__:
                    self.handled.append(message)
            case (page, "back"):
                pass


# ---------------------------------------------------------------------------------------------------------------------
# Pages
# ---------------------------------------------------------------------------------------------------------------------


class Tools(playground.LiveView):
    """What there is."""

    page_title = "Tools"

    def render(self):
        ui.link("Inspect", "/_playground/inspect")
        ui.link("Processes", "/_playground/tree")


class Inspect(playground.LiveView):
    page_title = "Inspect"

    def render(self):
        ui.label("pages")


class Tree(playground.LiveView):
    """The processes, live, and a button to kill each."""

    page_title = "Processes"
    COLUMNS = ("name", "kind", "status", "restarts", "mailbox", "handled")

    def render(self):
        ui.timer(0.25, self.refresh)
        with ui.grid(columns=f"repeat({len(self.COLUMNS) + 1}, auto)").classes("text-lg items-center"):
            for title in (*self.COLUMNS, ""):
                ui.label(title).classes("font-bold")
            for branch in playground.tree():
                if not isinstance(branch["process"], Tree):
                    self.render_branch(branch, 0)

    def render_branch(self, branch, depth):
        for column in self.COLUMNS:
            ui.label(str(branch[column])).style(f"padding-left: {1.75 * depth}rem" if column == "name" else "")
        with ui.row():
            if branch["process"] is not None and branch["kind"] != "page":
                ui.button("Kill", on_click=lambda: playground.kill(branch["process"])).props(
                    "flat dense color=negative"
                )
        for child in branch["children"]:
            self.render_branch(child, depth + 1)


class Code(playground.LiveView):
    """The program, to read."""

    page_title = "Code"

    def render(self):
        for path, text in playground.sources().items():
            ui.label(Path(path).name)
            ui.code(text, language="python")


class Qr(playground.LiveView):
    """The address for others, to be photographed from a screen."""

    page_title = "Join"

    def render(self):
        url = settings.shared_url
        drawn = qrcode.make(url)
        ui.label(url)
