"""What a hostile client sends: the server, and the pages of others, go on."""

import asyncio
import json
import random
import re
import threading

import pytest
from playwright.sync_api import expect
from tabs import Tab

PAGE = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    browser_events = ["moved"]

    def mount(self):
        self.count = 0
        self.name = ""

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("+", on_click=self.event("inc"))
        ui.button("secret", on_click=self.event("secret")).disable()
        ui.input("Name").bind_value(self, "name")
        ui.number("Number", on_change=self.event("number"))
        ui.select([1, 2, 3], value=1, on_change=self.event("number"))
        with playground.form(on_submit=self.event("save"), on_change=self.event("number")):
            ui.input("Field").props("name=field")
            playground.upload().props("name=file")

    def handle_event(self, event, params):
        if event == "secret":
            print("SECRET", flush=True)
        self.count += event == "inc"


playground.start(live=Page, port=PORT, open_browser=False)
"""
NAMES = ("event", "playground", "handshake", "ack", "log", "javascript_response", "disconnect", "nothing")

ODD_FRAMES = (
    "2[", "2", "2{}", '2["event"', "3", "30[]", "4", "5", "51-", '59-["event",{"_placeholder":true,"num":7}]',
    "6", "9", "x", "\x00", "2/nowhere,[]", "0/nowhere,", "2" + "9" * 200 + "[]", b"\xff\xfe", b"", "2[" + "[" * 50_000,
)  # fmt: skip


def odd_value(random, depth=0):
    """Anything that JSON can say, of the kinds that programs do not expect."""
    kinds = [
        None, True, -1, 0, 1e308, float("nan"), 2**70, "", "\x00\ud7ff", "x" * 5000, "__class__", "constructor", [], {},
    ]  # fmt: skip
    choice = random.randrange(len(kinds) + 3)
    if choice < len(kinds) or depth > 4:
        return kinds[choice % len(kinds)]
    if choice == len(kinds):
        return [odd_value(random, depth + 1) for _ in range(random.randrange(4))]
    return {
        random.choice(["id", "args", "x", "__proto__", "client_id"]): odd_value(random, depth + 1) for _ in range(3)
    }


def deep_value(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


class Client:
    """A client of the channel that is no browser."""

    def __init__(self, url, html):
        self.tab = Tab(url, html)
        self.client_id = self.tab.client_id
        ids = {int(id_): element for id_, element in self._elements(html).items()}
        self.listeners = [
            (id_, event["listener_id"]) for id_, element in ids.items() for event in element.get("events", [])
        ]

    @staticmethod
    def _elements(html):
        raw = re.search(r"String\.raw`(.*?)`", html, re.DOTALL)[1]
        for name, character in (
            ("&quot;", '"'),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&#96;", "`"),
            ("&#36;", "$"),
            ("&amp;", "&"),
        ):
            raw = raw.replace(name, character)
        return json.loads(raw)

    async def connect(self):
        self.socket = await self.tab.connect({})

    async def emit(self, name, message):
        """Send an event as a frame of our own making: no encoder of this process is in the way of odd values."""
        await self.socket.eio.send("2" + json.dumps([name, message]))

    def message(self, random, others):
        """A message that is nearly right."""
        id_, listener = random.choice(self.listeners)
        message = {
            "client_id": random.choice([self.client_id, self.client_id, odd_value(random), *others]),
            "id": random.choice([id_, id_, 99_999, odd_value(random)]),
            "listener_id": random.choice([listener, listener, "0", odd_value(random)]),
            "args": random.choice([[], [json.dumps(odd_value(random))], ["{"], odd_value(random)]),
            "action": random.choice(["push", "follow", "terminal", "resend", "replay", "locate", "edit", 1]),
            "name": random.choice(["moved", "secret", odd_value(random)]),
            "params": random.choice([{}, odd_value(random)]),
            "uri": random.choice(["//evil.example", "/nothing", "javascript:alert(1)", odd_value(random)]),
            "link": odd_value(random), "ids": odd_value(random), "on": odd_value(random),
            "file": random.choice(["/etc/passwd", odd_value(random)]), "line": odd_value(random),
            "request_id": odd_value(random), "next_message_id": odd_value(random), "level": odd_value(random),
            "message": odd_value(random), "tab_id": odd_value(random), "document_id": odd_value(random),
        }  # fmt: skip
        for name in random.sample(list(message), random.randrange(4)):
            del message[name]
        return random.choice([message, message, message, odd_value(random)])


async def attack(url, html, seed):
    chance = random.Random(seed)
    client = Client(url, html)
    await client.connect()
    for _ in range(400):
        name = chance.choice(NAMES)
        if not client.socket.connected:
            await client.connect()
        with_args = client.message(chance, ["not-a-client"])
        await client.emit(name, with_args)
    for frame in ODD_FRAMES:
        await client.socket.eio.send(frame)
    await client.emit("event", {"client_id": client.client_id, "id": 5, "args": [json.dumps(deep_value(900))]})
    await client.emit("event", {"client_id": client.client_id, "id": 5, "args": ["[" * 100_000]})
    await asyncio.sleep(0.2)
    await client.socket.disconnect()


@pytest.mark.slow
@pytest.mark.console_allows(".*")
def test_rubbish_hurts_nobody(serve, open_page, wait_for):
    server = serve(PAGE)
    page = open_page(server.url)
    for seed in range(6):
        html = page.request.get(server.url).text()
        run_in_thread(attack(server.url, html, seed))
    for number in range(1, 4):
        page.get_by_role("button", name="+", exact=True).click()
        expect(page.locator(".count")).to_have_text(f"Count: {number}")
    page.get_by_label("Name").fill("still here")
    assert "SECRET" not in server.log
    for escaped in ("never retrieved", "RecursionError", "async_server.py"):
        assert escaped not in server.log, server.log[-4000:]


def run_in_thread(coroutine):
    """Playwright has a loop of its own in this thread."""
    failures = []

    def run():
        try:
            asyncio.run(coroutine)
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not failures, failures
