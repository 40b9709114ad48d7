# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Type a command and see it stream: several side by side, stopped by a click, with a history that survives a restart.

Where its state lives: each command is a process under a supervisor, because it outlives the page that started it and
all pages look at it; what it has printed is on disk, so it outlives the server; which one is looked at is the page's.
"""

import time

from nicegui import ui

import playground

COLOURS = {"running": "blue-9", "exited": "green-9", "failed": "red-9", "stopped": "grey-8"}
IDEAS = {
    "Count": "sh -c 'for n in $(seq 30); do echo step $n of 30; sleep 0.5; done'",
    "Ask": """python3 -c 'print("Hello", input("Your name? "))'""",
    "List": "ls -l",
}


class Commands(playground.DynamicSupervisor):
    max_children = 20


class Page(playground.LiveView):
    page_title = "Commands"

    def mount(self):
        self.text = IDEAS["Count"]
        self.commands = playground.Command.history()
        self.shown = self.commands[:1]
        self.subscribe("commands")
        self.send_interval(1, "the time has gone on")

    def handle_info(self, message):
        if isinstance(message, playground.CommandChanged):
            self.commands = playground.Command.history()

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-6xl gap-4 sm:mt-4"):
            with ui.row().classes("w-full items-center"):
                field = ui.input("Command").bind_value(self, "text").classes("grow text-lg font-mono")
                field.on("keydown.enter", lambda: self.run(self.text))
                start = ui.button("Run", icon="play_arrow", on_click=lambda: self.run(self.text))
                start.props("unelevated rounded no-caps size=lg")
            with ui.row().classes("w-full items-center gap-2"):
                for name, text in IDEAS.items():
                    idea = ui.button(name, on_click=lambda text=text: self.run(text))
                    idea.props("outline rounded no-caps").tooltip(text)
                ui.label("These, and any others, run side by side.").classes("text-lg")
            with ui.element("div").classes("w-full grid grid-cols-1 lg:grid-cols-[20rem_1fr] gap-4"):
                with ui.column().classes("gap-2 p-1 max-h-[80vh] overflow-y-auto flex-nowrap"):
                    for command in self.commands:
                        with playground.key(command.log):
                            self.entry(command)
                with ui.column().classes("gap-4 min-w-0"):
                    for command in self.shown:
                        with playground.key(command.log):
                            self.window(command)

    def entry(self, command):
        """A command in the history: a click shows it, or hides it."""
        frame = "ring-2 ring-sky-500" if command in self.shown else ""
        with ui.card().classes(f"w-full p-3 gap-1 rounded-xl shadow-sm cursor-pointer {frame}") as card:
            ui.label(command.command).classes("font-mono text-base w-full truncate")
            with ui.row().classes("items-center gap-2 text-base"):
                self.badge(command)
                ui.label(f"{time.strftime('%d %b %H:%M', time.localtime(command.started))} · {command.duration:.0f} s")
        card.on("click", lambda: self.toggle(command))

    def badge(self, command):
        failed = command.exit_status not in (0, None) and command.status == "exited"
        text = f"exit status {command.exit_status}" if failed else command.status
        color = COLOURS["failed"] if failed else COLOURS.get(command.status, "orange-10")
        ui.badge(text, color=color).classes("text-sm px-2 py-1")

    def window(self, command):
        with ui.card().classes("w-full p-4 gap-2 rounded-2xl shadow-md"):
            with ui.row().classes("w-full items-center gap-2 flex-nowrap"):
                ui.label(command.command).classes("font-mono text-base grow truncate")
                self.badge(command)
                if command.status == "running":
                    ui.button("Stop", icon="stop", on_click=command.stop).props("flat dense no-caps")
                ui.button(icon="close", on_click=lambda: self.toggle(command)).props("flat round dense")
            playground.terminal(command, keys=command.status == "running").classes("h-72")

    def toggle(self, command):
        if command in self.shown:
            self.shown = [each for each in self.shown if each is not command]
        else:
            self.shown = [command, *self.shown]

    async def run(self, text):
        spec = playground.child_spec(playground.Command, id=time.time_ns(), restart="temporary", command=text)
        try:
            command = await playground.whereis(Commands).start_child(spec)
        except (ValueError, playground.ProcessError) as error:
            ui.notify(str(error), type="negative")
        else:
            self.shown = [command, *self.shown]


if __name__ == "__main__":
    playground.start(live=Page, children=[Commands])
