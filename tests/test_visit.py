"""`visit` as the one who writes tests meets it: what cannot be done says why and shows the page; what is hidden is."""

import asyncio
import gc
import re
import threading
import time

import pytest
from conftest import settle_until
from nicegui import app, ui

import playground
from playground import LiveView, PageError, visit


class Form(LiveView):
    def mount(self):
        self.log = []

    def render(self):
        ui.label("twice")
        ui.label("twice")
        ui.label("plain")
        with ui.column() as around:
            around.set_visibility(False)
            ui.button("inside of hidden", on_click=self.note)
        ui.button("hidden", on_click=self.note).set_visibility(False)
        ui.button("disabled", on_click=self.note).set_enabled(False)
        ui.input("fixed", on_change=self.note).props("readonly")
        ui.input("locked", on_change=self.note).set_enabled(False)
        ui.number("count", on_change=self.note)
        ui.checkbox("tick", on_change=self.note)
        ui.select(["a", "b"], label="choice", on_change=self.note)
        ui.select(["a", "b"], label="choices", multiple=True, on_change=self.note)
        ui.radio({1: "one", 2: "two"}, on_change=self.note).mark("radio")

    def note(self, event):
        self.log.append(event)


class Part(playground.LiveComponent):
    def render(self):
        ui.label("part")


REFUSED = {
    "missing": (lambda page: page.click("absent"), "there is no 'absent' on the page"),
    "missing class": (lambda page: page.find(ui.slider), "there is no <class 'nicegui.elements.slider.Slider'>"),
    "ambiguous": (lambda page: page.click("twice"), "'twice' is ambiguous, 2 elements match:\n  label \"twice\""),
    "ambiguous class": (lambda page: page.find(ui.label), "<class 'nicegui.elements.label.Label'> is ambiguous, 3"),
    "hidden": (lambda page: page.click("hidden"), "'hidden' is hidden"),
    "hidden with what is around it": (lambda page: page.click("inside of hidden"), "'inside of hidden' is hidden"),
    "disabled": (lambda page: page.click("disabled"), 'button "disabled" (disabled) is disabled'),
    "disabled field": (lambda page: page.type("locked", "x"), 'input "locked" (disabled) is disabled'),
    "read-only": (lambda page: page.type("fixed", "x"), "'fixed' is read-only"),
    "no field": (lambda page: page.type("plain", "x"), "'plain' is no field to type into"),
    "box as field": (lambda page: page.type("tick", "x"), "'tick' is no field to type into"),
    "no number": (lambda page: page.type("count", "many"), "'count' takes a number, not 'many'"),
    "no box": (lambda page: page.check("choice"), "'choice' is no checkbox or switch"),
    "no choice": (lambda page: page.select("plain", "a"), "'plain' has no options to choose from"),
    "unknown choice": (lambda page: page.select("choice", "c"), "'c' is not among the options ['a', 'b']"),
    "unknown of several": (lambda page: page.select("choices", ["a", "c"]), "'c' is not among the options ['a', 'b']"),
    "unknown radio": (lambda page: page.select("radio", "three"), "'three' is not among the options [1, 2]"),
    "several choices": (lambda page: page.select("choice", ["a"]), "'choice' takes one choice, not a list"),
    "one of several": (lambda page: page.select("choices", "a"), "'choices' takes a list of choices"),
    "nothing to click": (lambda page: page.click("plain"), "'plain' does nothing when it is clicked"),
    "event": (lambda page: page.trigger("hidden", "keydown.enter"), "'hidden' is hidden"),
    "unheard event": (lambda page: page.trigger("plain", "keydown"), "label \"plain\" does not listen to 'keydown'"),
    "no form": (lambda page: page.submit("plain"), "'plain' is not in a form"),
    "no upload": (lambda page: page.upload("plain", "a.txt", b"a"), "'plain' takes no files"),
    "no component": (lambda page: page.component(Part, 1), "there is no Part 1 on the page"),
}


def test_what_cannot_be_done_says_why_and_shows_the_page():
    with visit(Form) as page:
        for name, (act, message) in REFUSED.items():
            with pytest.raises(PageError) as caught:
                act(page)
            assert str(caught.value).startswith(message), name
            assert "\n\nThe page:\n" in str(caught.value), name
            for line in ('button "hidden" (hidden)', 'button "disabled" (disabled)', 'label "plain"', "marked radio"):
                assert line in str(caught.value), name
        assert page.live.log == []
        with pytest.raises(TypeError, match="7: name a text, a label, a marker, an element class"):
            page.click(7)
        page.select("choices", ["a", "b"])
        page.select("radio", "two")
        page.type("count", "2.5")
        page.check("tick")
        assert [event.value for event in page.live.log] == [["a", "b"], 2, 2.5, True]


class Containers(LiveView):
    def mount(self):
        self.log = []

    def render(self):
        with ui.dialog() as dialog, ui.card():
            ui.label("in the dialog")
            ui.button("of the dialog", on_click=lambda: self.log.append("dialog"))
            ui.button("close", on_click=dialog.close)
        ui.button("open", on_click=dialog.open)
        with ui.expansion("more"):
            ui.label("in the expansion")
            ui.button("of the expansion", on_click=lambda: self.log.append("expansion"))
        with ui.tabs() as tabs:
            ui.tab("first")
            ui.tab("second")
        with ui.tab_panels(tabs, value="first"):
            with ui.tab_panel("first"):
                ui.label("in the first panel")
            with ui.tab_panel("second"):
                ui.label("in the panel")
                ui.button("of the panel", on_click=lambda: self.log.append("panel"))


@pytest.mark.parametrize(("name", "opens"), [("dialog", "open"), ("expansion", "more"), ("panel", "second")])
def test_what_is_closed_hides_what_is_inside(name, opens):
    with visit(Containers) as page:

        def assert_hidden():
            assert not page.has(f"in the {name}")
            assert f"in the {name}" not in page.text
            with pytest.raises(PageError, match=f"'of the {name}' is hidden"):
                page.click(f"of the {name}")
            with pytest.raises(PageError, match="is hidden"):
                page.find(f"in the {name}")
            assert page.live.log == []

        assert_hidden()
        page.click(opens)
        assert page.has(f"in the {name}")
        assert f"in the {name}" in page.text
        page.click(f"of the {name}")
        assert page.live.log == [name]
        page.live.log = []
        page.click({"dialog": "close", "expansion": "more", "panel": "first"}[name])
        assert_hidden()


class Kept(LiveView):
    def mount(self):
        self.name = app.storage.user.get("name")

    def render(self):
        ui.label(f"{self.name}, {app.storage.user.get('name')}").mark("shown")
        ui.button("save", on_click=lambda: app.storage.user.update(name="Ada"))


def test_the_storage_of_a_user():
    with visit(Kept) as one, visit(Kept) as two:
        one.click("save")
        assert one.find("shown").text == "None, Ada"
        two.settle()
        two.live.refresh()
        assert two.find("shown").text == "None, None"  # somebody else
        one.goto("/")  # the same person
        assert one.find("shown").text == "Ada, Ada"


class Counter(LiveView):
    def mount(self):
        self.text = ""

    def render(self):
        ui.label(self.text)
        ui.button("wait", on_click=self.wait)

    async def wait(self):
        await asyncio.sleep(60)


def test_a_handler_that_does_not_end_is_named():
    with visit(Counter) as page:
        page._timeout = 0.1  # not for opening it
        began = time.monotonic()
        with pytest.raises(TimeoutError, match=r"the page is still busy with .*wait.* after 0\.1 s"):
            page.click("wait")
        with pytest.raises(TimeoutError, match=r"after 0\.2 s"):
            page.settle(timeout=0.2)
        assert time.monotonic() - began >= 0.3


def test_the_size_of_what_is_sent():
    with visit(Counter) as page:
        assert (page.patches, page.patches.bytes) == ([], 0)
        page.live.text = "x"
        (patch,) = patches = page.patches
        assert patches.bytes == patch.bytes
        page.live.text = "x" * 1001
        assert page.patches.bytes == patch.bytes + 1000
        page.live.text = "€" * 1001  # bytes, not characters
        assert page.patches.bytes in (patch.bytes + 3002, patch.bytes - 1 + 6 * 1001)
        assert page.patches.bytes == 0


# ---------------------------------------------------------------------------------------------------------------------
# Wrong use that a test meets as well as a browser does
# ---------------------------------------------------------------------------------------------------------------------


def page_of(render):
    class Page(LiveView):
        pass

    Page.render = render
    return Page


def handler_without_a_name(self):
    ui.button("go", on_click=self.event)


def field_without_a_name(self):
    ui.input("go", on_change=self.event)


def returns_text(self):
    return "<h1>hello</h1>"


def is_a_generator(self):
    yield ui.label("hello")


@pytest.mark.parametrize(
    ("render", "error", "message"),
    [
        (handler_without_a_name, TypeError, 'A handler is self.event("name"), with the name of the event'),
        (field_without_a_name, TypeError, 'A handler is self.event("name"), with the name of the event'),
        (lambda self: self.send("x"), RuntimeError, "send() in render() would come again with every render"),
        (lambda self: self.send_after(1, "x"), RuntimeError, "send_after() in render() would come again"),
        (lambda self: self.send_interval(1, "x"), RuntimeError, "send_interval() in render() would come again"),
        (returns_text, TypeError, "render() of Page returned '<h1>hello</h1>'. It has to make the elements"),
        (is_a_generator, TypeError, "render() of Page returned <generator object is_a_generator"),
    ],
)
def test_a_render_that_cannot_be(render, error, message):
    with pytest.raises(error) as caught, visit(page_of(render)) as page:
        page.click("go")
    assert message in str(caught.value)


def test_a_render_may_send_to_others():
    class Listener(playground.GenServer):
        def init(self):
            self.seen = []

        def handle_info(self, message):
            self.seen.append(message)

    with visit(page_of(lambda self: playground.send(Listener, "hello")), children=[Listener]) as page:
        page.settle()
        assert playground.whereis(Listener).seen[:1] == ["hello"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/a/{", "'/a/{' is no path"),
        ("/a/{}", "'/a/{}' is no path"),
        ("/a/{x y}", "'/a/{x y}' is no path"),
        ("/a b", "'/a b' is no path"),
        ("/a?x=1", "'/a?x=1' is no path: it may have parts like \"{name}\", but no blanks and no query"),
        ("/a#b", "'/a#b' is no path"),
        ("a", "The path 'a' has to start with a slash: \"/a\""),
        (7, "The path 7 has to start with a slash"),
    ],
)
def test_paths_that_cannot_be(path, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        visit({"/": Counter, path: Counter})


@pytest.mark.parametrize("method", ["send_after", "send_interval"])
def test_seconds_come_first(method):
    with visit(Counter) as page:
        with pytest.raises(ValueError, match=re.escape(f"{method}(seconds, message) takes a number of seconds first")):
            getattr(page.live, method)("tick", 1)


# ---------------------------------------------------------------------------------------------------------------------
# Work in threads
# ---------------------------------------------------------------------------------------------------------------------


def test_many_jobs_that_wait_hold_up_no_other():
    gate = threading.Event()

    class Page(LiveView):
        def mount(self):
            self.count = 0

        def render(self):
            ui.label(f"{self.count} done")

        def handle_async(self, name):
            self.count += 1

    with visit(Page) as page:
        for number in range(40):
            page.live.start_async(f"job {number}", lambda: gate.wait(20))
        try:
            page.live.assign_async("quick", lambda: "quick")
            settle_until(page, lambda: page.live.quick.ok)
            assert page.live.quick.result == "quick"
            assert page.live.count == 0
        finally:
            gate.set()
        page.wait_async()
        assert page.has("40 done")


class Vanishing(LiveView):
    def mount(self):
        self.log, self.shown = [], True

    def render(self):
        with ui.column().on("click", lambda: self.log.append("around")):
            if self.shown:
                with ui.card(), ui.row():
                    ui.button("take me away", on_click=self.vanish)

    async def vanish(self):
        self.log.append("button")
        self.shown = False
        await asyncio.sleep(0)
        gc.collect()


def test_a_click_may_take_away_what_is_clicked():
    with visit(Vanishing) as page:
        page.click("take me away")
        assert page.live.log == ["button", "around"]
        assert not page.has("take me away")


class Unprintable(LiveView):
    def mount(self):
        self.count = 0

    def __repr__(self):
        raise RuntimeError("nobody has asked for it")

    def render(self):
        ui.label(f"Count: {self.count}")
        ui.button("+", on_click=self.add)

    def add(self):
        self.count += 1


def test_a_click_does_not_ask_a_page_for_its_text():
    with visit(Unprintable) as page:
        page.click("+")
        assert "Count: 1" in page.text
