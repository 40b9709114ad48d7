# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A to-do list: a keyed list, inputs in its rows, filters, one handler for all events."""

from dataclasses import dataclass
from itertools import count

from nicegui import ui

import playground

new_id = count(1).__next__


@dataclass
class Todo:
    id: int
    text: str
    done: bool = False


class Todos(playground.LiveView):
    def mount(self):
        self.todos = [Todo(new_id(), "Write a page class", done=True), Todo(new_id(), "Show it on a stage")]
        self.filter = "all"
        self.draft = ""

    def render(self):
        left = sum(not todo.done for todo in self.todos)
        self.page_title = f"To do ({left})"
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.card().classes("mx-auto mt-12 w-full max-w-xl p-6 gap-4 rounded-2xl shadow-lg"):
            with ui.row().classes("w-full items-baseline justify-between"):
                ui.label("To do").classes("text-3xl font-light")
                ui.label(f"{left} left").classes("text-lg opacity-80")
            with ui.row().classes("w-full items-center no-wrap"):
                draft = ui.input(placeholder="What needs to be done?").bind_value(self, "draft")
                draft.classes("grow text-lg").props("outlined autofocus").on("keydown.enter", self.event("add"))
                ui.button(icon="add", on_click=self.event("add")).props("round unelevated")
            with ui.column().classes("w-full gap-1"):
                for todo in self.shown():
                    with playground.key(todo.id):
                        self.row(todo)
            with ui.row().classes("w-full items-center justify-between"):
                ui.toggle(["all", "open", "done"], value=self.filter, on_change=self.event("filter")).props(
                    "flat dense"
                )
                ui.button("Clear done", on_click=self.event("clear")).props("flat dense").set_enabled(
                    left < len(self.todos)
                )

    def row(self, todo):
        with ui.row().classes(
            "w-full items-center no-wrap gap-1 rounded-lg hover:bg-slate-50 dark:hover:bg-neutral-800"
        ):
            ui.checkbox(value=todo.done, on_change=self.event("tick", id=todo.id)).mark(f"done-{todo.id}")
            text = ui.input(value=todo.text, on_change=self.event("edit", id=todo.id)).props("borderless dense")
            text.classes("grow text-lg line-through opacity-70" if todo.done else "grow text-lg").mark(
                f"text-{todo.id}"
            )
            ui.button(icon="north", on_click=self.event("up", id=todo.id)).props("flat round dense").mark(
                f"up-{todo.id}"
            )
            delete = ui.button(icon="close", color=None, on_click=self.event("delete", id=todo.id))
            delete.props("flat round dense").mark(f"delete-{todo.id}")

    def shown(self):
        return [todo for todo in self.todos if self.filter == "all" or todo.done == (self.filter == "done")]

    def handle_event(self, event, params):
        todo = next((todo for todo in self.todos if todo.id == params.get("id")), None)
        match event:
            case "add" if self.draft.strip():
                self.todos.append(Todo(new_id(), self.draft.strip()))
                self.draft = ""
            case "tick":
                todo.done = params["value"]
            case "edit":
                todo.text = params["value"]
            case "up":
                at = self.todos.index(todo)
                self.todos.insert(max(at - 1, 0), self.todos.pop(at))
            case "delete":
                self.todos.remove(todo)
            case "clear":
                self.todos = [todo for todo in self.todos if not todo.done]
            case "filter":
                self.filter = params["value"]


if __name__ == "__main__":
    playground.start(live=Todos)
