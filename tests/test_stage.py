"""The tools of the presenter: the inspector, steps back and forward, a test of what was done."""

import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from conftest import ROOT, environment_of_servers, new_person, tell_what_it_waits_for, wait_until

pytest.importorskip("playwright")
from playwright.sync_api import expect
from test_examples import HARD_TO_READ

PROGRAM = """
from dataclasses import dataclass, field

from nicegui import ui

import playground


@dataclass
class Todo:
    text: str
    done: bool = False
    tags: list = field(default_factory=list)


@dataclass(frozen=True)
class Fixed:
    size: int


class Clock(playground.GenServer):
    def init(self):
        self.ticks = 0

    def handle_info(self, message):
        self.ticks += 1

    def handle_call(self, request):
        return self.ticks


class Page(playground.LiveView):
    def mount(self):
        self.count, self.text = 0, ""
        self.todos = [Todo("milk", tags=["shop"]), Todo("eggs")]
        self.prices = {"milk": 1.5, "eggs": {"small": 2}}
        self.connection, self.fixed, self.many = lambda: None, Fixed(1), list(range(10_000))

    def render(self):
        ui.label(f"Count: {self.count}").classes("count")
        ui.button("inc", on_click=self.event("inc"))
        ui.button("nothing", on_click=self.event("nothing"))
        ui.button("fail", on_click=self.event("fail"))
        ui.button("tick", on_click=lambda: playground.send(Clock, "tick"))
        ui.input("New").bind_value(self, "text")
        ui.button("Add", on_click=self.event("add"))
        for todo in self.todos:
            with playground.key(todo.text), ui.row():
                ui.checkbox(todo.text, value=todo.done, on_change=lambda e, todo=todo: setattr(todo, "done", e.value))
                ui.button("Remove", on_click=lambda todo=todo: self.todos.remove(todo))

    def handle_event(self, event):
        match event:
            case "inc":
                self.count += 1
            case "add":
                self.todos.append(Todo(self.text))
                self.text = ""
            case "fail":
                raise ValueError("no way")


playground.start(live=Page, children=[Clock], port=PORT, open_browser=False, stage=True)
"""
OTHER = {"X-Forwarded-For": "192.0.2.7"}  # what a request of another machine looks like


@pytest.fixture
def audience(browser, console):
    """Open a page as somebody in the audience does."""
    contexts = []

    def open_there(url):
        contexts.append(new_person(browser, extra_http_headers=OTHER))
        page = tell_what_it_waits_for(contexts[-1].new_page())
        console.watch(page)
        page.goto(url)
        page.wait_for_function("window.did_handshake")
        return page

    yield open_there
    for context in contexts:
        context.close()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def status_of(url, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers)).status
    except urllib.error.HTTPError as error:
        return error.code


def count(page):
    return page.locator(".count")


def open_inspector(open_page, server, chosen=""):
    """The inspector, with a page or process chosen."""
    tab = open_page(f"{server.url}/_playground/inspect")
    if chosen:
        one = tab.locator(".one").filter(has_text=re.compile(chosen))
        if one.get_attribute("aria-expanded") == "false":
            one.click()
        expect(one).to_have_attribute("aria-expanded", "true")
    return tab


def attribute(tab, name):
    """The value of an attribute in the inspector."""
    return tab.locator(".attribute").filter(has=tab.locator(".key").get_by_text(name, exact=True)).locator(".value")


def messages(tab):
    return tab.locator(".message")


# ---------------------------------------------------------------------------------------------------------------------
# The inspector
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.console_allows("no way")
def test_the_inspector_shows_pages_and_what_they_handle(serve, open_page, audience):
    server = serve(PROGRAM)
    mine, yours = open_page(server.url), audience(server.url)
    tab = open_inspector(open_page, server, "presenter")
    pages = tab.locator(".one").filter(has_text="Page #")
    expect(pages).to_have_count(2)
    expect(pages.nth(0)).to_contain_text("presenter")
    expect(pages.nth(1)).to_contain_text("audience")
    press(mine, "inc")
    expect(attribute(tab, "count")).to_have_text("1")
    newest = messages(tab).first
    expect(newest).to_contain_text('by button "inc"')
    expect(newest.locator(".changes")).to_have_text("count 0 → 1")
    expect(newest.locator(".costs")).to_have_text(re.compile(r"[\d.]+ ms · \d+ B · 1 element"))
    press(mine, "Add")
    expect(messages(tab).first.locator(".changes")).to_contain_text("todos plus Todo(text=''")
    press(yours, "fail")
    expect(messages(tab).first.locator(".bad")).to_have_text("ValueError('no way')")
    expect(attribute(tab, "count")).to_have_text("1")  # it is that of the chosen page
    newest.get_by_role("button").first.click()
    yours.close()
    expect(pages).to_have_count(1)


def test_a_message_shows_what_was_sent(serve, open_page):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server)
    press(page, "inc")
    messages(tab).first.get_by_role("button").click()
    expect(messages(tab).first.locator(".more")).to_contain_text('"text": "Count: 1"')
    expect(messages(tab).first.locator(".more")).to_contain_text("connection (function)")
    press(page, "inc")  # what is open stays open below the new one
    expect(messages(tab)).to_have_count(2)
    expect(messages(tab).nth(1).locator(".more")).to_contain_text('"text": "Count: 1"')


def test_attributes_open_and_can_be_set(serve, open_page):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    attribute(tab, "count").click()
    field = tab.get_by_label("A Python literal")
    expect(field).to_have_value("0")
    field.fill("4 + x")
    field.press("Enter")
    expect(tab.get_by_role("alert")).to_contain_text("Only literals can be set")
    field.fill("seven")
    expect(tab.get_by_role("alert")).to_have_text("A text has quotes: 'seven'")
    expect(count(page)).to_have_text("Count: 0")
    field.fill("'seven'")
    expect(tab.locator(".attribute .field")).to_contain_text("int → str")
    field.fill("7")
    field.press("Enter")
    expect(count(page)).to_have_text("Count: 7")
    expect(attribute(tab, "count")).to_have_text("7")
    for name in ("todos", "1"):
        press(tab, name)
    expect(attribute(tab, "text")).to_have_count(2)  # that of the page, and that of the item
    attribute(tab, "text").last.click()
    expect(field).to_have_value('"eggs"')
    field.fill("'honey'")
    field.press("Escape")
    expect(field).to_have_count(0)
    expect(attribute(tab, "text")).to_have_count(2)
    attribute(tab, "text").last.click()
    expect(field).to_have_value('"eggs"')
    field.fill("'bread'")
    field.press("Enter")
    expect(page.get_by_text("bread")).to_be_visible()
    press(tab, "fixed")
    attribute(tab, "size").click()
    expect(field).to_have_value("1")
    field.fill("2")
    field.press("Enter")
    expect(tab.get_by_role("alert")).to_have_text("FrozenInstanceError: cannot assign to field 'size'")
    press(tab, "prices")
    attribute(tab, "'milk'").click()
    expect(field).to_have_value("1.5")
    field.fill("2")
    field.press("Enter")
    expect(attribute(tab, "'milk'")).to_have_text("2")
    press(tab, "'eggs'")
    expect(attribute(tab, "'small'")).to_have_text("2")
    page.keyboard.press("Control+Shift+Z")
    expect(attribute(tab, "'milk'")).to_have_text("1.5")


def test_of_a_long_value_the_beginning_is_shown(serve, open_page):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    press(tab, "many")
    expect(attribute(tab, "many")).to_have_text("10,000 inside")
    expect(tab.get_by_text("… 9,900 more")).to_be_visible()
    expect(attribute(tab, "99")).to_have_text("99")
    press(page, "inc")
    expect(attribute(tab, "count")).to_have_text("1")


def test_processes_are_beside_the_pages(serve, open_page):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server, "Clock")
    press(page, "tick")
    expect(attribute(tab, "ticks")).to_have_text("1")
    expect(messages(tab).filter(has_text="Clock #").locator(".changes")).to_have_text("ticks 0 → 1")
    attribute(tab, "ticks").click()
    tab.get_by_label("A Python literal").fill("40")
    tab.get_by_label("A Python literal").press("Enter")
    press(page, "tick")
    expect(attribute(tab, "ticks")).to_have_text("41")
    tree = open_page(f"{server.url}/_playground/tree")
    expect(tree.locator(".nicegui-grid")).to_contain_text("Clock")
    for tool in ("Inspect", "Steps", "Tree"):
        expect(tree.locator(".nicegui-grid")).not_to_contain_text(tool)
        expect(tab.locator(".side")).not_to_contain_text(tool)


def test_messages_are_of_one_page_or_wait(serve, open_page):
    server = serve(PROGRAM)
    one, other = open_page(server.url), open_page(f"{server.url}/?id=2")
    tab = open_inspector(open_page, server)
    press(one, "inc")
    press(other, "inc")
    expect(messages(tab)).to_have_count(2)
    tab.get_by_label("Of").click()
    tab.get_by_role("option", name="/?id=2").click()
    expect(messages(tab)).to_have_count(1)
    press(one, "inc")
    press(other, "nothing")
    expect(messages(tab)).to_have_count(2)
    press(tab, "Pause")
    press(other, "nothing")
    expect(count(other)).to_have_text("Count: 1")
    press(other, "inc")
    expect(count(other)).to_have_text("Count: 2")
    expect(messages(tab)).to_have_count(2)
    press(tab, "Go on")
    expect(messages(tab)).to_have_count(4)


def test_of_more_than_200_messages_the_last_are_there_and_the_page_is_quick(serve, open_page):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server)
    page.evaluate("for (let i = 0; i < 230; i++) document.querySelector('button').click()")
    expect(count(page)).to_have_text("Count: 230")
    expect(messages(tab)).to_have_count(200)
    expect(messages(tab).first.locator(".changes")).to_have_text("count 229 → 230")
    expect(messages(tab).last.locator(".changes")).to_have_text("count 30 → 31")
    messages(tab).first.get_by_role("button").click()
    expect(messages(tab).first.locator(".more")).to_contain_text("Count: 230")
    press(page, "inc")
    expect(messages(tab).first.locator(".changes")).to_have_text("count 230 → 231")
    expect(messages(tab)).to_have_count(200)


def test_the_inspector_does_not_look_at_itself(serve, open_page):
    server = serve(PROGRAM)
    page = open_page(server.url)
    tab, other = open_inspector(open_page, server), open_inspector(open_page, server)
    press(page, "inc")
    for each in (tab, other):
        expect(messages(each)).to_have_count(1)
        press(each, "Pause")
        press(each, "Go on")
    press(page, "inc")
    for each in (tab, other):
        expect(messages(each)).to_have_count(2)
        expect(each.locator(".one").filter(has_text="Inspect")).to_have_count(0)


# ---------------------------------------------------------------------------------------------------------------------
# Steps
# ---------------------------------------------------------------------------------------------------------------------


def test_a_page_steps_back_and_forward_by_keys(serve, open_page):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    for _ in range(3):
        press(page, "inc")
    press(page, "nothing")  # is no step
    expect(count(page)).to_have_text("Count: 3")
    page.keyboard.press("Control+Shift+Z")
    expect(count(page)).to_have_text("Count: 2")
    expect(page.get_by_text("Back: before inc, count 3 → 2; not copied: connection")).to_be_visible()
    page.keyboard.press("Control+Shift+Z")
    expect(count(page)).to_have_text("Count: 1")
    page.keyboard.press("Control+Shift+Y")
    expect(count(page)).to_have_text("Count: 2")
    expect(page.get_by_text("Forward: after inc, count 1 → 2")).to_be_visible()
    page.get_by_text("milk").click()  # a new message cuts off what is ahead
    expect(tab.get_by_role("button", name="Forward (0)")).to_be_visible()
    page.keyboard.press("Control+Shift+Y")
    expect(page.get_by_text("There is nothing to go forward to")).to_be_visible()
    page.keyboard.press("Control+Shift+Z")
    expect(page.get_by_role("checkbox", name="milk")).not_to_be_checked()
    expect(count(page)).to_have_text("Count: 2")
    for _ in range(3):
        page.keyboard.press("Control+Shift+Z")
    expect(count(page)).to_have_text("Count: 0")
    expect(page.get_by_text("There is nothing to go back to")).to_be_visible()


def test_while_one_types_the_keys_are_those_of_the_field(serve, open_page):
    server = serve(PROGRAM)
    page = open_page(server.url)
    press(page, "inc")
    field = page.get_by_label("New")
    field.press_sequentially("bread")
    field.press("Control+z")
    field.press("Control+Shift+Z")
    press(page, "nothing")
    expect(count(page)).to_have_text("Count: 1")
    page.keyboard.press("Control+Shift+Z")
    expect(count(page)).to_have_text("Count: 0")


def test_the_audience_steps_nowhere(serve, open_page, audience):
    server = serve(PROGRAM)
    page = audience(server.url)
    press(page, "inc")
    expect(count(page)).to_have_text("Count: 1")
    page.keyboard.press("Control+Shift+Z")
    press(page, "inc")
    expect(count(page)).to_have_text("Count: 2")
    tab = open_inspector(open_page, server, "audience")
    expect(tab.get_by_role("button", name="Copy as test")).to_have_count(0)
    press(tab, "Back (2)")
    expect(count(page)).to_have_text("Count: 1")


def test_fifty_steps_are_kept(serve, open_page):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    page.evaluate("for (let i = 0; i < 60; i++) document.querySelector('button').click()")
    expect(count(page)).to_have_text("Count: 60")
    expect(tab.get_by_role("button", name="Back (50)")).to_be_visible()
    for number in range(50):
        press(tab, f"Back ({50 - number})")
    expect(count(page)).to_have_text("Count: 10")
    expect(tab.get_by_role("button", name="Back (0)")).to_be_disabled()
    press(tab, "Forward (50)")
    expect(count(page)).to_have_text("Count: 11")


@pytest.mark.parametrize("with_code", [False, True])
def test_a_step_leads_over_a_save(serve, open_page, with_code):
    server = serve(PROGRAM)
    before = server.path.read_text()
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    press(page, "inc")
    expect(count(page)).to_have_text("Count: 1")
    server.path.write_text(before.replace("Count: {", "Number: {"))
    expect(count(page)).to_have_text("Number: 1")
    with_its_code = tab.get_by_role("button", name=re.compile(r"Back, with the code of \d\d:\d\d:\d\d"))
    expect(with_its_code).to_be_visible()
    if with_code:
        with_its_code.click()
        expect(count(page)).to_have_text("Count: 0")
        assert server.path.read_text() == before
        expect(with_its_code).to_have_count(0)
    else:
        press(tab, "Back (1)")
        expect(count(page)).to_have_text("Number: 0")
        expect(tab.get_by_text("Back: before inc, count 1 → 0")).to_be_visible()


# ---------------------------------------------------------------------------------------------------------------------
# Copy as test
# ---------------------------------------------------------------------------------------------------------------------


def copied_test(tab):
    press(tab, "Copy as test")
    text = tab.locator(".test code").inner_text()
    press(tab, "Close")
    return text.replace("\xa0", " ")


def run_as_pasted(text, tmp_path):
    """Run a test in a directory of its own."""
    directory = tmp_path / "pasted"
    directory.mkdir(exist_ok=True)
    (directory / "test_pasted.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(directory),
        "test_pasted.py",
    ]
    environment = environment_of_servers(tmp_path)
    ran = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout + ran.stderr


def passes(text, tmp_path):
    code, told = run_as_pasted(text, tmp_path)
    assert code == 0, f"{text}\n{told}"


def test_what_was_done_is_copied_as_a_test(serve, open_page, tmp_path):
    server = serve(PROGRAM)
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    press(page, "inc")
    page.get_by_label("New").press_sequentially("bread")
    press(page, "Add")
    page.get_by_text("bread").click()
    page.get_by_role("button", name="Remove").nth(1).click()
    press(page, "inc")
    press(page, "inc")
    expect(count(page)).to_have_text("Count: 3")
    page.keyboard.press("Control+Shift+Z")  # and is done no more
    expect(count(page)).to_have_text("Count: 2")
    expect(tab.get_by_role("button", name="Forward (1)")).to_be_visible()
    text = copied_test(tab)
    acts = [line.strip() for line in text.splitlines() if line.strip().startswith("page.")]
    assert acts == [
        'page.click("inc")',
        'page.type("New", "bread")',
        'page.click("Add")',
        'page.check("bread")',
        'page.click(page.find_all("Remove")[1])',
        'page.click("inc")',
    ]
    assert 'assert page.has("Count: 2")' in text
    assert "not recorded" not in text
    passes(text, tmp_path)
    code, _ = run_as_pasted(text.replace("Count: 2", "Count: 5"), tmp_path)
    assert code == 1


KINDS = """
from nicegui import ui

import playground


class Kinds(playground.LiveView):
    def mount(self, params):
        self.name, self.size, self.color, self.done, self.level, self.saved = "", "S", "red", False, 3, {}
        self.typed, self.steps, self.who = "", 0, params.get("who", "nobody")

    def render(self):
        ui.input("Name").bind_value(self, "name")
        ui.select(["S", "M", "L"], label="Size").bind_value(self, "size")
        ui.toggle(["red", "blue"]).bind_value(self, "color")
        ui.switch("Done").bind_value(self, "done")
        ui.slider(min=0, max=10).bind_value(self, "level")
        ui.input("Typed", on_change=lambda event: setattr(self, "typed", event.value))
        ui.input("Counted", on_change=self.event("count"))
        with playground.form(on_submit=self.event("save")):
            ui.input("City").props("name=city").mark("city")
            ui.button("Save").props("type=submit")
        with ui.card().on("click", self.event("card")):
            ui.label("A card")
        ui.button(icon="add", on_click=self.event("icon"))
        ui.button(icon="remove", on_click=self.event("icon"))
        ui.button("marked", on_click=self.event("icon")).mark("mine")
        ui.label(f"{self.name} {self.size} {self.color} {self.done} {self.level}")
        ui.label(f"{self.who} {self.saved} {self.typed} {self.steps}").classes("second")

    def handle_event(self, event, params):
        match event:
            case "save":
                self.saved = params
            case "count" | "icon" | "card":
                self.steps += 1


playground.start(live={"/": Kinds, "/kinds/{who}": Kinds}, port=PORT, open_browser=False, stage=True)
"""


def test_all_kinds_of_fields_are_in_the_test(serve, open_page, tmp_path):
    server = serve(KINDS)
    page = open_page(f"{server.url}/kinds/ann")
    tab = open_inspector(open_page, server, "presenter")
    page.get_by_label("Name").press_sequentially("Ada")
    page.get_by_label("Size").click()
    page.get_by_role("option", name="L").click()
    press(page, "blue")
    page.get_by_text("Done").click()
    page.locator(".q-slider__track-container").click()
    page.get_by_label("Typed").press_sequentially("abc")
    page.get_by_label("Counted").press_sequentially("xy")
    page.get_by_label("City").fill("Rome")
    press(page, "Save")
    page.get_by_text("A card").click()
    page.get_by_role("button").filter(has_text="remove").click()
    press(page, "marked")
    expect(page.get_by_text("Ada L blue True 5")).to_be_visible()
    expect(page.locator(".second")).to_have_text("ann {'city': 'Rome'} abc 5")
    text = copied_test(tab)
    for line in (
        'page.type("Name", "Ada")',
        'page.select("Size", "L")',
        'page.select(ui.toggle, "blue")',
        'page.check("Done")',
        "page.type(ui.slider, 5)",
        'page.type("Typed", "abc")',
        'page.type("Counted", "x")',
        'page.type("Counted", "xy")',
        'page.type("city", "Rome")',
        "page.submit()",
        'page.click("A card")',
        'page.click("mine")',
        "page.has(\"ann {'city': 'Rome'} abc 5\")",
    ):
        assert line in text, f"{line}\n{text}"
    assert "page.click(page.find_all(ui.button)[" in text
    passes(text, tmp_path)


ROUTES = """
from nicegui import ui

import playground


class Home(playground.LiveView):
    def render(self):
        playground.navigate_link("A room", "/room/a")


class Room(playground.LiveView):
    def handle_params(self, params):
        self.name, self.part, self.count = params["name"], params.get("part", "1"), 0

    def render(self):
        ui.label(f"{self.name} {self.part} {self.count}").classes("count")
        playground.patch_link("Two", "?part=2")
        ui.button("inc", on_click=lambda: setattr(self, "count", self.count + 1))
        ui.button("later", on_click=lambda: self.start_async("later", lambda: 40))

    def handle_async(self, name, result):
        self.count += result.result


if __name__ == "__main__":
    playground.start(live={"/": Home, "/room/{name}": Room}, port=PORT, open_browser=False, stage=True)
"""


def test_links_and_work_beside_the_page_are_in_the_test(serve, open_page, tmp_path):
    server = serve(ROUTES)
    page, tab = open_page(server.url), open_inspector(open_page, server)
    page.get_by_text("A room").click()
    page.get_by_text("Two").click()
    expect(count(page)).to_have_text("a 2 0")
    press(page, "inc")
    press(page, "later")
    expect(count(page)).to_have_text("a 2 41")
    one = tab.locator(".one").filter(has_text="/room/a?part=2")
    one.click()
    text = copied_test(tab)
    visit = 'playground.visit({"/": Home, "/room/{name}": Room}, "/room/a") as page:'
    lines = [line.strip() for line in text.partition(visit)[2].split("\n") if line]
    acts = ['page.click("Two")', 'page.click("inc")', 'page.click("later")', "page.wait_async()"]
    assert lines == [*acts, 'assert page.has("a 2 41")']
    passes(text, tmp_path)


def test_what_cannot_be_recorded_is_named(serve, open_page, tmp_path):
    server = serve(PROGRAM.replace("self.count, self.text =", 'self.subscribe("news")\n        self.count, self.text =').replace(
        "    def handle_event", "    def handle_info(self, message):\n        self.count += 10\n\n    def handle_event", 1
    ).replace('send(Clock, "tick")', 'broadcast("news", "ten")'))  # fmt: skip
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    press(page, "tick")
    press(page, "inc")
    expect(count(page)).to_have_text("Count: 11")
    text = copied_test(tab)
    assert "# not recorded: handle_info('ten')" in text
    assert "# perhaps" in text
    passes(text, tmp_path)


# ---------------------------------------------------------------------------------------------------------------------
# All of them
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.console_allows("status of 404")
def test_the_tools_are_listed_and_the_404_page_leads_to_them(serve, open_page):
    server = serve(PROGRAM)
    page = open_page(f"{server.url}/nowhere", connected=False)
    page.get_by_role("link", name="Tools").click()
    tools = page.get_by_role("navigation", name="All tools").get_by_role("link")
    for name in ("Inspect", "Processes", "Code"):
        expect(tools.get_by_text(name, exact=True)).to_be_visible()
    tools.get_by_text("Inspect", exact=True).click()
    expect(page.get_by_role("heading", name="Messages")).to_be_visible()
    for path in ("", "inspect", "tree"):
        assert status_of(f"{server.url}/_playground/{path}") == 200
        assert status_of(f"{server.url}/_playground/{path}", **OTHER) == 404


def test_without_the_stage_there_are_no_tools(serve, open_page):
    server = serve(PROGRAM.replace("stage=True", "stage=True, debug_errors=False"))
    page = open_page(server.url)
    press(page, "inc")
    expect(count(page)).to_have_text("Count: 1")
    page.keyboard.press("Control+Shift+Z")
    press(page, "inc")
    expect(count(page)).to_have_text("Count: 2")
    assert status_of(f"{server.url}/_playground/inspect") == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable_and_fits(serve, open_page, scheme):
    server = serve(PROGRAM)
    page = open_page(server.url)
    for name in ("inc", "Add", "nothing"):
        press(page, name)
    tab = open_inspector(open_page, server, "presenter")
    tab.emulate_media(color_scheme=scheme)
    press(tab, "todos")
    messages(tab).nth(1).get_by_role("button").click()
    expect(messages(tab).nth(1).locator(".more")).to_be_visible()
    attribute(tab, "count").click()
    for path in ("inspect", "tree", ""):
        if path != "inspect":
            tab.goto(f"{server.url}/_playground/{path}")
            tab.wait_for_function("document.querySelector('main')?.childElementCount > 0")
        for width, height in ((1024, 768), (1280, 800), (390, 844)):
            tab.set_viewport_size({"width": width, "height": height})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
        tab.wait_for_function("document.getAnimations().every((animation) => animation.playState !== 'running')")
        assert tab.evaluate(HARD_TO_READ) == [], f"{path} in {scheme}"


def test_stage_by_itself_shows_the_tools(serve, open_page):
    server = serve(ROOT / "examples" / "stage.py", "--no-browser")
    page, tab = open_page(server.url), open_inspector(open_page, server, "presenter")
    press(page, "+")
    expect(attribute(tab, "history")).to_have_text("[1]")
    wait_until(lambda: "Traceback" not in server.log)
