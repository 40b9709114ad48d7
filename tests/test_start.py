"""`playground.start` as a person meets it: scripts run as real processes."""

import asyncio
import contextlib
import json
import re
import socket
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest
from conftest import PATIENCE, SERVER_GONE, connected
from playwright.sync_api import expect
from tabs import Tab

COUNTER = """
from nicegui import ui

import playground


class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}")
        ui.button("+", on_click=self.event("inc"))

    def handle_event(self, event):
        self.count += 1

    def terminate(self, reason):
        print("terminated:", reason)
"""


def get(url, opener=None):
    """The text at an address; `opener` keeps cookies."""
    with (opener or urllib.request.build_opener()).open(url, timeout=PATIENCE) as response:
        return response.read().decode()


def person():
    """Somebody with cookies of their own."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.jar = jar
    return opener


def label_starting(text, html):
    """The text of the label that starts with `text`; the first view of a page is in its HTML already."""
    found = re.search(rf'\\?"({re.escape(text)}[^"\\]*)\\?"', html)
    assert found, f"no {text!r} on the page"
    return found[1]


@contextlib.contextmanager
def listening(port=0):
    """Take a port (another program may have it already, which is as good)."""
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            taker.bind(("127.0.0.1", port))
            taker.listen()
        yield taker.getsockname()[1] if port == 0 else port


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


# ---------------------------------------------------------------------------------------------------------------------
# Port and address
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.cold
def test_it_serves_port_4000_and_prints_its_address_on_one_line(port_4000, serve):
    if not is_free(4000):
        pytest.skip("another program has port 4000")
    server = serve(COUNTER + "\nplayground.start(live=Counter, open_browser=False)\n")
    assert server.log == "playground: http://127.0.0.1:4000\n"
    assert "Count: 0" in get("http://127.0.0.1:4000/")


def test_the_next_free_port_is_taken_if_4000_is_not_free(port_4000, serve):
    with listening(4000):
        server = serve(COUNTER + "\nplayground.start(live=Counter, open_browser=False)\n")
        first, second = server.log.splitlines()
        port = int(server.url.rpartition(":")[2])
        assert 4000 < port < 4100
        assert first == f"playground: port 4000 is taken, using {port}"
        assert second == f"playground: http://127.0.0.1:{port}"
        assert "Count: 0" in get(server.url)


def test_a_given_port_that_is_taken_is_an_error_that_names_it(serve):
    with listening() as port:
        server = serve(COUNTER + f"\nplayground.start(live=Counter, port={port}, open_browser=False)\n", wait=False)
        assert server.wait() == 1
    message = server.stderr.splitlines()[0]
    assert f"Port {port} of 127.0.0.1 is taken" in message
    assert server.stdout == ""


def test_a_port_is_free_again_right_after_its_server_ended(serve, free_port):
    script = COUNTER + f"\nplayground.start(live=Counter, port={free_port}, open_browser=False)\n"
    for _ in range(2):
        server = serve(script)
        get(server.url)
        server.interrupt()
        assert server.wait() == 0


def test_only_this_machine_can_connect_by_default(serve):
    server = serve(COUNTER)
    address = next((info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)), "127.0.0.1")
    if address.startswith("127."):
        pytest.skip("this machine has no other address")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((address, int(server.url.rpartition(":")[2])), timeout=5)


def test_host_0000_is_shown_as_an_address_that_can_be_opened(serve):
    server = serve(COUNTER + '\nplayground.start(live=Counter, host="0.0.0.0", port=PORT, open_browser=False)\n')
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    assert "Count: 0" in get(server.url)


def test_it_listens_on_ipv6(serve):
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    server = serve(COUNTER + '\nplayground.start(live=Counter, host="::1", port=PORT, open_browser=False)\n')
    assert server.url.startswith("http://[::1]:")
    assert "Count: 0" in get(server.url)


# ---------------------------------------------------------------------------------------------------------------------
# The end
# ---------------------------------------------------------------------------------------------------------------------


def interrupt(server):
    """Press Ctrl-C; the server has to end, whatever goes on, in order, and without a word."""
    before = server.stderr
    server.interrupt()
    assert server.wait() == 0, server.log
    assert "Traceback" not in server.log
    assert server.stderr == before


@pytest.mark.cold
def test_ctrl_c_ends_a_server_that_nobody_uses(serve):
    interrupt(serve(COUNTER))


def test_ctrl_c_ends_a_server_with_a_page_that_never_connected(serve):
    server = serve(COUNTER)
    get(server.url)
    interrupt(server)
    assert "terminated: shutdown" in server.stdout


@pytest.mark.cold
def test_ctrl_c_ends_a_server_with_open_pages(serve, open_page, console):
    console.allow(SERVER_GONE)
    server = serve(COUNTER)
    for name in ("a", "b", "c"):
        tab = open_page(server.url, person=name)
        tab.get_by_role("button", name="+").click()
        expect(tab.get_by_text("Count: 1")).to_be_visible()
    interrupt(server)
    assert server.stdout.count("terminated: shutdown") == 3


HANGING = """
import asyncio

from nicegui import ui

import playground


class Page(playground.LiveView):
    def render(self):
        ui.button("hang", on_click=self.hang)

    async def hang(self):
        print("hanging")
        await asyncio.sleep(1000)

    def terminate(self, reason):
        print("terminated:", reason)
"""


def test_ctrl_c_ends_a_server_while_a_handler_hangs(serve, open_page, console, wait_for):
    console.allow(SERVER_GONE)
    server = serve(HANGING)
    open_page(server.url).get_by_role("button", name="hang").click()
    wait_for(lambda: "hanging" in server.stdout)
    interrupt(server)
    assert "terminated: shutdown" in server.stdout


def test_ctrl_c_ends_a_server_while_mount_hangs(serve, wait_for):
    server = serve(HANGING.replace("def render", "async def mount(self):\n        await self.hang()\n\n    def render"))
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as visitor:
        visitor.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        wait_for(lambda: "hanging" in server.stdout)
        interrupt(server)


@pytest.mark.cold
@pytest.mark.parametrize("start", ["self.start_async('job', self.sleep)", "self.assign_async('result', self.sleep)"])
def test_ctrl_c_ends_a_server_while_a_thread_hangs(serve, wait_for, start):
    sleep = "def sleep(self):\n        print('sleeping', flush=True)\n        __import__('time').sleep(1000)\n\n    "
    server = serve(HANGING.replace("def render", f"def mount(self):\n        {start}\n\n    {sleep}def render"))
    get(server.url)
    wait_for(lambda: "sleeping" in server.stdout, what=lambda: server.log)
    interrupt(server)
    assert "terminated: shutdown" in server.stdout


@pytest.mark.cold
def test_sigterm_ends_it_too(serve):
    server = serve(COUNTER)
    get(server.url)
    server.process.terminate()
    assert server.wait() in (0, -15)
    assert "terminated: shutdown" in server.stdout
    assert "Traceback" not in server.log


def test_what_terminate_awaits_is_done_before_the_end(serve):
    server = serve(
        COUNTER.replace("def terminate", "async def terminate").replace(
            "        print(", "        import asyncio; await asyncio.sleep(0.1)\n        print("
        )
    )
    get(server.url)
    server.interrupt()
    assert server.wait() == 0
    assert "terminated: shutdown" in server.stdout


def test_a_closed_page_is_terminated(serve, open_page, wait_for):
    server = serve(COUNTER)
    tab = open_page(server.url)
    tab.close()
    wait_for(lambda: "terminated: closed" in server.stdout, lambda: server.log)
    interrupt(server)
    assert server.stdout.count("terminated") == 1


# ---------------------------------------------------------------------------------------------------------------------
# Pages
# ---------------------------------------------------------------------------------------------------------------------

ROOMS = """
from nicegui import ui

import playground


class Home(playground.LiveView):
    def render(self):
        ui.label("home")


class Room(playground.LiveView):
    def mount(self, params):
        self.params = params

    def render(self):
        ui.label("room " + " ".join(f"{name}={value}" for name, value in sorted(self.params.items())))


playground.start(live={"/": Home, "/rooms/{name}": Room, "/a/{x}/b/{y:int}": Room}, port=PORT, open_browser=False)
"""


def test_a_dictionary_of_paths(serve):
    url = serve(ROOMS).url
    assert label_starting("home", get(url)) == "home"
    assert label_starting("room ", get(f"{url}/rooms/blue")) == "room name=blue"
    assert label_starting("room ", get(f"{url}/rooms/blue?size=3&q=a%20b")) == "room name=blue q=a b size=3"
    assert label_starting("room ", get(f"{url}/a/1/b/2")) == "room x=1 y=2"


def test_the_path_wins_over_the_query(serve):
    assert label_starting("room ", get(f"{serve(ROOMS).url}/rooms/blue?name=red")) == "room name=blue"


@pytest.mark.parametrize("path", ["/nowhere", "/rooms", "/a/1/b/two"])
def test_other_addresses_are_not_found(serve, path):
    with pytest.raises(urllib.error.HTTPError) as error:
        get(serve(ROOMS).url + path)
    assert error.value.code == 404


@pytest.mark.quick
def test_open_pages_are_independent(serve, open_page):
    server = serve(COUNTER)
    first, second = open_page(server.url), open_page(server.url, person="another")
    first.get_by_role("button", name="+").click()
    expect(first.get_by_text("Count: 1")).to_be_visible()
    first.get_by_role("button", name="+").click()
    expect(first.get_by_text("Count: 2")).to_be_visible()
    second.get_by_role("button", name="+").click()
    expect(second.get_by_text("Count: 1")).to_be_visible()
    expect(first.get_by_text("Count: 2")).to_be_visible()


def test_title_and_dark_mode(serve, open_page):
    page_class = COUNTER + "\n\nclass Named(Counter):\n    page_title = 'Its own'\n\n\n"
    pages = 'live={"/": Counter, "/named": Named}, port=PORT, open_browser=False'
    server = serve(f'{page_class}playground.start({pages}, title="My demo", dark=True)\n')
    tab = open_page(server.url)
    expect(tab).to_have_title("My demo")
    expect(tab.locator("body")).to_have_class(re.compile("body--dark"))
    expect(open_page(f"{server.url}/named")).to_have_title("Its own")
    tab = open_page(serve(COUNTER, name="other.py").url)
    expect(tab).to_have_title("Playground")
    expect(tab.locator("body")).not_to_have_class(re.compile("body--dark"))


def test_an_edited_title_and_dark_mode_reach_open_pages(serve, open_page):
    page_class = COUNTER + (
        "\n\nclass Named(Counter):\n    page_title = 'Its own'\n\n    def render(self):\n        ui.dark_mode(True)\n\n\n"
    )
    pages = 'live={"/": Counter, "/named": Named}, port=PORT, open_browser=False'
    server = serve(f'{page_class}playground.start({pages}, title="My demo", dark=True)\n')
    tab, named = open_page(server.url), open_page(f"{server.url}/named")
    dark = re.compile("body--dark")
    expect(tab.locator("body")).to_have_class(dark)
    expect(named.locator("body")).to_have_class(dark)
    saved = server.path.read_text()
    server.path.write_text(saved.replace('"My demo", dark=True', '"Our demo", dark=False'))
    expect(tab).to_have_title("Our demo")
    expect(tab.locator("body")).not_to_have_class(dark)
    expect(named).to_have_title("Its own")
    expect(named.locator("body")).to_have_class(dark)  # it says so itself
    server.path.write_text(saved.replace(', title="My demo", dark=True', ""))
    expect(tab).to_have_title("Playground")
    tab.emulate_media(color_scheme="dark")
    expect(tab.locator("body")).to_have_class(dark)
    tab.emulate_media(color_scheme="light")
    expect(tab.locator("body")).not_to_have_class(dark)


def test_an_error_in_mount_leaves_the_other_pages_alone(serve, wait_for):
    server = serve("""
from nicegui import ui

import playground


class Good(playground.LiveView):
    def render(self):
        ui.label("good")


class Bad(playground.LiveView):
    def mount(self):
        raise ValueError("this is wrong")

    def render(self):
        ui.label("never")


playground.start(live={"/": Good, "/bad": Bad}, port=PORT, open_browser=False)
""")
    with pytest.raises(urllib.error.HTTPError) as error:
        get(f"{server.url}/bad")
    assert error.value.code == 500
    wait_for(lambda: "ValueError: this is wrong" in server.log, what=lambda: server.log)
    assert "good" in get(server.url)


# ---------------------------------------------------------------------------------------------------------------------
# Session
# ---------------------------------------------------------------------------------------------------------------------

SESSION = """
from nicegui import ui

import playground


class Page(playground.LiveView):
    def mount(self, params, session):
        self.id = session.get("id")

    def render(self):
        ui.label(f"session {self.id} {self.session.get('id') == self.id}")
"""


@pytest.mark.cold
@pytest.mark.parametrize(
    ("start", "frozen"),
    [
        ("playground.start(live=Page, port=PORT, open_browser=False)", True),
        ("playground.start(live=Page, port=PORT, open_browser=False, block=False)\nthreading.Event().wait()", False),
    ],
)
def test_the_collector_leaves_alone_what_a_program_has_imported(serve, start, frozen):
    """Looking through it stops all pages for a tenth of a second; in a notebook, large data come and go."""
    source = """
import gc
import threading

from nicegui import ui

import playground


class Page(playground.LiveView):
    def render(self):
        ui.label(f"frozen: {gc.get_freeze_count() > 100_000}")
"""
    assert label_starting("frozen", get(serve(source + start).url)) == f"frozen: {frozen}"


def test_the_session_is_kept_in_a_signed_cookie(serve):
    server = serve(SESSION)
    visitor = person()
    seen = label_starting("session ", get(server.url, visitor))
    assert re.fullmatch(r"session [\w-]{8,} True", seen)
    assert label_starting("session ", get(server.url, visitor)) == seen
    assert label_starting("session ", get(server.url, person())) != seen
    (cookie,) = visitor.jar
    assert cookie.has_nonstandard_attr("HttpOnly") or cookie.has_nonstandard_attr("httponly")
    payload, rest = cookie.value.split(".", 1)
    cookie.value = ("A" if payload[0] != "A" else "B") + payload[1:] + "." + rest
    assert label_starting("session ", get(server.url, visitor)) != seen


@pytest.mark.cold
def test_the_session_survives_a_restart_of_the_script(serve, free_port):
    script = SESSION + f"\nplayground.start(live=Page, port={free_port}, open_browser=False)\n"
    visitor = person()
    server = serve(script)
    seen = label_starting("session ", get(server.url, visitor))
    server.end()
    assert label_starting("session ", get(serve(script).url, visitor)) == seen
    another = serve(script.replace(str(free_port), "PORT"), name="another_demo.py")
    assert label_starting("session ", get(another.url, visitor)) != seen


def test_a_secret_key_makes_servers_share_sessions(serve):
    script = SESSION + '\nplayground.start(live=Page, port=PORT, open_browser=False, secret_key="k" * 40)\n'
    visitor = person()
    seen = label_starting("session ", get(serve(script, name="one.py").url, visitor))
    assert label_starting("session ", get(serve(script, name="two.py").url, visitor)) == seen


# ---------------------------------------------------------------------------------------------------------------------
# Wrong use
# ---------------------------------------------------------------------------------------------------------------------

WRONG = {
    "nothing": ("playground.start()", "TypeError: There is nothing to serve. Give a page class"),
    "no page": ("playground.start(live={})", "TypeError: There is nothing to serve. Give at least one page"),
    "instance": (
        "playground.start(live=Counter())",
        "TypeError: Counter(...) is one page; give the class: live=Counter.",
    ),
    "instance at a path": ('playground.start(live={"/": Counter()})', "TypeError: Counter(...) is one page"),
    "no page class": ("playground.start(live=print)", "TypeError: <built-in function print> is no page class."),
    "path without slash": (
        'playground.start(live={"rooms": Counter})',
        """ValueError: The path 'rooms' has to start with a slash: "/rooms\"""",
    ),
    "no render": (
        "class Page(playground.LiveView): pass\nplayground.start(live=Page)",
        "TypeError: Page has no render method. Add `def render(self):`",
    ),
    "async render": (
        "class Page(Counter):\n    async def render(self): pass\nplayground.start(live=Page)",
        "TypeError: render() of Page is async, but it has to describe the page at once.",
    ),
    "name in use": (
        "class Page(Counter):\n    def refresh(self): pass\nplayground.start(live=Page)",
        "TypeError: Page.refresh: LiveView uses the name 'refresh' itself. Choose another.",
    ),
    "unknown option": (
        "playground.start(live=Counter, prot=8000)",
        "start() has no option 'prot'. Did you mean 'port'?",
    ),
}


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG)
def test_wrong_use_says_what_to_write_instead(serve, call, message):
    server = serve(f"{COUNTER}\n\n{call}\n", wait=False)
    assert server.wait() == 1
    assert message in server.stderr
    assert "playground.py" not in server.stderr
    assert server.stdout == ""


ATTEMPTS = """
import asyncio


def attempt(live=Counter, **options):
    try:
        playground.start(live=live, open_browser=False, **options)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    else:
        print("it was accepted", flush=True)


async def main():
    attempt(port=PORT)


attempt(port="4100")
attempt(port=70_000)
attempt(port=-1)
attempt(live={"/": Counter, "/a/{": Counter})
attempt(live={"/a/{x y}": Counter})
attempt(live={"/a?x=1": Counter})
attempt(live=None, controller={"/a?x=1": print})
asyncio.run(main())
"""


def test_wrong_options_say_what_they_have_to_be(serve):
    server = serve(f"{COUNTER}\n\n{ATTEMPTS}", name="attempts.py", wait=False)
    assert server.wait() == 0, server.log
    texts = server.stdout.splitlines()
    for text, expected in zip(
        texts,
        [
            r"ValueError: A port is a number from 1 to 65535, not '4100'",
            r"ValueError: A port is a number from 1 to 65535, not 70000",
            r"ValueError: A port is a number from 1 to 65535, not -1",
            r"ValueError: '/a/{' is no path: it may have parts like \"{name}\"",
            r"ValueError: '/a/{x y}' is no path",
            r"ValueError: '/a\?x=1' is no path",
            r"ValueError: '/a\?x=1' is no path",
            r"RuntimeError: start\(\) runs an event loop of its own: call it from plain code, or with block=False",
        ],
        strict=True,
    ):
        assert re.match(expected, text)


@pytest.mark.cold
def test_the_traceback_of_wrong_use_points_to_the_script(serve):
    server = serve(f"{COUNTER}\n\nplayground.start(live=Counter())\n", wait=False)
    server.wait()
    assert "my_demo.py" in server.stderr
    assert "playground.start(live=Counter())" in server.stderr


# ---------------------------------------------------------------------------------------------------------------------
# Browser
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fake_browser(tmp_path):
    """A browser that notes what it is asked to open: what to add to the environment, and the file it writes."""
    if sys.platform == "win32":
        pytest.skip("needs a shell script as browser")
    opened = tmp_path / "opened"
    program = tmp_path / "fake-browser"
    program.write_text(f"#!/bin/sh\necho \"$@\" >> '{opened}'\n")
    program.chmod(0o755)
    return {"BROWSER": str(program), "DISPLAY": ":99"}, opened


def opened_by(opened, wait_for, timeout=PATIENCE):
    """What the fake browser was asked to open, or nothing."""
    with contextlib.suppress(AssertionError):
        wait_for(lambda: opened.exists() and opened.read_text().endswith("\n"), timeout=timeout)
    return opened.read_text().split() if opened.exists() else []


@pytest.mark.parametrize(
    ("live", "path"),
    [("Counter", ""), ('{"/rooms/{name}": Counter, "/lobby": Counter}', "lobby")],
    ids=["one page", "first page without a name in its path"],
)
def test_it_opens_the_first_page_in_a_browser(serve, fake_browser, wait_for, live, path):
    env, opened = fake_browser
    server = serve(f"{COUNTER}\n\nplayground.start(live={live}, port=PORT)\n", env=env)
    assert opened_by(opened, wait_for) == [f"{server.url}/{path}"]


@pytest.mark.parametrize("option", ["False", "True"], ids=["not wanted", "no screen"])
def test_it_opens_no_browser(serve, fake_browser, wait_for, option):
    env, opened = fake_browser
    if option == "True":
        if not sys.platform.startswith("linux"):
            pytest.skip("there is always a screen")
        del env["DISPLAY"]
    server = serve(f"{COUNTER}\n\nplayground.start(live=Counter, port=PORT, open_browser={option})\n", env=env)
    get(server.url)
    assert opened_by(opened, wait_for, timeout=1) == []
    assert server.stderr == ""


# ---------------------------------------------------------------------------------------------------------------------
# Ways to write and run a script
# ---------------------------------------------------------------------------------------------------------------------


def test_a_directory_with_spaces_and_letters(serve, open_page):
    server = serve(COUNTER, name="my demos ä/the demo.py")
    tab = open_page(server.url)
    tab.get_by_role("button", name="+").click()
    expect(tab.get_by_text("Count: 1")).to_be_visible()


def test_a_call_in_if_name_is_main(serve):
    call = 'if __name__ == "__main__":\n    playground.start(live=Counter, port=PORT, open_browser=False)\n'
    server = serve(f"{COUNTER}\n\n{call}")
    assert "Count: 0" in get(server.url)
    interrupt(server)


def test_a_call_in_a_function(serve):
    call = "def main():\n    playground.start(live=Counter, port=PORT, open_browser=False)\n\n\nmain()\n"
    assert "Count: 0" in get(serve(f"{COUNTER}\n\n{call}").url)


def test_a_page_class_in_a_module_of_its_own(serve, tmp_path):
    (tmp_path / "pages.py").write_text(COUNTER)
    script = "import pages\nimport playground\nplayground.start(live=pages.Counter, port=PORT, open_browser=False)\n"
    assert "Count: 0" in get(serve(script).url)


@pytest.mark.cold
def test_a_script_that_uses_all_cores_serves_once(serve, wait_for):
    server = serve(
        COUNTER
        + """
from nicegui import run


def work(number):
    return number + 1


class Page(playground.LiveView):
    async def mount(self):
        self.result = await run.cpu_bound(work, 1)

    def render(self):
        ui.label(f"result {self.result}")


playground.start(live=Page, port=PORT, open_browser=False)
"""
    )
    assert label_starting("result", get(server.url)) == "result 2"
    assert server.stdout.count("playground: http") == 1


# ---------------------------------------------------------------------------------------------------------------------
# Many pages come and go
# ---------------------------------------------------------------------------------------------------------------------

BUSY = """
import gc

from nicegui import app, background_tasks, binding, ui
from nicegui.client import Client
from nicegui.element import Element
from nicegui.slot import Slot

import playground

terminated = []


class Busy(playground.LiveView):
    def mount(self):
        self.ticks = 0
        self.send_interval(0.05, "tick")
        self.send_after(100, "never")

    def render(self):
        ui.label(f"tick {self.ticks}")
        ui.label().bind_text_from(self, "ticks")
        ui.input(on_change=lambda: None).bind_value(self, "ticks")
        ui.timer(0.05, lambda: None)
        ui.keyboard(on_key=lambda: None)
        with ui.dialog(), ui.card():
            ui.button("+", on_click=self.event("inc"))
        with ui.row():
            for number in range(self.ticks % 5):
                with playground.key(number):
                    ui.button(str(number), on_click=lambda: None).tooltip("tip")

    def handle_info(self, message):
        self.ticks += 1

    async def terminate(self, reason):
        terminated.append(reason)


@app.get("/counts")
async def counts():
    for _ in range(3):
        gc.collect()
    everything = gc.get_objects()
    return {
        "terminated": len(terminated),
        "reasons": sorted(set(terminated)),
        "left": {
            "clients": len(Client.instances),
            "bindings": len(binding.bindings),
            "bindable properties": len(binding.bindable_properties),
            "active links": len(binding.active_links),
            "slot stacks": len(Slot.stacks),
            "tasks": len(background_tasks.running_tasks),
            "routes": len(app.routes),
            "elements": sum(isinstance(thing, Element) for thing in everything),
            "views": sum(isinstance(thing, playground.LiveView) for thing in everything),
            "nodes": sum(isinstance(thing, playground._Node) for thing in everything),
        },
    }


playground.start(live=Busy, port=PORT, open_browser=False)
"""


async def visit_page(url, *, connect=True, stay=0.0):
    """Open a page, take part for a while, and close it."""
    if not connect:
        await asyncio.to_thread(get, url)
        return
    tab = await Tab.open(url)
    async with connected(tab) as updates:
        await asyncio.wait_for(updates.get(), PATIENCE)  # it lives: its ticks are rendered
        await asyncio.sleep(stay)
        await tab.say_closed()


def counts_of(server):
    return json.loads(get(f"{server.url}/counts"))


def wait_for_nothing_left(server, baseline, pages, wait_for, timeout=PATIENCE):
    seen = {}

    def is_clean():
        seen.update(counts_of(server))
        return seen["terminated"] == pages and all(seen["left"][name] <= baseline[name] for name in baseline)

    wait_for(is_clean, timeout=timeout, what=lambda: f"{pages} pages left nothing:\n{seen}\nnot more than\n{baseline}")
    assert seen["reasons"] == ["closed"]


def test_fifty_pages_in_five_seconds_leave_nothing_behind(serve, wait_for):
    server = serve(BUSY)
    empty = counts_of(server)["left"]

    async def visit_all():
        async def visit_later(number):
            await asyncio.sleep(number * 0.08)
            await visit_page(server.url, stay=0.5)

        await asyncio.gather(*[visit_later(number) for number in range(50)])

    asyncio.run(visit_all())
    wait_for_nothing_left(server, empty, 50, wait_for)
    assert "Traceback" not in server.log
    interrupt(server)


def test_an_upload_leaves_nothing_of_its_page_behind(serve, wait_for):
    server = serve(BUSY.replace("ui.timer(", "ui.upload(on_upload=self.event('inc'))\n        ui.timer("))
    baseline = counts_of(server)["left"]
    # FastAPI caches the routes it has seen, and with them the upload element itself (also in plain NiceGUI)
    baseline |= {"elements": baseline["elements"] + 3, "bindable properties": baseline["bindable properties"] + 30}
    for _ in range(3):
        asyncio.run(visit_page(server.url))
    wait_for_nothing_left(server, baseline, 3, wait_for)


@pytest.mark.slow
def test_pages_that_never_connect_are_terminated(serve, wait_for):
    server = serve(BUSY)
    baseline = counts_of(server)["left"]

    async def visit_all():
        await asyncio.gather(*[visit_page(server.url, connect=False) for _ in range(20)])

    asyncio.run(visit_all())
    assert counts_of(server)["left"]["views"] == 20
    wait_for_nothing_left(server, baseline, 20, wait_for, timeout=60 + PATIENCE)  # NiceGUI gives them 60
