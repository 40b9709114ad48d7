"""Work beside a page: `assign_async`, `start_async`, and what becomes of it."""

import asyncio
import contextlib
import gc
import threading
import time

import pytest
from conftest import PATIENCE, until
from nicegui import ui

import playground


class Orders(playground.LiveView):
    def mount(self):
        self.gate, self.told = threading.Event(), []
        self.orders = None

    def render(self):
        ui.label(describe(self.orders)).mark("orders")
        ui.label(", ".join(self.told)).mark("told")
        ui.button("more", on_click=lambda: self.told.append("more"))

    def fetch(self):
        assert self.gate.wait(PATIENCE)
        self.gate.clear()
        return ["tea", "jam"]

    def handle_async(self, name, result):
        self.told.append(f"{name}: {describe(result)}")


def describe(result):
    if result is None:
        return "nothing"
    failed = result.failed and f"{type(result.failed).__name__}({result.failed})"
    return f"loading={result.loading} ok={result.ok} result={result.result} failed={failed}"


def shown(page, marker="orders"):
    return page.find(marker).text


async def answer(value, seconds=0.0):
    await asyncio.sleep(seconds)
    return value


def fail():
    raise OSError("no network")


def test_from_loading_to_the_result():
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", page.live.fetch)
        assert shown(page) == "loading=True ok=False result=None failed=None"
        page.click("more")  # the page goes on meanwhile
        assert shown(page, "told") == "more"
        page.live.gate.set()
        page.wait_async()
        assert shown(page) == "loading=False ok=True result=['tea', 'jam'] failed=None"


@pytest.mark.parametrize(
    "make", [lambda: answer, lambda: lambda: answer("x"), lambda: answer("x"), lambda: lambda: "x"]
)
def test_everything_that_can_be_worked_on(make):
    function = make()
    if function is answer:

        async def function():
            return await answer("x")

    with playground.visit(Orders) as page:
        page.live.assign_async("orders", function)
        page.wait_async()
        assert page.live.orders.result == "x"


def test_a_failure_is_a_value(caplog):
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", lambda: ["old"])
        page.wait_async()
        page.live.assign_async("orders", fail)
        page.wait_async()
        assert shown(page) == "loading=False ok=True result=['old'] failed=OSError(no network)"
        assert "orders failed" in caplog.text
        page.live.assign_async("orders", page.live.fetch)
        assert shown(page) == "loading=True ok=True result=['old'] failed=None"
        page.live.assign_async("orders", page.live.fetch, reset=True)
        assert shown(page) == "loading=True ok=False result=None failed=None"
        page.live.gate.set()


def test_a_newer_start_wins():
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", page.live.fetch)
        page.settle()
        page.live.assign_async("orders", lambda: "new")
        page.wait_async()
        page.live.gate.set()
        page.settle()
        assert page.live.orders.result == "new"


def test_results_that_are_handled():
    with playground.visit(Orders) as page:
        page.live.start_async("one", lambda: answer(1))
        page.wait_async()
        page.live.start_async("two", fail)
        page.wait_async()
        assert page.live.told == [
            "one: loading=False ok=True result=1 failed=None",
            "two: loading=False ok=False result=None failed=OSError(no network)",
        ]


def test_work_that_is_given_up():
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", lambda: answer(1, seconds=60))
        page.live.start_async("one", lambda: answer(1, seconds=60))
        with pytest.raises(TimeoutError, match=r"still busy with orders; one after 0\.05 s"):
            page.wait_async(timeout=0.05)
        page.live.cancel_async("orders")
        page.live.cancel_async("one")
        page.live.cancel_async("unknown")
        page.wait_async()
        assert isinstance(page.live.orders.failed, asyncio.CancelledError)
        assert page.live.told[0].startswith("one: loading=False ok=False result=None failed=CancelledError")


def test_a_page_that_is_gone_hears_nothing(caplog):
    with playground.visit(Orders) as page:
        page.live.assign_async("orders", page.live.fetch)
        page.settle()
    page.live.gate.set()
    assert page.live.orders.loading
    assert not caplog.text


def test_mistakes_are_named():
    with playground.visit(Orders) as page:
        with pytest.raises(TypeError, match="orders: give a function, async or not, not 7"):
            page.live.assign_async("orders", 7)

    class Deaf(playground.LiveView):
        def render(self):
            ui.label("deaf")

    with playground.visit(Deaf) as page:
        page.live.start_async("one", lambda: 1)
        with pytest.raises(NotImplementedError, match="Deaf started 'one' but has no handle_async"):
            page.wait_async()


def test_an_edited_mount_loads_for_open_pages_too(serve, open_page):
    pytest.importorskip("playwright")
    from playwright.sync_api import expect

    server = serve(
        """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.name = "page"

    def render(self):
        ui.label(self.name).classes("shown")

    def load(self):
        return "loaded"
"""
    )
    page = open_page(server.url)
    expect(page.locator(".shown")).to_have_text("page")
    text = server.path.read_text().replace('"page"\n', '"page"\n        self.assign_async("data", self.load)\n')
    server.path.write_text(text.replace("ui.label(self.name)", "ui.label(str(self.data.result))"))
    expect(page.locator(".shown")).to_have_text("loaded")


# ---------------------------------------------------------------------------------------------------------------------
# While a handler awaits something, the page goes on


class Waiting(playground.LiveView):
    """Its handlers await what other events decide."""

    def mount(self):
        self.lines, self.gates, self.status = [], {}, "idle"
        self.ended = []

    def render(self):
        ui.label(self.status).mark("status")
        ui.label(", ".join(self.lines)).mark("lines")
        for name in "ab":
            ui.button(f"start {name}", on_click=lambda name=name: self.work(name))
            ui.button(f"open {name}", on_click=lambda name=name: self.gates[name].set_result(name.upper()))
            ui.button(f"fail {name}", on_click=lambda name=name: self.gates[name].set_exception(OSError(f"no {name}")))
        ui.button("note", on_click=lambda: self.lines.append("note"))

    async def work(self, name):
        self.status = f"waiting for {name}"
        self.lines.append(f"{name} begins")
        self.gates[name] = asyncio.get_running_loop().create_future()
        try:
            answer = await self.gates[name]
        finally:
            self.ended.append(name)
        self.lines.append(f"{name} got {answer}")
        self.status = "idle"

    def terminate(self, reason):
        self.lines.append(f"terminated: {reason}")


def lines(page):
    return shown(page, "lines").split(", ")


def test_what_a_handler_awaits_is_decided_by_another_event():
    with playground.visit(Waiting) as page:
        page.click("start a")
        assert shown(page, "status") == "waiting for a"
        page.click("note")
        page.click("start b")
        page.click("open b")
        page.click("open a")
        assert lines(page) == ["a begins", "note", "b begins", "b got B", "a got A"]
        assert shown(page, "status") == "idle"


def test_two_clicks_on_the_same_handler_both_run():
    class Same(Waiting):
        async def work(self, name):
            number = len(self.lines)
            self.lines.append(f"begins {number}")
            await asyncio.sleep(0.02)
            self.lines.append(f"ends {number}")

    with playground.visit(Same) as page:
        button = page.find("start a").element

        async def click_twice():
            for listener in list(button._event_listeners.values()) * 2:
                page.live.client.handle_event({"id": button.id, "listener_id": listener.id, "args": []})

        page._harness.run(click_twice())
        page.wait_async()
        assert lines(page) == ["begins 0", "begins 1", "ends 0", "ends 1"]


def test_a_handler_that_fails_after_it_has_waited_keeps_the_page():
    with playground.visit(Waiting) as page:
        page.click("start a")
        page.click("start b")
        with pytest.raises(OSError, match="no a") as error:
            page.click("fail a")
        assert "work" in error.value.__notes__[0] or "lambda" in error.value.__notes__[0]
        page.click("open b")
        assert lines(page) == ["a begins", "b begins", "b got B"]


def test_a_page_that_is_closed_cancels_what_its_handlers_wait_for():
    with playground.visit(Waiting) as page:
        page.click("start a")
        page.click("start b")
    page._harness.run(asyncio.sleep(0))
    assert page.live.ended == ["a", "b"]
    assert page.live.lines == ["a begins", "b begins", "terminated: closed"]


def test_a_page_that_stops_cancels_what_its_handlers_wait_for():
    class Stopping(Waiting):
        def handle_info(self, message):
            return playground.Stop("normal")

        async def terminate(self, reason):
            await asyncio.sleep(0.01)
            super().terminate(reason)

    with playground.visit(Stopping) as page:
        page.click("start a")
        page.send("stop")
        assert page.live.ended == ["a"]
        assert page.live.lines == ["a begins", "terminated: normal"]


def test_an_async_handler_that_returns_stop_after_it_has_waited():
    class Stopping(Waiting):
        async def work(self, name):
            await super().work(name)
            return playground.Stop("normal")

    with playground.visit(Stopping) as page:
        page.click("start a")
        page.click("start b")
        page.click("open a")
        assert page.live.ended == ["a", "b"]
        assert page.live.lines[-1] == "terminated: normal"


def test_timers_run_on_while_a_handler_waits(wait_for):
    class Ticking(Waiting):
        def mount(self):
            super().mount()
            self.ticks = self.beats = 0
            self.send_interval(0.01, "tick")

        def render(self):
            super().render()
            ui.timer(0.01, self.beat)

        def handle_info(self, message):
            self.ticks += 1

        def beat(self):
            self.beats += 1

    with playground.visit(Ticking) as page:
        page.click("start a")
        ticks, beats = page.live.ticks, page.live.beats
        wait_for(lambda: page.settle() or (page.live.ticks > ticks + 2 and page.live.beats > beats + 2))
        assert shown(page, "status") == "waiting for a"


def test_the_answer_to_a_dialog():
    class Page(playground.LiveView):
        def mount(self):
            self.items = ["milk", "eggs"]

        def render(self):
            with ui.dialog() as sure, ui.card():
                ui.button("Yes", on_click=lambda: sure.submit(True))
                ui.button("No", on_click=lambda: sure.submit(False))

            async def delete(item):
                if await sure:
                    self.items.remove(item)

            for item in self.items:
                ui.button(f"delete {item}", on_click=lambda item=item: delete(item))

    with playground.visit(Page) as page:
        page.click("delete eggs")
        page.click("No")
        assert page.live.items == ["milk", "eggs"]
        page.click("delete eggs")
        page.click("Yes")
        assert page.live.items == ["milk"]
        assert not page.has("delete eggs")


def test_what_goes_on_by_itself_is_waited_for():
    class Busy(playground.LiveView):
        def mount(self):
            self.done = []

        def render(self):
            for name in ("sleep", "thread", "executor", "task", "gathered", "limited", "asked", "served"):
                ui.button(name, on_click=lambda name=name: self.do(name))

        async def do(self, name):
            loop = asyncio.get_running_loop()
            match name:
                case "sleep":
                    await asyncio.sleep(0.05)
                case "thread":
                    await asyncio.to_thread(time.sleep, 0.05)
                case "executor":
                    await loop.run_in_executor(None, time.sleep, 0.05)
                case "task":
                    await loop.create_task(asyncio.sleep(0.05))
                case "gathered":
                    await asyncio.gather(asyncio.sleep(0.05), asyncio.sleep(0))
                case "limited":
                    await asyncio.wait_for(asyncio.sleep(0.05), 60)
                case "asked":
                    await playground.call(Slow, "anything")
                case "served":
                    server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
                    async with server:
                        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
                        await reader.read()
                        writer.close()
            self.done.append(name)

        async def serve(self, reader, writer):
            await asyncio.sleep(0.05)
            writer.close()

    class Slow(playground.GenServer):
        async def handle_call(self, request):
            await asyncio.sleep(0.05)
            return request

    with playground.visit(Busy, children=[playground.child_spec(Slow, name=Slow)]) as page:
        for name in ("sleep", "thread", "executor", "task", "gathered", "limited", "asked", "served"):
            page.click(name)
            assert page.live.done[-1] == name


def test_calls_to_a_page_whose_handler_waits():
    class Asked(Waiting):
        def handle_call(self, request, sender):
            return f"{request}, {self.status}"

    class Asker(playground.GenServer):
        async def handle_call(self, page):
            return await playground.call(page, "how are you")

    class Asking(Asked):
        async def work(self, name):
            self.status = "asking"
            self.status = await playground.call("asker", self)

    with playground.visit(Asked) as page:
        page.click("start a")
        assert page._harness.run(playground.call(page.live, "well")) == "well, waiting for a"
    with playground.visit(Asking, children=[playground.child_spec(Asker, name="asker")]) as page:
        page.click("start a")  # a process that the page waits for asks the page
        assert page.live.status == "how are you, asking"


def test_strict_turns_handle_one_message_to_its_end():
    class Strict(Waiting):
        turns = "strict"

    with playground.visit(Strict) as page:
        page._timeout = 0.2  # not for opening it
        page.click("start a")
        assert shown(page, "status") == "waiting for a"
        with pytest.raises(TimeoutError, match=r"the page is still busy with .*lambda"):
            page.click("note")
        page.live.gates["a"].set_result("A")
        assert lines(page) == ["a begins", "a got A", "note"]


def test_turns_that_there_are_not():
    class Wrong(playground.LiveView):
        turns = "sometimes"

        def render(self):
            pass

    with pytest.raises(ValueError, match=r"Wrong\.turns is .* or .*strict.*, not .sometimes."):
        playground.visit(Wrong)


def test_what_a_handler_says_after_its_element_has_gone():
    class Page(playground.LiveView):
        def mount(self):
            self.items = ["milk"]

        def render(self):
            for item in self.items:
                ui.button(f"delete {item}", on_click=lambda item=item: self.delete(item))

        async def delete(self, item):
            self.items.remove(item)
            await asyncio.sleep(0.01)
            gc.collect()
            ui.notify(f"{item} deleted")

    with playground.visit(Page) as page:
        page.click("delete milk")
        assert [patch.data["message"] for patch in page.patches if patch.kind == "notify"] == ["milk deleted"]


def test_a_handler_that_waits_keeps_its_flash_and_where_it_goes():
    class Home(Waiting):
        async def work(self, name):
            self.put_flash("info", f"saved {name}")
            self.push_navigate("/done")
            await super().work(name)

        def handle_info(self, message):
            self.put_flash("error", "another")

    class Done(playground.LiveView):
        def render(self):
            ui.label("done")

    with playground.visit({"/": Home, "/done": Done}) as page:
        page.click("start a")
        page.send("anything")
        assert not page.has("done")
        page.click("open a")
        assert page.has("done")
        assert page.flash == {"info": "saved a"}


# ---------------------------------------------------------------------------------------------------------------------
# Names, places, and components


@pytest.mark.parametrize("name", ["one", ("load", 3), 7, None, frozenset({"a"}), ["a", "b"], Orders])
def test_what_start_async_takes_as_a_name_cancel_async_takes_as_well(name):
    with playground.visit(Orders) as page:
        page.live.start_async(name, lambda: asyncio.sleep(60))
        page.settle()
        page.live.cancel_async(name)
        page.wait_async()
        assert page.live.told[0].startswith(f"{name}: loading=False ok=False result=None failed=CancelledError")


def test_work_that_another_thread_starts_and_gives_up():
    with playground.visit(Orders) as page:

        def act():
            page.live.start_async("one", lambda: asyncio.sleep(60))
            page.live.cancel_async("one")

        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
        page._harness.run(asyncio.sleep(0))
        page.wait_async()
        assert page.live.told[0].startswith("one: loading=False ok=False result=None failed=CancelledError")


class Server(playground.GenServer):
    pass


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("assign_async", lambda page: page.assign_async("data", lambda: 1)),
        ("start_async", lambda page: page.start_async("data", lambda: 1)),
        ("send_update", lambda page: page.send_update(Part, id=1)),
        ("watch", lambda page: page.watch(__file__)),
        ("put_flash", lambda page: page.put_flash("info", "hello")),
        ("push_event", lambda page: page.push_event("hello")),
        ("watch", lambda page: playground.watch(__file__)),
        ("start_link", lambda page: Server.start_link()),
        (r"Server\.start", lambda page: Server.start()),
        ("send_after", lambda page: page.send_after(1, "hello")),
        ("send", lambda page: playground.send(page, "hello")),
        ("monitor", lambda page: playground.monitor(page)),
    ],
)
def test_what_would_come_again_with_every_render_is_refused(name, act):
    class Page(playground.LiveView):
        def render(self):
            act(self)

    with pytest.raises(RuntimeError, match=rf"{name}\(\) in render\(\) would come again with every render"):
        playground.visit(Page)


class Part(playground.LiveComponent):
    """Loads what it shows."""

    def mount(self):
        self.gate, self.told = asyncio.Event(), []
        self.assign_async("data", self.fetch)

    def render(self):
        ui.label(f"{self.id}: {describe(self.data)} {self.told}").mark(f"part{self.id}")
        ui.button(f"load {self.id}", on_click=lambda: self.start_async("more", self.fetch))
        ui.button(f"cancel {self.id}", on_click=lambda: self.cancel_async("data"))

    async def fetch(self):
        await self.gate.wait()
        return f"data of {self.id}"

    async def handle_async(self, name, result):
        self.told.append(f"{name} comes")
        await asyncio.sleep(0.01)
        self.told.append(describe(result))


class Parts(playground.LiveView):
    def mount(self):
        self.ids = [1, 2]

    def render(self):
        for id_ in self.ids:
            playground.live_component(Part, id=id_)


def test_work_beside_components():
    with playground.visit(Parts) as page:
        assert shown(page, "part1").startswith("1: loading=True ok=False result=None")
        page.component(Part, 2).gate.set()
        page._harness.run(asyncio.sleep(0.01))
        assert shown(page, "part2").startswith("2: loading=False ok=True result=data of 2")
        assert shown(page, "part1").startswith("1: loading=True")
        page.click("load 2")
        page._harness.run(asyncio.sleep(0.01))
        assert shown(page, "part2").endswith("['more comes', 'loading=False ok=True result=data of 2 failed=None']")
        page.click("cancel 1")
        page.wait_async()
        assert "failed=CancelledError" in shown(page, "part1")


def test_work_beside_a_component_ends_with_it(caplog):
    with playground.visit(Parts) as page:
        gone = page.component(Part, 1)
        page.live.ids = [2]
        page.settle()
        assert [job.id for job in page._page.process.jobs] == [2]
        gone.gate.set()
        page.live.ids = [1, 2]
        assert shown(page, "part1").startswith("1: loading=True")
        assert page.component(Part, 1) is not gone
        page.component(Part, 1).gate.set()
        page.component(Part, 2).gate.set()
        page.wait_async()
        assert shown(page, "part1").startswith("1: loading=False ok=True result=data of 1")
    assert not caplog.text


def test_what_a_component_sets_up_is_not_done_in_every_render():
    class Ready(playground.LiveComponent):
        def mount(self):
            self.server = Server.start_link()
            self.view.send_after(0, "mounted")

        def update(self, text):
            self.assign_async("data", lambda: text.upper())

        def render(self):
            ui.label(f"{self.data.result}").mark("data")

    class Page(playground.LiveView):
        def mount(self):
            self.got, self.text = [], "a"

        def render(self):
            playground.live_component(Ready, id=1, text=self.text)

        def handle_info(self, message):
            self.got.append(message)

    with playground.visit(Page) as page:
        page.wait_async()
        assert (shown(page, "data"), page.live.got) == ("A", ["mounted"])
        page.live.text = "b"
        page.wait_async()
        assert (shown(page, "data"), page.live.got) == ("B", ["mounted"])


def test_work_beside_a_component_is_not_started_in_its_render():
    class Wrong(playground.LiveComponent):
        def render(self):
            self.assign_async("data", lambda: 1)

    class Page(playground.LiveView):
        def render(self):
            playground.live_component(Wrong, id=1)

    with pytest.raises(RuntimeError, match=r"assign_async\(\) in render\(\) would come again"):
        playground.visit(Page)


class Editor(ui.card):
    """An element of one's own: what it is given is awaited, and it changes what the page shows by itself."""

    def __init__(self, page, on_save):
        super().__init__()
        self.on_save, self.page = on_save, page
        with self:
            ui.button("save", on_click=self.save)
            ui.button("note later", on_click=self.note_later)

    async def save(self):
        try:
            self.page.lines.append(f"saved as {await self.on_save('text')}")
        except OSError as error:
            self.page.lines.append(f"not saved: {error}")

    async def note_later(self):
        await asyncio.sleep(0.01)
        self.page.lines.append("noted")


class Edited(playground.LiveView):
    def mount(self):
        self.lines, self.fails = [], False

    def render(self):
        editor = Editor(self, on_save=self.save)
        ui.label(", ".join(self.lines)).mark("lines")
        ui.button("from a handler", on_click=lambda: editor.save())

    async def save(self, text):
        await asyncio.sleep(0.01)
        if self.fails:
            raise OSError("disk full")
        return text.upper()


@pytest.mark.parametrize(
    ("button", "turns"), [("save", "interleaved"), ("save", "strict"), ("from a handler", "interleaved")]
)
def test_an_element_of_ones_own_awaits_what_it_is_given(button, turns):
    class Page(Edited):
        pass

    Page.turns = turns
    with playground.visit(Page) as page:
        page.click(button)
        page._harness.run(until(lambda: page.live.lines, timeout=2))
        assert lines(page) == ["saved as TEXT"]
        page.live.fails = True
        page.live.lines.clear()
        with contextlib.suppress(OSError):  # the page shows it as well, if it was an event of its own
            page.click(button)
        page._harness.run(until(lambda: page.live.lines, timeout=2))
        assert lines(page) == ["not saved: disk full"]


def test_what_an_element_of_ones_own_changes_after_it_has_waited_shows():
    with playground.visit(Edited) as page:
        page.click("note later")
        page._harness.run(until(lambda: page.live.lines))
        assert lines(page) == ["noted"]


# ---------------------------------------------------------------------------------------------------------------------
# In the browser

PROGRAM = """
import asyncio

from nicegui import ui

import playground


class Home(playground.LiveView):
    browser_events = ["double", "wait", "fail", "odd"]

    def mount(self):
        self.items, self.status, self.gate = ["milk", "eggs"], "idle", asyncio.Event()

    def render(self):
        ui.add_body_html('''<script>
            window.heard = [];
            const hear = (name) => ({ [name]() { heard.push(`${name} ${this.el.innerText}`); } });
            playground.hooks.Ear = { ...hear("disconnected"), ...hear("reconnected") };
        </script>''')
        ui.label("VERSION 1").classes("version").props("data-hook=Ear")
        ui.label(self.status).classes("status")
        with ui.dialog() as sure, ui.card():
            ui.button("Yes", on_click=lambda: sure.submit(True))

        async def delete(item):
            if await sure:
                self.items.remove(item)

        for item in self.items:
            ui.button(f"delete {item}", on_click=lambda item=item: delete(item))
        ui.button("load", on_click=self.load)
        ui.button("cancel", on_click=lambda: self.gate.set())
        playground.navigate_link("slow", "/slow")
        playground.navigate_link("quick", "/quick")

    async def load(self):
        self.status = "loading"
        await self.gate.wait()
        self.status = "cancelled"

    async def handle_event(self, event, params):
        match event:
            case "double":
                return {"twice": params["x"] * 2}
            case "wait":
                self.status = "asked"
                await self.gate.wait()
                return "waited"
            case "odd":
                return object()
        raise ValueError("as intended")


class Slow(playground.LiveView):
    async def mount(self):
        await asyncio.sleep(1)

    def render(self):
        ui.label("there").classes("there")


class Quick(Slow):
    def mount(self):
        pass


pages = {"/": Home, "/slow": Slow, "/quick": Quick}
"""


@pytest.fixture
def program(serve):
    pytest.importorskip("playwright")
    return serve(PROGRAM, live="pages")


def test_a_dialog_that_waits_keeps_the_page_alive_and_outlives_a_save(program, open_page):
    from playwright.sync_api import expect

    page = open_page(program.url)
    page.get_by_role("button", name="load").click()
    expect(page.locator(".status")).to_have_text("loading")
    page.get_by_role("button", name="cancel").click()
    expect(page.locator(".status")).to_have_text("cancelled")
    page.get_by_role("button", name="delete eggs").click()
    yes = page.get_by_role("button", name="Yes")
    expect(yes).to_be_visible()
    program.path.write_text(program.path.read_text().replace("VERSION 1", "VERSION 2"))
    expect(page.locator(".version")).to_have_text("VERSION 2")
    expect(yes).to_be_visible()
    yes.click()
    expect(page.get_by_role("button", name="delete eggs")).to_have_count(0)
    expect(page.get_by_role("button", name="delete milk")).to_be_visible()
    expect(yes).not_to_be_visible()


@pytest.mark.console_allows("as intended|wait for")
def test_what_the_browser_pushes_is_answered(program, open_page):
    from playwright.sync_api import expect

    page = open_page(program.url)
    assert page.evaluate("playground.push('double', {x: 21})") == {"twice": 42}
    page.evaluate("window.waited = playground.push('wait'); 0")
    expect(page.locator(".status")).to_have_text("asked")
    assert page.evaluate("playground.push('double', {x: 1})") == {"twice": 2}
    page.get_by_role("button", name="cancel").click()
    assert page.evaluate("waited") == "waited"
    caught = "playground.push({!r}).catch((error) => error.message)"
    assert page.evaluate(caught.format("fail")) == "handle_event('fail') failed"
    assert "which JSON cannot say" in page.evaluate(caught.format("odd"))


@pytest.mark.console_allows("ERR_INTERNET_DISCONNECTED|WebSocket")
def test_hooks_hear_of_a_lost_connection(program, open_page):
    page = open_page(program.url)
    page.wait_for_function("window.heard && window.did_handshake")
    assert page.evaluate("heard") == []
    page.evaluate("socket.io.engine.close()")
    page.wait_for_function("heard.length === 2")
    assert page.evaluate("heard") == ["disconnected VERSION 1", "reconnected VERSION 1"]


def test_a_page_that_takes_long_to_come_is_announced(program, open_page):
    from playwright.sync_api import expect

    page = open_page(program.url)
    page.get_by_role("link", name="slow").click()
    page.wait_for_function("document.body.matches('.playground-waiting[aria-busy=true]')")
    expect(page.locator(".there")).to_be_visible()
    page.wait_for_function("document.body.matches(':not(.playground-waiting)[aria-busy=false]')")
