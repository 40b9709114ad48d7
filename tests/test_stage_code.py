"""The program to read for everybody in the room, and to put back for the presenter; answers of a bad network."""

import json
import re
import stat
import subprocess
import sys
from collections import deque
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT, Server, environment_of_servers, unused_port, wait_until
from test_room import OTHER, press, room, save, status_of  # noqa: F401

import playground

pytest.importorskip("playwright")
from playwright.sync_api import expect

PROGRAM = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("inc", on_click=self.event("inc"))

    def handle_event(self, event, params):
        self.count += 1


playground.start(live=Page, open_browser=False, port=PORT, OPTIONS)
"""
stage = SimpleNamespace(**playground._stage())
CODE = "/_playground/code"


def shown(page):
    """The program as a page shows it."""
    return "".join(f"{line}\n" for line in page.locator(".program code").all_text_contents())


def signs(page):
    """The numbers of the lines with a sign, and the sign."""
    numbers = [text.strip() for text in page.locator(".program i").all_text_contents()]
    return [number for number in numbers if not number.isdigit()]


def line_of(server, text):
    lines = server.path.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_all_follow_what_is_saved(room):  # noqa: F811
    server, presenter, audience = room("share=True", PROGRAM)
    mine, yours = presenter(CODE), audience(CODE)
    for page in (mine, yours):
        expect(page.locator(".program")).to_contain_text("class Page")
        assert shown(page) == server.path.read_text()
        assert signs(page) == []
        expect(page.locator("h1")).to_have_text("my_demo.py")
    save(server, ('"inc", on', '"more", on'))
    for page in (mine, yours):
        expect(page.locator(".program .changed")).to_contain_text('ui.button("more"')
        assert shown(page) == server.path.read_text()
        assert signs(page) == [f"{line_of(server, 'more')}+"]
        expect(page.locator(".program-when")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d · 2 of 2"))
        assert str(server.path.parent) not in page.content()


def stand_at(page, number):
    """Move the slider with the keyboard."""
    slider = page.get_by_role("slider")
    for _ in range(30):
        now = int(slider.get_attribute("aria-valuenow"))
        if now == number:
            return
        slider.locator("[tabindex]").press("ArrowLeft" if now > number else "ArrowRight")
        expect(slider).not_to_have_attribute("aria-valuenow", str(now))
    raise AssertionError(f"the slider does not reach {number}")


def test_who_stands_at_an_older_save_stays_there(room):  # noqa: F811
    server, presenter, audience = room("show_code=True", PROGRAM)
    mine, yours = presenter(CODE), audience(CODE)
    first = server.path.read_text()
    save(server, ('"inc", on', '"more", on'))
    expect(yours.locator(".program .changed")).to_contain_text("more")
    stand_at(yours, 1)
    expect(yours.locator(".program-when")).to_contain_text("1 of 2")
    assert shown(yours) == first
    save(server, ('"more", on', '"much more", on'))
    expect(mine.locator(".program .changed")).to_contain_text("much more")
    expect(yours.get_by_role("button", name="Newest (2 newer)")).to_be_visible()
    assert shown(yours) == first
    press(yours, "Newest (2 newer)")
    expect(yours.locator(".program .changed")).to_contain_text("much more")
    press(yours, "Stay here")
    save(server, ('"much more", on', '"less", on'))
    expect(mine.locator(".program .changed")).to_contain_text("less")
    expect(yours.get_by_role("button", name="Newest (1 newer)")).to_be_visible()
    expect(yours.locator(".program .changed")).to_contain_text("much more")
    stand_at(yours, 4)
    expect(yours.locator(".program .changed")).to_contain_text("less")
    expect(yours.get_by_role("button", name="Stay here")).to_be_visible()


@pytest.mark.parametrize(
    ("edit", "failing", "audience_reads", "secret"),
    [
        (('"inc", on', '"inc, on'), '"inc, on', "This version does not run: SyntaxError: unterminated string", None),
        (
            ("self.count = 0", "self.count = 0\n        open('/secret/place')"),
            "secret/place",
            "not run: FileNotFoundError",
            "/secret",
        ),
        (("def render(self):", "def render(self):\n        {}[f'v{40 + 2}']"), "40 + 2", "not run: KeyError", "v42"),
    ],
)
def test_a_refused_save_is_said_and_what_runs_can_be_read(room, edit, failing, audience_reads, secret):  # noqa: F811
    server, presenter, audience = room("share=True", PROGRAM)
    page, mine, yours = presenter(), presenter(CODE), audience(CODE)
    running = server.path.read_text()
    save(server, edit)
    for reader in (mine, yours):
        expect(reader.locator(".program-refused")).to_contain_text("This version does not run:")
        expect(reader.locator(".program .failing")).to_be_in_viewport()
        assert signs(reader) == [f"{line_of(server, failing)}✗"]
        assert shown(reader) == server.path.read_text()
    expect(yours.locator(".program-refused")).to_contain_text(audience_reads)
    if secret:
        expect(mine.locator(".program-refused")).to_contain_text(secret)
        expect(yours.locator(".program-refused")).not_to_contain_text(secret)
    expect(mine.locator("playground-overlay")).to_have_count(0)  # which would hide it
    press(yours, "Show what runs")
    expect(yours.get_by_role("button", name="Show what was saved")).to_be_visible()
    assert shown(yours) == running
    assert signs(yours) == []
    server.path.write_text(running)
    for reader in (mine, yours):
        expect(reader.locator(".program-refused")).to_have_count(0)
        assert shown(reader) == running
    press(page, "inc")
    expect(page.locator(".count")).to_have_text("Count: 1")


HELPER = """
import playground
import rules

class Page(playground.LiveView):
    def render(self):
        playground.ui.label(rules.text()).classes("count")


playground.start(live=Page, open_browser=False, port=PORT, OPTIONS)
"""


def test_several_files_are_tabs_and_the_one_that_was_saved_comes_up(room, tmp_path):  # noqa: F811
    rules = tmp_path / "rules.py"
    rules.write_text("def text():\n    return 'old'\n")
    _, presenter, audience = room(
        "share=True",
        HELPER.replace("import playground\n", "import playground\nfrom nicegui import ui\n", 1).replace(
            "playground.ui", "ui"
        ),
    )
    page, yours = presenter(), audience(CODE)
    expect(yours.locator(".program")).to_contain_text("class Page")
    press(yours, "rules.py")
    expect(yours.locator(".program")).to_contain_text("return 'old'")
    press(yours, "my_demo.py")
    expect(yours.locator(".program")).to_contain_text("class Page")
    rules.write_text("def text():\n    return 'new'\n")
    expect(page.locator(".count")).to_have_text("new")
    expect(yours.locator(".program .changed")).to_contain_text("return 'new'")
    expect(yours.get_by_role("button", name="rules.py +")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_presenter_puts_a_version_back(room, line_end):  # noqa: F811
    server, presenter, audience = room("share=True", PROGRAM.replace("\n", line_end))
    path = server.path
    path.chmod(0o640)
    first = path.read_bytes()
    assert line_end.encode() in first
    page, mine, yours = presenter(), presenter(CODE), audience(CODE)
    press(page, "inc")
    expect(page.locator(".count")).to_have_text("Count: 1")
    for old, new in (("Count:", "Number:"), ("Number:", "Sum:")):
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
        expect(page.locator(".count")).to_have_text(f"{new} 1")
        expect(mine.locator(".program .changed")).to_contain_text(new)
    expect(mine.get_by_role("button", name="Put this version back")).to_have_count(0)
    for reader in (mine, yours):
        expect(reader.locator(".program-when")).to_contain_text("3 of 3")
        stand_at(reader, 1)
        expect(reader.locator(".program")).to_contain_text("Count:")
    expect(yours.get_by_role("button", name="Put this version back")).to_have_count(0)
    press(mine, "Put this version back")
    expect(page.locator(".count")).to_have_text("Count: 1")
    expect(mine.locator(".program-when")).to_contain_text("4 of 4")
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(".my")] == []
    expect(mine.get_by_text("my_demo.py is again as at")).to_be_visible()


def test_what_a_broken_save_has_broken_is_put_back(room):  # noqa: F811
    server, presenter, _ = room("stage=True", PROGRAM)
    mine = presenter(CODE)
    running = server.path.read_text()
    save(server, ("def render(self):", "def render(self:"))
    press(mine, "Show what runs")
    press(mine, "Put this version back")
    expect(mine.locator(".program-refused")).to_have_count(0)
    assert server.path.read_text() == running


@pytest.fixture
def saves(tmp_path):
    """What keeps the versions of a program of one file, of which nobody hears that it is saved."""
    path = tmp_path / "my_demo.py"
    path.write_text("first")
    texts = {str(path): "first"}
    saves = object.__new__(stage.Saves)
    saves.versions = deque([stage.Version(1, 0.0, texts, texts, {}, [], "")])
    return saves, path


def test_what_is_overwritten_becomes_a_version_first(saves):
    saves, path = saves
    path.write_text("changed meanwhile")
    assert saves.put_back({str(path): "older"}) == ["my_demo.py"]
    assert path.read_text() == "older"
    assert [version.texts[str(path)] for version in saves.versions] == ["first", "changed meanwhile"]
    path.unlink()
    assert saves.put_back({str(path): "first"}) == ["my_demo.py"]
    assert path.read_text() == "first"
    assert len(saves.versions) == 2
    assert saves.put_back({str(path): "first"}) == []


def test_what_cannot_be_written_leaves_all_as_it_was(saves, monkeypatch):
    saves, path = saves
    path.write_bytes("fünf".encode("latin-1"))
    with pytest.raises(ValueError, match="not written in UTF-8"):
        saves.put_back({str(path): "older"})
    assert path.read_bytes() == "fünf".encode("latin-1")
    path.write_text("first")

    def fail(*_):
        raise PermissionError("read only")

    monkeypatch.setattr(stage.os, "replace", fail)
    with pytest.raises(PermissionError):
        saves.put_back({str(path): "older"})
    assert path.read_text() == "first"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.console_allows("status of 404")
def test_the_audience_cannot_put_anything_back(room):  # noqa: F811
    """Not even with a button of its own making."""
    server, presenter, audience = room("share=True", PROGRAM)
    mine, yours = presenter(CODE), audience(CODE)
    save(server, ("Count:", "Number:"))
    saved = server.path.read_text()
    for reader in (mine, yours):
        expect(reader.locator(".program .changed")).to_contain_text("Number:")
        stand_at(reader, 1)
    expect(mine.get_by_role("button", name="Put this version back")).to_be_visible()
    yours.evaluate(
        """() => {
            for (const [id, { events }] of Object.entries(mounted_app.elements)) {
                for (const { listener_id } of events ?? []) {
                    for (const event of ["put back", "file"]) {
                        const args = [JSON.stringify({ path: "/etc/passwd", event, params: event })];
                        window.socket.emit("event", { id: Number(id), client_id: window.clientId, listener_id, args });
                    }
                }
            }
            window.playground.push("put back", {});
            window.playground.act("tool", { name: "put back" });
        }"""
    )
    stand_at(mine, 2)
    assert server.path.read_text() == saved
    assert "root:" not in yours.content()


@pytest.mark.parametrize(
    ("options", "for_presenter", "for_audience"),
    [
        ("", 404, 404),
        ("share=True", 200, 200),
        ("show_code=True", 200, 200),
        ("share=True, show_code=False", 404, 404),
        ("stage=True", 200, 404),
        ("stage=True, show_code=False", 404, 404),
        ("show_code=True, debug_errors=False", 200, 200),
        ("stage=True, debug_errors=False", 404, 404),
    ],
)
def test_who_can_read_the_program(room, options, for_presenter, for_audience):  # noqa: F811
    server, *_ = room(options, PROGRAM)
    assert status_of(server.url + CODE) == for_presenter
    assert status_of(server.url + CODE, **OTHER) == for_audience


def test_without_debug_errors_nobody_puts_anything_back(room):  # noqa: F811
    server, presenter, _ = room("show_code=True, debug_errors=False", PROGRAM)
    mine = presenter(CODE)
    save(server, ("Count:", "Number:"))
    expect(mine.locator(".program .changed")).to_contain_text("Number:")
    stand_at(mine, 1)
    expect(mine.locator(".program-when")).to_contain_text("1 of 2")
    expect(mine.get_by_role("button", name="Put this version back")).to_have_count(0)
    save(server, ("class Page", "{}['hidden']\n\n\nclass Page"))
    press(mine, "Newest (2 newer)")
    expect(mine.locator(".program-refused")).to_contain_text("KeyError")
    expect(mine.locator(".program-refused")).not_to_contain_text("hidden")


def test_the_line_that_was_edited_comes_into_view(room):  # noqa: F811
    program = PROGRAM.replace("class Page", "\n".join(f"n{i} = {i}" for i in range(200)) + "\n\n\nclass Page")
    server, _, audience = room("share=True", program)
    yours = audience(CODE)
    yours.emulate_media(reduced_motion="reduce")  # it is there at once
    expect(yours.locator(".program")).to_contain_text("n199")
    save(server, ('"inc", on', '"more", on'))
    expect(yours.locator(".program .changed")).to_be_in_viewport()
    save(server, ("n7 = 7", "n7 = 8"))
    expect(yours.locator(".program .changed")).to_contain_text("n7")
    expect(yours.locator(".program .changed")).to_be_in_viewport()
    late = audience(CODE)
    save(server, ("n190 = 190", "n190 = 8"))
    expect(late.locator(".program .changed")).to_be_in_viewport()
    expect(yours.locator(".program .changed")).to_contain_text("n190")
    expect(yours.locator(".program .changed")).to_be_in_viewport()
    press(yours, "Stay here")
    place = yours.evaluate("scrollY")
    save(server, ("n8 = 8", "n8 = 9"))
    expect(yours.get_by_role("button", name="Newest (1 newer)")).to_be_visible()
    assert yours.evaluate("scrollY") == place


@pytest.mark.parametrize("is_secure", [True, False])
def test_the_program_can_be_copied(room, is_secure):  # noqa: F811
    """On a phone, too, where `navigator.clipboard` is missing, as the address is none of a secure page."""
    server, presenter, _ = room("share=True", PROGRAM)
    page = presenter(CODE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if not is_secure:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    press(page, "Copy")
    expect(page.get_by_text("Copied")).to_be_visible()
    if not is_secure:
        page.evaluate("delete navigator.clipboard")
    assert page.evaluate("navigator.clipboard.readText()") == server.path.read_text()


def test_the_tools_are_not_of_the_program(serve, open_page):
    """Neither to be read nor to be reloaded, where a script lies beside them."""
    server = serve(ROOT / "examples" / "demo_live.py", "--stage", python=("-m", "playground"))
    page = open_page(server.url + CODE)
    expect(page.locator("h1")).to_have_text("demo_live.py")


def test_the_code_leads_others_there(room):  # noqa: F811
    server, _, audience = room("share=True", PROGRAM)
    page = audience("/_playground/qr")
    press(page, "Read the code")
    link = page.get_by_role("link")
    expect(link).to_have_attribute("href", re.compile(r"http://[\d.]+:\d+/_playground/code$"))
    page.goto(server.url + CODE)
    expect(page.locator(".program")).to_contain_text("class Page")


# ---------------------------------------------------------------------------------------------------------------------
# A bad network on purpose
# ---------------------------------------------------------------------------------------------------------------------

MARK = "playground-network"


def seconds_until(page, text, act):
    """What it takes from a click until the count is so."""
    return page.evaluate(
        """async ([text, name]) => {
            const began = performance.now();
            [...document.querySelectorAll("button")].find((button) => button.innerText === name).click();
            while (document.querySelector(".count").innerText !== text) await new Promise((go) => setTimeout(go, 5));
            return (performance.now() - began) / 1000;
        }""",
        [text, act],
    )


def test_answers_come_late_and_in_order(room):  # noqa: F811
    _, presenter, audience = room("share=True, stage=True", PROGRAM)
    page, other = presenter(), audience()
    page.evaluate("playground.slow(700)")
    expect(page.locator(MARK)).to_contain_text("Answers take 700 ms more")
    assert seconds_until(page, "Count: 1", "inc") >= 0.7
    seen = page.evaluate(
        """async () => {
            const seen = [], count = document.querySelector(".count");
            new MutationObserver(() => seen.push(count.innerText)).observe(count, { subtree: true, childList: true, characterData: true });
            for (let i = 0; i < 3; i += 1) {
                [...document.querySelectorAll("button")].find((button) => button.innerText === "inc").click();
                await new Promise((go) => setTimeout(go, 100));
            }
            while (seen.at(-1) !== "Count: 4") await new Promise((go) => setTimeout(go, 5));
            return seen;
        }"""
    )
    assert seen == ["Count: 2", "Count: 3", "Count: 4"]
    press(other, "inc")
    expect(other.locator(".count")).to_have_text("Count: 1")
    expect(other.locator(MARK)).to_have_count(0)
    page.locator(MARK).get_by_role("button", name="End").click()
    expect(page.locator(MARK)).to_have_count(0)
    press(page, "inc")
    expect(page.locator(".count")).to_have_text("Count: 5")


def test_answers_are_held_and_let_through_one_by_one(room):  # noqa: F811
    _, presenter, _ = room("stage=True", PROGRAM)
    page, other = presenter(), presenter()
    page.evaluate("playground.hold()")
    for number in range(1, 4):
        press(page, "inc")
        expect(page.locator(MARK)).to_contain_text(f"Answers are held: {number}")
    expect(page.locator(".count")).to_have_text("Count: 0")
    page.evaluate("playground.next()")
    expect(page.locator(".count")).to_have_text("Count: 1")
    page.locator(MARK).get_by_role("button", name="Next").click()
    expect(page.locator(".count")).to_have_text("Count: 2")
    press(other, "inc")
    expect(other.locator(".count")).to_have_text("Count: 1")
    press(page, "inc")
    expect(page.locator(MARK)).to_contain_text("held: 2")
    page.evaluate("playground.release()")
    expect(page.locator(".count")).to_have_text("Count: 4")
    expect(page.locator(MARK)).to_have_count(0)


@pytest.mark.console_allows("WebSocket")
@pytest.mark.parametrize("command", ["slow(300)", "hold()"])
def test_a_connection_that_was_lost_is_found_meanwhile(room, command):  # noqa: F811
    _, presenter, _ = room("stage=True", PROGRAM)
    page = presenter()
    page.evaluate(f"playground.{command}")
    press(page, "inc")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.evaluate("window.socket.io.engine.close()")
    page.wait_for_function("() => !window.socket.connected")
    press(page, "inc")
    page.wait_for_function("() => window.socket.connected")
    press(page, "inc")
    page.wait_for_function("() => document.getElementById('popup').ariaHidden === 'true'")
    if command == "hold()":
        expect(page.locator(".count")).to_have_text("Count: 0")
        page.evaluate("playground.release()")
    expect(page.locator(".count")).to_have_text("Count: 3")
    page.evaluate("playground.slow(0)")
    press(page, "inc")
    expect(page.locator(".count")).to_have_text("Count: 4")
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_a_save_is_delayed_as_well(room):  # noqa: F811
    server, presenter, _ = room("stage=True", PROGRAM)
    page, other = presenter(), presenter()
    page.evaluate("playground.hold()")
    save(server, ("Count:", "Number:"))
    expect(other.locator(".count")).to_have_text("Number: 0")
    expect(page.locator(MARK)).to_contain_text("held: 1")
    expect(page.locator(".count")).to_have_text("Count: 0")
    page.evaluate("playground.next()")
    expect(page.locator(".count")).to_have_text("Number: 0")


def test_the_switches_do_the_same(room):  # noqa: F811
    """They are held back by nothing that they hold back themselves."""
    _, presenter, _ = room("stage=True", PROGRAM)
    page = presenter()
    switches = presenter("/_playground/inspect")
    press(switches, "400 ms later")
    expect(page.locator(MARK)).to_contain_text("Answers take 400 ms more")
    page.evaluate("playground.slow(250)")
    expect(switches.get_by_role("button", name="250 ms later")).to_have_attribute("aria-pressed", "true")
    press(switches, "Answers at once")
    expect(page.locator(MARK)).to_have_count(0)
    switches.get_by_role("switch").click()
    expect(page.locator(MARK)).to_contain_text("held: 0")
    for number in (1, 2):
        press(page, "inc")
        expect(page.locator(MARK)).to_contain_text(f"held: {number}")
    press(switches, "Next of 2")
    expect(page.locator(".count")).to_have_text("Count: 1")
    expect(switches.get_by_role("button", name="Next of 1")).to_be_visible()
    switches.get_by_role("switch").click()
    expect(page.locator(".count")).to_have_text("Count: 2")
    expect(page.locator(MARK)).to_have_count(0)


def test_without_the_stage_there_is_nothing_of_it(room):  # noqa: F811
    _, presenter, _ = room("share=True", PROGRAM)
    assert presenter().evaluate("typeof playground.slow") == "undefined"


# ---------------------------------------------------------------------------------------------------------------------
# A lesson is recorded, and played again
# ---------------------------------------------------------------------------------------------------------------------

LESSON = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.count, self.name, self.sent, self.rows = 0, "", "", ["a", "b", "c"]

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.label(f"{self.name}|{self.sent}|{''.join(self.rows)}").classes("state")
        ui.button(f"inc {self.count}", on_click=self.event("inc"))
        ui.input("Name", on_change=self.event("name"))
        for row in self.rows:
            with playground.key(row):
                ui.button("delete", on_click=self.event("delete", row=row))
        with playground.form(on_submit=self.event("send")):
            ui.input("Mail").props("name=mail")
            ui.button("Send").props("type=submit")

    def handle_event(self, event, params):
        match event:
            case "inc":
                self.count += 1
            case "name":
                self.name = params["value"]
            case "delete":
                self.rows.remove(params["row"])
            case "send":
                self.sent = params["mail"]


playground.start(live=Page, open_browser=False, port=PORT)
"""


@pytest.fixture
def replay(tmp_path):
    """Plays a recording; gives the server."""
    servers = []

    def start(directory):
        port = str(unused_port())
        command = [sys.executable, "-m", "playground", "--port", port, "--no-browser", "replay", str(directory)]
        server = Server(Path("replay"), command, tmp_path, environment_of_servers(tmp_path))
        servers.append(server)
        server.wait_until_served()
        return server

    yield start
    for server in servers:
        server.end()
        print(server.log)


@pytest.mark.slow
@pytest.mark.console_allows("SyntaxError")
def test_a_lesson_is_recorded_and_played_again(serve, replay, open_page, tmp_path):
    talk = tmp_path / "talk"
    server = serve(LESSON, "--record", str(talk), python=("-m", "playground"))
    page = open_page(server.url)
    count, state = page.locator(".count"), page.locator(".state")
    press(page, "inc 0")
    press(page, "inc 1")
    expect(count).to_have_text("Count: 2")
    page.get_by_label("Name").press_sequentially("Ada", delay=100)
    expect(state).to_contain_text("Ada|")
    page.get_by_role("button", name="delete").nth(1).click()
    expect(state).to_contain_text("|ac")
    save(server, ("Count:", "Number:"))
    expect(count).to_have_text("Number: 2")
    save(server, ("def mount(self):", "def mount(self:"))
    expect(page.locator("playground-overlay .error")).to_be_visible()
    save(server, ("def mount(self:", "def mount(self):"))
    expect(page.locator("playground-overlay .error")).to_have_count(0)
    page.get_by_label("Mail").fill("ada@example.org")
    press(page, "Send")
    expect(state).to_have_text("Ada|ada@example.org|ac")
    recording = wait_until(
        lambda: (talk / "recording.jsonl").read_text().count("submit") and (talk / "recording.jsonl")
    )
    page.close()
    server.end()
    lines = [json.loads(line) for line in recording.read_text().splitlines()]
    assert [line["kind"] for line in lines if line["kind"] != "event"] == ["start", "save", "save", "save"]
    assert all(isinstance(line["time"], float) for line in lines)

    played = replay(talk)
    script = Path(re.search(r"is played in (\S+);", played.log)[1]) / "my_demo.py"
    assert script.read_text() == (talk / "versions" / "1" / "my_demo.py").read_text()
    page = open_page(played.url)
    count, state, bar = page.locator(".count"), page.locator(".state"), page.locator("playground-replay")
    expect(bar).to_contain_text("0 of 8")
    expect(bar).to_contain_text("“inc 0” is clicked")
    page.keyboard.press(" ")
    expect(count).to_have_text("Count: 1")
    bar.get_by_role("button", name="Next").click()
    expect(count).to_have_text("Count: 2")
    press(page, "inc 2")  # live, in between
    expect(count).to_have_text("Count: 3")
    page.keyboard.press(" ")  # it has the focus, and is not pressed
    expect(state).to_have_text("Ada||abc")
    expect(count).to_have_text("Count: 3")
    page.get_by_label("Mail").focus()
    page.keyboard.press(" ")
    expect(page.get_by_label("Mail")).to_have_value(" ")
    expect(bar).to_contain_text("3 of 8")
    page.get_by_label("Mail").blur()
    page.keyboard.press(" ")
    expect(state).to_have_text("Ada||ac")
    page.keyboard.press(" ")
    expect(count).to_have_text("Number: 3")
    page.keyboard.press(" ")
    expect(page.locator("playground-overlay .error")).to_be_visible()
    page.keyboard.press(" ")
    expect(page.locator("playground-overlay .error")).to_have_count(0)
    page.keyboard.press(" ")
    expect(state).to_have_text("Ada|ada@example.org|ac")
    expect(bar).to_contain_text("The end")
    bar.get_by_role("button", name="Drop the rest").click()
    expect(bar).to_have_count(0)
    press(page, "inc 3")
    expect(count).to_have_text("Number: 4")


def test_what_is_no_recording_is_said(tmp_path):
    command = [sys.executable, "-m", "playground", "replay", str(tmp_path)]
    ended = subprocess.run(command, cwd=tmp_path, env=environment_of_servers(tmp_path), capture_output=True, text=True)
    assert ended.returncode == 1
    assert f"there is no recording in {tmp_path}" in ended.stderr


def test_lines_that_are_removed_are_told(room):  # noqa: F811
    server, presenter, _ = room("share=True", PROGRAM)
    mine = presenter(CODE)
    save(server, ('        ui.button("inc", on_click=self.event("inc"))\n', ""))
    expect(mine.locator(".program-when")).to_contain_text("2 of 2 · lines were removed")
    assert signs(mine) == []
