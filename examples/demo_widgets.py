# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Widgets: forms, tabs, a table, a chart and a dialog on one page, all plain NiceGUI."""

import random

from nicegui import ui

import playground

COLORS = {"indigo": "#4f46e5", "teal": "#0f766e", "rose": "#e11d48"}
MODES = {None: "brightness_auto", True: "dark_mode", False: "light_mode"}  # None: as the system has it
CITIES = {"Berlin": 3.7, "Madrid": 3.3, "Rome": 2.8, "Paris": 2.1, "Vienna": 2.0, "Hamburg": 1.9}


class Widgets(playground.LiveView):
    page_title = "Widgets"

    def mount(self):
        self.name = ""
        self.color = "indigo"
        self.size = 6
        self.happy = True
        self.samples = [12, 18, 9, 22, 17, 25]
        self.dark = None

    def render(self):
        ui.dark_mode(self.dark)
        ui.colors(primary=COLORS[self.color])
        with ui.header().classes("items-center justify-between"):
            ui.label("Widgets").classes("text-xl")
            mode = ui.button(icon=MODES[self.dark], on_click=self.event("dark")).props("flat round color=white")
            mode.tooltip("As the system, dark, or light")
        with ui.tabs().classes("mx-auto") as tabs:
            form = ui.tab("Form", icon="edit")
            table = ui.tab("Table", icon="list")
            chart = ui.tab("Chart", icon="insights")
        with ui.tab_panels(tabs, value=form).classes("mx-auto w-full max-w-3xl bg-transparent"):
            with ui.tab_panel(form):
                self.form()
            with ui.tab_panel(table):
                self.table()
            with ui.tab_panel(chart):
                self.chart()

    def form(self):
        with ui.grid().classes("w-full grid-cols-1 sm:grid-cols-2 gap-8 items-center"):
            ui.input("Your name", value=self.name, on_change=self.event("name")).props("outlined")
            color = ui.select(list(COLORS), label="Colour", value=self.color, on_change=self.event("color"))
            color.props("outlined")
            ui.slider(min=1, max=10, value=self.size, on_change=self.event("size")).props("label-always")
            ui.switch("Happy", value=self.happy, on_change=self.event("happy"))
        with ui.row().classes("w-full items-center pt-6"):
            ui.icon("mood" if self.happy else "mood_bad", color="primary", size=f"{self.size / 2}rem")
            ui.label(f"Hello {self.name or 'stranger'}!").classes("text-4xl font-light")
            ui.space()
            ui.button("About", icon="info", on_click=lambda: about.open())
        with ui.dialog() as about, ui.card().classes("p-8 items-center"):
            ui.label(f"This page belongs to {self.name or 'nobody yet'}.").classes("text-lg")
            ui.button("Close", on_click=about.close).props("flat")

    def table(self):
        rows = [{"city": city, "people": f"{people} million"} for city, people in list(CITIES.items())[: self.size]]
        ui.table(rows=rows, row_key="city", selection="multiple").classes("w-full [&_td]:text-lg [&_th]:text-base")
        ui.label("The size of the form says how many rows there are.").classes("text-lg pt-2")

    def chart(self):
        names = [f"#{number + 1}" for number in range(len(self.samples))]
        label = {"axisLabel": {"color": "currentColor", "fontSize": 15}}  # SVG takes the colour of the text
        ui.echart({
            "color": [COLORS[self.color]],
            "grid": {"left": 40, "right": 10, "top": 20, "bottom": 30},
            "xAxis": {**label, "type": "category", "data": names},
            "yAxis": {**label, "type": "value", "splitLine": {"lineStyle": {"color": "#8884"}}},
            "series": [{"type": "line", "smooth": True, "areaStyle": {"opacity": 0.2}, "data": self.samples}],
        }, renderer="svg")  # fmt: skip
        ui.button("Another sample", icon="add", on_click=self.event("sample"))

    def handle_event(self, event, params):
        match event:
            case "name" | "color" | "size" | "happy":
                setattr(self, event, params["value"])
            case "sample":
                self.samples.append(random.randint(5, 30))
            case "dark":
                modes = list(MODES)
                self.dark = modes[(modes.index(self.dark) + 1) % len(modes)]


if __name__ == "__main__":
    playground.start(live=Widgets)
