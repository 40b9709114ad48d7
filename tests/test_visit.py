"""`visit` as the one who writes tests meets it: what cannot be done says why and shows the page; what is hidden is."""

import asyncio
import gc
import json
import re
import threading
import time

import pytest
from conftest import settle_until, wait_until
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
        ui.slider(min=0, max=10, step=2, on_change=self.note).mark("slider")
        ui.button("prop", on_click=self.note).props("disable")
        with ui.button(on_click=self.note).props("disable"):
            ui.label("inside of a button")
        ui.linear_progress(0.1).mark("progress")
        with ui.stepper().mark("steps"):
            ui.step("first")
            with ui.step("second"):
                ui.button("on the second step", on_click=self.note)

    def note(self, event):
        self.log.append(event)


class Part(playground.LiveComponent):
    def render(self):
        ui.label("part")


REFUSED = {
    "missing": (lambda page: page.click("absent"), "there is no 'absent' on the page"),
    "missing class": (lambda page: page.find(ui.video), "there is no <class 'nicegui.elements.video.Video'>"),
    "ambiguous": (lambda page: page.click("twice"), "'twice' is ambiguous, 2 elements match:\n  Label [text=twice]"),
    "ambiguous class": (lambda page: page.find(ui.label), "<class 'nicegui.elements.label.Label'> is ambiguous, 5"),
    "hidden": (lambda page: page.click("hidden"), "'hidden' is hidden"),
    "hidden with what is around it": (lambda page: page.click("inside of hidden"), "'inside of hidden' is hidden"),
    "disabled": (lambda page: page.click("disabled"), "'disabled' is disabled"),
    "disabled field": (lambda page: page.type("locked", "x"), "'locked' is disabled"),
    "read-only": (lambda page: page.type("fixed", "x"), "'fixed' is read-only"),
    "no field": (lambda page: page.type("plain", "x"), "'plain' is not for page.type()"),
    "box as field": (lambda page: page.type("tick", "x"), "'tick' is not for page.type()"),
    "no number": (
        lambda page: page.type("count", "many"),
        "'count' does not take 'many': could not convert string to float",
    ),
    "slider": (
        lambda page: page.type("slider", "far"),
        "'slider' does not take 'far': could not convert string to float",
    ),
    "slider's end": (
        lambda page: page.type("slider", 11),
        "'slider' does not take 11: a number from 0 to 10 is taken",
    ),
    "disabled by props": (lambda page: page.click("prop"), "'prop' is disabled"),
    "in a disabled button": (lambda page: page.click("inside of a button"), "'inside of a button' is disabled"),
    "no input": (lambda page: page.type("progress", 0.5), "'progress' is not for page.type()"),
    "step that is not open": (lambda page: page.click("on the second step"), "'on the second step' is hidden"),
    "step without header-nav": (lambda page: page.click("second"), "'second' does nothing when it is clicked"),
    "nothing before": (lambda page: page.back(), "there is nothing to go to: the history is ['/']"),
    "nothing after": (lambda page: page.forward(), "there is nothing to go to: the history is ['/']"),
    "no box": (lambda page: page.check("choice"), "'choice' is not for page.check()"),
    "no choice": (lambda page: page.select("plain", "a"), "'plain' is not for page.select()"),
    "unknown choice": (
        lambda page: page.select("choice", "c"),
        "'choice' does not take 'c': the options are ['a', 'b']",
    ),
    "unknown of several": (
        lambda page: page.select("choices", ["a", "c"]),
        "'choices' does not take ['a', 'c']: the options are ['a', 'b']",
    ),
    "unknown radio": (
        lambda page: page.select("radio", "three"),
        "'radio' does not take 'three': the options are [1, 2]",
    ),
    "several choices": (
        lambda page: page.select("choice", ["a"]),
        "'choice' does not take ['a']: the options are ['a', 'b']",
    ),
    "nothing to click": (lambda page: page.click("plain"), "'plain' does nothing when it is clicked"),
    "event": (lambda page: page.trigger("hidden", "keydown.enter"), "'hidden' is hidden"),
    "unheard event": (lambda page: page.trigger("plain", "keydown"), "'plain' does not hear 'keydown'"),
    "no form": (lambda page: page.submit("plain"), "'plain' is not in a form"),
    "no upload": (lambda page: page.upload("plain", "a.txt", b"a"), "'plain' is not for page.upload()"),
    "no component": (lambda page: page.component(Part, 1), "there is no Part 1 on the page"),
}


def test_what_cannot_be_done_says_why_and_shows_the_page():
    with visit(Form) as page:
        for name, (act, message) in REFUSED.items():
            with pytest.raises(PageError) as caught:
                act(page)
            assert str(caught.value).startswith(message), name
            assert "\n\nThe page:\n" in str(caught.value), name
            for line in ("visible=False", "label=disabled, disable=True", "Label [text=plain]", "markers=radio"):
                assert line in str(caught.value), name
        assert page.live.log == []
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


# ---------------------------------------------------------------------------------------------------------------------
# The same in a browser: what handlers get
# ---------------------------------------------------------------------------------------------------------------------

EVERY = '''
import json

from nicegui import ui

import playground


class Every(playground.LiveView):
    def mount(self):
        self.log = []

    def note(self, name):
        """A handler that notes what it gets."""
        def noted(event):
            got = next((getattr(event, told) for told in ("value", "color", "args") if hasattr(event, told)), None)
            got = [file.name for file in event.files] if hasattr(event, "files") else got
            got = [event.file.name, event.file.content_type, event.file.size()] if hasattr(event, "file") else got
            got = {} if isinstance(got, dict) and "isTrusted" in got else got
            if getattr(event, "content", None):
                got = event.content
            self.log = [*self.log, [name, got]]
        return noted

    def put(self, element, name, *events, args=None):
        element.mark(name).classes(f"m-{name}")
        for event in events:
            element.on(event, self.note(f"{name} {event}"), ["button"] if "click" in event else args)
        return element

    def render(self):
        ui.label(json.dumps(self.log)).classes("log")
        put, note = self.put, self.note
        with ui.row():
            self.fields()
        with ui.row():
            self.choices()
        with ui.row():
            self.containers()
        with ui.row():
            self.clicks()

    def fields(self):
        put, note = self.put, self.note
        put(ui.input("input", on_change=note("input")), "input")
        put(ui.textarea("textarea", on_change=note("textarea")), "textarea")
        put(ui.number("number", min=0, max=10, value=5, on_change=note("number")), "number")
        put(ui.slider(min=0, max=10, value=3, on_change=note("slider")), "slider").classes("w-64")
        put(ui.knob(0.3, on_change=note("knob")), "knob")
        put(ui.rating(2, on_change=note("rating")), "rating")
        put(ui.color_input("color", on_change=note("color_input")), "color_input")
        put(ui.date_input("date", on_change=note("date_input")), "date_input")
        put(ui.time_input("time", on_change=note("time_input")), "time_input")
        put(ui.date("2024-01-15", on_change=note("date")), "date")
        put(ui.date(["2024-01-15"], on_change=note("dates")).props("multiple"), "dates")
        put(ui.time("10:00", on_change=note("time")), "time")
        put(ui.editor(value="old", on_change=note("editor")), "editor")
        put(ui.input_chips("chips", value=["x"], on_change=note("chips")), "chips").classes("w-32")
        put(ui.pagination(1, 5, on_change=note("pagination")), "pagination")
        with put(ui.button("pick"), "pick"):
            put(ui.color_picker(on_pick=note("picker")), "picker")
        put(ui.upload(auto_upload=True, multiple=True, max_files=3, on_upload=note("upload")), "upload", "rejected", args=[])
        put(ui.upload(auto_upload=True, multiple=True, on_multi_upload=note("batch")), "batch")
        put(ui.upload(auto_upload=True, on_upload=note("single")).props("accept=.txt"), "single", "rejected", args=[])

    def choices(self):
        put, note = self.put, self.note
        with put(ui.row(), "around", "click"):
            put(ui.checkbox("checkbox", on_change=note("checkbox")), "checkbox", "click")
            put(ui.switch("switch", on_change=note("switch")), "switch")
            put(ui.radio(["one", "two"], value="one", on_change=note("radio")), "radio", "click")
        put(ui.toggle({1: "west", 2: "east"}, value=1, clearable=True, on_change=note("toggle")), "toggle")
        put(ui.select(["a", "b", "c"], on_change=note("select")), "select").classes("w-32")
        put(ui.select(["a", "b", "c"], multiple=True, value=["a"], on_change=note("multi")), "multi").classes("w-32")
        put(ui.select(["a", "b", "c"], with_input=True, on_change=note("with_input")), "with_input").classes("w-32")

    def containers(self):
        put, note = self.put, self.note
        with put(ui.stepper(on_value_change=note("stepper")).props("header-nav"), "stepper"):
            ui.step("first")
            ui.step("second")
        with put(ui.tabs(on_change=note("tabs")), "tabs", "click"):
            put(ui.tab("t1"), "t1")
            put(ui.tab("t2", label="Second"), "t2", "click")
        with put(ui.carousel(arrows=True, on_value_change=note("carousel")).props("height=100px"), "carousel"):
            for name in ("s1", "s2"):
                with ui.carousel_slide(name):
                    ui.label(f"on {name}")
        with put(ui.expansion("expansion", on_value_change=note("expansion")), "expansion", "click"):
            put(ui.button("inside"), "inside", "click")
        with put(ui.element("div"), "outside", "click"):
            with put(ui.button("menu"), "menu_button", "click"):
                with put(ui.menu(), "menu"):
                    put(ui.menu_item("stays", auto_close=False), "stays", "click")
        with put(ui.splitter(value=30, on_change=note("splitter")).style("width: 200px; height: 4rem"), "splitter") as splitter:
            with splitter.after:
                ui.label("after")
        with put(ui.dialog().on_value_change(note("dialog")), "dialog") as dialog, ui.card():
            put(ui.button("in dialog", on_click=dialog.close), "in_dialog")
        put(ui.button("open", on_click=dialog.open), "open")

    def clicks(self):
        put, note = self.put, self.note
        with put(ui.element("div"), "outer", "click"):
            for words in ("stop", "prevent", "once", "ctrl", "exact", "left", "right", "middle", "enter", "passive",
                          "capture", "ctrl.stop"):
                put(ui.button(f"click.{words}"), words.replace(".", "_"), f"click.{words}")
            with put(ui.link(target="#there"), "link", "click"):
                put(ui.label("in a link"), "in_link", "click")
        with put(ui.element("div"), "keys_around", "keydown", args=["key"]):
            put(ui.input("keys"), "keys", "keydown.enter", "keydown.ctrl.a", "keyup.esc", "keydown.up", args=["key", "ctrlKey"])
        with ui.element("form").on("submit.prevent", note("submitted"), []):
            put(ui.input("in form"), "in_form", "keydown.enter.stop", args=[])
            put(ui.button("q").props("type=submit"), "q_submit", "click")
            put(ui.element("button"), "native").add_slot("default", "native")
            put(ui.button("no"), "no_submit", "click")
            put(ui.button("prevented").props("type=submit"), "prevented", "click.prevent")
            with put(ui.button().props("type=submit"), "with_label"):
                put(ui.label("label of a submit button"), "submit_label")
        with ui.element("form").on("submit.prevent", note("disabled form"), []):
            put(ui.input("in disabled"), "in_disabled")
            put(ui.button("off").props("type=submit disable"), "off_submit", "click")
            put(ui.element("button").props("disabled"), "native_off", "click").add_slot("default", "native")
        with put(ui.element("div"), "around_disabled"):
            put(ui.button("off").props("disable"), "button_off", "click")
            put(ui.item("off").props("clickable disable"), "item_off", "click")
            put(ui.checkbox("off", on_change=note("off")).props("disable"), "checkbox_off")
            with put(ui.button().props("disable"), "around_label", "click"):
                put(ui.label("off"), "in_button_off")
            with put(ui.tabs(on_change=note("off")), "tabs_off"):
                put(ui.tab("off").props("disable"), "tab_off", "click")
            with ui.element("fieldset").props("disabled"):
                put(ui.element("button"), "in_fieldset", "click").add_slot("default", "in a fieldset")
'''

TWO_FILES = {"a.txt": b"a", "b.bin": b"bb"}
UNHEARD = ("ctrl", "right", "middle", "enter", "ctrl.stop")
MODIFIERS = (
    "stop",
    "prevent",
    "once",
    "exact",
    "left",
    "passive",
    "capture",
    *UNHEARD,
)
SAME = {  # what is done in both: a click, or what a test does and what a person does
    "text": (lambda v: v.type("input", "abc"), lambda b: b.fill("input", "abc")),
    "the same text": (lambda v: v.type("input", "abc"), lambda b: b.fill("input", "abc")),
    "lines": (lambda v: v.type("textarea", "a\nb"), lambda b: b.fill("textarea", "a\nb", "textarea")),
    "zero": (lambda v: v.type("number", "0"), lambda b: b.fill("number", "0")),
    "a fraction": (lambda v: v.type("number", "1.50"), lambda b: b.fill("number", "1.50")),
    "nothing": (lambda v: v.type("number", ""), lambda b: b.fill("number", "")),
    "leaving it": (lambda v: v.type("color_input", "#ff0000"), lambda b: b.fill("color_input", "#ff0000")),
    "date_input": (lambda v: v.type("date_input", "2024-02-03"), lambda b: b.fill("date_input", "2024-02-03")),
    "time_input": (lambda v: v.type("time_input", "11:22"), lambda b: b.fill("time_input", "11:22")),
    "slider": (lambda v: v.type("slider", "7"), lambda b: b.click_at("slider", 0.7)),
    "knob": (lambda v: v.type("knob", 0.25), lambda b: b.click_at("knob", 0.99)),
    "rating": (lambda v: v.type("rating", "4"), lambda b: b.click("rating", ".q-rating__icon-container", 3)),
    "date": (lambda v: v.type("date", "2024-01-20"), lambda b: b.click("date", ":text-is('20')")),
    "dates": (lambda v: v.type("dates", ["2024-01-15", "2024-01-20"]), lambda b: b.click("dates", ":text-is('20')")),
    "time": (lambda v: v.type("time", "04:00"), lambda b: b.click("time", ".q-time__clock-pos-4")),
    "editor": (lambda v: v.type("editor", "new"), lambda b: b.fill("editor", "new", "[contenteditable]")),
    "a chip more": (lambda v: v.type("chips", "y"), lambda b: b.enter("chips", "y")),
    "pagination": (lambda v: v.type("pagination", 3), lambda b: b.click("pagination", "button:has-text('3')")),
    "splitter": (lambda v: v.type("splitter", 50), lambda b: b.drag_splitter("splitter", 30, 50)),
    "files one by one": (lambda v: v.upload("upload", TWO_FILES), lambda b: b.upload("upload", TWO_FILES)),
    "files together": (lambda v: v.upload("batch", TWO_FILES), lambda b: b.upload("batch", TWO_FILES)),
    "one file": (lambda v: v.upload("single", "a.txt", b"a"), lambda b: b.upload("single", {"a.txt": b"a"})),
    "checkbox": "checkbox",
    "cleared": (lambda v: v.check("checkbox", False), lambda b: b.click("checkbox")),
    "switch": (lambda v: v.check("switch"), lambda b: b.click("switch")),
    "radio": (lambda v: v.select("radio", "two"), lambda b: b.click("radio", ".q-radio", 1)),
    "the same radio": (lambda v: v.select("radio", "two"), lambda b: b.click("radio", ".q-radio", 1)),
    "label of a radio": (lambda v: v.click("one"), lambda b: b.click("radio", ":text-is('one')")),
    "label of a toggle": (lambda v: v.click("east"), lambda b: b.click("toggle", "button", 1)),
    "select": (lambda v: v.select("select", "b"), lambda b: b.choose("select", "b")),
    "the same choice": (lambda v: v.select("select", "b"), lambda b: b.choose("select", "b")),
    "multiple": (lambda v: v.select("multi", ["a", "c"]), lambda b: b.choose("multi", "c")),
    "with input": (lambda v: v.select("with_input", "c"), lambda b: b.choose("with_input", "c", "input")),
    "a step": (lambda v: v.select("stepper", "second"), lambda b: b.click("stepper", ".q-stepper__tab", 1)),
    "a tab": "t2",
    "the same tab": (lambda v: v.click("Second"), lambda b: b.click("t2")),
    "another tab": "t1",
    "a slide": (lambda v: v.select("carousel", "s2"), lambda b: b.click("carousel", ".q-carousel__next-arrow button")),
    "expansion": (lambda v: v.click("expansion"), lambda b: b.click("expansion", ".q-item")),
    "in an expansion": "inside",
    "opening a menu": "menu_button",
    "an item that stays": "stays",
    "open": "open",
    "in a dialog": "in_dialog",
    **{f"click.{words}": words.replace(".", "_") for words in MODIFIERS},
    "in a link": "in_link",
    "a key": (lambda v: v.press("a", "keys"), lambda b: b.press("a", "keys")),
    "enter": (lambda v: v.press("Enter", "keys"), lambda b: b.press("Enter", "keys")),
    "esc": (lambda v: v.press("Escape", "keys"), lambda b: b.press("Escape", "keys")),
    "up": (lambda v: v.press("ArrowUp", "keys"), lambda b: b.press("ArrowUp", "keys")),
    "submit button": "q_submit",
    "native button": "native",
    "no submit button": "no_submit",
    "prevented": "prevented",
    "label of a submit button": "submit_label",
    "enter in a form": (lambda v: v.press("Enter", "in_form"), lambda b: b.press("Enter", "in_form")),
    "enter in a disabled form": (lambda v: v.press("Enter", "in_disabled"), lambda b: b.press("Enter", "in_disabled")),
}
DISABLED = [
    "off_submit",
    "native_off",
    "button_off",
    "item_off",
    "checkbox_off",
    "tab_off",
    "in_button_off",
    "in_fieldset",
]


class Person:
    """What a person does in Chromium to the elements of `Every`."""

    def __init__(self, page):
        self.page = page

    @property
    def log(self):
        return json.loads(self.page.locator(".log").inner_text())

    def at(self, name, inside="", nth=0):
        return self.page.locator(f".m-{name} {inside}" if inside else f".m-{name}").nth(nth)

    def field(self, name, inside="input"):
        return self.page.locator(f"{inside}.m-{name}, .m-{name} {inside}").first

    def fill(self, name, text, inside="input"):
        self.field(name, inside).click()
        self.field(name, inside).fill(text)

    def click(self, name, inside="", nth=0):
        self.at(name, inside, nth).click()

    def click_at(self, name, x, y=0.5):
        box = self.at(name).bounding_box()
        self.at(name).click(position={"x": x * box["width"], "y": y * box["height"]})

    def press(self, key, name=None):
        self.field(name).press(key) if name else self.page.keyboard.press(key)

    def enter(self, name, text):
        self.fill(name, text)
        self.field(name).press("Enter")

    def choose(self, name, label, inside=""):
        self.click(name, inside)
        self.page.locator(f".q-menu .q-item:has-text('{label}')").click()
        if name == "multi":
            self.page.keyboard.press("Escape")
        self.page.wait_for_function("() => !document.querySelector('.q-menu')")

    def drag_splitter(self, name, before, after):
        self.at(name).scroll_into_view_if_needed()
        box = self.at(name).bounding_box()
        for percent, act in ((before, self.page.mouse.down), (after, self.page.mouse.up)):
            self.page.mouse.move(box["x"] + box["width"] * percent / 100, box["y"] + box["height"] / 2, steps=4)
            act()

    def upload(self, name, files):
        kinds = {"txt": "text/plain", "png": "image/png", "bin": "application/octet-stream"}
        told = [{"name": name, "mimeType": kinds[name[-3:]], "buffer": data} for name, data in files.items()]
        self.at(name, "input[type=file]").set_input_files(told)
        self.page.wait_for_function("(name) => !document.querySelector(`.m-${name} .q-uploader__spinner`)", arg=name)


def click(name):
    return lambda who: who.click(name)


def test_handlers_get_what_they_get_in_a_browser(serve, open_page):
    namespace = {}
    exec(EVERY, namespace)
    page = open_page(serve(EVERY, live="Every").url)
    person, differences, seen = Person(page), [], 0
    with visit(namespace["Every"]) as visited:
        for name, acts in SAME.items():
            for act, who in zip((click(acts),) * 2 if isinstance(acts, str) else acts, (visited, person), strict=True):
                act(who)
            told = visited.live.log[seen:]
            try:
                wait_until(lambda: person.log[seen:] == told, timeout=10)  # noqa: B023
            except AssertionError:
                differences.append(f"{name}: handlers get {told}, and in the browser {person.log[seen:]}")
                visited.live.log = person.log
            seen = len(visited.live.log)
        for name in DISABLED:
            with pytest.raises(PageError, match="is disabled"):
                visited.click(name)
            person.at(name).click(force=True)
        person.click("checkbox")
        wait_until(lambda: len(person.log) > seen)
        assert person.log[seen][0] == "checkbox", "what is disabled is not heard in the browser either"
    assert not differences, "\n".join(differences)


PAGES = """
from nicegui import ui

import playground


class First(playground.LiveView):
    def mount(self):
        self.clicks = 0

    def handle_params(self, params, uri):
        self.uri = uri

    def render(self):
        ui.label(f"First {self.uri} {self.clicks}").classes("shown").mark("shown")
        ui.button("click", on_click=lambda: setattr(self, "clicks", self.clicks + 1)).classes("m-click")
        playground.patch_link("patch", "?n=1").classes("m-patch")
        playground.navigate_link("navigate", "/second").classes("m-navigate")
        with playground.patch_link("", "?n=2"):
            ui.label("inside").classes("m-inside")
        ui.link("anchor", "#there").classes("m-anchor")
        playground.patch_link("prevented", "?n=3").classes("m-prevented").on("click.prevent", lambda: None)


class Second(playground.LiveView):
    def render(self):
        ui.label("Second").classes("shown").mark("shown")
        ui.button("add", on_click=lambda: self.push_patch("?n=4")).classes("m-add")
        ui.button("home", on_click=lambda: self.push_navigate("/")).classes("m-home")


PAGES = {"/": First, "/second": Second}
"""
STEPS = ["click", "patch", "click", "inside", "prevented", "back", "back", "forward", "navigate", "add", "back"]
STEPS += ["back", "forward", "home", "back", "back", "forward", "add", "back"]


def test_the_history_is_that_of_a_browser(serve, open_page):
    namespace = {}
    exec(PAGES, namespace)
    page = open_page(serve(f"{PAGES}\nplayground.start(live=PAGES, port=PORT, open_browser=False)").url)
    with visit(namespace["PAGES"]) as visited:
        for step in STEPS:
            if step in ("back", "forward"):
                getattr(visited, step)()
                page.evaluate(f"history.{step}()")
            else:
                visited.click(step)
                page.locator(f".m-{step}").click()
            shown = visited.find("shown").text
            wait_until(lambda: page.locator(".shown").inner_text() == shown, lambda: f"{step}: {shown}")  # noqa: B023
            page.wait_for_function("(uri) => location.href.endsWith(uri)", arg=visited._page.navigation.uri)
        visited.goto("/")
        visited.click("click")
        visited.back()  # loads the page again
        assert visited.has("Second")
        visited.forward()
        assert visited.find("shown").text == "First / 0"
        visited.click("anchor")
        assert (visited.redirected_to, visited.patched_to) == (None, None)


class Pushed(LiveView):
    browser_events = ("moved",)

    def mount(self):
        self.place = None

    def render(self):
        ui.label(f"at {self.place}")

    def handle_event(self, event, params):
        self.place = params["x"]


def test_events_of_the_javascript_of_a_page():
    with visit(Pushed) as page:
        page.push("moved", {"x": (1, 2)})
        assert page.has("at [1, 2]"), "what comes is JSON"


def visit_and_click():
    with visit(Unprintable) as page:
        page.click("+")
        page.live.count += 1
        page.live.send_after(0, "anything")
        return page.text


def test_beside_a_browser_and_in_a_notebook(browser):
    async def cell():
        return visit_and_click()

    assert asyncio._get_running_loop() is not None, "Playwright's loop runs in this thread"
    assert visit_and_click() == "Count: 2 +"
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        assert asyncio.run(cell()) == "Count: 2 +"
        with visit(Unprintable) as page:
            asyncio._set_running_loop(loop)  # opened before, used after
            page.click("+")
            page.live.count += 1
            assert page.has("Count: 2")
    finally:
        asyncio._set_running_loop(loop)


def test_the_form_of_a_field_gets_what_the_field_is_left_with():
    class Sized(LiveView):
        def mount(self):
            self.saved = None

        def render(self):
            with playground.form(on_submit=lambda event: setattr(self, "saved", event.values)):
                ui.number("size", min=0, max=10).props("name=size")
                playground.upload(label="files", multiple=True, max_files=2).props("name=files")
                ui.button("Save").props("type=submit")

    with visit(Sized) as page:
        page.type("size", "99")
        page.upload("files", {"a.txt": b"a", "b.png": b"b"})
        page.click("Save")
        assert page.live.saved["size"] == 10
        kinds = [(file.name, file.content_type) for file in page.live.saved["files"]]
        assert kinds == [("a.txt", "text/plain"), ("b.png", "image/png")]
