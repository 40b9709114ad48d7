"""Connections that are cut, that stall, and come back; disks that are full."""

import ast
import asyncio
import contextlib
import itertools
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from conftest import PATIENCE, SERVER_GONE, connected, environment_of_servers, wait_until
from nicegui import ui
from playwright.sync_api import expect
from tabs import Tab

import playground

PAGE = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    browser_events = ["flood"]

    def mount(self):
        self.count = 0
        self.said = []
        self.text = ""
        self.subscribe("said")
        print("mounted", flush=True)

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("+", on_click=self.event("inc"))
        ui.button("say", on_click=self.event("say"))
        ui.label(" ".join(self.said)).classes("said")
        ui.input("Name")
        ui.label(self.text).classes("text truncate w-40")

    def handle_event(self, event, params):
        match event:
            case "inc":
                self.count += 1
            case "say":
                playground.broadcast("said", f"word{len(self.said)}")
            case "flood":
                self.send("flood")

    def handle_info(self, message):
        if message != "flood":
            self.said = [*self.said, message]
            return
        self.count += 1
        self.text = f"{self.count} " + "x" * 100_000
        if self.count < 1500:
            self.send_after(0.001, "flood")
        else:
            print("made 1500", flush=True)

    def terminate(self, reason):
        print("terminated", reason, flush=True)


playground.start(live=Page, port=PORT, open_browser=False, reconnect_timeout=RECONNECT)
"""


class Wire:
    """Stands between browser and server, and can be cut or held."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.is_cut, self.flows, self.loses = threading.Event(), threading.Event(), threading.Event()
        self.flows.set()
        self.pairs: list[tuple[socket.socket, socket.socket]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.is_cut.is_set():
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.target))
                self.pairs.append((near, far))
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, contextlib.suppress(OSError, ValueError):
            while not self.is_cut.is_set():
                self.flows.wait(0.2)
                ready, _, _ = select.select([near, far] if self.flows.is_set() else [], [], [], 0.1)
                for one in ready:
                    data = one.recv(65536)
                    if not data:
                        return
                    if one is far or not self.loses.is_set():
                        (far if one is near else near).sendall(data)

    def cut(self) -> None:
        self.is_cut.set()
        for pair in self.pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()

    def mend(self) -> None:
        self.loses.clear()
        self.is_cut.clear()

    def close(self) -> None:
        self.cut()
        self.listener.close()


@pytest.fixture
def wired(serve):
    """A server, and wires to it."""
    wires = []

    def start(reconnect):
        server = serve(PAGE.replace("RECONNECT", str(reconnect)))

        def wire():
            wires.append(Wire(int(server.url.rpartition(":")[2])))
            return wires[-1]

        return server, wire

    yield start
    for wire in wires:
        wire.close()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.console_allows(".*")
def test_a_connection_that_comes_back_in_time_costs_nothing(wired, open_page, wait_for):
    server, wire = wired(300)
    cable = wire()
    page, other = open_page(f"http://127.0.0.1:{cable.port}"), open_page(server.url)
    for _ in range(3):
        press(page, "+")
    page.get_by_label("Name").fill("half a sen")
    page.evaluate("window.marker = 1")
    cable.cut()
    expect(page.locator("body")).to_have_class(re.compile("playground-disconnected"))
    for number in range(3):
        press(other, "say")
        expect(other.locator(".said")).to_contain_text(f"word{number}")
    cable.mend()
    expect(page.locator("body")).not_to_have_class(re.compile("playground-disconnected"))
    expect(page.locator(".said")).to_have_text("word0 word1 word2")
    expect(page.locator(".count")).to_have_text("Count: 3")
    page.get_by_label("Name").press_sequentially("tence")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 4")
    expect(page.get_by_label("Name")).to_have_value("half a sentence")
    assert page.evaluate("window.marker") == 1, "it was not loaded again"
    assert "terminated" not in server.log


@pytest.mark.console_allows(".*")
def test_a_cut_is_shown_at_once_and_what_is_done_meanwhile_is_done_afterwards_and_once(wired, open_page):
    server, wire = wired(300)
    cable = wire()
    page = open_page(f"http://127.0.0.1:{cable.port}")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 1")
    page.evaluate("setInterval(() => { window.shown ||= getComputedStyle(popup).opacity === '1' && Date.now() }, 5)")
    page.evaluate("socket.on('disconnect', () => { window.cut ??= Date.now() })")
    cable.loses.set()  # what is sent now does not arrive, which nobody notices yet
    press(page, "+")
    press(page, "say")
    cable.cut()
    page.wait_for_function("window.shown")
    assert page.evaluate("window.shown - window.cut") < 1000, "NiceGUI alone shows it after 2 s"
    expect(page.locator("#popup")).to_contain_text("carried out afterwards")
    press(page, "+")
    press(page, "say")
    page.get_by_label("Name").fill("typed")
    expect(page.locator(".count")).to_have_text("Count: 1")
    cable.mend()
    expect(page.locator(".count")).to_have_text("Count: 3")
    expect(page.locator(".said")).to_have_text("word0 word1")
    expect(page.locator("#popup")).not_to_be_visible()
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 4")
    expect(page.get_by_label("Name")).to_have_value("typed")
    assert server.log.count("mounted") == 1


@pytest.mark.console_allows(".*")
def test_what_has_arrived_before_a_cut_is_not_done_again(wired, open_page):
    server, wire = wired(300)
    cable = wire()
    page = open_page(f"http://127.0.0.1:{cable.port}")
    for number in range(3):
        press(page, "+")  # which the browser does not know to have arrived when the connection is cut
        expect(page.locator(".count")).to_have_text(f"Count: {2 * number + 1}")
        cable.cut()
        press(page, "+")
        cable.mend()
        expect(page.locator(".count")).to_have_text(f"Count: {2 * number + 2}")
    assert server.log.count("mounted") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGSTOP")
@pytest.mark.console_allows(".*")
def test_a_server_that_stands_still_is_noticed_and_does_everything_when_it_goes_on(wired, open_page):
    server, _ = wired(300)
    page = open_page(server.url)
    server.process.send_signal(signal.SIGSTOP)
    try:
        press(page, "+")
        expect(page.locator("#popup")).to_be_visible()
        assert page.evaluate("socket.connected"), "it is shown before Socket.IO notices"
        press(page, "+")
        press(page, "say")
    finally:
        server.process.send_signal(signal.SIGCONT)
    expect(page.locator(".count")).to_have_text("Count: 2")
    expect(page.locator(".said")).to_have_text("word0")
    expect(page.locator("#popup")).not_to_be_visible()


@pytest.mark.console_allows(".*")
def test_a_browser_tries_often_to_come_back(wired, open_page):
    _, wire = wired(300)
    cable = wire()
    page = open_page(f"http://127.0.0.1:{cable.port}")
    page.evaluate("window.tries = []; socket.io.on('reconnect_attempt', () => { tries.push(Date.now()) }); 0")
    page.evaluate("socket.on('disconnect', () => { tries.push(Date.now()) }); 0")
    cable.cut()
    page.wait_for_function("tries.length > 6")
    tries = page.evaluate("tries")
    assert tries[1] - tries[0] < 1000
    assert max(after - before for before, after in itertools.pairwise(tries)) < 3000, "NiceGUI alone waits for 5 s"


@pytest.mark.parametrize("leave", ["close", "goto", "reload"])
def test_a_page_that_is_left_ends_soon(wired, open_page, wait_for, leave):
    server, _ = wired(300)
    page = open_page(server.url)
    {"close": page.close, "goto": lambda: page.goto("about:blank"), "reload": page.reload}[leave]()
    wait_for(lambda: "terminated closed" in server.log)


@pytest.mark.console_allows(".*")
def test_a_page_that_may_come_back_from_the_cache_of_its_browser_goes_on(wired, open_page, wait_for):
    server, wire = wired(300)
    cable = wire()
    page, other = open_page(f"http://127.0.0.1:{cable.port}"), open_page(server.url)
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 1")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.evaluate("fetch(location.href).then(() => 0)")  # a page of its own, so what was sent before has arrived
    cable.cut()  # as browsers do with a page that they keep
    other.close()
    wait_for(lambda: "terminated closed" in server.log)
    cable.mend()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 2")


def test_a_tab_that_says_it_is_closed_and_comes_back_keeps_its_page(serve, wait_for):
    async def leave_and_come_back():
        server = serve(PAGE.replace("RECONNECT", "300"))
        stays, goes = await Tab.open(server.url), await Tab.open(server.url)
        for tab in (stays, goes):
            async with connected(tab):
                pass
            await tab.say_closed()
        async with connected(stays) as updates:
            await asyncio.to_thread(wait_for, lambda: "terminated closed" in server.log)
            assert server.log.count("terminated") == 1
            connection = await stays.connect({"update": updates.put_nowait})
            await connection.disconnect()

    asyncio.run(leave_and_come_back())


COUNTS_BY_ITSELF = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.count = 0
        self.send_interval(0.02, "tick")

    def render(self):
        ui.label(f"Count: {self.count}")

    def handle_info(self, message):
        self.count += 1
        if self.count % 50 == 0:
            print("counted", self.count, flush=True)


playground.start(live=Page, port=PORT, open_browser=False, reconnect_timeout=30)
"""


def test_what_a_connection_lost_comes_before_what_has_changed_meanwhile(serve, wait_for):
    def counts_of(update):
        return [int(told["text"].split()[1]) for told in update.values() if isinstance(told, dict) and "text" in told]

    async def lose_and_come_back():
        server = serve(COUNTS_BY_ITSELF)
        tab = await Tab.open(server.url)
        async with connected(tab) as updates:
            received = [await asyncio.wait_for(updates.get(), PATIENCE) for _ in range(5)]
        await asyncio.to_thread(wait_for, lambda: "counted 50" in server.log)
        async with connected(tab, message=received[1]["_id"]) as updates:
            again = [await asyncio.wait_for(updates.get(), PATIENCE) for _ in range(10)]
        return [counts_of(update) for update in received], [counts_of(update) for update in again]

    received, again = asyncio.run(lose_and_come_back())
    assert again[:4] == received[1:], "what was lost is sent again"
    counts = [count for counts in again for count in counts]
    assert counts == sorted(counts)
    assert counts[-1] >= 50


@pytest.mark.slow
@pytest.mark.console_allows(".*")
def test_a_connection_that_comes_back_too_late_gets_a_new_page(wired, open_page, wait_for):
    server, wire = wired(1)
    cable = wire()
    page = open_page(f"http://127.0.0.1:{cable.port}")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 1")
    page.evaluate("window.marker = 1")
    cable.cut()
    page.get_by_label("Name").fill("typed into nothing")
    wait_for(lambda: "terminated closed" in server.log)
    cable.mend()
    page.wait_for_function("window.marker === undefined && window.did_handshake")
    expect(page.get_by_label("Name")).to_have_value("typed into nothing")
    expect(page.locator(".playground-anew")).to_contain_text("Brought back: Name.")
    expect(page.locator(".count")).to_have_text("Count: 0")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 1")


@pytest.mark.slow
@pytest.mark.console_allows(".*")
def test_a_browser_that_is_busy_for_seconds_keeps_its_page(wired, open_page):
    server, _ = wired(1)
    page = open_page(server.url)
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 1")
    # NiceGUI alone gives it up after 7 s at most, the browser after 10 s, with some of which a busy machine does nothing
    page.evaluate("const end = Date.now() + 8000; window.marker = 1; while (Date.now() < end);")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 2")
    assert page.evaluate("window.marker") == 1
    assert "terminated" not in server.log
    assert server.log.count("mounted") == 1


def test_a_browser_that_does_not_read_holds_up_nobody(wired, open_page, wait_for):
    server, wire = wired(300)
    cable = wire()
    slow, other = open_page(f"http://127.0.0.1:{cable.port}"), open_page(server.url)
    before = memory_of(server)
    slow.evaluate("window.playground.push('flood')")
    expect(slow.locator(".text")).to_contain_text("x")
    cable.flows.clear()
    for number in range(5):
        press(other, "say")
        expect(other.locator(".said")).to_contain_text(f"word{number}")
    wait_for(lambda: "made 1500" in server.log)
    assert memory_of(server) - before < 100, "150 MB of updates have been made for who does not read"
    cable.flows.set()
    expect(slow.locator(".said")).to_contain_text("word4")


def memory_of(server):
    """Megabytes."""
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6


FIELDS = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.told, self.nick, self.more, self.count = [], "", False, 0

    def render(self):
        with playground.form(on_change=self.event("changed"), on_submit=self.event("sent"), reset=True):
            ui.input("Name").props("name=name")
            ui.textarea("Text").props("name=text")
            ui.number("Age").props("name=age")
            ui.checkbox("Agreed").props("name=agreed")
            ui.select(COLOURS, label="Colour", value="red").props("name=colour")
            ui.radio({1: "one", 2: "two"}, value=1).props("name=size")
            ui.input("Secret", password=True, password_toggle_button=True).props("name=secret")
            playground.upload(label="Photo").props("name=photo")
            ui.input("Sent").props("name=sent")
            ui.button("Send").props("type=submit")
        ui.input("Nick", on_change=lambda event: setattr(self, "nick", event.value))
        ui.label(f"nick is {self.nick}").classes("nick")
        ui.switch("More").bind_value(self, "more")
        if self.more:
            ui.input("Address")
        for _ in range(2):
            ui.input("Same")
        ui.input("Locked", value="locked").disable()
        ui.button("+", on_click=self.event("inc"))
        ui.label(f"Count: {self.count}").classes("count")
        ui.label(str(self.told)).classes("told")
        ui.label("far below").style("height: 3000px")

    def handle_event(self, event, params):
        if event == "changed":
            self.told = [*self.told, {**params, "photo": len(params["photo"])}]
        elif event == "inc":
            self.count += 1


playground.start(live=Page, port=PORT, open_browser=False, live_reload=RELOAD)
"""
FIELDS = FIELDS.replace("COLOURS", "['red', 'green', 'blue']")
CUT = "WebSocket|ERR_CONNECTION|Failed to load"


def begun_anew(page):
    return page.locator(".playground-anew")


def fill_fields(page):
    page.get_by_label("Sent").fill("sent")
    press(page, "Send")
    expect(page.get_by_label("Sent")).to_have_value("")
    for label, text in {"Name": "Ada", "Text": "one\ntwo", "Age": "7", "Secret": "hunter2", "Nick": "ada"}.items():
        page.get_by_label(label, exact=True).first.fill(text)
    page.locator(".q-checkbox").click()
    page.get_by_label("Colour").click()
    page.get_by_role("option", name="blue").click()
    page.get_by_text("two", exact=True).click()
    page.locator(".q-toggle").click()
    page.get_by_label("Address").fill("12 Main Street")
    page.get_by_label("Same").nth(1).fill("second")
    page.locator("input[type=file]").first.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    expect(page.locator(".told")).to_contain_text("'photo': 1")
    page.get_by_label("Text").focus()
    page.evaluate("window.scrollTo(0, 300)")


def expect_fields(page, text):
    for label, value in {"Name": "Ada", "Text": text, "Age": "7", "Secret": "", "Nick": "ada", "Sent": ""}.items():
        expect(page.get_by_label(label, exact=True).first).to_have_value(value)
    expect(page.locator(".q-checkbox")).to_have_attribute("aria-checked", "true")
    expect(page.locator(".q-select")).to_contain_text("blue")
    expect(page.get_by_role("radio", name="two")).to_have_attribute("aria-checked", "true")
    expect(page.locator(".nick")).to_have_text("nick is ada")
    expect(page.get_by_label("Address")).to_have_value("12 Main Street")
    assert [field.input_value() for field in page.get_by_label("Same").all()] == ["", "second"]


@pytest.mark.parametrize("reloads", [True, False])
@pytest.mark.console_allows(CUT)
def test_a_server_that_is_killed_and_started_again_costs_no_field(serve, open_page, reloads):
    server = serve(FIELDS.replace("RELOAD", str(reloads)))
    page = open_page(server.url)
    page.add_init_script("window.kept = sessionStorage.playground")
    fill_fields(page)
    for number, text in enumerate(["one\ntwo", "one!\ntwo"]):
        server.process.kill()
        expect(page.locator("#popup")).to_be_visible()
        press(page, "+")
        page.get_by_label("Text").focus()
        page.get_by_label("Text").evaluate("field => field.setSelectionRange(3, 3)")
        page.keyboard.type("!")
        page.evaluate("window.scrollTo(0, 300)")
        server = serve(server.path)
        note = begun_anew(page)
        expect(note).to_contain_text(
            "Brought back: Name, Text, Age, Agreed, Colour, size, Sent, Nick, More, Address, Same."
        )
        expect(note).to_contain_text("what was clicked last")
        assert ("Secret, Photo" in note.inner_text()) is (number == 0), "the second time there was nothing to lose"
        expect_fields(page, text.replace("one", "one!"))
        (told,) = ast.literal_eval(page.locator(".told").inner_text())
        assert told == {
            "name": "Ada", "text": text.replace("one", "one!"), "age": 7.0, "agreed": True, "colour": "blue", "size": 2,
            "secret": "", "photo": 0, "sent": "", "_target": "_recover",
            "_touched": ["name", "text", "age", "agreed", "colour", "size", "sent"],
        }  # fmt: skip
        expect(page.locator(".count")).to_have_text("Count: 0")
        assert page.evaluate("[document.activeElement.tagName, scrollY]") == ["TEXTAREA", 300]
        assert page.evaluate("document.activeElement.selectionStart") == 4
        assert "hunter2" not in page.evaluate("window.kept")
        assert page.evaluate("sessionStorage.playground") is None
        note.get_by_role("button").click()
        expect(note).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Name")).to_have_value("")
    page.wait_for_function("window.did_handshake && socket.connected")
    assert page.locator(".told").inner_text() == "[]"
    assert begun_anew(page).count() == 0


@pytest.mark.console_allows(CUT)
def test_what_there_is_no_place_for_any_more_is_said(serve, open_page):
    server = serve(FIELDS.replace("RELOAD", "True"))
    page = open_page(server.url)
    fill_fields(page)
    page.get_by_label("Secret").fill("")
    page.get_by_text("visibility_off").click()
    page.get_by_label("Secret").fill("hunter2")
    expect(page.get_by_label("Secret")).to_have_attribute("type", "text")
    page.add_init_script("window.kept = sessionStorage.playground")
    server.process.kill()
    expect(page.locator("#popup")).to_be_visible()
    changed = server.path.read_text(encoding="utf-8").replace('"Nick", on_change', '"Other", on_change')
    server.path.write_text(changed.replace("'blue'", "'pink'"), encoding="utf-8")
    serve(server.path)
    expect(begun_anew(page)).to_contain_text("Not brought back: Colour, Nick, Secret, Photo")
    assert "hunter2" not in page.evaluate("window.kept"), "it was a password before it was shown"
    expect(page.locator(".q-select")).to_contain_text("red")
    expect(page.get_by_label("Name")).to_have_value("Ada")
    begun_anew(page).get_by_role("button").click()
    expect(begun_anew(page)).to_have_count(0)


NOT_FOR_THIS_PAGE = [
    {"fields": [["Locked", 0, "open", "Locked"], ["Gone", 0, 1, "Gone"], ["colour", 0, "no such", "Colour"]]},
    {"fields": [["age", 0, "x", "Age"], ["size", 0, {}, "size"]]},
    {"fields": [["Nick", 0, "from elsewhere", "Nick"]], "href": "http://example.com"},
    {"fields": [["Nick", 0, "from long ago", "Nick"]], "at": 0},
]


def test_what_was_kept_for_another_page_does_no_harm(serve, open_page):
    server = serve(FIELDS.replace("RELOAD", "True"))
    page = open_page(server.url)
    for kept in NOT_FOR_THIS_PAGE:
        told = {"href": page.url, "at": time.time() * 1000, "lost": [], **kept}
        page.evaluate("text => { sessionStorage.playground = text }", json.dumps(told))
        page.reload()
        page.wait_for_function("window.did_handshake && socket.connected")
        is_for_it = not kept.keys() & {"href", "at"}
        expect(begun_anew(page)).to_have_count(int(is_for_it))
        press(page, "+")
        expect(page.locator(".count")).to_have_text("Count: 1")
        assert page.locator(".told").inner_text() == "[]"
        assert page.get_by_label("Locked").input_value() == "locked"
        assert page.get_by_label("Nick").input_value() == ""
        expect(page.locator(".q-select")).to_contain_text("red")
        assert page.evaluate("sessionStorage.playground") is None
    assert "Traceback" not in server.log


FULL = """
import json, resource, sys
from pathlib import Path
import playground

path = Path(sys.argv[1])
state = playground.FileState(path, [])
state.value = ["small"]
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
try:
    state.value = ["large"] * 1000
except playground.FileStateError as error:
    print("refused:", error)
assert json.loads(path.read_text()) == ["small"]
assert state.value == ["small"], state.value
assert [other.name for other in path.parent.iterdir()] == [path.name]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
state.value = ["large"] * 1000
assert len(json.loads(path.read_text())) == 1000
print("saved")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit for files")
def test_a_full_disk_keeps_the_file_and_the_value(tmp_path):
    (tmp_path / "data").mkdir()
    command = [sys.executable, "-c", FULL, str(tmp_path / "data" / "state.json")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=Path(__file__).parents[1])
    assert run.returncode == 0, run.stderr
    assert re.search("refused: .*too large.*\nsaved", run.stdout), run.stdout


READ_ONLY = """
import asyncio, json, logging, os, sys
from pathlib import Path
import playground

logging.basicConfig()
place = Path(sys.argv[1])
state = playground.FileState(place / "state.json", 0)
state.value = 1
place.chmod(0o555)
if os.geteuid() == 0:
    os.seteuid(65534)  # whom it holds for
try:
    state.value = 2
except playground.FileStateError as error:
    print("refused:", error)
print("value", state.value, json.loads((place / "state.json").read_text()))


async def run():
    command = playground.Command.start("echo hello", log=place / "echo.log")
    while command.ended is None:
        await asyncio.sleep(0.01)
    print("command", command.status, command.exit_status, command.output.split())


asyncio.run(run())
if os.getuid() == 0:
    os.seteuid(0)
place.chmod(0o755)
state.value = 3
print("saved", json.loads((place / "state.json").read_text()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs the rights of files")
def test_a_directory_that_is_read_only_keeps_the_file_and_the_value_and_commands_run():
    with tempfile.TemporaryDirectory() as directory:  # what is above tmp_path is closed to others
        Path(directory).chmod(0o755)
        command = [sys.executable, "-c", READ_ONLY, directory]
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=Path(__file__).parents[1])
    assert run.returncode == 0, run.stderr
    assert re.fullmatch(
        r"refused: .*Permission denied.*\nvalue 1 1\ncommand exited 0 \['hello'\]\nsaved 3\n", run.stdout
    ), run.stdout
    assert "echo.log: what the command prints is not kept on disk any more" in run.stderr


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_jumps_changes_neither_durations_nor_what_is_noticed(hours, tmp_path, monkeypatch):
    clock = time.time
    state = playground.FileState(tmp_path / "state.json", {"value": 1})
    assert state.value == {"value": 1}

    async def run():
        began = time.monotonic()
        command = playground.Command.start("sleep 100", log=tmp_path / "sleep.log")
        monkeypatch.setattr(time, "time", lambda: clock() + hours * 3600)
        (tmp_path / "state.json").write_text('{"value": 2}')
        os.utime(tmp_path / "state.json", (time.time(), time.time()))
        assert state.value == {"value": 2}
        assert 0 <= command.duration <= time.monotonic() - began
        await playground.stop(command)
        assert 0 <= command.duration <= time.monotonic() - began
        assert command.started <= command.ended <= command.started + time.monotonic() - began

    asyncio.run(run())


class Neighbour(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}")
        ui.button("+", on_click=self.event("inc"))

    def handle_event(self, event):
        self.count += 1


async def misbehave(view, callback):
    """What the callback named in the address does: it raises, hangs, or is cancelled from within."""
    if callback != view.where:
        return
    reached.append(callback)
    match view.how:
        case "raises":
            raise ValueError(f"in {callback}")
        case "hangs":
            await asyncio.sleep(60)
        case "cancels":
            raise asyncio.CancelledError


async def hook(view, params):
    view.where, view.how, view.count = params["where"], params["how"], 0
    await misbehave(view, "hook")


class Faulty(Neighbour):
    on_mount = (hook,)

    async def mount(self):
        await misbehave(self, "mount")

    async def handle_params(self, params):
        await misbehave(self, "handle_params")

    def render(self):
        super().render()
        ui.button("send", on_click=lambda: self.send("message"))
        ui.button("start", on_click=lambda: self.start_async("job", asyncio.sleep(0)))
        ui.button("go", on_click=self.go)

    async def go(self):
        await misbehave(self, "handler")

    async def handle_event(self, event):
        await misbehave(self, "handle_event")
        self.count += 1

    async def handle_info(self, message):
        await misbehave(self, "handle_info")

    async def handle_async(self, name, result):
        await misbehave(self, "handle_async")

    async def terminate(self, reason):
        await misbehave(self, "terminate")


BUTTONS = {"handle_event": "+", "handle_info": "send", "handle_async": "start", "handler": "go"}
EXPECTED = {"raises": ValueError, "hangs": TimeoutError, "cancels": (asyncio.CancelledError, RuntimeError)}
reached: list[str] = []


@pytest.mark.parametrize("how", ["raises", "hangs", "cancels"])
@pytest.mark.parametrize("where", ["hook", "mount", "handle_params", *BUTTONS, "terminate"])
def test_a_callback_of_a_page_that_fails_costs_nobody_else_anything(where, how):
    reached.clear()
    with playground.visit(Neighbour) as neighbour:
        with contextlib.nullcontext() if where == "terminate" else pytest.raises(EXPECTED[how]):
            opens = where in BUTTONS or how != "hangs"
            with playground.visit(Faulty, f"/?where={where}&how={how}", timeout=PATIENCE if opens else 1) as page:
                if where in BUTTONS:
                    page._timeout = 0.5 if how == "hangs" else PATIENCE
                    page.click(BUTTONS[where])
        assert reached == [where]
        neighbour.click("+")
        assert neighbour.has("Count: 1")
        assert [type(page.view) for page in playground._open_pages] == [Neighbour]
    assert not playground._open_pages


class Part(playground.LiveComponent):
    def mount(self):
        self.count = 0
        self.fail("mount")

    def update(self, where):
        self.where = where
        self.fail("update")

    def render(self):
        self.fail("render")
        ui.label(f"Part: {self.count}")
        ui.button("in the part", on_click=self.event("inc"))

    def handle_event(self, event):
        self.fail("handle_event")
        self.count += 1

    def fail(self, callback):
        if failing == callback:
            raise ValueError(f"in {callback}")


class Whole(Neighbour):
    is_shown = False

    def render(self):
        super().render()
        ui.button("show", on_click=self.event("show"))
        if self.is_shown:
            playground.live_component(Part, id=1, where=self.count)

    def handle_event(self, event):
        if event == "show":
            self.is_shown = not self.is_shown
        else:
            super().handle_event(event)


failing = ""


@pytest.mark.parametrize("where", ["mount", "update", "render", "handle_event"])
def test_a_callback_of_a_component_that_fails_leaves_its_page_as_it_was(where, monkeypatch):
    with playground.visit(Whole) as page:
        page.click("+")
        if where == "handle_event":
            page.click("show")
        monkeypatch.setitem(globals(), "failing", where)
        with pytest.raises(ValueError, match=f"in {where}"):
            page.click("in the part" if where == "handle_event" else "show")
        assert page.has("Count: 1")
        assert page.has("Part: 0") is (where == "handle_event")
        monkeypatch.setitem(globals(), "failing", "")
        page.click("+")
        assert page.has("Count: 2")
        page.click("in the part")
        assert page.has("Part: 1")


# -- a program that hangs

HANGS = """
import asyncio
import time

from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self, params):
        self.count, self.way = 0, ""
        while "mount" in params:
            pass

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("inc", on_click=self.event("inc"))
        for way in ("handler", "sleep", "async handler", "render", "stubborn"):
            ui.button(way, on_click=self.event(way)).props("no-caps")
        if self.way == "render":
            self.way = ""
            self.hang()

    def hang(self):
        while True:
            pass

    def handle_event(self, event, params):
        match event:
            case "inc":
                self.count += 1
            case "handler":
                self.hang()
            case "sleep":
                time.sleep(1000)
            case "async handler":
                return self.hang_later()
            case "render":
                self.way = "render"
            case "stubborn":
                while True:
                    try:
                        self.hang()
                    except KeyboardInterrupt:
                        print("not me", flush=True)

    async def hang_later(self):
        await asyncio.sleep(0)
        self.hang()


class Server(playground.GenServer):
    def init(self, hangs=False):
        while hangs:
            pass


playground.start(live=Page, children=[Server], open_browser=False, port=PORT)
"""


def interrupt_what_hangs(server, place, begun=0):
    """Press Ctrl-C twice, once the terminal says where the program hangs."""
    wait_until(lambda: re.search(rf"my_demo.py:\d+ in {place} has blocked the server for \d s", server.log[begun:]))
    server.interrupt()
    wait_until(lambda: re.search(rf"Ctrl-C once more interrupts my_demo.py:\d+ in {place}", server.log[begun:]))
    server.interrupt()


@pytest.mark.console_allows(SERVER_GONE)  # at the end
@pytest.mark.parametrize(
    ("way", "place"),
    [("handler", "hang"), ("sleep", "handle_event"), ("async handler", "hang"), ("render", "hang")],
)
def test_ctrl_c_interrupts_what_hangs(serve, open_page, way, place):
    server = serve(HANGS)
    page = open_page(server.url)
    page.get_by_role("button", name="inc").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    page.get_by_role("button", name=way, exact=True).click()
    interrupt_what_hangs(server, place)
    expect(page.locator("playground-overlay .error")).to_contain_text("KeyboardInterrupt")
    expect(page.locator("playground-overlay .error")).to_contain_text(
        "while True" if place == "hang" else "time.sleep(1000)"
    )
    page.keyboard.press("Escape")
    page.get_by_role("button", name="inc").click()
    expect(page.locator(".count")).to_have_text("Count: 2")
    server.interrupt()
    assert server.wait() == 0


def test_ctrl_c_interrupts_a_mount_that_hangs(serve, open_page):
    server = serve(HANGS)
    page = open_page(server.url)
    other = page.context.new_page()
    with pytest.raises(Exception, match="Timeout"):
        other.goto(f"{server.url}/?mount", timeout=500)
    interrupt_what_hangs(server, "mount")
    page.get_by_role("button", name="inc").click()
    expect(page.locator(".count")).to_have_text("Count: 1")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("class Page", "while True:\n    pass\n\n\nclass Page", "<module>"),
        ("def render(self):", "def render(self):\n        while self.count:\n            pass", "render"),
        ("children=[Server]", "children=[Server, playground.child_spec(Server, id=2, hangs=True)]", "init"),
    ],
)
def test_ctrl_c_interrupts_a_save_that_hangs(serve, open_page, old, new, place):
    server = serve(HANGS)
    page = open_page(server.url)
    page.get_by_role("button", name="inc").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    source = server.path.read_text()
    server.path.write_text(source.replace(old, new, 1))
    interrupt_what_hangs(server, place)
    expect(page.locator("playground-overlay .error")).to_contain_text("KeyboardInterrupt")
    server.path.write_text(source.replace("Count: ", "Number: "))
    expect(page.locator(".count")).to_have_text("Number: 1")
    page.get_by_role("button", name="inc").click()
    expect(page.locator(".count")).to_have_text("Number: 2")


def test_the_third_ctrl_c_ends_what_will_not_be_interrupted(serve, open_page, console):
    console.allow("ERR_CONNECTION", "WebSocket")
    server = serve(HANGS)
    page = open_page(server.url)
    page.get_by_role("button", name="stubborn").click()
    interrupt_what_hangs(server, "hang")
    wait_until(lambda: "not me" in server.log)
    server.interrupt()
    assert server.wait() != 0


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_ctrl_c_of_a_terminal_interrupts_what_hangs(tmp_path, free_port):
    script = tmp_path / "my_demo.py"
    script.write_text(HANGS.replace("PORT", str(free_port)).replace("[Server]", "[(Server, {'hangs': True})]"))
    code = f"import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn([sys.executable, {str(script)!r}])))"
    environment = environment_of_servers(tmp_path)
    command = [sys.executable, "-c", code]
    terminal = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0)
    said = []
    reader = threading.Thread(target=lambda: said.extend(iter(lambda: terminal.stdout.read(1000), b"")), daemon=True)
    reader.start()

    def wait_for_text(text):
        wait_until(lambda: re.search(text, b"".join(said)), lambda: b"".join(said).decode())

    try:
        wait_for_text(rb"my_demo.py:\d+ in init has blocked the server for 2 s.*Ctrl-C twice interrupts it")
        terminal.stdin.write(b"\x03")
        wait_for_text(rb"Ctrl-C once more interrupts my_demo.py:\d+ in init")
        terminal.stdin.write(b"\x03")
        wait_for_text(rb"KeyboardInterrupt")
        wait_for_text(rb"could not be started")
        terminal.stdin.write(b"\x03")
        assert terminal.wait(PATIENCE) == 0
    finally:
        terminal.kill()
        terminal.wait()
