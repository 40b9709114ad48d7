"""The program ends and is started again: what its pages knew is offered to the tabs that come back."""

import os
import pickle
import signal
import subprocess

import pytest
from conftest import wait_until
from playwright.sync_api import expect

PROGRAM = """
import threading

from nicegui import ui
import playground


class Todo:
    def __init__(self, text):
        self.text = text


class Page(playground.LiveView):
    def mount(self):
        self.count, self.todos, self.chosen = 0, [], None
        self.lock, self.same = threading.Lock(), "as ever"

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("add", on_click=self.event("add"))
        ui.label(" ".join(todo.text + "!" * (todo is self.chosen) for todo in self.todos)).classes("todos")

    def handle_event(self, event, params):
        self.count += 1
        self.todos.append(Todo(f"todo{self.count}"))
        self.chosen = self.todos[-1]
        self.handle = threading.Lock()


playground.start(live=Page, open_browser=False, port=PORT)
"""


@pytest.fixture
def program(serve, tmp_path, free_port, console):
    """Start the program, as often as it is called, always at the same port."""
    console.allow("ERR_CONNECTION_REFUSED", "WebSocket")
    path = tmp_path / "my_demo.py"

    def start(source=PROGRAM, **options):
        path.write_text(source.replace("PORT", str(free_port)))
        return serve(path, **options)

    return start


def offer(page):
    return page.locator("playground-overlay .fixed")


def kept(tmp_path):
    """The files that are there for the next start."""
    return list((tmp_path / "state").glob("*/pages-*"))


def add(page, count):
    for number in range(1, count + 1):
        page.get_by_role("button", name="add").click()
        expect(page.locator(".count")).to_have_text(f"Count: {number}")


@pytest.fixture(autouse=True)
def _own_state(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_STATE", str(tmp_path / "state"))


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_tab_is_offered_what_its_page_knew(program, open_page, tmp_path, end):
    server = program()
    page = open_page(server.url)
    add(page, 3)
    server.process.send_signal(end)
    server.wait()
    (file,) = kept(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    program()
    expect(offer(page)).to_contain_text("Bring back: count, todos, chosen (not: handle)")
    assert not kept(tmp_path)
    expect(page.locator(".count")).to_have_text("Count: 0")
    offer(page).get_by_role("button", name="Bring back").click()
    expect(page.locator(".count")).to_have_text("Count: 3")
    expect(page.locator(".todos")).to_have_text("todo1 todo2 todo3!")
    page.get_by_role("button", name="add").click()
    expect(page.locator(".count")).to_have_text("Count: 4")


def test_what_was_offered_is_forgotten_when_the_page_is_loaded_again(program, open_page):
    server = program()
    page = open_page(server.url)
    add(page, 2)
    server.interrupt()
    server.wait()
    program()
    expect(offer(page)).to_contain_text("Bring back")
    page.reload()
    page.get_by_role("button", name="add").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    expect(offer(page)).to_have_count(0)


def test_a_page_that_mount_makes_as_it_was_is_offered_nothing(program, open_page):
    server = program()
    page = open_page(server.url)
    page.evaluate("window.stays = true")
    server.interrupt()
    server.wait()
    program()
    page.wait_for_function("() => !window.stays && window.did_handshake")
    page.get_by_role("button", name="add").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    expect(offer(page)).to_have_count(0)


def test_the_program_was_edited_meanwhile(program, open_page):
    server = program()
    page = open_page(server.url)
    add(page, 2)
    server.interrupt()
    server.wait()
    program(PROGRAM.replace("class Todo", "class Item").replace("Todo(f", "Item(f"))
    expect(offer(page)).to_contain_text("Bring back: count (not: handle, todos, chosen)")
    offer(page).get_by_role("button", name="Bring back").click()
    expect(page.locator(".count")).to_have_text("Count: 2")


def test_each_tab_gets_its_own(program, open_page):
    server = program()
    one, other = open_page(server.url), open_page(server.url)
    add(one, 1)
    add(other, 2)
    server.interrupt()
    server.wait()
    program()
    for page, count in ((other, 2), (one, 1)):
        offer(page).get_by_role("button", name="Bring back").click()
        expect(page.locator(".count")).to_have_text(f"Count: {count}")


class Trap:
    """What a file of somebody else might have in it."""

    def __reduce__(self):
        return os.mkdir, (os.environ["TRAP"],)


@pytest.mark.parametrize("kind", ["mode", "content", "link", "owner"])
def test_a_file_that_somebody_else_may_have_written_is_not_read(program, open_page, tmp_path, monkeypatch, kind):
    if kind == "owner" and os.getuid() != 0:
        pytest.skip("only root can give a file to somebody else")
    server = program()
    page = open_page(server.url)
    add(page, 1)
    server.interrupt()
    server.wait()
    (file,) = kept(tmp_path)
    monkeypatch.setenv("TRAP", str(tmp_path / "trap"))
    content = b"no pickle" if kind == "content" else pickle.dumps(Trap())
    if kind == "link":
        (tmp_path / "elsewhere").write_bytes(content)
        file.unlink()
        file.symlink_to(tmp_path / "elsewhere")
    else:
        file.write_bytes(content)
    if kind == "mode":
        file.chmod(0o644)
    if kind == "owner":
        os.chown(file, 12345, -1)
    page.evaluate("window.stays = true")
    server = program()
    wait_until(lambda: "What the pages knew before is not used" in server.log)
    page.wait_for_function("() => !window.stays && window.did_handshake")
    add(page, 1)
    expect(offer(page)).to_have_count(0)
    assert not (tmp_path / "trap").exists()
    assert not kept(tmp_path)


def test_nothing_is_kept_that_is_not_wanted(program, open_page, tmp_path):
    for source in (
        PROGRAM.replace("open_browser=False", "open_browser=False, resume=False"),
        PROGRAM.replace("open_browser=False", "open_browser=False, live_reload=False"),
    ):
        server = program(source)
        page = open_page(server.url)
        add(page, 1)
        server.interrupt()
        server.wait()
        assert not kept(tmp_path)


def test_a_script_that_fails_keeps_what_its_pages_knew(program, open_page):
    server = program(
        PROGRAM.replace("port=PORT)", "port=PORT, block=False)\ninput()\nraise OSError('the end')"),
        stdin=subprocess.PIPE,
    )
    page = open_page(server.url)
    add(page, 2)
    server.process.stdin.write("\n")
    server.process.stdin.flush()
    assert server.wait() == 1
    assert "OSError: the end" in server.log
    program()
    offer(page).get_by_role("button", name="Bring back").click()
    expect(page.locator(".count")).to_have_text("Count: 2")
