"""Forms: fields by their names, errors beside them, files, busy buttons, events that wait; in `visit` and in Chromium."""

import itertools
import json
import re
import sys

import pytest
from conftest import Server, environment_of_servers, unused_port
from nicegui import ui

import playground

# ---------------------------------------------------------------------------------------------------------------------
# Without a browser
# ---------------------------------------------------------------------------------------------------------------------


class Kinds(playground.LiveView):
    def mount(self):
        self.told, self.errors = [], {}

    def render(self):
        with playground.form(on_change=self.event("change"), on_submit=self.event("save"), errors=self.errors):
            with ui.card(), ui.row():
                ui.input("Text").props("name=text")
            ui.textarea("Area").props("name=area")
            ui.number("Number").props("name=number")
            ui.checkbox("Check").props("name=check")
            ui.switch("Switch").props("name=switch")
            ui.select({1: "one", 2: "two"}, label="One").props("name=one")
            ui.select(["a", "b", "c"], label="Several", multiple=True).props("name=several")
            ui.radio(["r", "s"]).props("name=radio").mark("radio")
            ui.toggle(["t", "u"]).props("name=toggle").mark("toggle")
            ui.slider(min=0, max=10, value=3).props("name=slider").mark("slider")
            ui.date().props("name=date").mark("date")
            ui.color_input("Color").props("name=color")
            ui.codemirror().props("name=code").mark("code")
            ui.editor().props("name=editor").mark("editor")
            playground.upload(label="File").props("name=file")
            ui.input("Nameless")
        ui.input("Outside").props("name=outside")

    def handle_event(self, event, params):
        self.told.append((event, params))


KINDS = {
    "text": (lambda page: page.type("Text", "x"), "x"),
    "area": (lambda page: page.type("Area", "x\ny"), "x\ny"),
    "number": (lambda page: page.type("Number", "4"), 4),
    "check": (lambda page: page.check("Check"), True),
    "switch": (lambda page: page.check("Switch"), True),
    "one": (lambda page: page.select("One", "two"), 2),
    "several": (lambda page: page.select("Several", ["a", "c"]), ["a", "c"]),
    "radio": (lambda page: page.select("radio", "s"), "s"),
    "toggle": (lambda page: page.select("toggle", "u"), "u"),
    "slider": (lambda page: page.trigger("slider", "update:model-value", 7), 7),
    "date": (lambda page: page.trigger("date", "update:model-value", "2026-02-03"), "2026-02-03"),
    "color": (lambda page: page.type("Color", "#ff0000"), "#ff0000"),
    "code": (lambda page: page.trigger("code", "update:value", {"sections": [0, 5], "inserted": [["x = 1"]]}), "x = 1"),
    "editor": (lambda page: page.type("editor", "bold"), "bold"),
}


def test_all_kinds_of_fields():
    with playground.visit(Kinds) as page:
        for name, (fill, expected) in KINDS.items():
            fill(page)
            assert len(page.live.told) == 1, name
            event, params = page.live.told.pop()
            assert (event, params["_target"]) == ("change", name)
            assert params[name] == expected
        page.type("Nameless", "x")
        page.type("Outside", "x")
        page.upload("File", "a.txt", b"abc")
        page.live.told.clear()
        page.submit()
        ((event, params),) = page.live.told
        assert event == "save"
        (file,) = params.pop("file")
        assert (file.name, file.size()) == ("a.txt", 3)
        assert params == {name: expected for name, (_, expected) in KINDS.items()}


def test_files_that_arrive_or_go_are_a_change_of_the_form():
    with playground.visit(Kinds) as page:
        page.upload("File", "a.txt", b"abc")
        ((event, params),) = page.live.told
        assert (event, params["_target"], [file.name for file in params["file"]]) == ("change", "file", ["a.txt"])


@pytest.mark.parametrize("name", [*KINDS, "file"])
def test_an_error_beside_a_field_of_each_kind(name):
    with playground.visit(Kinds) as page:
        page.live.errors = {name: f"this {name} is wrong", "unknown": "nobody has this name"}
        assert page.has(f"this {name} is wrong")
        assert not page.has("nobody has this name")
        page.live.errors = {}
        assert not page.has(f"this {name} is wrong")


def handlers(told):
    """Everything that can be a handler."""

    class Methods:
        def method(self, form):
            told.append(form.values)

        async def async_method(self, form):
            told.append(form.values)

    def named(form):
        told.append(form.values)

    return [
        lambda: told.append({"text": "x"}),
        lambda form: told.append(form.values),
        named,
        Methods().method,
        Methods().async_method,
    ]


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("which", ["on_change", "on_submit"])
def test_everything_that_can_be_a_handler(which, number):
    told = []
    handler = handlers(told)[number]

    class Page(playground.LiveView):
        def render(self):
            with playground.form(**{which: handler}):
                ui.input("Text").props("name=text")
            ui.label(f"told {len(told)}")

    with playground.visit(Page) as page:
        page.type("Text", "x")
        page.submit()
        assert told == [{"text": "x"}]
        assert page.has("told 1")


def test_an_event_with_params_of_its_own_and_the_field_that_was_changed():
    told = []

    class Page(playground.LiveView):
        def render(self):
            with playground.form(
                on_change=lambda form: told.append(form.field.label), on_submit=self.event("save", at=7)
            ):
                ui.input("Text").props("name=text")

        def handle_event(self, event, params):
            told.append((event, params))

    with playground.visit(Page) as page:
        page.type("Text", "x")
        page.submit()
    assert told == ["Text", ("save", {"text": "x", "at": 7})]


def test_two_forms_with_fields_of_the_same_name():
    class Page(playground.LiveView):
        def mount(self):
            self.told, self.errors = [], {}

        def render(self):
            for name in ("first", "second"):
                with playground.form(
                    on_change=self.event(name), on_submit=self.event(f"save {name}"), errors=self.errors.get(name)
                ):
                    ui.input(name).props("name=text")

        def handle_event(self, event, params):
            self.told.append((event, params["text"]))

    with playground.visit(Page) as page:
        page.type("second", "b")
        page.type("first", "a")
        page.submit("second")
        assert page.live.told == [("second", "b"), ("first", "a"), ("save second", "b")]
        with pytest.raises(playground.PageError, match="ambiguous"):
            page.submit()
        page.live.errors = {"second": {"text": "wrong"}}
        page.settle()
        assert [field.element.error for field in page.find_all(ui.input)] == [None, "wrong"]


class Chat(playground.LiveView):
    def mount(self):
        self.told, self.first, self.bound, self.errors, self.fails = [], "Hello", "", {}, False

    def render(self):
        with playground.form(on_submit=self.event("say"), errors=self.errors, reset=True):
            ui.input("First", value=self.first).props("name=first")
            ui.input("Text").props("name=text")
            ui.checkbox("Loud").props("name=loud")
            ui.select(["a", "b"], label="Letter", value="a").props("name=letter")
            ui.input("Bound").bind_value(self, "bound").props("name=bound")
            playground.upload(label="File").props("name=file")
            ui.input("Nameless")

    def handle_event(self, event, params):
        self.told.append(params)
        if self.fails:
            raise ValueError("no luck")


def fill(page):
    page.type("First", "Good morning")
    page.type("Text", "word")
    page.check("Loud")
    page.select("Letter", "b")
    page.type("Bound", "bound")
    page.upload("File", "a.txt", b"abc")
    page.type("Nameless", "kept")


def values(page):
    return [page.find(label).value for label in ("First", "Text", "Loud", "Letter", "Bound", "Nameless")]


def test_reset_gives_the_fields_what_render_says():
    with playground.visit(Chat) as page:
        fill(page)
        page.submit()
        assert page.live.told[0]["text"] == "word"
        assert page.live.told[0]["letter"] == "b"
        assert values(page) == ["Hello", "", False, "a", "", "kept"]
        assert page.find("File").element.files == []
        assert page.live.bound == ""
        page.submit()
        assert page.live.told[1] == {
            "first": "Hello", "text": "", "loud": False, "letter": "a", "bound": "", "file": []
        }  # fmt: skip


def test_a_submit_that_fails_resets_nothing():
    with playground.visit(Chat) as page:
        page.live.fails = True
        fill(page)
        with pytest.raises(ValueError, match="no luck"):
            page.submit()
        assert values(page) == ["Good morning", "word", True, "b", "bound", "kept"]
        assert [file.name for file in page.find("File").element.files] == ["a.txt"]


def test_a_submit_that_leaves_errors_resets_nothing():
    class Strict(Chat):
        def handle_event(self, event, params):
            self.errors = {"text": "too short"}

    with playground.visit(Strict) as page:
        fill(page)
        page.submit()
        assert page.find("Text").element.error == "too short"
        assert values(page) == ["Good morning", "word", True, "b", "bound", "kept"]


def test_the_value_of_the_page_wins_over_what_was_typed_and_over_reset():
    class Next(Chat):
        def handle_event(self, event, params):
            self.first = "See you"

    with playground.visit(Next) as page:
        fill(page)
        page.submit()
        assert values(page)[:2] == ["See you", ""]


def test_errors_and_the_validation_of_the_field_itself():
    class Page(playground.LiveView):
        def mount(self):
            self.errors, self.label = {}, "Name"

        def render(self):
            with playground.form(on_change=self.event("check"), errors=self.errors):
                ui.input(self.label, validation={"too short": lambda value: len(value) > 2}).props("name=name").mark(
                    "name"
                )

        def handle_event(self, event, params):
            self.errors = {"name": "taken"} if params["name"] in ("root", "me") else {}

    def error(page):
        page.settle()
        return page.find("name").element.error

    with playground.visit(Page) as page:
        page.type("name", "x")
        assert error(page) == "too short"
        page.type("name", "me")
        assert error(page) == "taken"
        page.live.label = "Your name"  # builds the field anew
        assert error(page) == "taken"
        page.type("name", "x")
        assert error(page) == "too short"
        page.type("name", "root")
        assert error(page) == "taken"
        page.type("name", "Ada")
        assert error(page) is None


class Files(playground.LiveView):
    def mount(self):
        self.told, self.label = [], "Photos"

    def render(self):
        photos = playground.upload(
            label=self.label, multiple=True, max_files=2, max_file_size=10, max_total_size=15, on_upload=self.arrived
        )
        photos.props('name=photos accept=".txt,image/*"').mark("photos")
        ui.label(", ".join(self.told)).mark("told")

    async def arrived(self, event):
        if event.file.name == "broken.txt":
            raise ValueError("cannot be read")
        self.told.append(f"{event.file.name}: {(await event.file.read()).decode()}")


def test_an_upload_that_is_alone():
    with playground.visit(Files) as page:
        page.upload("Photos", "a.txt", b"abc")
        assert page.find("told").text == "a.txt: abc"
        assert not page.find("photos").element.error
        page.trigger("photos", "rejected", [["big.txt", "max-file-size"]])
        assert page.has("big.txt is too large")
        assert page.find("told").text == "a.txt: abc"
        page.live.label = "Pictures"  # builds it anew
        assert page.has("big.txt is too large")
        assert [file.name for file in page.find("photos").element.files] == ["a.txt"]
        with pytest.raises(ValueError, match="cannot be read"):
            page.upload("Pictures", "broken.txt", b"x")
        page.trigger("photos", "removed", ["a.txt"])
        assert "a.txt" not in [file.name for file in page.find("photos").element.files]


def test_the_other_limits_of_an_upload():
    with playground.visit(Files) as page:
        page.upload("Photos", "a.png", b"12345678")
        for reason, text in {
            "accept": "b.txt is no file of the right type",
            "max-total-size": "b.txt is too large, with the others",
            "max-files": "b.txt is one too many",
        }.items():
            page.trigger("photos", "rejected", [["b.txt", reason]])
            assert page.has(text)
        assert [file.name for file in page.find("photos").element.files] == ["a.png"]


@pytest.mark.parametrize("told", [None, 7, [1, 2], [["x"]], [[1, 2]], [[["deep"], {}]], {"a": "b"}, [["a"] * 3]])
def test_what_a_browser_makes_up_about_files_is_harmless(told):
    with playground.visit(Files) as page:
        page.upload("Photos", "a.txt", b"abc")
        page.trigger("photos", "rejected", told)
        page.trigger("photos", "removed", told)
        assert [file.name for file in page.find("photos").element.files] == ["a.txt"]
        assert page.find("told").text == "a.txt: abc"


class Search(playground.LiveView):
    def mount(self):
        self.told = []

    def render(self):
        ui.input("Quiet", on_change=self.event("quiet", debounce=30))
        ui.input("Often", on_change=self.event("often", throttle=30))
        ui.button("Other", on_click=self.event("other"))

    def handle_event(self, event, params):
        self.told.append(f"{event} {params.get('value', '')}".strip())


def test_what_is_held_back_comes_before_anything_else():
    with playground.visit(Search) as page:
        page.type("Often", "a")
        page.type("Often", "b")
        page.type("Often", "c")
        assert page.live.told == ["often a"]
        page.click("Other")
        assert page.live.told == ["often a", "often c", "other"]
        page.type("Quiet", "d")  # where nothing else can come, tests need not wait
        assert page.live.told[-1] == "quiet d"


@pytest.mark.parametrize("seconds", [0, -1])
@pytest.mark.parametrize("name", ["debounce", "throttle"])
def test_seconds_that_make_no_sense(name, seconds):
    class Page(playground.LiveView):
        def render(self):
            ui.button("x", on_click=self.event("x", **{name: seconds}))

    with pytest.raises(ValueError, match="more than 0"):
        playground.visit(Page)


class Groups(playground.LiveView):
    def mount(self):
        self.told, self.errors, self.days = [], {}, ["mon", "tue", "wed"]

    def render(self):
        with playground.form(
            on_change=self.event("change"), on_submit=self.event("save"), errors=self.errors, reset=True
        ):
            with ui.row():
                for day in self.days:
                    with playground.key(day):
                        ui.checkbox(day, value=day == "tue").props("name=days")
            ui.switch("Red").props('name="colors[]" val="#f00"')
            ui.input("First tag").props("name=tags")
            ui.input("Second tag").props("name=tags")
            ui.select(["a", "b"], label="Some", multiple=True).props("name=letters")
            ui.select(["c", "d"], label="More", multiple=True).props("name=letters")
            ui.select(["x", "y"], label="Nothing chosen", multiple=True).props("name=none")
            ui.checkbox("Agreed").props("name=agreed")
            playground.upload(label="Front").props("name=files")
            playground.upload(label="Back").props("name=files")

    def handle_event(self, event, params):
        self.told.append((event, params))


def test_fields_of_one_name_make_a_list():
    with playground.visit(Groups) as page:
        page.submit()
        ((_, params),) = page.live.told
        assert params == {
            "days": ["tue"], "colors": [], "tags": ["", ""], "letters": [], "none": [], "agreed": False, "files": []
        }  # fmt: skip
        page.check("wed")
        page.check("mon")
        page.check("tue", False)
        event, params = page.live.told[-1]
        assert (event, params["_target"], params["days"]) == ("change", "days", ["mon", "wed"])
        page.check("Red")
        assert page.live.told[-1][1]["_target"] == "colors"
        page.type("Second tag", "x")
        page.select("Some", ["b"])
        page.select("More", ["c", "d"])
        page.upload("Front", "front.txt", b"f")
        page.upload("Back", "back.txt", b"b")
        page.submit()
        _, params = page.live.told[-1]
        assert [file.name for file in params.pop("files")] == ["front.txt", "back.txt"]
        assert params == {
            "days": ["mon", "wed"], "colors": ["#f00"], "tags": ["", "x"], "letters": ["b", "c", "d"], "none": [],
            "agreed": False,
        }  # fmt: skip
        page.submit()  # they have been reset
        assert page.live.told[-1][1]["days"] == ["tue"]
        assert page.live.told[-1][1]["letters"] == []


def test_a_list_of_one_and_of_none():
    with playground.visit(Groups) as page:
        page.live.days = ["tue"]
        page.submit()
        assert page.live.told[-1][1]["days"] is True  # one checkbox is ticked or not
        assert page.live.told[-1][1]["colors"] == []  # a name that ends in [] says that there may be more


def test_an_error_beside_fields_of_one_name_is_shown_once():
    with playground.visit(Groups) as page:
        page.live.errors = {"days": "choose two", "colors": "no red"}
        assert page.text.count("choose two") == 1
        page.live.days = ["mon", "tue", "wed", "thu"]
        assert page.text.count("choose two") == 1
        assert page.has("no red")
        page.live.errors = {}
        assert not page.has("choose two")
        assert not page.has("no red")


def test_fields_know_whether_they_were_touched():
    class Page(playground.LiveView):
        def mount(self):
            self.errors, self.label, self.touched = {}, "Name", []

        def render(self):
            with playground.form(
                on_change=self.event("check"), on_submit=self.save, errors=self.errors, reset=True
            ) as self.element:
                ui.input(self.label).props("name=name").mark("name")
                ui.input("E-mail").props("name=email")
                ui.checkbox("mon").props('name="days[]"')
                ui.input("Nameless")

        def handle_event(self, event, params):
            self.touched.append(params["_touched"])
            empty = {name: f"no {name}" for name in ("name", "email", "days") if not params[name]}
            self.errors = {name: text for name, text in empty.items() if name in params["_touched"]}

        def save(self, form):
            self.touched.append(form.touched)

    with playground.visit(Page) as page:
        page.type("Nameless", "x")
        page.type("name", "x")
        assert not page.has("no email")
        page.live.label = "Your name"  # what is drawn otherwise stays touched
        page.check("mon")
        page.check("mon", False)
        assert page.has("no days")
        assert not page.has("no email")
        page.check("mon")
        page.submit()
        page.type("E-mail", "x")
        page.type("E-mail", "")
        assert page.has("no email")
        assert not page.has("no name")
        assert page.live.touched == [
            ["name"], ["name", "days"], ["name", "days"], ["name", "days"],
            ["name", "email", "days"],  # all, once it was submitted
            ["email"], ["email"],  # and it was reset
        ]  # fmt: skip


def test_params_are_such_that_json_can_say_them():
    told = []

    class Page(playground.LiveView):
        def render(self):
            with playground.form(on_change=self.event("change")):
                ui.input("Text").props("name=text")

        def handle_event(self, event, params):
            told.append(json.dumps(params))

    with playground.visit(Page) as page:
        page.type("Text", "x")
    assert told == ['{"text": "x", "_target": "text", "_touched": ["text"]}']


# ---------------------------------------------------------------------------------------------------------------------
# In Chromium: one server with a page for each topic
# ---------------------------------------------------------------------------------------------------------------------

pytest.importorskip("playwright")
from playwright.sync_api import expect  # noqa: E402

SITE = """
import asyncio
import json

from nicegui import ui

import playground


class Kinds(playground.LiveView):
    def mount(self):
        self.told = "", {}

    def render(self):
        with playground.form(on_change=self.event("change"), on_submit=self.event("save")):
            ui.input("Text").props("name=text")
            ui.number("Number").props("name=number")
            ui.checkbox("Check").props("name=check")
            ui.switch("Switch").props("name=switch")
            ui.select({1: "one", 2: "two"}, label="One").props("name=one")
            ui.select(["a", "b", "c"], label="Several", multiple=True).props("name=several")
            ui.radio(["r", "s"]).props("name=radio")
            ui.toggle(["t", "u"]).props("name=toggle")
            ui.slider(min=0, max=10, value=3).props("name=slider")
            ui.date("2026-02-01").props("name=date")
            ui.input("Color").props("name=color type=color")
            ui.codemirror().props("name=code")
            ui.editor().props("name=editor")
            with ui.row(), ui.card():
                ui.textarea("Area").props("name=area")
            ui.input("Nameless")
            ui.button("Save").props("type=submit")
        ui.label(self.told[0]).classes("event")
        ui.label(json.dumps(self.told[1])).classes("told")

    def handle_event(self, event, params):
        self.told = event, params


class SignUp(playground.LiveView):
    def mount(self, params):
        self.params, self.errors, self.told, self.count, self.fails = params, {}, [], 0, False

    def render(self):
        ui.label(f"count {self.count}").classes("count")
        with playground.form(
            on_change=self.event("check"), on_submit=self.event("save"), errors=self.errors, reset=True
        ):
            ui.input("E-mail", placeholder=f"it is {self.count}").props("name=email")
            ui.input("Name", value="Ada").props("name=name")
            ui.textarea("About").props("name=about")
            ui.checkbox("Agreed").props("name=agreed").classes("agreed")
            if "plain" not in self.params:
                ui.button("Sign up").props("type=submit")
        ui.button("count", on_click=self.add)
        ui.button("fail", on_click=lambda: setattr(self, "fails", True))
        ui.label("; ".join(self.told)).classes("told")

    def add(self):
        self.count += 1

    def handle_event(self, event, params):
        self.told.append(f"{event} {params['email']} {params['name']} {params['about']!r}")
        self.errors = {}
        if "@" not in params["email"]:
            self.errors["email"] = "There is no @ in it"
        if params["name"] == "Bob":
            self.errors = {"agreed": "Say that you agree"}
        if event == "save" and self.fails:
            raise ValueError("as intended")


class Files(playground.LiveView):
    def mount(self):
        self.told = []

    def render(self):
        with playground.form(on_submit=self.event("save"), reset=True):
            ui.input("Title").props("name=title")
            photos = playground.upload(
                label="Photos", multiple=True, max_files=3, max_file_size=1000, on_upload=self.arrived
            )
            photos.props("name=photos accept=.txt").classes("photos")
            ui.button("Save").props("type=submit")
        with ui.card():
            playground.upload(label="Alone", on_upload=self.slow).classes("alone")
        ui.label("; ".join(self.told)).classes("told")

    def arrived(self, event):
        if event.file.name == "broken.txt":
            raise ValueError("as intended")
        self.told.append(event.file.name)

    async def slow(self, event):
        self.told.append(f"{event.file.name} {event.file.size()}")

    def handle_event(self, event, params):
        self.told.append(f"saved {params['title']} {[file.name for file in params['photos']]}")


class Busy(playground.LiveView):
    def mount(self):
        self.gate, self.told = asyncio.Event(), []

    def render(self):
        ui.button("Work", on_click=self.work).props('data-disable-with="At work, please wait a little…"')
        ui.button("Fail", on_click=self.fail).props('data-disable-with="Failing…"')
        ui.button("Nothing").props('data-disable-with="Never…"')
        ui.button("Browser").props('data-disable-with="Never…"').on("click", js_handler="() => 0")
        with playground.form(on_submit=self.work):
            ui.input("Text").props("name=text")
            ui.input("More").props("name=more")
            ui.button("Send").props('type=submit data-disable-with="Sending…"')
        with playground.form(on_submit=self.work):
            heard = ui.button("Heard", on_click=lambda: self.told.append("clicked"))
            heard.props('type=submit data-disable-with="Hearing…"')
        with playground.form():
            ui.input("Useless").props("name=useless")
            ui.button("Useless").props('type=submit data-disable-with="Never…"')
        ui.button("open", on_click=lambda: self.gate.set())
        ui.label(" ".join(self.told)).classes("told")

    async def work(self):
        self.told = [*self.told, "begun"]
        await released()
        self.told = [*self.told, "ended"]

    async def fail(self):
        await released()
        raise ValueError("as intended")


async def released():
    await ui.run_javascript("return window.released", timeout=60)


class Slow(playground.LiveView):
    def mount(self):
        self.told = []

    def render(self):
        with playground.form(on_submit=self.event("save"), reset=True):
            ui.input("Title").props("name=title")
            playground.upload(label="Photo").props("name=photo").classes("photo")
            ui.button("Save", on_click=lambda: self.told.append("click")).props(
                'type=submit data-disable-with="Saving…"'
            )
        with playground.form(on_submit=self.event("plain")):
            ui.checkbox("mon").props("name=days")
            ui.checkbox("tue").props("name=days")
            ui.button("Plain").props("type=submit")
        ui.label("; ".join(self.told)).classes("told")

    def handle_event(self, event, params):
        values = [file.name for file in params["photo"]] if event == "save" else params["days"]
        self.told.append(f"{event} {values}")


class Delays(playground.LiveView):
    def mount(self):
        self.told = []

    def render(self):
        ui.input("Quiet", on_change=self.event("quiet", debounce=0.2))
        ui.input("Later", on_change=self.event("later", debounce=60))
        ui.input("Often", on_change=self.event("often", throttle=0.3))
        ui.input("Rarely", on_change=self.event("rarely", throttle=60))
        with playground.form(on_change=self.event("form", debounce=60), on_submit=self.event("save")):
            ui.input("Field").props("name=field")
        ui.button("other", on_click=self.event("other"))
        ui.button("clear", on_click=lambda: self.told.clear())
        playground.patch_link("patch", "?x=1")
        ui.label("; ".join(self.told)).classes("told")

    browser_events = ["pushed"]

    def handle_params(self, params, uri):
        if params:
            self.told.append(uri)

    def handle_event(self, event, params):
        self.told.append(f"{event} {params.get('value', params.get('field', ''))}".strip())


playground.start(
    live={"/kinds": Kinds, "/": SignUp, "/files": Files, "/busy": Busy, "/delays": Delays, "/slow": Slow},
    port=PORT,
    open_browser=False,
)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a server with the pages of `SITE`."""
    directory, port = tmp_path_factory.mktemp("forms"), unused_port()
    path = directory / "my_demo.py"
    path.write_text(re.sub(r"\bPORT\b", str(port), SITE), encoding="utf-8")
    server = Server(path, [sys.executable, str(path)], directory, environment_of_servers(directory), warm=True)
    try:
        server.wait_until_served()
        yield server.url
    finally:
        server.end()
        print(server.log)
    assert set(re.findall(r"^\w*(?:Error|Exception).{13}", server.log, re.MULTILINE)) <= {"ValueError: as intended"}


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def focused(page):
    """The label of the field, or the text of the button, that has the focus."""
    return page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText")


def told(page):
    return page.locator(".told")


def expect_drawn(page, text, *, wanted=True):
    """Wait until a text is drawn, or no longer so; what a pseudo-element shows is found as well."""
    page.wait_for_function(
        """([text, wanted]) => {
            const shown = [document.body.innerText];
            for (const element of document.querySelectorAll("form *, .q-uploader")) {
                const { content, display, visibility } = getComputedStyle(element, "::after");
                if (display !== "none" && visibility === "visible") shown.push(content);
            }
            return shown.join(" ").includes(text) === wanted;
        }""",
        arg=[text, wanted],
    )


@pytest.mark.quick
def test_what_is_typed_ticked_and_chosen(site, open_page):
    page = open_page(f"{site}/kinds")

    def expect_told(name, value):
        page.wait_for_function(
            """([name, value]) => {
                const told = JSON.parse(document.querySelector(".told").innerText);
                return told._target === name && JSON.stringify(told[name]) === value;
            }""",
            arg=[name, json.dumps(value, separators=(",", ":"))],
        )

    page.get_by_label("Text", exact=True).press_sequentially("Ada")
    expect_told("text", "Ada")
    page.get_by_label("Number").press_sequentially("42")
    expect_told("number", 42)
    page.get_by_text("Check", exact=True).click()
    expect_told("check", True)
    page.get_by_text("Switch", exact=True).click()
    expect_told("switch", True)
    page.get_by_label("One", exact=True).click()
    page.get_by_role("option", name="two").click()
    expect_told("one", 2)
    page.get_by_label("Several").click()
    page.get_by_role("option", name="a", exact=True).click()
    expect_told("several", ["a"])  # the browser adds to the choice that the server has told it
    page.get_by_role("option", name="c", exact=True).click()
    expect_told("several", ["a", "c"])
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="s").click()
    expect_told("radio", "s")
    page.get_by_role("button", name="u", exact=True).click()
    expect_told("toggle", "u")
    page.locator(".q-slider__track-container").click()  # in the middle
    expect_told("slider", 5)
    page.get_by_role("button", name="17", exact=True).click()
    expect_told("date", "2026-02-17")
    page.get_by_label("Color").fill("#ff0000")
    expect_told("color", "#ff0000")
    page.locator(".cm-content").press_sequentially("x = 1")
    expect_told("code", "x = 1")
    page.locator(".q-editor__content").press_sequentially("bold")
    expect_told("editor", "bold")
    page.get_by_label("Area").press_sequentially("one\ntwo")
    expect_told("area", "one\ntwo")
    page.get_by_label("Nameless").fill("nobody hears this")
    press(page, "Save")
    expect(page.locator(".event")).to_have_text("save")
    assert json.loads(told(page).inner_text()) == {
        "text": "Ada", "number": 42, "check": True, "switch": True, "one": 2, "several": ["a", "c"], "radio": "s",
        "toggle": "u", "slider": 5, "date": "2026-02-17", "color": "#ff0000", "code": "x = 1", "editor": "bold",
        "area": "one\ntwo",
    }  # fmt: skip


def test_enter_submits_except_in_a_textarea(site, open_page):
    page = open_page(site)
    page.get_by_label("About").fill("line")
    page.get_by_label("About").press("Enter")
    expect(told(page)).to_contain_text(r"check  Ada 'line\n'")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("E-mail").press("Enter")
    expect(told(page)).to_contain_text("save ada@example.com Ada")
    assert told(page).inner_text().count("save") == 1


def test_errors_beside_a_field_come_and_go_and_disturb_nobody(site, open_page, wait_for):
    page = open_page(site)
    email, error = page.get_by_label("E-mail"), page.get_by_text("There is no @ in it")
    email.press_sequentially("ada")
    expect(error).to_be_visible()

    def is_in_between():
        boxes = [each.bounding_box() for each in (email, error, page.get_by_label("Name"))]
        return all(boxes) and boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]

    wait_for(is_in_between)  # it is drawn anew after each letter
    assert (focused(page), email.input_value()) == ("E-mail", "ada")
    page.evaluate("document.querySelectorAll('button')[1].click()")  # "count", without the focus; builds the field anew
    expect(page.locator(".count")).to_have_text("count 1")
    expect(email).to_have_attribute("placeholder", "it is 1")
    expect(error).to_be_visible()
    assert (focused(page), email.input_value()) == ("E-mail", "ada")
    email.press_sequentially("@example.com")
    expect(error).to_have_count(0)
    assert (focused(page), email.input_value()) == ("E-mail", "ada@example.com")
    page.get_by_label("Name").fill("Bob")
    expect_drawn(page, "Say that you agree")
    page.get_by_label("Name").fill("Eve")
    expect_drawn(page, "Say that you agree", wanted=False)


@pytest.mark.quick
def test_a_submit_keeps_the_focus_and_what_was_typed_if_it_is_not_right(site, open_page):
    page = open_page(site)
    email = page.get_by_label("E-mail")
    email.press_sequentially("ada")
    email.press("Enter")
    expect(told(page)).to_contain_text("save ada Ada")
    expect(page.get_by_text("There is no @ in it")).to_be_visible()
    assert (focused(page), email.input_value()) == ("E-mail", "ada")
    email.press_sequentially("@b")
    press(page, "fail")
    email.press("Enter")
    expect(page.locator("playground-overlay .error")).to_contain_text("as intended")
    page.keyboard.press("Escape")
    assert email.input_value() == "ada@b"


def test_a_reset_clears_what_was_typed_and_keeps_the_focus(site, open_page):
    page = open_page(site)
    email = page.get_by_label("E-mail")
    page.get_by_label("Name").fill("Eve")
    page.get_by_text("Agreed", exact=True).click()
    email.press_sequentially("eve@example.com")
    email.press("Enter")
    expect(email).to_have_value("")
    expect(page.get_by_label("Name")).to_have_value("Ada")
    expect(page.locator(".agreed")).to_have_attribute("aria-checked", "false")
    expect(told(page)).to_contain_text("save eve@example.com Eve")
    assert focused(page) == "E-mail"
    page.keyboard.type("x@y")
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("save x@y Ada")
    expect(email).to_have_value("")


def text_file(name, size=10):
    return {"name": name, "mimeType": "text/plain", "buffer": b"x" * size}


def choose(page, *files, into=".photos"):
    page.locator(f"{into} input[type=file]").set_input_files(list(files))


def test_files_in_a_form(site, open_page):
    page = open_page(f"{site}/files")
    choose(page, text_file("a.txt"), text_file("b.txt"))
    expect(told(page)).to_have_text("a.txt; b.txt")
    expect(page.locator(".photos")).to_contain_text("20.0B / 100.00%")
    choose(page, text_file("big.txt", 1001))
    expect_drawn(page, "big.txt is too large")
    page.locator(".photos .q-uploader__file", has_text="a.txt").get_by_role("button").click()
    expect(page.locator(".photos .q-uploader__file")).to_have_count(1)
    page.get_by_label("Title").fill("Holidays")
    press(page, "Save")
    expect(told(page)).to_have_text("a.txt; b.txt; saved Holidays ['b.txt']")
    expect(page.locator(".photos .q-uploader__file")).to_have_count(0)
    expect(page.get_by_label("Title")).to_have_value("")
    press(page, "Save")
    expect(told(page)).to_contain_text("saved  []")


@pytest.mark.parametrize(
    ("files", "arrived", "refusal"),
    [
        ([text_file("a.pdf")], "", "a.pdf is no file of the right type"),
        ([text_file("a.txt"), text_file("big.txt", 1001)], "a.txt", "big.txt is too large"),
        ([text_file(f"{name}.txt") for name in "abcd"], "a.txt; b.txt; c.txt", "d.txt is one too many"),
    ],
    ids=["type", "size, with a good one", "number"],
)
def test_files_that_are_refused(site, open_page, files, arrived, refusal):
    page = open_page(f"{site}/files")
    choose(page, *files)
    expect_drawn(page, refusal)
    orders = map("; ".join, itertools.permutations(arrived.split("; ")))  # they are sent side by side
    expect(told(page)).to_have_text(re.compile(f"^({'|'.join(map(re.escape, orders))})$"))
    expect_drawn(page, refusal)


def test_the_progress_of_an_upload_and_a_handler_that_fails(site, open_page):
    page = open_page(f"{site}/files")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000}
    network.send("Network.emulateNetworkConditions", slow)
    choose(page, text_file("slow.txt", 400_000), into=".alone")
    seen = page.wait_for_function(
        "() => { const at = document.querySelector('.alone .q-uploader__subtitle')?.innerText; return /[1-9]\\d?\\.\\d+%/.test(at) && at }"
    )
    assert not seen.json_value().endswith(" 100.00%")
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    expect(told(page)).to_have_text("slow.txt 400000")
    expect(page.locator(".alone")).to_contain_text("100.00%")
    choose(page, text_file("broken.txt"))
    expect(page.locator("playground-overlay .error")).to_contain_text("as intended")
    page.keyboard.press("Escape")
    choose(page, text_file("good.txt"))
    expect(told(page)).to_have_text("slow.txt 400000; good.txt")


def release(page):
    """Let the handlers that wait go on."""
    page.evaluate("window.release()")


@pytest.fixture
def busy_page(site, open_page):
    page = open_page(f"{site}/busy")
    page.evaluate("window.released = new Promise((resolve) => { window.release = resolve }); 0")
    return page


def is_busy(page, button):
    text = page.locator("button", has_text=button).first.evaluate(
        "button => getComputedStyle(button, '::after').content"
    )
    return "…" in text


def test_a_busy_button_shows_its_text_and_runs_once(busy_page, wait_for):
    page = busy_page
    button = page.get_by_role("button", name="Work")
    button.dblclick()
    expect(told(page)).to_have_text("begun")
    assert is_busy(page, "Work")
    fits = "button => button.scrollWidth <= button.clientWidth && button.scrollHeight <= button.clientHeight"
    assert button.evaluate(fits), "the text does not fit into the button"
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.evaluate("document.querySelector('button').click()")
    release(page)
    expect(told(page)).to_have_text("begun ended")
    wait_for(lambda: not is_busy(page, "Work"))
    press(page, "open")  # what was clicked meanwhile would have come before it
    expect(told(page)).to_have_text("begun ended")
    button.click()
    expect(told(page)).to_have_text("begun ended begun ended")


def test_a_busy_button_can_be_used_again_after_a_failure(busy_page, wait_for):
    page = busy_page
    press(page, "Fail")
    wait_for(lambda: is_busy(page, "Fail"))
    release(page)
    expect(page.locator("playground-overlay .error")).to_contain_text("as intended")
    wait_for(lambda: not is_busy(page, "Fail"))
    page.keyboard.press("Escape")


@pytest.mark.parametrize("how", ["Enter", "click"])
def test_a_submit_button_is_busy(busy_page, wait_for, how):
    page = busy_page
    field = page.get_by_label("Text")
    for _ in range(2):  # the second time must not count
        if how == "Enter":
            field.press("Enter")
        else:
            page.locator("button", has_text="Send").evaluate("button => button.click()")
    wait_for(lambda: is_busy(page, "Send"))
    assert not is_busy(page, "Work")
    release(page)
    expect(told(page)).to_have_text("begun ended")
    wait_for(lambda: not is_busy(page, "Send"))
    press(page, "open")
    expect(told(page)).to_have_text("begun ended")


@pytest.mark.parametrize("how", ["click", "Enter"])
def test_a_submit_button_that_hears_clicks_submits(busy_page, wait_for, how):
    page = busy_page
    button = page.locator("button", has_text="Heard")
    if how == "click":
        button.dblclick()
    else:
        button.press("Enter")
        button.press("Enter")
    expect(told(page)).to_have_text("clicked begun")
    wait_for(lambda: is_busy(page, "Heard"))
    button.evaluate("button => button.click()")
    release(page)
    expect(told(page)).to_have_text("clicked begun ended")
    wait_for(lambda: not is_busy(page, "Heard"))
    press(page, "open")  # what was clicked meanwhile would have come before it
    expect(told(page)).to_have_text("clicked begun ended")
    button.click()
    expect(told(page)).to_have_text("clicked begun ended clicked begun ended")


def test_checkboxes_of_one_name(site, open_page):
    page = open_page(f"{site}/slow")
    page.get_by_text("tue", exact=True).click()
    press(page, "Plain")
    expect(told(page)).to_have_text("plain ['tue']")


@pytest.fixture
def slow_page(site, open_page):
    """A page on which files take long, until `slow_page.hurry()`; with a file on its way."""
    page = open_page(f"{site}/slow")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 40_000}
    network.send("Network.emulateNetworkConditions", slow)
    page.hurry = lambda: network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    choose(page, text_file("slow.txt", 400_000), into=".photo")
    expect(page.locator(".photo .q-uploader__spinner")).to_be_visible()
    return page


@pytest.mark.parametrize("how", ["click", "Enter"])
def test_a_submit_waits_for_files_on_their_way(slow_page, wait_for, how):
    page = slow_page
    if how == "click":
        press(page, "Save")
        wait_for(lambda: is_busy(page, "Save"))
        page.locator("button", has_text="Save").evaluate("button => button.click()")
    else:
        page.get_by_label("Title").press("Enter")
        page.get_by_label("Title").press("Enter")
    expect(told(page)).to_have_text("click")
    page.hurry()
    expect(told(page)).to_have_text("click; save ['slow.txt']")
    wait_for(lambda: not is_busy(page, "Save"))
    press(page, "Save")
    expect(told(page)).to_have_text("click; save ['slow.txt']; click; save []")


def test_a_form_whose_files_do_not_arrive_is_not_submitted(slow_page, wait_for):
    page = slow_page
    press(page, "Save")
    wait_for(lambda: is_busy(page, "Save"))
    page.evaluate("() => getElement(document.querySelector('.photo').id.slice(1)).$refs.qRef.abort()")
    wait_for(lambda: not is_busy(page, "Save"))
    expect_drawn(page, "The upload has failed.")
    press(page, "Plain")
    expect(told(page)).to_have_text("click; plain []")


def test_a_button_whose_click_no_handler_hears_is_not_busy_for_ever(busy_page, wait_for):
    page = busy_page
    for name in ("Nothing", "Browser", "Useless"):
        press(page, name)
        press(page, "open")
        wait_for(lambda name=name: not is_busy(page, name), f"{name} can be used again")


TYPE_AT_ONCE = """(field, text) => { // without a pause, however busy the machine is
    for (const letter of text) {
        field.value += letter;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
}"""


def test_debounce_waits_for_a_quiet_moment(site, open_page):
    page = open_page(f"{site}/delays")
    page.get_by_label("Quiet").evaluate(TYPE_AT_ONCE, "Ada Lovelace")
    expect(told(page)).to_have_text("quiet Ada Lovelace")
    page.get_by_label("Quiet").press("End")
    page.keyboard.type("!")
    expect(told(page)).to_have_text("quiet Ada Lovelace; quiet Ada Lovelace!")


def test_throttle_lets_the_first_one_through_and_the_last_one(site, open_page):
    page = open_page(f"{site}/delays")
    page.get_by_label("Often").press_sequentially("0123456789")
    expect(told(page)).to_have_text(re.compile("; often 0123456789$"))
    page.get_by_label("Often").press_sequentially("a")  # and so on, without anything else that happens
    expect(told(page)).to_have_text(re.compile("; often 0123456789; often 0123456789a$"))
    calls = told(page).inner_text().split("; ")
    assert calls[0] == "often 0"
    assert calls == sorted(calls, key=len)
    page.get_by_label("Rarely").press_sequentially("0123456789")  # the next one comes after a minute
    press(page, "other")
    expect(told(page)).to_have_text("; ".join([*calls, "rarely 0", "rarely 0123456789", "other"]))


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (lambda page: press(page, "other"), "other"),
        (lambda page: page.get_by_label("Rarely").fill("z"), "rarely z"),
        (lambda page: page.get_by_role("link", name="patch").click(), "/delays?x=1"),
        (lambda page: page.evaluate("window.playground.push('pushed')"), "pushed"),
        (lambda page: page.get_by_label("Field").press("Enter"), "save"),
    ],
    ids=["click", "typing", "patch", "push", "submit"],
)
def test_what_is_held_back_comes_before_whatever_comes_next(site, open_page, then, expected):
    page = open_page(f"{site}/delays")
    page.get_by_label("Later").press_sequentially("ab")
    page.get_by_label("Later").press("Tab")
    then(page)
    expect(told(page)).to_have_text(f"later ab; {expected}")


def test_a_form_that_is_checked_later_is_checked_before_it_is_saved(site, open_page):
    page = open_page(f"{site}/delays")
    page.get_by_label("Field").press_sequentially("abc")
    page.get_by_label("Field").press("Enter")
    expect(told(page)).to_have_text("form abc; save abc")
