"""Connections that are cut, that stall, and come back; disks that are full."""

import contextlib
import re
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import expect

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
        self.is_cut, self.flows = threading.Event(), threading.Event()
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
                    (far if one is near else near).sendall(data)

    def cut(self) -> None:
        self.is_cut.set()
        for pair in self.pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()

    def mend(self) -> None:
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
    server, wire = wired(30)
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
    expect(page.locator("body")).not_to_have_class(re.compile("playground-disconnected"), timeout=20_000)
    expect(page.locator(".said")).to_have_text("word0 word1 word2")
    expect(page.locator(".count")).to_have_text("Count: 3")
    page.get_by_label("Name").press_sequentially("tence")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 4")
    expect(page.get_by_label("Name")).to_have_value("half a sentence")
    assert page.evaluate("window.marker") == 1, "it was not loaded again"
    assert "terminated" not in server.log


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
    wait_for(lambda: "terminated closed" in server.log, 30)
    cable.mend()
    page.wait_for_function("window.marker === undefined && window.did_handshake", timeout=30_000)
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
    page.evaluate("const end = Date.now() + 9000; window.marker = 1; while (Date.now() < end);")
    press(page, "+")
    expect(page.locator(".count")).to_have_text("Count: 2")
    assert page.evaluate("window.marker") == 1
    assert "terminated" not in server.log
    assert server.log.count("mounted") == 1


def test_a_browser_that_does_not_read_holds_up_nobody(wired, open_page, wait_for):
    server, wire = wired(60)
    cable = wire()
    slow, other = open_page(f"http://127.0.0.1:{cable.port}"), open_page(server.url)
    before = memory_of(server)
    slow.evaluate("window.playground.push('flood')")
    expect(slow.locator(".text")).to_contain_text("x")
    cable.flows.clear()
    for number in range(5):
        press(other, "say")
        expect(other.locator(".said")).to_contain_text(f"word{number}")
    wait_for(lambda: "made 1500" in server.log, 60)
    assert memory_of(server) - before < 100, "150 MB of updates have been made for who does not read"
    cable.flows.set()
    expect(slow.locator(".said")).to_contain_text("word4", timeout=30_000)


def memory_of(server):
    """Megabytes."""
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6


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
except OSError as error:
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
    run = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=Path(__file__).parents[1])
    assert run.returncode == 0, run.stderr
    assert re.search("refused: .*too large.*\nsaved", run.stdout), run.stdout
