"""Processes and topics behind real pages: what is shared, what survives a save, and what reaches other servers."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import urllib.error
import urllib.request

import pytest
from conftest import PATIENCE, ROOT, connected, run_in_thread, wait_until

pytest.importorskip("playwright")
from playwright.sync_api import expect
from tabs import Tab

# ---------------------------------------------------------------------------------------------------------------------
# One server
# ---------------------------------------------------------------------------------------------------------------------

SHARED = """
from nicegui import ui
import playground


broken = []


class Tally(playground.GenServer):
    def init(self, first=0):
        print("tally starts", flush=True)
        self.total = first
        if broken:
            raise ValueError("tally is broken")

    def handle_call(self, request):
        return self.total

    def handle_cast(self, request):
        match request:
            case "add":
                self.total += 1
                playground.broadcast("total", self.total)
            case "crash":
                raise ValueError("tally crashes")
            case "break":
                broken.append(True)
                raise ValueError("tally breaks")

    def terminate(self, reason):
        print("tally ends:", reason, flush=True)


class Page(playground.LiveView):
    async def mount(self):
        self.subscribe("total")
        self.total = await playground.call(Tally, "total")
        self.clicks = 0

    def render(self):
        ui.label(f"Total: {self.total}").classes("total")
        ui.label(f"Clicks: {self.clicks}").classes("clicks")
        ui.button("add", on_click=self.add)
        ui.button("crash", on_click=lambda: playground.cast(Tally, "crash"))
        ui.button("break", on_click=lambda: playground.cast(Tally, "break"))

    def add(self):
        self.clicks += 1
        playground.cast(Tally, "add")

    def handle_info(self, message):
        self.total = message

    def terminate(self):
        print("page ends", flush=True)


playground.start(live=Page, children=[Tally], port=PORT, open_browser=False)
"""


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def assert_total(number, *pages):
    for page in pages:
        expect(page.locator(".total")).to_have_text(f"Total: {number}")


def edit(server, old, new):
    text = server.path.read_text()
    assert old in text
    server.path.write_text(text.replace(old, new))


@pytest.mark.console_allows("WebSocket|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE")
def test_pages_share_a_process_that_outlives_them(serve, open_page, wait_for):
    server = serve(SHARED)
    one, two = open_page(server.url), open_page(server.url)
    press(one, "add")
    press(two, "add")
    assert_total(2, one, two)
    one.close()
    two.close()
    three = open_page(server.url)
    assert_total(2, three)
    server.interrupt()
    assert server.wait() == 0
    log = server.log
    assert log.index("tally starts") < log.index("page ends") < log.index("tally ends: shutdown")


@pytest.mark.console_allows("tally crashes")
def test_a_process_that_crashes_starts_again(serve, open_page, wait_for):
    server = serve(SHARED)
    page = open_page(server.url)
    press(page, "add")
    assert_total(1, page)
    press(page, "crash")
    wait_for(lambda: server.log.count("tally starts") == 2, what=lambda: server.log)
    wait_for(lambda: "Tally crashed in handle_cast('crash')" in server.log, what=lambda: server.log)
    press(page, "add")
    press(page, "add")
    assert_total(2, page)


def test_too_many_crashes_are_shown_and_heal_with_a_save(serve, open_page, wait_for):
    server = serve(SHARED)
    one, two = open_page(server.url), open_page(server.url)
    press(one, "break")
    for page in (one, two):
        overlay = page.locator("playground-overlay .error")
        for text in ("RestartsExceededError", "Tally", "ended 4 times", "tally is broken"):
            expect(overlay).to_contain_text(text)
    assert server.log.count("tally starts") == 4
    edit(server, 'raise ValueError("tally is broken")', "pass")
    for page in (one, two):
        expect(page.locator("playground-overlay .error")).to_have_count(0)
    press(one, "crash")
    press(one, "add")
    assert_total(1, one, two)


DEPLOYED = SHARED.replace("open_browser=False", "open_browser=False, live_reload=False, debug_errors=False")


@pytest.mark.console_allows("WebSocket|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE")
def test_a_deployment_whose_processes_have_given_up_ends(serve, open_page):
    """Nothing starts them again, so whatever supervises the program has to get to know."""
    server = serve(DEPLOYED)
    press(open_page(server.url), "break")
    assert server.wait() == 1
    assert "start(children=...) gave up: its children ended 4 times" in server.log
    assert "tally ends: shutdown" not in server.log.split("gave up")[0]


def test_a_deployment_whose_processes_cannot_start_ends(serve):
    server = serve(DEPLOYED.replace("self.total = first", "self.total = first / 0"), wait=False)
    assert server.wait() == 1
    assert "ZeroDivisionError" in server.log + server.stderr


def test_a_mounted_deployment_whose_processes_have_given_up_ends(tmp_path):
    source = DEPLOYED.replace("import playground\n", "import playground\nfrom fastapi import FastAPI\n", 1)
    source = source.replace("playground.start(", "app = FastAPI()\nplayground.mount(app, ").replace("port=PORT, ", "")
    source = source.replace(", open_browser=False", "").replace("self.total = first", "self.total = first / 0")
    (tmp_path / "served.py").write_text(source)
    command = [sys.executable, "-m", "uvicorn", "served:app", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode != 0
    assert "so the program ends" in done.stderr


@pytest.mark.console_allows("status of 500")
def test_a_process_that_cannot_start_is_shown_and_heals_with_a_save(serve, open_page):
    server = serve(SHARED.replace("self.total = first", "self.total = first / 0"))
    page = open_page(server.url, connected=False)
    expect(page.locator("playground-overlay .error")).to_contain_text("There is no process Tally")
    edit(server, "first / 0", "first + 5")
    assert_total(5, page)


def test_an_edited_process_keeps_its_state(serve, open_page, wait_for):
    server = serve(SHARED)
    one, two = open_page(server.url), open_page(server.url)
    press(one, "add")
    assert_total(1, one, two)
    edit(server, "self.total += 1", "self.total += 10")
    wait_for(lambda: "reloaded" in server.log)
    press(one, "add")
    assert_total(11, one, two)
    assert server.log.count("tally starts") == 1
    expect(one.locator(".clicks")).to_have_text("Clicks: 2")


def test_what_an_edited_init_sets_is_there_in_running_processes(serve, open_page, wait_for):
    server = serve(SHARED)
    one, two = open_page(server.url), open_page(server.url)
    press(one, "add")
    assert_total(1, one, two)
    text = server.path.read_text()
    text = text.replace("self.total = first\n", "self.total = first\n        self.reset()\n")
    text = text.replace(
        "    def handle_call", "    def reset(self):\n        self.step = 10 + self.total\n\n    def handle_call"
    )
    server.path.write_text(text.replace("self.total += 1", "self.total += self.step"))
    wait_for(lambda: "reloaded" in server.log)
    assert "Tally has got step" in server.log
    press(two, "add")
    assert_total(11, one, two)
    edit(server, "self.reset()", "self.reset()\n        self.late = 1 / self.total")
    wait_for(lambda: "init of Tally was not tried out: ZeroDivisionError" in server.log, what=lambda: server.log)
    press(two, "add")
    assert_total(21, one, two)


ON_TRIAL = """
from nicegui import ui
import playground


class Door(playground.GenServer):
    def init(self):
        self.log = []

    def handle_call(self, request):
        playground.monitor(playground.whereis(Helper))
        self.log.append(request)
        return len(self.log)

    def handle_cast(self, request):
        self.log.append(request)

    def handle_info(self, message):
        self.log.append(type(message).__name__)


class Helper(playground.GenServer):
    def init(self, word):
        self.word = word
        print("helper starts:", word, flush=True)

    def handle_call(self, request):
        return self.word

    def terminate(self, reason):
        print("helper ends:", reason, flush=True)


class Page(playground.LiveView):
    async def mount(self):
        self.helper = Helper.start_link(word="one")
        playground.cast(Door, "cast")
        playground.send(Door, "sent")
        playground.broadcast("door", "broadcast")
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("look", on_click=self.look)

    async def look(self):
        self.count += 1
        print("door:", playground.whereis(Door).log, flush=True)


playground.start(live=Page, children=[Door], port=PORT, open_browser=False)
"""


def test_a_mount_that_is_tried_out_reaches_no_process(serve, open_page, wait_for):
    server = serve(ON_TRIAL)
    page = open_page(server.url)
    edit(server, "self.count = 0", "self.count = 0\n        self.asked = await playground.call(Door, 'call')")
    wait_for(lambda: "Page has got asked" in server.log, what=lambda: server.log)
    press(page, "look")
    wait_for(lambda: "door: ['cast', 'str', 'call']" in server.log, what=lambda: server.log)
    assert server.log.count("helper starts") == 1
    assert "helper ends" not in server.log


def test_a_process_that_an_edited_mount_starts_runs_for_open_pages(serve, open_page, wait_for):
    server = serve(ON_TRIAL)
    page = open_page(server.url)
    second = "self.count = 0\n        self.second = Helper.start_link(word='two')"
    edit(server, "self.count = 0", second)
    wait_for(lambda: "helper starts: two" in server.log, what=lambda: server.log)
    edit(server, "self.count += 1", "self.count = await playground.call(self.second, '')")
    wait_for(lambda: server.log.count("reloaded") == 2, what=lambda: server.log)
    press(page, "look")
    expect(page.locator(".count")).to_have_text("Count: two")
    page.close()
    wait_for(lambda: server.log.count("helper ends: shutdown") == 2, what=lambda: server.log)


def test_a_mount_that_is_tried_out_may_call_what_it_starts(serve, open_page, wait_for):
    server = serve(ON_TRIAL)
    page = open_page(server.url)
    edit(server, "self.count = 0", "self.count = 0\n        self.word = await playground.call(self.helper, '')")
    wait_for(lambda: "Page has got word" in server.log, what=lambda: server.log)
    edit(server, 'f"Count: {self.count}"', 'f"Word: {self.word}"')
    expect(page.locator(".count")).to_have_text("Word: one")
    page.close()
    wait_for(lambda: "helper ends: shutdown" in server.log, what=lambda: server.log)


def test_edited_children_start_and_stop_and_the_rest_stays(serve, open_page, wait_for):
    server = serve(SHARED)
    page = open_page(server.url)
    press(page, "add")
    assert_total(1, page)
    other = """class Other(playground.GenServer):
    def init(self, word="other"):
        print(word, "starts", flush=True)

    def terminate(self, reason):
        print("other ends:", reason, flush=True)


class Page("""
    edit(server, "class Page(", other)
    edit(server, "children=[Tally]", "children=[Tally, Other]")
    wait_for(lambda: server.log.count("other starts") == 2, what=lambda: server.log)  # once on trial
    edit(server, "children=[Tally, Other]", "children=[(Other, {'word': 'another'}), Tally]")
    wait_for(lambda: "another starts" in server.log, what=lambda: server.log)
    wait_for(lambda: "other ends: shutdown" in server.log, what=lambda: server.log)
    edit(server, "children=[(Other, {'word': 'another'}), Tally]", "children=[Tally]")
    wait_for(lambda: server.log.count("other ends: shutdown") == 2, what=lambda: server.log)
    press(page, "add")
    assert_total(2, page)
    assert server.log.count("tally starts") == 1


def test_edited_children_of_a_supervisor(serve, open_page, wait_for):
    source = SHARED.replace(
        "class Page(", "class Group(playground.Supervisor):\n    children = [Tally]\n\n\nclass Page("
    )
    server = serve(source.replace("children=[Tally]", "children=[Group]"))
    page = open_page(server.url)
    press(page, "add")
    assert_total(1, page)
    spec = "playground.child_spec(Tally, id='second', name='second', first=7)"
    edit(server, "    children = [Tally]", f"    children = [Tally, {spec}]")
    wait_for(lambda: server.log.count("tally starts") == 2, what=lambda: server.log)
    edit(server, f"    children = [Tally, {spec}]", "    children = [Tally]")
    wait_for(lambda: "tally ends: shutdown" in server.log, what=lambda: server.log)
    press(page, "add")
    assert_total(2, page)


@pytest.mark.console_allows("tally")
def test_the_tree_shows_processes_and_kills_them(serve, open_page):
    server = serve(SHARED.replace("open_browser=False", "open_browser=False, stage=True"))
    page, tree = open_page(server.url), open_page(f"{server.url}/_playground/tree")
    cells = tree.locator(".nicegui-grid > div")
    expect(cells.get_by_text("Page", exact=True)).to_be_visible()

    def cell(column):
        """What is in a column of the row of the tally."""
        shown = cells.all_inner_texts()
        return shown[shown.index("Tally") + shown.index(column)]

    assert cell("status") == "running"
    press(page, "add")
    assert_total(1, page)
    tree.get_by_role("button", name="Kill").last.click()
    wait_until(lambda: cell("restarts") == "1")
    press(page, "add")
    assert_total(1, page)


def test_the_tree_is_for_development(serve):
    server = serve(SHARED.replace("open_browser=False", "open_browser=False, stage=True, debug_errors=False"))
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server.url}/_playground/tree")


LINKED = """
from nicegui import ui
import playground


class Helper(playground.GenServer):
    def handle_cast(self, request):
        raise ValueError("helper crashes")

    def terminate(self, reason):
        print("helper ends:", reason, flush=True)


class Page(playground.LiveView):
    def mount(self):
        self.count = 0
        self.helper = Helper.start_link()

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("more", on_click=lambda: setattr(self, "count", self.count + 1))
        ui.button("crash", on_click=lambda: playground.cast(self.helper, "crash"))
"""


def test_what_a_page_starts_ends_with_it(serve, open_page, wait_for):
    server = serve(LINKED)
    page = open_page(server.url)
    page.close()
    wait_for(lambda: "helper ends: shutdown" in server.log, what=lambda: server.log)


@pytest.mark.console_allows("helper crashes")
def test_the_crash_of_what_a_page_started_is_shown_there(serve, open_page):
    server = serve(LINKED)
    one, two = open_page(server.url), open_page(server.url)
    press(one, "crash")
    expect(one.locator("playground-overlay .error")).to_contain_text("helper crashes")
    one.keyboard.press("Escape")
    press(one, "more")
    expect(one.locator(".count")).to_have_text("Count: 1")
    expect(two.locator("playground-overlay .error")).to_have_count(0)


MANY = """
import asyncio
import gc
import threading
from nicegui import app, ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.numbers = []
        self.subscribe("numbers")

    def render(self):
        ui.label(" ".join(map(str, self.numbers))).classes("numbers")

    def handle_info(self, message):
        self.numbers.append(message)


@app.get("/broadcast")
async def broadcast():
    for number in range(100):
        playground.broadcast("numbers", number)
        await asyncio.sleep(number % 3 * 0.01)


@app.get("/left")
async def left():
    gc.collect()
    views = sum(isinstance(thing, playground.LiveView) for thing in gc.get_objects())
    return [views, len(playground._topics.keys()), len(asyncio.all_tasks())]


playground.start(live=Page, port=PORT, open_browser=False, reconnect_timeout=1.0)
"""


TASKS_OF_SERVER = 20  # its own loops are 14 by now, and 200 pages would be far more


def get(url):
    with urllib.request.urlopen(url, timeout=PATIENCE) as response:
        return response.read().decode()


def test_two_hundred_pages_show_every_broadcast_in_order(serve, open_page, wait_for):
    server = serve(MANY)
    expected = " ".join(map(str, range(100)))

    async def look(broadcasting):
        async with connected(await Tab.open(server.url)) as updates:
            broadcasting.append(True)
            shown = ""
            while shown != expected:
                changed = await asyncio.wait_for(updates.get(), PATIENCE)
                for text in [element["text"] for element in changed.values() if isinstance(element, dict)]:
                    assert text.startswith(shown)
                    shown = text

    async def look_all():
        ready = []
        looking = [asyncio.create_task(look(ready)) for _ in range(200)]
        while len(ready) < 200:
            await asyncio.sleep(0.05)
            for task in looking:
                if task.done():
                    task.result()
        await asyncio.gather(asyncio.to_thread(get, f"{server.url}/broadcast"), *looking)

    page = open_page(server.url)
    run_in_thread(look_all())
    expect(page.locator(".numbers")).to_have_text(expected)
    page.close()

    def nothing_is_left():
        views, topics, tasks = json.loads(get(f"{server.url}/left"))
        return views == topics == 0 and tasks <= TASKS_OF_SERVER

    wait_for(nothing_is_left, what=lambda: get(f"{server.url}/left"))


# ---------------------------------------------------------------------------------------------------------------------
# Several servers
# ---------------------------------------------------------------------------------------------------------------------

POSTS = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.posts, self.text = [], ""
        self.subscribe("posts")

    def render(self):
        ui.label(" ".join(map(str, self.posts))).classes("posts")
        ui.input("Text").bind_value(self, "text")
        ui.button("post", on_click=lambda: playground.broadcast("posts", self.text))
        ui.button("tuple", on_click=lambda: playground.broadcast("posts", ("a", 1)))
        ui.button("object", on_click=lambda: playground.broadcast("posts", object()))
        ui.button("others", on_click=lambda: playground.broadcast_from(self, "posts", "others"))
        ui.button("flood", on_click=self.flood)
        ui.button("clear", on_click=self.posts.clear)

    def flood(self):
        for number in range(1000):
            playground.broadcast("posts", number)

    def handle_info(self, message):
        self.posts.append(message)


playground.start(live=Page, pubsub="REDIS", port=PORT, open_browser=False)
"""


class Redis:
    """A Redis server of its own."""

    def __init__(self, port):
        self.port, self.url = port, f"redis://:secret@127.0.0.1:{port}/0"
        self.start()

    def start(self):
        options = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--requirepass", "secret")
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(free_port, wait_for):
    pytest.importorskip("redis")
    if shutil.which("redis-server") is None:
        pytest.skip("this machine has no redis-server")
    redis = Redis(free_port)
    wait_for(redis.answers)
    yield redis
    redis.kill()


@pytest.fixture
def pair(redis, serve, open_page):
    """Two servers, and a page of each."""
    servers = [serve(POSTS.replace("REDIS", redis.url), name=f"demo_{number}.py") for number in range(2)]
    return servers, [open_page(server.url) for server in servers]


def post(page, text):
    page.get_by_label("Text").fill(text)
    press(page, "post")


def assert_posts(text, *pages):
    for page in pages:
        expect(page.locator(".posts")).to_have_text(text)


def test_a_post_reaches_the_pages_of_the_other_server(pair):
    _, (one, two) = pair
    post(one, "hello")
    assert_posts("hello", one, two)
    post(two, "back")
    assert_posts("hello back", one, two)
    press(one, "tuple")
    assert_posts("hello back ['a', 1]", one, two)
    press(one, "others")
    assert_posts("hello back ['a', 1] others", two)
    assert_posts("hello back ['a', 1]", one)


def test_a_thousand_messages_arrive_in_order(pair):
    _, (one, two) = pair
    press(one, "flood")
    assert_posts(" ".join(map(str, range(1000))), one, two)


@pytest.mark.console_allows("cannot go to other servers")
def test_what_is_not_json_is_refused_where_it_is_sent(pair):
    _, (one, two) = pair
    press(one, "object")
    expect(one.locator("playground-overlay .error")).to_contain_text("cannot go to other servers")
    one.keyboard.press("Escape")
    post(one, "fine")
    assert_posts("fine", one, two)


def test_redis_that_goes_and_comes_back(pair, redis, wait_for):
    servers, (one, two) = pair
    redis.kill()
    for server in servers:
        wait_for(lambda server=server: "is away, broadcasts stay in this server" in server.log)
    post(one, "alone")
    assert_posts("alone", one)
    redis.start()
    for server in servers:
        wait_for(lambda server=server: "is back, broadcasts reach all servers" in server.log)
    post(one, "together")
    assert_posts("alone together", one)
    assert_posts("together", two)
    post(two, "again")
    assert_posts("alone together again", one)
    for server in servers:
        assert len(re.findall(r"is away, broadcasts", server.log)) == 1
        assert len(re.findall(r"is back, broadcasts", server.log)) == 1
        assert "secret" not in server.log


COUNTED = """
    def flood(self):
        first = sum(post[0] == NAME for post in self.posts)
        for number in range(first, first + 500):
            playground.broadcast("posts", NAME + str(number))
"""


def test_connections_that_are_cut_lose_nothing(redis, serve, open_page, wait_for):
    """Only connections of Redis go: those that write while reading works, then those that read."""
    import redis as client

    source = re.sub(r"\n    def flood.*?(?=\n    def handle_info)", lambda _: COUNTED, POSTS, flags=re.DOTALL)
    source = source.replace("REDIS", redis.url)
    servers = [serve(source.replace("NAME", repr(name)), name=f"demo_{name}.py") for name in "ab"]
    one, two = pages = [open_page(server.url) for server in servers]

    def arrive(count):
        for page in pages:
            wait_for(lambda page=page: len(set(page.locator(".posts").inner_text().split())) >= 2 * count)
            words = list(dict.fromkeys(page.locator(".posts").inner_text().split()))  # some may come a second time
            for name in "ab":
                assert [word for word in words if word[0] == name] == [f"{name}{number}" for number in range(count)]

    def outages(count):
        for server in servers:
            wait_for(lambda server=server: server.log.count("is back, broadcasts") >= count, what=lambda: server.log)  # noqa: B023
            assert [server.log.count(f"is {word}, broadcasts") for word in ("away", "back")] == [count, count]

    with client.Redis.from_url(redis.url) as connection:
        for page in pages:
            press(page, "flood")
        arrive(500)
        assert connection.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes") == 2
        for page in pages:
            press(page, "flood")
        arrive(1000)
        outages(0)
        assert connection.execute_command("CLIENT", "KILL", "TYPE", "pubsub") == 2
        wait_for(lambda: connection.pubsub_numsub("playground:0")[0][1] == 2)
        outages(0)
    for page in pages:
        press(page, "clear")
    post(one, "hello")
    assert_posts("hello", one, two)


class Network:
    """The way to a Redis server, which may forget connections: nothing passes, and nobody is told."""

    def __init__(self, port):
        self.port = port
        self.forgotten, self.connections = set(), []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://:secret@127.0.0.1:{self.listener.getsockname()[1]}/0"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
                self.connections += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(source, target, near), daemon=True).start()

    def carry(self, source, target, connection):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if connection not in self.forgotten:
                    target.sendall(data)

    def forget(self):
        self.forgotten.update(self.connections)

    def close(self):
        for end in (self.listener, *self.connections):
            end.close()


@pytest.mark.slow
def test_a_connection_that_the_network_forgot_is_noticed(redis, serve, open_page, wait_for):
    network = Network(redis.port)
    far, near = (serve(POSTS.replace("REDIS", url), name=f"demo_{url[-7:-2]}.py") for url in (network.url, redis.url))
    one, two = open_page(far.url), open_page(near.url)
    post(two, "before")
    assert_posts("before", one, two)
    network.forget()
    wait_for(lambda: "is away, broadcasts stay in this server: it has not answered" in far.log, what=lambda: far.log)
    wait_for(lambda: "is back, broadcasts reach all servers" in far.log, what=lambda: far.log)
    post(two, "after")
    post(one, "back")
    assert_posts("before after back", one, two)
    network.close()


def test_rubbish_on_the_channel_hurts_nobody(pair, redis, wait_for):
    import redis as client

    _, (one, two) = pair
    with client.Redis.from_url(redis.url) as connection:
        for rubbish in (b"\xff", b"{}", b"[1]", b'["a", {}, 2]', b"null"):
            connection.publish("playground:0", rubbish)
    post(one, "fine")
    assert_posts("fine", one, two)


def test_no_redis_at_the_start(serve, free_port):
    server = serve(POSTS.replace("REDIS", f"redis://127.0.0.1:{free_port}/0"), wait=False)
    assert server.wait() == 1
    assert f"Cannot reach Redis at 127.0.0.1:{free_port}/0" in server.stderr
    assert "Is it running?" in server.stderr


def test_an_address_that_is_none(serve):
    server = serve(POSTS.replace("REDIS", "localhost"), wait=False)
    assert server.wait() == 1
    assert "Redis URL must specify one of the following schemes" in server.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")
def test_a_script_calls_processes_from_its_own_thread(serve):
    server = serve(
        SHARED.replace("open_browser=False", "open_browser=False, block=False")
        + textwrap.dedent(
            """
            playground.cast(Tally, "add")
            print("total", playground.call_sync(Tally, "total"), flush=True)
            print([branch["name"] for branch in playground.tree()], flush=True)
            """
        ),
        wait=False,
    )
    assert server.wait() == 0
    assert "total 1" in server.stdout
