# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Several pages and their paths: names in them, links between them, a header that stays, a 404 that says what there is.

A page that is navigated to takes the place of the one before without loading: what both show stays, with its state.
"""

from nicegui import ui

import playground

ROOMS = {"kitchen": "Tea is ready.", "library": "Quiet, please.", "workshop": "Mind the saw."}


def layout(view, title):
    """What all pages show; the note in it stays when another page comes."""
    view.page_title = title
    ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
    with ui.header().classes("items-center gap-x-6 gap-y-2 px-6 bg-slate-700 dark:bg-neutral-800"):
        for text, path in {"Home": "/", "Kitchen": "/rooms/kitchen", "Counter": "/counter"}.items():
            playground.navigate_link(text, path).classes("text-white text-lg no-underline")
        ui.input(placeholder="A note that stays").props("dark dense standout").classes("grow max-w-sm text-lg")
    card = ui.card().classes("mx-auto mt-6 w-full max-w-2xl rounded-2xl shadow-md p-8 gap-4")
    with card:
        ui.label(title).classes("text-4xl font-light")
    return card


class Home(playground.LiveView):
    def render(self):
        with layout(self, "Home"):
            ui.label("Each room is the same page class, with a name in its path:").classes("text-lg")
            with ui.row():
                for name in ROOMS:
                    playground.navigate_link(name.title(), f"/rooms/{name}").classes("text-xl")
            ui.link("A room that is not there", "/rooms/attic").classes("text-lg")
            ui.link("An address that is not there", "/cellar").classes("text-lg")


class Room(playground.LiveView):
    """At /rooms/{name}?seat=3: the name is a part of the path, the seat of the query."""

    def mount(self, params):
        self.name = params["name"]
        if self.name not in ROOMS:
            self.put_flash("error", f"There is no {self.name}.")
            self.push_navigate("/")

    def handle_params(self, params):
        self.seat = params.get("seat", "1")

    def render(self):
        with layout(self, self.name.title()):
            ui.label(f"{ROOMS[self.name]} You have seat {self.seat}.").classes("text-xl")
            with ui.row():
                for seat in "1234":
                    link = playground.patch_link(f"Seat {seat}", f"?seat={seat}")
                    link.classes("text-lg font-bold no-underline" if seat == self.seat else "text-lg")
            with ui.row():
                for name in ROOMS:
                    button = ui.button(name.title(), on_click=lambda name=name: self.push_navigate(f"/rooms/{name}"))
                    button.props("unelevated rounded no-caps").set_enabled(name != self.name)


class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        with layout(self, "Counter"), ui.row().classes("items-center gap-6"):
            ui.button("-", on_click=self.event("step", by=-1)).props("round")
            ui.label(self.count).classes("text-5xl font-light")
            ui.button("+", on_click=self.event("step", by=1)).props("round")

    def handle_event(self, event, params):
        self.count += params["by"]


if __name__ == "__main__":
    playground.start(live={"/": Home, "/rooms/{name}": Room, "/counter": Counter})
