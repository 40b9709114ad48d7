"""Who is in the room: the presenter sees errors and tools, the audience does not, and holds nothing back."""

import asyncio
import re
import stat
import urllib.error
import urllib.request

import pytest
from conftest import PATIENCE, run_in_thread, wait_until
from playwright.sync_api import expect
from tabs import Tab

PROGRAM = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.count, self.secret = 0, "hidden in a variable"

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("inc", on_click=self.event("inc"))
        ui.button("fail", on_click=self.event("fail"))

    def handle_event(self, event, params):
        self.count += 1
        if event == "fail":
            secret = self.secret
            raise ValueError("no way")


class Broken(playground.LiveView):
    def render(self):
        raise LookupError("hidden in a page")


playground.start(live={"/": Page, "/broken": Broken}, open_browser=False, port=PORT, OPTIONS)
"""
OTHER = {"X-Forwarded-For": "192.0.2.7"}  # what a request of another machine looks like


@pytest.fixture
def room(serve, browser, open_page, console, monkeypatch, tmp_path):
    """A server, with functions that open a page for the presenter and for somebody else."""
    monkeypatch.setenv("PLAYGROUND_STATE", str(tmp_path / "state"))
    from conftest import new_person, tell_what_it_waits_for

    contexts = []

    def start(options="", program=PROGRAM):
        server = serve(program.replace(", OPTIONS", f", {options}" if options else ""))

        def audience(path="/", **headers):
            context = new_person(browser, extra_http_headers=headers or OTHER)
            contexts.append(context)
            page = tell_what_it_waits_for(context.new_page())
            console.watch(page)
            page.goto(f"{server.url}{path}")
            return page

        return server, (lambda path="/": open_page(f"{server.url}{path}")), audience

    yield start
    for context in contexts:
        context.close()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def token_of(server):
    """The token that the server has printed."""
    return wait_until(lambda: re.search(r"[?]presenter=([0-9a-f]+)", server.log))[1]


def status_of(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers)).status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.console_allows("status of 500", "status of 404")
def test_the_audience_sees_no_source_and_no_variables(room):
    _, presenter, audience = room()
    logged = []
    mine, yours = presenter(), audience()
    yours.on("console", lambda message: logged.append(message.text))
    for page in (mine, yours):
        press(page, "fail")
    expect(mine.locator("playground-overlay .error")).to_contain_text("hidden in a variable")
    expect(yours.locator("playground-overlay .error")).to_contain_text("Something went wrong")
    expect(yours.locator("playground-overlay")).not_to_contain_text("no way")
    broken = audience("/broken")
    expect(broken.locator("body")).to_contain_text("Something went wrong")
    assert "hidden in a page" not in broken.content()
    assert "/broken" not in audience("/nowhere").locator("body").inner_text()
    assert not any("no way" in line for line in logged)


@pytest.mark.console_allows("status of 404")
def test_tools_are_for_the_presenter(room):
    server, _, audience = room("share=True")
    assert status_of(f"{server.url}/_playground/tree") == 200
    assert status_of(f"{server.url}/_playground/tree", **OTHER) == 404
    assert status_of(f"{server.url}/_playground/qr", **OTHER) == 200
    page = audience()
    page.wait_for_function("() => window.did_handshake")
    page.evaluate("window.playground.act('follow', {uri: '/_playground/tree', link: 'navigate'})")
    page.wait_for_url(f"{server.url}/_playground/tree")
    expect(page.locator("body")).not_to_contain_text("mailbox")


def test_what_the_audience_sends_does_nothing(room, monkeypatch, tmp_path):
    opened = tmp_path / "opened"
    monkeypatch.setenv("PLAYGROUND_EDITOR", f"touch {opened}")
    server, _, audience = room()
    page = audience()
    page.wait_for_function("() => window.did_handshake")
    press(page, "inc")
    for act in (
        f"edit', {{file: {str(server.path)!r}, line: 1}}",
        "locate', {ids: [...document.querySelectorAll('[id^=c]')].map((element) => Number(element.id.slice(1)))}",
        "remount', {}",
        "replay', {}",
    ):
        page.evaluate(f"window.playground.act('{act})")
    press(page, "inc")
    expect(page.locator(".count")).to_have_text("Count: 2")
    assert not opened.exists()


def test_the_editor_opens_files_of_the_program_only(room, monkeypatch, tmp_path):
    opened = tmp_path / "opened"
    monkeypatch.setenv("PLAYGROUND_EDITOR", f"touch {opened}-{{line}}")
    other = tmp_path / "state" / "other.py"
    other.parent.mkdir(exist_ok=True)
    other.write_text("")
    server, presenter, _ = room()
    page = presenter()
    page.evaluate(f"window.playground.act('edit', {{file: {str(other)!r}, line: 1}})")
    page.evaluate(f"window.playground.act('edit', {{file: {str(server.path)!r}, line: 2}})")
    wait_until(lambda: (tmp_path / "opened-2").exists())
    assert not (tmp_path / "opened-1").exists()


@pytest.mark.console_allows("ERR_CONNECTION_REFUSED", "WebSocket")
@pytest.mark.parametrize("options", ["share=True", "allowed_hosts=['demo.example']"])
def test_the_token_makes_a_browser_the_presenters(room, options):
    server, _, audience = room(options)
    token = token_of(server)
    page = audience(f"/?presenter={token}")
    expect(page).to_have_url(f"{server.url}/")
    press(page, "fail")
    expect(page.locator("playground-overlay .error")).to_contain_text("hidden in a variable")
    assert token not in page.evaluate("document.cookie")
    wrong = audience(f"/?presenter={'0' * len(token)}")
    press(wrong, "fail")
    expect(wrong.locator("playground-overlay .error")).to_contain_text("Something went wrong")


def test_the_token_and_the_sessions_last_over_a_restart(room, tmp_path):
    server, *_ = room("share=True")
    token = token_of(server)
    (secret,) = (tmp_path / "state").glob("*/secret")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    server.interrupt()
    server.wait()
    server, *_ = room("share=True")
    assert token_of(server) == token
    assert secret.read_text() not in server.log


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto"])
def test_whom_a_proxy_speaks_for_is_audience(room, header):
    _, _, audience = room()
    page = audience(**{header: "for=192.0.2.7" if header == "Forwarded" else "192.0.2.7"})
    press(page, "fail")
    expect(page.locator("playground-overlay .error")).to_contain_text("Something went wrong")


def test_one_who_comes_through_a_proxy_in_the_same_machine_is_audience(room):
    _, presenter, _ = room("allowed_hosts=['demo.example']")
    page = presenter()
    press(page, "fail")
    expect(page.locator("playground-overlay .error")).to_contain_text("Something went wrong")


def test_a_shared_server_does_without_qrcode(serve):
    server = serve("import sys\nsys.modules['qrcode'] = None\n" + PROGRAM.replace("OPTIONS", "share=True"))
    wait_until(lambda: re.search(r"playground: http://\S+ for others", server.log))
    assert "pip install qrcode" in server.log
    with urllib.request.urlopen(f"{server.url}/_playground/qr") as answer:
        assert "pip install qrcode" in answer.read().decode()


def save(server, *edits):
    source = server.path.read_text()
    for old, new in edits:
        assert old in source
        source = source.replace(old, new)
    server.path.write_text(source)


NOT_FOR_TWO = ('ui.label(f"Count: {self.count}")', "ui.label(f\"{['none', 'one'][self.count]}\")")


@pytest.mark.console_allows("WebSocket")
def test_the_audience_holds_no_save_back(room):
    server, presenter, audience = room()
    mine, yours, other = presenter(), audience(), audience()
    for _ in range(2):
        press(yours, "inc")
    expect(yours.locator(".count")).to_have_text("Count: 2")
    press(mine, "inc")
    expect(mine.locator(".count")).to_have_text("Count: 1")
    save(server, NOT_FOR_TWO)
    expect(mine.locator(".count")).to_have_text("one")
    expect(other.locator(".count")).to_have_text("none")
    wait_until(lambda: "1 of the audience's pages could not follow" in server.log)
    expect(yours.locator(".count")).to_have_text("none")  # it has begun anew by itself
    expect(yours.locator("playground-overlay")).to_have_count(0)


def test_thirty_pages_of_the_audience_that_cannot_follow_hold_no_save_back(room):
    """Without browsers, each of which would have to draw."""
    program = PROGRAM.replace("mount(self):", "mount(self, params):").replace("= 0,", '= int(params.get("count", 0)),')
    server, presenter, _ = room(program=program)
    mine = presenter()

    async def look_on():
        tabs = await asyncio.gather(*[Tab.open(f"{server.url}?count=2", **OTHER) for _ in range(30)])
        told = [asyncio.Queue() for _ in tabs]
        sockets = [
            await tab.connect({"run_javascript": queue.put_nowait}) for tab, queue in zip(tabs, told, strict=True)
        ]
        await asyncio.to_thread(save, server, NOT_FOR_TWO)
        for queue in told:
            while "location.reload" not in (await asyncio.wait_for(queue.get(), PATIENCE))["code"]:
                pass
        await asyncio.gather(*[socket.disconnect() for socket in sockets])

    run_in_thread(look_on())
    wait_until(lambda: "30 of the audience's pages could not follow" in server.log, lambda: server.log)
    expect(mine.locator(".count")).to_have_text("none")


def test_a_broken_save_is_nothing_to_the_audience(room):
    server, presenter, audience = room()
    mine, yours = presenter(), audience()
    save(server, ("def render(self):\n        ui.label", "def render(self):\n        nonsense\n        ui.label"))
    expect(mine.locator("playground-overlay .error")).to_contain_text("nonsense")
    press(yours, "inc")
    expect(yours.locator(".count")).to_have_text("Count: 1")
    expect(yours.locator("playground-overlay")).to_have_count(0)


def test_pages_in_the_way_are_named_and_can_be_remounted(room):
    server, presenter, _ = room()
    one, other, third = presenter(), presenter("/?id=7"), presenter()
    for page in (other, third):
        for _ in range(2):
            press(page, "inc")
        expect(page.locator(".count")).to_have_text("Count: 2")
    press(one, "inc")
    expect(one.locator(".count")).to_have_text("Count: 1")
    save(server, NOT_FOR_TWO)
    overlay = one.locator("playground-overlay .error")
    expect(overlay).to_contain_text(re.compile(r"another open page, /\?id=7, opened \d\d:\d\d"))
    expect(overlay).to_contain_text(re.compile(r"another open page, /, opened \d\d:\d\d"))
    expect(overlay).not_to_contain_text("hidden in a variable")
    expect(other.locator("playground-overlay .error")).to_contain_text("IndexError")
    one.get_by_role("button", name="Remount the pages in the way").click()
    expect(one.locator(".count")).to_have_text("one")
    expect(other.locator(".count")).to_have_text("none")
    expect(third.locator(".count")).to_have_text("none")
    expect(one.locator("playground-overlay")).to_have_count(0)
