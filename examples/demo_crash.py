# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""Kill workers on stage: three supervisors with the same workers, and who starts again when one ends.

Click a worker. "one for one" starts it again; "one for all" stops and starts all four; "rest for one" those from it on.
What starts again counts from 0, the others go on. Kill more than three within five seconds, and the supervisor itself
gives up, to be started again by the one above it. The same can be seen at /_playground/tree (by `stage=True`).

Where its state lives:
- process: each worker's count, because it has to be lost with the worker and with nobody else;
- PubSub: the counts, for everybody who looks;
- page: the counts that it heard of. Who runs, and how often each was started, it asks `playground.tree()`.
"""

import asyncio

from nicegui import ui

import playground


class Worker(playground.GenServer):
    """Counts, and takes a moment to start, so that the order can be seen."""

    async def init(self, label):
        self.label, self.count = label, 0
        playground.broadcast("counts", (label, 0))
        await asyncio.sleep(0.25)
        self.send_interval(0.5, "count")

    def handle_info(self, _):
        self.count += 1
        playground.broadcast("counts", (self.label, self.count))


def workers(prefix):
    return [playground.child_spec(Worker, name=prefix + letter, label=prefix + letter) for letter in "ABCD"]


class OneForOne(playground.Supervisor):
    """Only the one that ended starts again."""

    strategy = "one_for_one"
    children = workers("1")


class OneForAll(playground.Supervisor):
    """They need each other: all stop, and all start again."""

    strategy = "one_for_all"
    children = workers("2")


class RestForOne(playground.Supervisor):
    """Each needs those before it: it and those after it start again."""

    strategy = "rest_for_one"
    children = workers("3")


SUPERVISORS = [OneForOne, OneForAll, RestForOne]


class Page(playground.LiveView):
    page_title = "Crash"

    def mount(self):
        self.subscribe("counts")
        self.counts = {}
        self.send_interval(0.1, "look")

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        running = {branch["name"]: branch for root in playground.tree() for branch in [root, *root["children"]]}
        with ui.column().classes("mx-auto w-full max-w-4xl gap-6 sm:mt-6"):
            with ui.row().classes("w-full items-baseline justify-between"):
                ui.label("Click a worker to kill it").classes("text-3xl font-light")
                ui.link("The whole tree", "/_playground/tree", new_tab=True).classes("text-lg")
            for supervisor in SUPERVISORS:
                if branch := running.get(supervisor.__name__):
                    self.supervisor(supervisor, branch)

    def supervisor(self, supervisor, branch):
        with ui.card().classes("w-full rounded-2xl shadow-md p-6"):
            with ui.row().classes("w-full items-baseline gap-4"):
                ui.label(supervisor.strategy.replace("_", " ")).classes("text-2xl")
                ui.label(supervisor.__doc__).classes("grow text-lg opacity-80")
                if branch["restarts"]:
                    ui.label(f"gave up {times(branch['restarts'])}").classes(
                        "text-lg text-orange-700 dark:text-orange-400"
                    )
            with ui.row().classes("w-full gap-4"):
                for spec, worker in zip(supervisor.children, branch["children"], strict=False):
                    self.worker(spec.name, worker)

    def worker(self, name, worker):
        runs = worker["status"] == "running"
        tile = ui.button(on_click=self.event("kill", name=name), color="blue-9" if runs else "grey-8")
        tile.classes("grow basis-32 rounded-xl py-4").props("no-caps unelevated").mark(name).set_enabled(runs)
        with tile, ui.column().classes("items-center gap-0"):
            ui.label(name[-1]).classes("text-lg")
            ui.label(str(self.counts.get(name, 0)) if runs else "...").classes("text-4xl font-light")
            again = ui.label(f"started again {times(worker['restarts'])}").classes("text-base")
            again.classes("" if worker["restarts"] else "invisible")

    def handle_event(self, event, params):
        playground.kill(params["name"])

    def handle_info(self, message):
        match message:
            case (name, count):
                self.counts[name] = count


def times(number):
    return "once" if number == 1 else f"{number} times"


if __name__ == "__main__":
    playground.start(live=Page, children=SUPERVISORS, stage=True)
