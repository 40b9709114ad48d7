from nicegui import ui

import playground

notes = playground.FileState("notes.json", ["Buy tea"])
SLOW = "for n in 1 2 3 4 5; do echo $n; sleep 1; done"


class Notes(playground.LiveView):
    def mount(self):
        self.watch(notes)
        self.new = ""
        self.command = None

    def render(self):
        for note in notes.value:
            ui.label(note)
        ui.input("New note").bind_value(self, "new")
        ui.button("Add", on_click=self.add)
        ui.button("Clear", on_click=self.clear)
        ui.button("Run", on_click=self.run)
        if self.command:
            playground.terminal(self.command)

    def add(self):
        notes.update(lambda items: items.append(self.new))
        self.new = ""

    def clear(self):
        notes.update(lambda items: items.clear())

    def run(self):
        self.command = playground.Command.start_link(["sh", "-c", SLOW])


playground.start(live=Notes)
