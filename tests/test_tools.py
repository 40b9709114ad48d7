"""What tools see: saves, messages and snapshots; and a save shows in the page."""

import json
import pickle
import re

import pytest
from nicegui import ui
from playwright.sync_api import expect
from test_room import room, save  # noqa: F401  # a fixture, and a function

import playground

PROGRAM = """
from nicegui import ui
import playground

PRICES = [1, 2]


class Page(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        with ui.row():
            ui.label("still here")
        ui.input("Name").classes("name")
        ui.button("inc", on_click=self.event("inc"))

    def handle_event(self, event, params):
        self.count += 1


class Spy(playground.GenServer):
    def init(self):
        playground.subscribe("playground:saves")

    def handle_info(self, saved):
        names = {path.rpartition("/")[2]: lines for path, lines in saved.lines.items()}
        text = next(iter(saved.files.values()))
        executed = [line for _, line in saved.executed]
        print("SAVED", names, executed, saved.notes, saved.error[:9], len(text.splitlines()), flush=True)


playground.start(live=Page, children=[Spy], open_browser=False, port=PORT, OPTIONS)
"""


# ---------------------------------------------------------------------------------------------------------------------
# Saves
# ---------------------------------------------------------------------------------------------------------------------


def test_tools_are_told_of_saves(serve, open_page, wait_for):
    server = serve(PROGRAM.replace(", OPTIONS", ""))
    page = open_page(server.url)
    length = len(server.path.read_text().splitlines())
    save(server, ("Count: ", "Number: "), ("self.count = 0", "self.count = 0\n        self.step = 2"))
    wait_for(lambda: f"{{'my_demo.py': [11, 14]}} [] ['Page has got step']  {length + 1}" in server.log)
    save(server, ("PRICES = [1, 2]", "PRICES = [1, 3]"))
    wait_for(lambda: "SAVED {'my_demo.py': [5]} [5] []" in server.log)
    save(server, ("PRICES = [1, 3]", "PRICES = [1, 3"))
    wait_for(lambda: re.search(r"SAVED \{'my_demo.py': \[5\]\} \[\] \[\] SyntaxErr", server.log))
    expect(page.locator("playground-overlay .error")).to_be_visible()


def seen_flashing(page):
    """Note what is outlined from now on."""
    page.evaluate(
        """() => {
            window.flashed = new Set();
            (function look() {
                for (const { effect } of document.getAnimations()) {
                    if (effect?.getKeyframes?.().some((frame) => "outlineColor" in frame || "outline" in frame)) {
                        flashed.add(effect.target.innerText.trim());
                    }
                }
                requestAnimationFrame(look);
            })();
        }"""
    )
    return lambda *texts: page.wait_for_function(
        "texts => JSON.stringify([...flashed].sort()) === JSON.stringify(texts)", arg=sorted(texts)
    )


@pytest.mark.console_allows("WebSocket")
def test_a_save_shows_in_the_pages_of_the_presenter(room):  # noqa: F811
    server, presenter, audience = room(program=PROGRAM.replace("children=[Spy], ", ""))
    mine, yours = presenter(), audience()
    mine.get_by_label("Name").fill("half a na")
    have_flashed = seen_flashing(mine)
    save(server, ("Count: ", "Number: "), ("self.count = 0", "self.count = 0\n        self.step = 2"))
    pill = mine.locator("playground-saved .saved")
    expect(pill).to_contain_text(re.compile(r"my_demo.py · \d+ ms · Page has got step"))
    expect(mine.locator(".count")).to_have_text("Number: 0")
    have_flashed("Number: 0")
    assert mine.evaluate("document.activeElement.value") == "half a na"
    expect(pill).to_have_count(0)
    expect(yours.locator(".count")).to_have_text("Number: 0")
    save(server, ("PRICES = [1, 2]", "PRICES = [1, 3]"))
    expect(pill).to_contain_text("no change here")
    expect(pill.get_by_role("link")).to_have_count(0)  # there are no tools to lead to
    assert yours.locator("playground-saved").count() == 0


def test_the_note_of_a_save_is_reached_by_keyboard(room):  # noqa: F811
    server, presenter, _ = room(program=PROGRAM.replace("children=[Spy], ", ""))
    page = presenter()
    page.get_by_role("button", name="inc").click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    save(server, ("Count: ", "Number: "))
    pill = page.locator("playground-saved .saved")
    expect(pill).to_be_visible()
    expect(pill).to_have_count(0)
    page.keyboard.press("Alt+Shift+P")
    expect(pill.get_by_role("button", name="Remount this page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_have_text("Number: 0")


def test_what_an_event_changes_is_outlined_while_f_is_held(room):  # noqa: F811
    _, presenter, _ = room(program=PROGRAM.replace("children=[Spy], ", ""))
    page = presenter()
    have_flashed = seen_flashing(page)
    button = page.get_by_role("button", name="inc")
    button.click()
    expect(page.locator(".count")).to_have_text("Count: 1")
    have_flashed()
    page.keyboard.down("f")
    button.click()
    expect(page.locator(".count")).to_have_text("Count: 2")
    have_flashed("Count: 2")
    page.keyboard.up("f")
    page.evaluate("flashed.clear()")
    page.wait_for_function("!document.getAnimations().some(({ effect }) => effect.target.innerText === 'Count: 2')")
    page.evaluate("flashed.clear()")
    button.click()
    expect(page.locator(".count")).to_have_text("Count: 3")
    have_flashed()


def test_without_debug_errors_a_save_shows_nothing_but_itself(serve, open_page, wait_for):
    server = serve(PROGRAM.replace("OPTIONS", "debug_errors=False"))
    page = open_page(server.url)
    save(server, ("Count: ", "Number: "))
    expect(page.locator(".count")).to_have_text("Number: 0")
    wait_for(lambda: "SAVED" in server.log)
    assert page.locator("playground-saved").count() == 0


def test_the_files_of_a_program_are_those_that_are_reloaded(serve, open_page, tmp_path):
    script = """from nicegui import ui
import playground
import helper


class Page(playground.LiveView):
    def render(self):
        ui.label(helper.text())
        for path, text in playground.sources().items():
            ui.label(path.rpartition("/")[2] + ": " + text.splitlines()[0]).classes("file")
"""
    (tmp_path / "helper.py").write_text("def text():\n    return 'helped'\n")
    page = open_page(serve(script).url)
    expect(page.locator(".file")).to_have_text(["my_demo.py: from nicegui import ui", "helper.py: def text():"])


def test_a_program_that_serves_nothing_has_no_files():
    with pytest.raises(RuntimeError, match="Nothing is served"):
        playground.sources()


# ---------------------------------------------------------------------------------------------------------------------
# Messages
# ---------------------------------------------------------------------------------------------------------------------


class Spy(playground.GenServer):
    def init(self, heard):
        self.heard = heard
        playground.subscribe("playground:messages")

    def handle_info(self, handled):
        self.heard.append(handled)


class Shop(playground.LiveView):
    def mount(self):
        self.items, self.count = ["tea"], 0
        self.shown = self.items

    def render(self):
        ui.label(", ".join(self.items))
        ui.button("add", on_click=self.event("add", what="milk"))
        ui.button("fail", on_click=self.event("fail"))
        ui.button("nothing", on_click=self.event("nothing"))
        ui.input("Name", on_change=self.named)

    def named(self, event):
        self.name = event.value

    def handle_event(self, event, params):
        match event:
            case "add":
                self.items.append(params["what"])
                self.count += 1
            case "fail":
                raise ValueError("sold out")


@pytest.fixture
def shop():
    heard = []
    with playground.visit(Shop, children=[(Spy, {"heard": heard})]) as page:
        page.settle()
        heard.clear()
        yield page, heard


def test_tools_are_told_what_a_message_did(shop, wait_for):
    page, heard = shop
    page.click("add")
    wait_for(lambda: page.settle() or heard)
    (handled,) = heard
    assert handled.process is page.live
    assert handled.label == "event('add', what='milk')"
    assert handled.sender.text == "add"
    assert handled.changes == {
        "items": (["tea"], ["tea", "milk"]), "shown": (["tea"], ["tea", "milk"]), "count": (0, 1)
    }  # fmt: skip
    assert [element["text"] for element in handled.sent.updates.values()] == ["tea, milk"]
    assert 40 < handled.sent.bytes < 100
    assert handled.seconds > 0
    assert handled.error is None


def test_what_is_typed_and_what_fails_is_told(shop, wait_for):
    page, heard = shop
    page.type("Name", "Ada")
    wait_for(lambda: page.settle() or heard)
    handled = heard.pop()
    assert handled.sender is page.find("Name").element
    assert handled.arguments[0].value == "Ada"
    assert handled.changes == {"name": (..., "Ada")}
    with pytest.raises(ValueError, match="sold out"):
        page.click("fail")
    wait_for(lambda: page.settle() or heard)
    assert str(heard[0].error) == "sold out"
    assert heard[0].changes == {}


def test_calls_of_processes_are_told(wait_for):
    class Tally(playground.GenServer):
        def init(self):
            self.total = 0

        def handle_call(self, request):
            self.total += request
            return self.total

    class Page(playground.LiveView):
        def render(self):
            ui.button("ask", on_click=self.ask)

        async def ask(self):
            await playground.call(Tally, 5)

    heard = []
    with playground.visit(Page, children=[Tally, (Spy, {"heard": heard})]) as page:
        page.click("ask")
        wait_for(lambda: page.settle() or len(heard) == 2)
        answered = next(handled for handled in heard if type(handled.process) is Tally)
        assert answered.arguments == (5,)
        assert answered.changes == {"total": (0, 5)}
        assert answered.sent == []


class Counted:
    """Notes how often it is copied."""

    copied = 0

    def __reduce__(self):
        Counted.copied += 1
        return (Counted, ())


def test_nothing_is_made_while_nobody_has_subscribed():
    class Page(playground.LiveView):
        def mount(self):
            self.value = Counted()

        def render(self):
            ui.button("inc", on_click=self.inc)

        def inc(self):
            self.value = Counted()

    with playground.visit(Page) as page:
        Counted.copied = 0
        page.click("inc")
        assert Counted.copied == 0
    with playground.visit(Page, children=[(Spy, {"heard": []})]) as page:
        page.click("inc")
        assert Counted.copied > 0


# ---------------------------------------------------------------------------------------------------------------------
# Snapshots
# ---------------------------------------------------------------------------------------------------------------------


def test_a_snapshot_gives_back_what_was(shop):
    page, _ = shop
    before = playground.Snapshot.of(page.live)
    page.click("add")
    page.type("Name", "Ada")
    assert page.has("tea, milk")
    before.restore(page.live)
    page.settle()
    assert page.has("tea")
    assert not page.has("milk")
    assert page.live.items is page.live.shown  # as they were
    assert page.live.count == 0
    page.click("add")
    assert before.attributes()["items"] == ["tea"]  # which is another copy each time


def test_what_cannot_be_copied_is_named_and_left():
    class Page(playground.LiveView):
        def mount(self):
            self.count, self.look, self.large = 1, lambda: 1, "x" * 2_000_000

        def render(self):
            ui.label(self.count)

    with playground.visit(Page) as page:
        before, look = playground.Snapshot.of(page.live), page.live.look
        assert before.lost == {"look": "function", "large": "str"}
        page.live.count = 2
        page.settle()
        before.restore(page.live)
        page.settle()
        assert (page.live.count, page.live.look, len(page.live.large)) == (1, look, 2_000_000)
        assert pickle.loads(pickle.dumps(before)).attributes() == {"count": 1}
        assert json.dumps(before.lost)
