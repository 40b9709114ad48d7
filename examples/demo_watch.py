# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A JSON file is the state: edit demo_watch.json in an editor, or click, and every open page shows it.

Where its state lives: in the file, because a person and this program both change it, and it outlives both. The pages
keep nothing; they watch the file and read it when they are rendered.
"""

from pathlib import Path

from nicegui import ui

import playground

FIRST = {"title": "Sold this week", "colour": "#5898d4", "values": {"Apples": 12, "Pears": 7, "Plums": 19}}

sales = playground.FileState(Path(__file__).with_name("demo_watch.json"), FIRST)
if not sales.path.exists():
    sales.value = FIRST


def add(name, number):
    """Change one value in the file."""

    def change(state):
        state["values"][name] = max(0, state["values"].get(name, 0) + number)

    sales.update(change)


class Page(playground.LiveView):
    page_title = "Watch"

    def mount(self):
        self.watch(sales)
        self.new = ""

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        state = sales.value
        with ui.column().classes("mx-auto w-full max-w-3xl gap-4 sm:mt-6"):
            ui.label(state["title"]).classes("text-3xl font-light")
            if sales.error:
                with ui.row().classes("w-full items-center rounded-xl px-4 py-3 bg-red-100 dark:bg-red-950"):
                    ui.icon("warning", color="negative", size="sm")
                    ui.label(f"{sales.path.name}: {sales.error}").classes("text-lg text-red-800 dark:text-red-200")
            with ui.card().classes("w-full rounded-2xl shadow-md p-6"):
                self.chart(state)
            with ui.card().classes("w-full rounded-2xl shadow-md p-6"):
                for name, number in state["values"].items():
                    with playground.key(name), ui.row().classes("w-full items-center"):
                        ui.label(name).classes("grow text-lg")
                        self.step("remove", "less", lambda name=name: add(name, -1))
                        ui.label(number).classes("w-10 text-center text-xl")
                        self.step("add", "more", lambda name=name: add(name, 1))
                with ui.row().classes("w-full items-center"):
                    field = ui.input("Something else").bind_value(self, "new").classes("grow")
                    field.on("keydown.enter", self.add_new)
                    ui.button("Add", on_click=self.add_new).props("unelevated rounded no-caps")
            ui.label(f"All of it is in {sales.path}: edit it, save it, or break it.").classes(
                "w-full text-lg break-words"
            )

    def step(self, icon, label, on_click):
        ui.button(icon=icon, on_click=on_click).props(f"flat round aria-label={label}")

    def chart(self, state):
        label = {"axisLabel": {"color": "currentColor", "fontSize": 15}}  # SVG takes the colour of the text
        bars = {"type": "bar", "data": list(state["values"].values()), "itemStyle": {"borderRadius": 6}}
        ui.echart(
            {
                "color": [state["colour"]],
                "grid": {"left": 35, "right": 10, "top": 15, "bottom": 30},
                "xAxis": {**label, "type": "category", "data": list(state["values"])},
                "yAxis": {**label, "type": "value", "splitLine": {"lineStyle": {"color": "#8884"}}},
                "series": [bars],
            },
            renderer="svg",
        ).classes("w-full h-64")

    def add_new(self):
        if self.new.strip():
            add(self.new.strip(), 1)
            self.new = ""


if __name__ == "__main__":
    playground.start(live=Page)
