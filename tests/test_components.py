"""Components and streams: parts of a page with a life of their own, which are looked at only if they have changed."""

import asyncio
import copy
import dataclasses
import functools
import itertools
import re
import threading

import pytest
from conftest import PATIENCE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model import Browser, assert_tree_is_sound
from nicegui import ui
from tabs import Tab

import playground
from playground import Stream, live_component


def visit(render, **state):
    """A page with this state, described by `render(page)`; its `calls` are what its components note."""

    class Page(playground.LiveView):
        def mount(self):
            self.calls = []
            for name, value in state.items():
                setattr(self, name, value)

        def render(self):
            render(self)

    return playground.visit(Page, timeout=PATIENCE)


def calls(page):
    """What was noted since this was last asked for."""
    page.settle()
    noted, page.live.calls[:] = list(page.live.calls), []
    return noted


def only(page, cls):
    """The one element of a class, which need not be shown."""
    (element,) = (element for element in page.client.elements.values() if isinstance(element, cls))
    return element


def ids(page, target=ui.button):
    """The ids of elements in the order in which they are shown."""
    return [found.element.id for found in page.find_all(target)]


class Counter(playground.LiveComponent):
    """Counts its clicks, and notes what is called."""

    title = ""

    def mount(self):
        self.view.calls.append(f"mount {self.id}")
        self.count = 0

    def update(self, **assigns):
        self.view.calls.append(f"update {self.id} {assigns}")
        super().update(**assigns)

    def render(self):
        self.view.calls.append(f"render {self.id}")
        ui.button(f"{self.title}{self.id}: {self.count}", on_click=self.event("more", by=2)).mark(f"more-{self.id}")

    def handle_event(self, event, params):
        self.count += params["by"]


class Shown(playground.LiveComponent):
    """Shows what it is given, as `show` of the page says."""

    def render(self):
        self.view.calls.append(self.id)
        self.view.show(self)


def counters(page):
    for name in page.names:
        live_component(Counter, id=name)


# ---------------------------------------------------------------------------------------------------------------------
# Life, and when a component is rendered
# ---------------------------------------------------------------------------------------------------------------------


def test_mount_once_update_when_assigns_differ_render_when_anything_does():
    def render(page):
        ui.label(f"page {page.count}")
        live_component(Counter, id="a", title=page.title)

    with visit(render, count=0, title="x ") as page:
        assert calls(page) == ["mount a", "update a {'title': 'x '}", "render a"]
        page.live.count = 5
        assert page.text == "page 5 x a: 0"
        assert calls(page) == []
        page.live.title = "y "
        assert page.has("y a: 0")
        assert calls(page) == ["update a {'title': 'y '}", "render a"]
        page.click("more-a")
        assert page.text == "page 5 y a: 2"
        assert calls(page) == ["render a"]
        component = page.component(Counter, "a")
        assert (component.id, component.view, component.count) == ("a", page.live, 2)
        component.count = 7
        assert page.has("y a: 7")
        del component.title
        assert page.has("a: 7")
        assert not page.has("y a: 7")
        assert calls(page) == ["render a"] * 2


def test_of_many_components_the_one_that_changed_is_rendered_and_sent():
    def render(page):
        ui.label(f"page {page.count}").mark("page")
        for number in range(1000):
            live_component(Counter, id=number, title=page.titles[number])

    with visit(render, count=0, titles=dict.fromkeys(range(1000), "x ")) as page:
        assert len(calls(page)) == 3000
        page.patches.clear()
        page.click("more-500")
        assert calls(page) == ["render 500"]
        assert list(page.patches.updates) == [page.find("more-500").element.id]
        page.live.titles[7] = "y "
        page.live.refresh()
        assert calls(page) == ["update 7 {'title': 'y '}", "render 7"]
        page.patches.clear()
        page.live.count = 1
        assert calls(page) == []
        assert list(page.patches.updates) == [page.find("page").element.id]
        assert page.has("x 500: 2")


@dataclasses.dataclass
class Item:
    text: str
    tags: list = dataclasses.field(default_factory=list)


class Thing:
    def __init__(self):
        self.text = "old"


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ({"text": "old"}, lambda value: value.update(text="new")),
        ({"inner": [{"text": "old"}]}, lambda value: value["inner"][0].update(text="new")),
        (["old"], lambda value: value.append("new")),
        ({"old"}, lambda value: value.add("new")),
        (("old", []), lambda value: value[1].append("new")),
        (Item("old"), lambda value: setattr(value, "text", "new")),
        (Item("old"), lambda value: value.tags.append("new")),
        ([Item("old")], lambda value: setattr(value[0], "text", "new")),
        (Thing(), lambda value: setattr(value, "text", "new")),
        (type("Local", (), {})(), lambda value: setattr(value, "text", "new")),
        (Stream(["old"]), lambda value: value.append("new")),
    ],
    ids=lambda value: type(value).__name__ if not callable(value) else "",
)
def test_what_the_page_gives_may_be_changed_in_place(value, change):
    def text(value):
        if isinstance(value, Stream):
            return list(value)
        return vars(value) if type(value).__name__ in ("Thing", "Local") else value

    def render(page):
        live_component(Shown, id=1, value=page.value)

    with visit(render, value=value, show=lambda component: ui.label(f"{text(component.value)}")) as page:
        assert "new" not in page.text
        change(page.live.value)
        page.live.refresh()
        assert "new" in page.text


def test_what_is_equal_is_no_reason_to_render():
    def render(page):
        number = page.number
        values = {
            "list": [1, {"a": (2,)}], "item": Item("a", ["b"]), "method": page.handle_info, "class": Item,
            "closure": lambda: number, "default": lambda number=number: number, "function": ids,
            "partial": functools.partial(print, number), "event": page.event("x", by=number),
        }  # fmt: skip
        for name, value in values.items():
            live_component(Shown, id=name, value=value)

    with visit(render, number=1, other=1, show=lambda component: ui.label(f"{component.id}")) as page:
        calls(page)
        page.live.other = 2
        assert calls(page) == []
        page.live.number = 2
        assert calls(page) == ["closure", "default", "partial", "event"]


# ---------------------------------------------------------------------------------------------------------------------
# Handlers
# ---------------------------------------------------------------------------------------------------------------------


def button_that_calls(component):
    ui.button(f"call {component.id}", on_click=component.act)


@pytest.mark.parametrize(
    "make",
    [
        lambda page, item: lambda: item.tags.append("here"),
        lambda page, item: lambda item=item: item.tags.append("here"),
        lambda page, item: functools.partial(item.tags.append, "here"),
        lambda page, item: functools.partial(lambda item: item.tags.append("here"), item),
        lambda page, item: functools.partial(lambda item: item.tags.append("here"), item=item),
        lambda page, item: item.tags.append,
    ],
    ids=["closure", "default", "partial of a method", "partial", "partial with a keyword", "method"],
)
def test_the_newest_callable_is_called(make):
    """Also if it means another object, equal to the one of before: rows that were loaded again."""

    def render(page):
        live_component(Shown, id=1, act=make(page, page.item))

    with visit(render, item=Item("a"), show=button_that_calls) as page:
        page.live.item = Item("a")
        page.click("call 1")
        assert page.live.item.tags != []


def test_handlers_of_the_page_called_from_a_component():
    def render(page):
        ui.label(f"{page.items}").mark("items")
        for name in list(page.items):
            live_component(Shown, id=name, act=lambda name=name: page.items.remove(name))
        live_component(Shown, id="event", act=page.event("add", name="x"))

    with visit(render, items=["a", "b", "c"], show=button_that_calls) as page:
        type(page.live).handle_event = lambda page, event, params: page.items.append(params["name"])
        page.click("call b")
        page.click("call event")
        assert page.find("items").text == "['a', 'c', 'x']"
        page.click("call x")
        assert page.find("items").text == "['a', 'c']"


class Handlers(playground.LiveComponent):
    """Changes what it shows in all ways that there are."""

    def mount(self):
        self.lines, self.name, self.form = [], "", {"name": ""}
        self.went_on = asyncio.Event()

    def render(self):
        ui.label(f"lines {self.lines}").mark("lines")
        ui.label(f"name {self.name} {self.form['name']}.").mark("names")
        ui.button("lambda", on_click=lambda: self.lines.append("lambda"))
        ui.button("method", on_click=self.method)
        ui.button("async", on_click=self.later)
        ui.button("lambda async", on_click=lambda: self.later())
        ui.button("event", on_click=self.event("async"))
        ui.input("attribute").bind_value(self, "name")
        ui.input("item").bind_value(self.form, "name")
        with ui.dialog(value=True):
            ui.input("item in a dialog").bind_value(self.form, "name")
        ui.input("changed", on_change=lambda event: self.lines.append(event.value))

    def method(self, event):
        self.lines.append(type(event).__name__)

    async def later(self):
        self.lines.append("before")
        self.view.busy = True  # has the page rendered meanwhile
        await asyncio.sleep(0.01)
        self.lines.append("after")

    async def handle_event(self, event, params):
        await self.later()


@pytest.fixture
def handlers():
    def render(page):
        row = live_component(Handlers, id=1)
        ui.button("outside", on_click=lambda: row.lines.append("outside"))
        ui.button("method outside", on_click=row.later)
        ui.button("event outside", on_click=row.event("async"))

    page = visit(render)
    yield page
    page.close()


@pytest.mark.parametrize(
    ("button", "shown"),
    [
        ("lambda", ["lambda"]),
        ("method", ["ClickEventArguments"]),
        ("async", ["before", "after"]),
        ("lambda async", ["before", "after"]),
        ("event", ["before", "after"]),
        ("method outside", ["before", "after"]),
        ("event outside", ["before", "after"]),
    ],
)
def test_what_a_handler_changes_in_place_shows(handlers, button, shown):
    component = handlers.component(Handlers, 1)
    component.lines = []
    handlers.click(button)
    assert component.lines == shown
    assert handlers.find("lines").text == f"lines {shown}"


def test_fields_of_a_component(handlers):
    handlers.type("attribute", "Ada")
    assert handlers.find("names").text == "name Ada ."
    handlers.component(Handlers, 1).name = "Grace"
    assert handlers.find("attribute").value == "Grace"
    assert handlers.find("names").text == "name Grace ."
    handlers.component(Handlers, 1).lines = []
    handlers.type("changed", "x")
    assert handlers.find("lines").text == "lines ['x']"


def test_a_field_that_is_bound_to_something_in_a_component(handlers):
    for name in ("item", "item in a dialog"):
        handlers.type(name, f"Ada {name}")
        assert f"Ada {name}." in handlers.find("names").text


def test_a_field_of_a_page_that_is_bound_to_something_in_it():
    def render(page):
        ui.input("name").bind_value(page.form, "name")
        ui.label(f"Hello {page.form['name']}.{page.other}")

    with visit(render, form={"name": ""}, other=0) as page:
        page.type("name", "Ada")
        assert page.has("Hello Ada.0")
        page.live.other = 1
        assert page.has("Hello Ada.1")
        page.type("name", "Grace")
        assert page.has("Hello Grace.1")


def test_a_handler_that_waits_for_a_quiet_moment():
    class Search(playground.LiveComponent):
        def mount(self):
            self.events = []

        def render(self):
            ui.button("search", on_click=self.event("search", debounce=0.1))
            ui.label(f"{self.events}")

        def handle_event(self, event):
            self.events.append(event)

    with visit(lambda page: live_component(Search, id=1)) as page:
        page.click("search")
        assert page.has("['search']")


def test_what_an_async_handler_sets_shows_while_it_waits():
    class Slow(Handlers):
        def render(self):
            ui.label(self.name)
            ui.button("go", on_click=self.go)

        async def go(self):
            self.name = "waiting"
            await self.went_on.wait()
            self.name = "done"

    with visit(lambda page: vars(page).update(component=live_component(Slow, id=1))) as page:
        page.click("go")
        assert page.has("waiting")
        page.live.component.went_on.set()
        assert page.has("done")


def test_a_timer_of_a_component(wait_for):
    class Clock(playground.LiveComponent):
        def mount(self):
            self.ticks = []

        def render(self):
            ui.timer(0.02, lambda: self.ticks.append("tick") if len(self.ticks) < 2 else None)
            ui.label(" ".join(self.ticks))

    with visit(lambda page: live_component(Clock, id=1)) as page:
        wait_for(lambda: page.has("tick tick"))


def test_an_attribute_set_by_another_thread_shows(wait_for):
    with visit(counters, names=["a", "b"]) as page:
        calls(page)
        thread = threading.Thread(target=setattr, args=(page.component(Counter, "b"), "count", 3))
        thread.start()
        thread.join()
        wait_for(lambda: page.has("b: 3"))
        assert calls(page) == ["render b"]


def test_refresh_after_a_change_in_place_from_outside(wait_for):
    def render(page):
        for name in "ab":
            live_component(Shown, id=name, value=None)

    with visit(render, lines=[], show=lambda component: ui.label(f"{component.id}{component.view.lines}")) as page:
        calls(page)
        page.live.lines.append(1)
        page.live.refresh()
        assert page.text == "a[] b[]"  # what a component shows is what it was given, and its own
        page.component(Shown, "a").refresh()
        assert page.text == "a[1] b[]"
        thread = threading.Thread(target=page.component(Shown, "b").refresh)
        thread.start()
        thread.join()
        wait_for(lambda: page.text == "a[1] b[1]")
        assert calls(page) == ["a", "b"]


# ---------------------------------------------------------------------------------------------------------------------
# Nested, moved, gone
# ---------------------------------------------------------------------------------------------------------------------


class Outer(playground.LiveComponent):
    def mount(self):
        self.count, self.names = 0, ["x", "y"]

    def render(self):
        self.view.calls.append(f"render outer {self.id}")
        ui.button(f"outer {self.count}", on_click=lambda: setattr(self, "count", self.count + 1)).mark(self.id)
        with ui.card():
            for name in self.names:
                live_component(Counter, id=name, title=self.title)


def test_components_in_components():
    with visit(lambda page: live_component(Outer, id="o", title=page.title), title="") as page:
        assert [call for call in calls(page) if "update" not in call] == [
            "render outer o", "mount x", "render x", "mount y", "render y",
        ]  # fmt: skip
        page.click("more-x")
        assert page.has("x: 2")
        assert calls(page) == ["render outer o", "render x"]
        page.click("o")
        assert page.has("outer 1")
        assert calls(page) == ["render outer o"]
        page.live.refresh()
        assert calls(page) == []
        page.click("more-y")
        page.live.title = "t "
        assert page.text == "outer 1 t x: 2 t y: 2"
        page.component(Outer, "o").names = ["y"]
        assert page.text == "outer 1 t y: 2"
        with pytest.raises(playground.PageError, match="there is no Counter 'x' on the page"):
            page.component(Counter, "x")
        page.component(Outer, "o").names = ["y", "x"]
        assert page.text == "outer 1 t y: 2 t x: 0"


def test_an_inner_component_is_known_after_the_outer_one_was_kept():
    with visit(lambda page: live_component(Outer, id="o", title=""), other=0) as page:
        for number in range(3):
            page.live.other = number
            page.settle()
        page.click("more-x")
        assert page.has("x: 2")
        page.live.send_update(Counter, id="y", title="sent ")
        assert page.has("sent y: 0")


def test_a_component_keeps_state_and_elements_when_its_list_is_reordered():
    def render(page):
        for name in page.names:
            with playground.key(name), ui.row():
                live_component(Counter, id=name)
        for name in page.names:
            live_component(Shown, id=name)

    with visit(render, names=["a", "b", "c"], show=lambda component: ui.input(component.id).mark("field")) as page:
        page.click("more-b")
        page.find_all("field")[1].element.value = "typed"
        before, fields = ids(page), ids(page, ui.input)
        calls(page)
        page.live.names = ["c", "b", "a"]
        assert [found.text for found in page.find_all(ui.button)] == ["c: 0", "b: 2", "a: 0"]
        assert ids(page) == before[::-1]
        assert ids(page, ui.input) == fields[::-1]
        assert calls(page) == []
        page.live.names = ["new", "a", "b"]
        assert [found.text for found in page.find_all(ui.button)] == ["new: 0", "a: 0", "b: 2"]
        assert ids(page)[1:] == before[:2]
        assert page.find_all("field")[2].value == "typed"
        page.click("more-a")
        assert page.has("a: 2")


def test_a_component_that_was_gone_starts_anew():
    with visit(counters, names=["a", "b"]) as page:
        page.click("more-a")
        old = page.component(Counter, "a")
        page.live.names = ["b"]
        assert not page.has("more-a")
        page.live.names = ["a", "b"]
        assert page.has("a: 0")
        assert page.component(Counter, "a") is not old
        old.count = 9  # nobody sees it
        assert page.text == "a: 0 b: 0"


def test_a_component_that_moves_to_another_place_keeps_its_state():
    def render(page):
        for number, column in enumerate(page.columns):
            live_component(Shown, id=number, cards=column)

    with visit(render, columns=[["a", "b"], []], show=lambda column: [live_component(Counter, id=name) for name in column.cards]) as page:  # fmt: skip
        for before, after in (
            ([["b"], ["a"]], "b: 0 a: 2"),
            ([["a", "b"], []], "a: 2 b: 0"),
            ([[], ["b", "a"]], "b: 0 a: 2"),
        ):
            if before == [["b"], ["a"]]:
                page.click("more-a")
            page.live.columns = before
            assert page.text == after
        page.click("more-a")
        assert page.text == "b: 0 a: 4"


def test_rows_of_a_stream_that_two_pages_share_belong_to_the_page_that_is_shown():
    stream = playground.Stream(["a", "b"], key=lambda item: item)

    class First(playground.LiveView):
        def mount(self):
            self.clicked = ""

        def render(self):
            ui.label(f"{type(self).__name__}: {self.clicked}")
            stream.render(lambda item: ui.button(item, on_click=lambda: self.click(item)))
            ui.button("go", on_click=lambda: self.push_navigate("/second"))

        def click(self, item):
            self.clicked += item

    class Second(First):
        pass

    with playground.visit({"/": First, "/second": Second}) as page:
        page.click("a")
        assert page.text == "First: a a b go"
        page.click("go")
        page.click("b")
        assert page.text == "Second: b a b go"


def test_a_component_opens_a_dialog_that_the_page_makes_after_it():
    class Opener(playground.LiveComponent):
        def render(self):
            if self.page.dialog is not None:
                ui.button(f"open {self.times}", on_click=self.page.dialog.open)

    def body(page):
        live_component(Opener, id=1, page=page, times=page.times)
        with ui.dialog() as page.dialog:
            ui.label("inside")

    with visit(body, dialog=None, times=0) as page:
        for times in (1, 2):
            page.live.times = times
            page.settle()
            page.click(f"open {times}")
            assert page.live.dialog.value
            page.live.dialog.close()


def test_the_same_component_of_two_pages_is_not_the_same():
    class First(playground.LiveView):
        def mount(self):
            self.calls = []

        def render(self):
            shared(self)
            ui.button("go", on_click=lambda: self.push_navigate("/second"))

    class Second(First):
        pass

    def shared(page):
        live_component(Outer, id="o", title="")

    with playground.visit({"/": First, "/second": Second}) as page:
        page.click("more-x")
        page.click("o")
        page.click("go")
        assert page.text == "outer 0 x: 0 y: 0 go"
        page.click("more-x")
        page.click("o")
        assert page.text == "outer 1 x: 2 y: 0 go"
        assert page.component(Counter, "x").view is page.live


# ---------------------------------------------------------------------------------------------------------------------
# Messages
# ---------------------------------------------------------------------------------------------------------------------


def test_send_update(wait_for):
    def render(page):
        live_component(Counter, id="a", title="x ")
        live_component(Outer, id="o", title="")

    with visit(render) as page:
        calls(page)
        page.live.send_update(Counter, id="a", title="y ", count=3)
        assert page.has("y a: 3")
        assert calls(page) == ["update a {'title': 'y ', 'count': 3}", "render a"]
        page.live.send_update(Counter, id="absent", count=3)
        page.live.send_update(Outer, id="a", count=3)
        assert calls(page) == []
        thread = threading.Thread(target=page.live.send_update, args=(Counter,), kwargs={"id": "x", "count": 4})
        thread.start()
        thread.join()
        wait_for(lambda: page.has("x: 4"))


def test_send_update_whose_update_changes_in_place():
    class Log(playground.LiveComponent):
        def mount(self):
            self.lines = []

        def update(self, line=None):
            if line:
                self.lines.append(line)

        def render(self):
            ui.label(f"{self.lines}")

    with visit(lambda page: live_component(Log, id=1)) as page:
        page.live.send_update(Log, id=1, line="a")
        page.live.send_update(Log, id=1, line="b")
        assert page.has("['a', 'b']")


# ---------------------------------------------------------------------------------------------------------------------
# Mistakes
# ---------------------------------------------------------------------------------------------------------------------


def test_an_id_that_is_used_twice():
    with visit(counters, names=["a"]) as page:
        page.click("more-a")
        page.live.names = ["a", "b", "a"]
        with pytest.raises(ValueError, match="Counter 'a' is used twice in one page; each needs an id of its own"):
            page.settle()
        page.live.names = ["a", "b"]
        assert page.text == "a: 2 b: 0"


@pytest.mark.parametrize("where", ["before", "after"])
def test_an_id_that_is_used_in_a_component_as_well(where):
    def render(page):
        if page.where == "before":
            live_component(Counter, id="x")
        live_component(Outer, id="o", title="")
        if page.where == "after":
            live_component(Counter, id="x")

    with visit(render, where="") as page:
        page.live.where = where
        with pytest.raises(ValueError, match="Counter 'x' is used twice"):
            page.settle()


def test_wrong_uses_say_what_to_write():
    with pytest.raises(RuntimeError, match=r"live_component\(\) says what a page consists of while render"):
        live_component(Counter, id=1)
    for thing in ("Counter", Counter.render, playground.LiveView, Item):
        with pytest.raises(TypeError, match=r"is no component class\. Write `class Row\(playground\.LiveComponent\):`"):
            visit(lambda page, thing=thing: live_component(thing, id=1))
    with pytest.raises(TypeError, match=r"Counter.*\[1\].*hashable"):
        visit(lambda page: live_component(Counter, id=[1]))
    for name in ("id", "view", "event", "refresh"):
        with pytest.raises(
            AttributeError, match=f"Shown.{name} cannot be set: LiveComponent uses the name {name!r} itself"
        ):
            visit(
                lambda page, name=name: live_component(Shown, id=1),
                show=lambda component, name=name: setattr(component, name, 1),
            )


@pytest.mark.parametrize("name", ["callback", "cls", "key", "name", "text", "value", "owner", "subject"])
def test_what_the_page_gives_can_have_any_name(name):
    def render(page):
        live_component(Shown, **{"id": 1, name: page.given})

    with visit(render, given="one", show=lambda component: ui.label(getattr(component, name))) as page:
        assert page.text == "one"
        page.live.given = "two"
        assert page.text == "two"
        page.live.send_update(Shown, **{"id": 1, name: "three"})
        assert page.text == "three"


@pytest.mark.filterwarnings("error")
def test_what_must_not_be_async():
    async def callback(self, **assigns):
        pass

    for name in ("mount", "update", "render"):
        cls = type("Wrong", (Counter,), {name: callback})
        with pytest.raises(TypeError, match=r"callback\(\) of Wrong is async"):
            visit(lambda page, cls=cls: live_component(cls, id=1))


def test_methods_that_are_missing():
    class Empty(playground.LiveComponent):
        pass

    class Deaf(playground.LiveComponent):
        def render(self):
            ui.button("click", on_click=self.event("save"))

    with pytest.raises(TypeError, match="Empty has no render method"):
        visit(lambda page: live_component(Empty, id=1))
    with visit(lambda page: live_component(Deaf, id=1)) as page:
        with pytest.raises(NotImplementedError, match="Deaf got the event 'save' but has no handle_event"):
            page.click("click")


def test_an_exception_in_render_of_a_component_leaves_the_page_as_it_was():
    def render(page):
        ui.label(f"page {page.count}")
        for name in page.names:
            live_component(Counter, id=name)
        live_component(Shown, id=1, count=page.count)

    def show(component):
        ui.button(f"shown {component.count}")
        1 / (3 - component.count)

    with visit(render, count=0, names=["a", "b"], show=show) as page:
        page.click("more-a")
        before = page.tree
        calls(page), page.patches.clear()
        page.live.names = ["c", "a", "b"]
        page.live.count = 3
        with pytest.raises(ZeroDivisionError):
            page.settle()
        assert page.tree == before
        assert page.patches == []
        page.component(Counter, "b").count = 1
        with pytest.raises(ZeroDivisionError):
            page.settle()
        page.live.count = 4
        assert page.text == "page 4 c: 0 a: 2 b: 1 shown 4"
        page.click("more-c")
        page.click("more-b")
        assert page.text == "page 4 c: 2 a: 2 b: 3 shown 4"


def test_a_component_has_what_it_was_given_last_also_after_an_error():
    def render(page):
        live_component(Counter, id="a", title=page.title)
        if page.title == "bad ":
            raise ValueError("bad title")

    with visit(render, title="good ") as page:
        page.live.title = "bad "
        with pytest.raises(ValueError, match="bad title"):
            page.settle()
        page.live.title = "good "
        assert page.text == "good a: 0"
        page.click("more-a")
        assert page.text == "good a: 2"


def test_an_exception_in_a_handler_of_a_component():
    class Fragile(Counter):
        def handle_event(self, event, params):
            self.count += 1
            raise RuntimeError("broken")

    with visit(lambda page: live_component(Fragile, id="a")) as page:
        with pytest.raises(RuntimeError, match="broken") as caught:
            page.click("more-a")
        assert "event('more', by=2)" in "".join(caught.value.__notes__)
        assert page.has("a: 1")


def test_a_page_that_catches_what_a_component_raises():
    def render(page):
        ui.label(f"page {page.count}")
        try:
            live_component(Counter, id="a")
            live_component(Shown, id=1, bad=page.bad)
        except ValueError as error:
            ui.label(f"sorry: {error}")

    def show(component):
        ui.label("good" if not component.bad else "half of it")
        if component.bad:
            raise ValueError("bad")

    with visit(render, count=0, bad=True, show=show) as page:
        page.click("more-a")
        assert page.text.endswith("sorry: bad")
        page.live.count = 1
        assert page.text.endswith("sorry: bad")
        page.live.bad = False
        assert page.text == "page 1 a: 2 good"


def test_a_page_that_catches_what_mount_raises():
    class Fragile(Counter):
        def mount(self):
            if self.view.bad:
                raise ValueError("bad")
            super().mount()

    def render(page):
        try:
            live_component(Fragile, id="a")
        except ValueError as error:
            ui.label(f"sorry: {error}")

    with visit(render, bad=True) as page:
        for _ in range(2):
            assert page.text == "sorry: bad"
            page.live.refresh()
        page.live.bad = False
        assert page.text == "a: 0"


def test_effects_happen_once():
    def show(component):
        ui.notify(f"{component.id} {component.text}")

    def render(page):
        for name in page.names:
            live_component(Shown, id=name, text=page.texts.get(name, ""))
        page.stream.render(lambda item: ui.notify(f"row {item}"))

    def notes(page):
        return [patch.data["message"] for patch in page.patches if patch.kind == "notify"]

    with visit(render, names=["a", "b"], texts={}, other=0, stream=Stream(["x"]), show=show) as page:
        notes(page)
        page.live.other = 1
        assert notes(page) == []
        page.live.texts = {"a": "new"}
        assert notes(page) == ["a new"]
        page.live.other = 2
        assert notes(page) == []
        page.live.names = ["c", "a", "b"]
        page.live.stream.append("y")
        assert notes(page) == ["c ", "row y"]
        page.component(Shown, "a").refresh()
        page.live.other = 3
        assert notes(page) == []


# ---------------------------------------------------------------------------------------------------------------------
# Elements in components, and around them
# ---------------------------------------------------------------------------------------------------------------------


class Rich(playground.LiveComponent):
    """Elements with a place, a parent or a life of their own."""

    def mount(self):
        self.rows, self.tab = [{"name": "Ada"}], "one"

    def render(self):
        self.view.calls.append("rich")
        with ui.dialog() as dialog, ui.card():
            ui.label(f"dialog of {self.id}")
            ui.button("close", on_click=dialog.close)
        ui.button(f"open {self.id}", on_click=dialog.open)
        with ui.button("menu"), ui.menu() as menu:
            ui.menu_item("grow", on_click=lambda: self.rows.append({"name": "Grace"}))
        ui.table(rows=self.rows)
        with ui.tabs().bind_value(self, "tab") as tabs:
            ui.tab("one")
            ui.tab("two")
        with ui.tab_panels(tabs).bind_value(self, "tab"):
            with ui.tab_panel("one"):
                ui.label("first")
            with ui.tab_panel("two"):
                ui.label("second")
        ui.button("open menu", on_click=menu.open)
        ui.label(f"tab {self.tab}").mark("tab")


def test_dialogs_menus_tables_and_tabs_in_a_component():
    def render(page):
        ui.label(f"page {page.count}")
        if page.is_there:
            live_component(Rich, id="r")

    with visit(render, count=0, is_there=True) as page:
        elements = set(page.client.elements)
        page.live.count = 1
        assert page.text.startswith("page 1")
        page.click("open r")
        assert only(page, ui.dialog).value is True
        page.live.count = 2
        assert only(page, ui.dialog).value is True
        page.click("close")
        assert only(page, ui.dialog).value is False
        page.click("grow")
        assert page.find(ui.table).text == "Ada Grace"
        page.click("two")
        assert page.find("tab").text == "tab two"
        page.click("open menu")
        assert only(page, ui.menu).value is True
        page.live.count = 3
        page.settle()
        assert set(page.client.elements) - elements == set()
        page.live.is_there = False
        assert page.text == "page 3"
        assert len(page.client.elements) < len(elements) - 10
        page.live.is_there = True
        assert page.find("tab").text == "tab one"
        assert len(page.client.elements) == len(elements)


AROUND = {
    "card": lambda page: ui.card().props(f"data-count={page.count}").classes(f"c-{page.count}"),
    "expansion": lambda page: ui.expansion(f"title {page.count}", value=True, group=f"g{page.count}"),
    "dialog": lambda page: ui.dialog(value=True).props(f"data-count={page.count}"),
    "row of another kind": lambda page: (ui.row if page.count % 2 else ui.column)(),
    "header": lambda page: ui.header(elevated=bool(page.count % 2)),
    "scroll area": lambda page: ui.scroll_area(on_scroll=None if page.count % 2 else print),
    "menu": lambda page: ui.menu().props(f"data-count={page.count}"),
    "slot": lambda page: ui.table(rows=[{"a": page.count}], pagination=page.count).add_slot("top"),
    "with a key": lambda page: playground.key(page.count % 2),
}


@pytest.mark.parametrize("around", AROUND)
def test_what_is_around_a_component_is_built_anew(around):
    def render(page):
        with AROUND[around](page):
            live_component(Counter, id="a")
            live_component(Outer, id="o", title="")
            page.stream.render(lambda item: ui.label(f"row {item}"))
        with ui.tabs() as tabs:
            tab = ui.tab(f"tab {page.count}")
        with ui.tab_panels(tabs, value=tab), ui.tab_panel(tab):
            live_component(Counter, id="panel")

    with visit(render, count=0, stream=Stream("xyz")) as page:
        page.click("more-a")
        page.click("more-x")
        page.click("more-panel")
        browser = Browser(page)
        shown = [f"row {name}" for name in "xyz"]
        for count in range(1, 5):
            page.live.count = count
            if count == 3:
                page.live.stream.append("new")
                shown.append("row new")
            buttons = {found.text for found in page.find_all(ui.button)}
            assert buttons == {"a: 2", "outer 0", "x: 2", "y: 0", "panel: 2"}
            assert [found.text for found in page.find_all(ui.label)] == shown
            browser.check()
        assert_tree_is_sound(page)
        for name in ("a", "o", "x", "panel"):
            page.click(name if name == "o" else f"more-{name}")
        buttons = {found.text for found in page.find_all(ui.button)}
        assert buttons == {"a: 4", "outer 1", "x: 4", "y: 0", "panel: 4"}


def test_menu_items_in_a_component_know_the_menu_that_was_built_anew():
    def render(page):
        with ui.button("menu"), ui.menu().props(f"data-count={page.count}"):
            live_component(Shown, id=1)
            page.stream.render(
                lambda item: ui.menu_item(f"row {item}", on_click=lambda: page.clicked.append(f"row {item}"))
            )

    def show(component):
        ui.menu_item("item", on_click=lambda: component.view.clicked.append("item"))

    with visit(render, count=0, clicked=[], stream=Stream("x"), show=show) as page:
        for count in range(3):
            page.live.count = count
            page.settle()
            for name in ("item", "row x"):
                only(page, ui.menu).value = True
                page.click(name)
                assert only(page, ui.menu).value is False
        assert page.live.clicked == ["item", "row x"] * 3


class Placed(playground.LiveComponent):
    """Elements that are not where they are made."""

    def mount(self):
        self.count = 0

    def render(self):
        with ui.dialog() as dialog:
            ui.label(f"dialog {self.id} {self.count}")
        ui.button(f"open {self.id}", on_click=dialog.open)
        ui.button(f"more {self.id}", on_click=lambda: setattr(self, "count", self.count + 1))
        if self.id == "a":
            with ui.header():
                live_component(Counter, id="in the header")


def test_dialogs_and_a_header_of_components_that_move():
    def render(page):
        for name in page.names:
            live_component(Placed, id=name) if name.islower() else ui.label(name)

    with visit(render, names=["a", "A", "b"]) as page:
        browser = Browser(page)
        page.click("open b")
        for names in itertools.permutations(["a", "A", "b", "B"]):
            page.live.names = list(names)
            assert page.text.endswith("dialog b 0")
            assert {element.value for element in page.client.elements.values() if isinstance(element, ui.dialog)} == {
                False,
                True,
            }
            page.click("more a")
            browser.check()
            assert_tree_is_sound(page)
        page.click("open a")
        assert page.text.endswith("dialog b 0 dialog a 24") or page.text.endswith("dialog a 24 dialog b 0")
        page.click("more-in")
        assert page.find(ui.header).text == "in the header: 2"
        page.live.names = ["b"]
        assert page.text == "open b more b dialog b 0"
        browser.check()
        assert_tree_is_sound(page)


def test_what_render_of_a_component_reads_of_an_element():
    def render(page):
        ui.label(f"page {page.count}")
        for name in page.names:
            live_component(Shown, id=name)
        page.stream.render(row)
        1 / page.one

    def show(component):
        field = ui.input(component.id)
        ui.label(f"hello {field.value or 'nobody'}")

    def row(item):
        field = ui.input(item, value=item)
        ui.label(f"is {field.value}")

    with visit(render, count=0, names=["f", "g"], one=1, stream=Stream("x"), show=show) as page:
        browser = Browser(page)
        page.type("f", "Ada")
        page.component(Shown, "f").refresh()
        assert page.text == "page 0 f Ada hello Ada g hello nobody x is x"
        page.live.names, page.live.one = ["h", "g", "f"], 0
        page.live.stream.prepend("y")
        with pytest.raises(ZeroDivisionError):
            page.settle()
        browser.check()
        assert_tree_is_sound(page)
        page.live.one, page.live.count = 1, 1
        assert page.text == "page 1 h hello nobody g hello nobody f Ada hello Ada y is y x is x"
        browser.check()
        assert_tree_is_sound(page)


def test_a_tab_that_is_selected_and_renamed():
    def render(page):
        with ui.tabs() as tabs:
            tab = ui.tab(f"tab {page.count}")
        with ui.tab_panels(tabs, value=tab), ui.tab_panel(tab):
            ui.label("inside")

    with visit(render, count=0) as page:
        browser = Browser(page)
        for count in range(3):
            page.live.count = count
            assert page.text == f"tab {count} inside"
            browser.check()


@pytest.mark.parametrize(
    ("around", "inside"),
    [(ui.tab_panels, ui.tab_panel), (ui.stepper, ui.step), (ui.carousel, ui.carousel_slide)],
    ids=["tab_panel", "step", "carousel_slide"],
)
def test_what_the_browser_wants_to_have_directly_in_its_parent(around, inside):
    def render(page):
        with around(value="one"):
            live_component(Shown, id=1)

    with pytest.raises(RuntimeError, match=f"{inside.__name__} has to be directly in"):
        visit(render, show=lambda component: inside("one"))


class SignUp(playground.LiveComponent):
    def mount(self):
        self.errors, self.saved = {}, []

    def render(self):
        with playground.form(on_submit=self.event("save"), errors=self.errors, reset=True):
            ui.input("E-mail").props("name=email")
            live_component(Shown, id="name")
            ui.button("Sign up").props("type=submit")
        ui.label(f"saved {self.saved}").mark("saved")

    def handle_event(self, event, params):
        self.errors = {} if "@" in params["email"] else {"email": "no @"}
        if not self.errors:
            self.saved.append((params["email"], params["name"]))


def test_a_form_in_a_component_and_components_in_a_form():
    def render(page):
        ui.label(f"page {page.count}")
        live_component(SignUp, id=1)

    with visit(render, count=0, show=lambda component: ui.input("Name").props("name=name")) as page:
        page.type("E-mail", "ada")
        page.type("Name", "Ada")
        page.live.count = 1
        assert page.find("Name").value == "Ada"
        page.type("E-mail", "ada@example.org")
        page.submit()
        assert page.find("saved").text == "saved [('ada@example.org', 'Ada')]"
        assert page.find("Name").value == ""
        page.type("E-mail", "ada")
        page.submit()
        assert page.find("E-mail").element.error == "no @"
        assert page.component(SignUp, 1).errors == {"email": "no @"}


def test_an_element_that_was_given_to_a_component_and_is_built_anew():
    def render(page):
        with ui.dialog().props(f"data-count={page.count}") as dialog:
            ui.label("inside")
        live_component(Shown, id=1, dialog=dialog)
        page.stream.render(lambda item: ui.button(item, on_click=dialog.open))

    def show(component):
        ui.button("open", on_click=component.dialog.open)
        ui.button("open later", on_click=lambda: component.dialog.open())
        ui.label("is open").bind_visibility_from(component.dialog, "value")

    with visit(render, count=0, stream=Stream(["row"]), show=show) as page:
        for count in range(3):
            page.live.count = count
            page.settle()
            for button in ("open", "open later", "row"):
                only(page, ui.dialog).value = False
                page.click(button)
                assert only(page, ui.dialog).value is True
                assert page.has("is open")


def test_what_a_component_puts_into_an_element_outside_of_it():
    def render(page):
        ui.label(f"page {page.count}")
        with ui.row() as row:
            ui.label("own")
        live_component(Shown, id=1, row=row)

    def show(component):
        with component.row:
            ui.label(f"of {component.id}")

    with visit(render, count=0, show=show) as page:
        for count in range(3):
            page.live.count = count
            assert page.text == f"page {count} own of 1"


def test_the_bodys_classes_and_the_layout_from_a_component():
    def render(page):
        ui.label(f"page {page.count}")
        live_component(Shown, id=1)

    def show(component):
        ui.query("body").classes("dark-ish")
        ui.context.client.content.classes("p-0").on("click", lambda: component.view.calls.append("clicked"), args=[])

    with visit(render, count=0, show=show) as page:
        for count in range(3):
            page.live.count = count
            page.settle()
        calls(page)
        assert "p-0" in page.client.content._classes
        page.trigger(page.client.content, "click")
        assert calls(page)[0] == "clicked"


# ---------------------------------------------------------------------------------------------------------------------
# Streams
# ---------------------------------------------------------------------------------------------------------------------


def stream_page(stream, **state):
    """A page with a stream between other rows; notes the items that it shows."""

    def render(page):
        for name in page.above:
            with playground.key(name):
                ui.label(name)
        page.stream.render(functools.partial(show, page))
        for name in page.below:
            ui.label(name)
        if page.fails:
            raise RuntimeError("after the rows")

    def show(page, item):
        page.calls.append(item)
        ui.label(item).mark("row")
        if item == "bad":
            raise ValueError("a bad row")

    return visit(render, **{"stream": stream, "above": [], "below": [], "fails": False, **state})


def rows(page):
    """The rows that are shown, and their ids."""
    return {found.text: found.element.id for found in page.find_all("row")}


@pytest.mark.parametrize(
    ("change", "shown", "rendered"),
    [
        (lambda stream: stream.append("d"), "abcd", "d"),
        (lambda stream: stream.prepend("d"), "dabc", "d"),
        (lambda stream: stream.insert(1, "d"), "adbc", "d"),
        (lambda stream: stream.insert(-1, "d"), "abdc", "d"),
        (lambda stream: stream.insert(9, "d"), "abcd", "d"),
        (lambda stream: stream.insert(-9, "d"), "dabc", "d"),
        (lambda stream: stream.extend("de"), "abcde", "de"),
        (lambda stream: stream.append("B"), "aBc", "B"),
        (lambda stream: stream.prepend("B"), "aBc", "B"),
        (lambda stream: stream.insert(2, "B"), "aBc", "B"),
        (lambda stream: stream.remove("b"), "ac", ""),
        (lambda stream: stream.clear(), "", ""),
        (lambda stream: (stream.clear(), stream.extend("cx")), "cx", "cx"),
        (lambda stream: (stream.remove("a"), stream.append("a")), "bca", "a"),
        (lambda stream: (stream.append("d"), stream.remove("d")), "abc", ""),
        (lambda stream: (stream.remove("b"), stream.prepend("d")), "dac", "d"),
        (lambda stream: None, "abc", ""),
    ],
)
def test_what_changes_in_a_stream(change, shown, rendered):
    with stream_page(Stream("abc", key=str.lower), above=["above"], below=["below"]) as page:
        assert calls(page) == list("abc")
        before = rows(page)
        stream_element = page.find_all("row")[0].element.parent_slot.parent.parent_slot.parent
        page.patches.clear()
        change(page.live.stream)
        page.live.refresh()
        assert list(rows(page)) == list(shown) == list(page.live.stream)
        assert calls(page) == list(rendered)
        assert page.text.split() == ["above", *shown, "below"]
        for name in set(before) & set(shown) - set(rendered):
            assert rows(page)[name] == before[name]
        sent = {id_ for id_, told in page.patches.updates.items() if told is not None}
        new = {id_ for id_ in rows(page).values() if id_ not in before.values()}
        holders = {page.client.elements[id_].parent_slot.parent.id for id_ in new}
        if list(rows(page).values()) == list(before.values()):
            assert sent == ({rows(page)["B"]} if "B" in rendered else set())
        else:
            assert sent == new | holders | {stream_element.id}
        assert_tree_is_sound(page)


@pytest.mark.parametrize("times", [1, 300])  # so many that it is not kept which
def test_a_row_that_is_put_while_the_one_before_it_goes_keeps_its_elements(times):
    with stream_page(Stream("abc", key=str.lower)) as page:
        before = rows(page)
        page.live.stream.remove("b")
        page.live.stream.extend("C" * times)
        page.live.refresh()
        assert rows(page) == {"a": before["a"], "C": before["c"]}
        assert_tree_is_sound(page)


def test_the_limit_of_a_stream():
    with stream_page(Stream("abcde", limit=3)) as page:
        stream = page.live.stream
        assert "".join(rows(page)) == "cde"
        before, calls(page)[:] = rows(page), []
        for change, shown, rendered in (
            (lambda: stream.append("f"), "def", "f"),
            (lambda: stream.prepend("x"), "xde", "x"),
            (lambda: stream.insert(1, "y"), "yde", "y"),
            (lambda: stream.insert(3, "z"), "dez", "z"),
            (lambda: stream.extend("12345"), "345", "345"),
        ):
            change()
            page.live.refresh()
            assert "".join(rows(page)) == shown
            assert "".join(calls(page)) == rendered
            assert len(stream) == 3
            assert {name: id_ for name, id_ in rows(page).items() if name in before}.items() <= before.items()
        assert len([element for element in page.client.elements.values() if isinstance(element, ui.label)]) == 3
    one = Stream(limit=1, key=str)
    for method in (one.append, one.prepend, one.append, one.append):
        method("a")
        method("b")
        assert (list(one), "a" in one, "b" in one) == (["b"], False, True)
    one.extend("xyz")
    assert list(one) == ["z"]


def test_a_stream_as_a_collection():
    stream = Stream([Item("a"), Item("b")], key=lambda item: item.text)
    assert (len(stream), [item.text for item in stream]) == (2, ["a", "b"])
    assert "a" in stream
    assert "c" not in stream
    assert stream["b"] == Item("b")
    for act in (stream.remove, stream.__getitem__):
        with pytest.raises(KeyError, match="c"):
            act("c")
    stream.append(Item("b", ["new"]))
    assert (stream["b"].tags, len(stream)) == (["new"], 2)
    with pytest.raises(ValueError, match="limit is the number of rows to keep, or None, not 0"):
        Stream(limit=0)
    with pytest.raises(RuntimeError, match=r"Stream\.render\(\) is for render\(\) of a page"):
        stream.render(ui.label)
    assert list(Stream("aa")) == ["a", "a"]  # numbered


OPERATIONS = st.one_of(
    st.tuples(st.sampled_from(["append", "prepend", "remove"]), st.sampled_from("abcdeABCDE")),
    st.tuples(st.just("insert"), st.integers(-7, 7), st.sampled_from("abcdeABCDE")),
    st.tuples(st.just("extend"), st.text("abcdeABCDE", max_size=7)),
    st.tuples(st.just("clear")),
)


@given(
    operations=st.lists(OPERATIONS, max_size=12),
    limit=st.sampled_from([None, 1, 2, 4]),
    first=st.text("abc", max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_a_stream_is_what_a_list_would_be(operations, limit, first):
    stream, model = Stream(first, key=str.lower, limit=limit), []

    def insert(index, item):
        keys = [other.lower() for other in model]
        if item.lower() in keys:
            model[keys.index(item.lower())] = item
            return
        model.insert(index, item)
        if limit and len(model) > limit:
            del model[-1 if model[0] is item and index == 0 else 0]

    for item in first:
        insert(len(model), item)
    for name, *arguments in operations:
        match name:
            case "append":
                insert(len(model), *arguments)
            case "prepend":
                insert(0, *arguments)
            case "insert":
                insert(*arguments)
            case "extend":
                for item in arguments[0]:
                    insert(len(model), item)
            case "clear":
                model.clear()
            case "remove" if arguments[0].lower() in "".join(model).lower():
                del model["".join(model).lower().index(arguments[0].lower())]
                stream.remove(arguments[0].lower())
                continue
            case "remove":
                continue
        getattr(stream, name)(*arguments)
    assert list(stream) == model
    for key in "abcde":
        at = "".join(model).lower().find(key)
        assert (key in stream) == (at >= 0)
        assert at < 0 or stream[key] == model[at]


def test_what_is_beside_a_stream_moves_and_the_rows_stay():
    with stream_page(Stream("ab"), above=["1", "2"], below=["3"]) as page:
        before = rows(page)
        calls(page)
        for above, below in ((["2", "1"], []), ([], ["3", "4"]), (["5", "1"], ["4"]), ([], [])):
            page.live.above, page.live.below = above, below
            assert page.text.split() == [*above, "a", "b", *below]
            assert rows(page) == before
        page.live.stream.append("c")
        page.live.above = ["9"]
        assert page.text == "9 a b c"
        assert calls(page) == ["c"]


def test_a_stream_that_is_replaced_by_another():
    with stream_page(Stream("abc", key=str)) as page:
        calls(page)
        old = page.live.stream
        page.live.stream = Stream("cbx", key=str)
        assert page.text == "c b x"
        assert calls(page) == list("cbx")
        page.live.stream.append("y")
        page.live.refresh()
        assert page.text == "c b x y"
        assert calls(page) == ["y"]
        old.append("z")
        page.live.stream = old
        assert page.text == "a b c z"
        assert_tree_is_sound(page)


def test_several_streams_and_one_that_comes_and_goes():
    def render(page):
        page.one.render(show)
        with ui.card():
            if page.is_shown:
                page.two.render(show)
        (page.one if page.turns else page.three).render(show) if not page.turns else None
        ui.label(f"{page.other}")

    def show(item):
        noted.append(item)
        ui.label(item)

    noted = []
    with visit(
        render, one=Stream("ab"), two=Stream("cd"), three=Stream("ef"), is_shown=True, turns=False, other=0
    ) as page:
        assert page.text == "a b c d e f 0"
        noted.clear()
        page.live.two.append("x")
        page.live.three.prepend("y")
        page.live.other = 1
        assert page.text == "a b c d x y e f 1"
        assert noted == ["x", "y"]
        page.live.is_shown = False
        page.live.turns = True
        assert page.text == "a b 1"
        page.live.two.append("z")
        page.live.three.remove(0)
        page.live.is_shown = True
        page.live.turns = False
        assert page.text == "a b c d x z y f 1"
        assert_tree_is_sound(page)


def test_streams_that_take_turns_at_one_line():
    def render(page):
        (page.one if page.is_first else page.two).render(ui.label)

    with visit(render, one=Stream("ab"), two=Stream("bc"), is_first=True) as page:
        for _ in range(3):
            assert page.text == " ".join(page.live.one)
            page.live.is_first = False
            assert page.text == " ".join(page.live.two)
            page.live.two.append("x")
            page.live.is_first = True
            page.live.one.prepend("y")


def test_a_stream_that_is_shown_twice_is_an_error():
    def render(page):
        page.stream.render(ui.label)
        page.stream.render(ui.label)

    with pytest.raises(ValueError, match=r"a Stream is shown twice in one page|Stream.* is used twice") as caught:
        visit(render, stream=Stream("ab"))
    assert not re.search(r"\d{6}", str(caught.value))  # no address in memory: it tells nobody anything


def test_a_render_that_fails_and_recovers_loses_no_rows():
    with stream_page(Stream("ab")) as page:
        page.live.stream.append("c")
        page.live.fails = True
        with pytest.raises(RuntimeError, match="after the rows"):
            page.settle()
        assert not page.has("c")
        page.live.stream.append("d")
        page.live.stream.prepend("x")
        page.live.refresh()
        with pytest.raises(RuntimeError, match="after the rows"):
            page.settle()
        page.live.fails = False
        assert page.text == "x a b c d"
        page.live.stream.append("bad")
        page.live.stream.append("e")
        page.live.refresh()
        with pytest.raises(ValueError, match="a bad row"):
            page.settle()
        assert page.text == "x a b c d"
        page.live.stream.remove(6) if 6 in page.live.stream else None
        page.live.refresh()
        assert_tree_is_sound(page)


def test_rows_stay_when_the_page_catches_what_a_later_one_raises():
    def show(item):
        if item == "bad":
            raise ZeroDivisionError
        live_component(Counter, id=item)

    def render(page):
        try:
            page.stream.render(show)
        except ZeroDivisionError:
            ui.label("caught")

    with visit(render, stream=Stream("ab", key=str)) as page:
        page.click("more-a")
        page.click("more-b")
        page.live.stream.append("bad")
        page.live.refresh()
        assert page.text == "a: 2 b: 2 caught"
        page.click("more-a")
        assert page.text == "a: 4 b: 2 caught"
        page.live.stream.remove("bad")
        page.live.refresh()
        assert page.text == "a: 4 b: 2"


@pytest.mark.parametrize("between", ["component", "key"])
def test_a_field_that_changes_sides_with_a_row_leaves_its_text_to_nobody(between):
    def field(name):
        ui.input(name)

    def render(page):
        if page.is_above:
            field("search")
        if between == "component":
            live_component(Counter, id="x")
        else:
            with playground.key("x"):
                ui.label("x")
        if not page.is_above:
            field("search")
        field("note")

    with visit(render, is_above=True) as page:
        page.type("search", "what to find")
        page.type("note", "what to note")
        page.live.is_above = False
        assert page.find("search").value == "what to find"
        assert page.find("note").value == "what to note"


TELLS = """
from nicegui import ui
import playground


class Tells(playground.LiveComponent):
    def render(self):
        ui.notify("a component is there")


class Page(playground.LiveView):
    browser_events = ["save"]

    def mount(self):
        self.saved = 0

    def render(self):
        ui.label(f"saved {self.saved}")
        playground.live_component(Tells, id=1)

    def handle_event(self, event, params):
        self.saved += 1
        ui.notify(f"saved {self.saved}")
"""


def test_what_handlers_tell_arrives_and_what_a_kept_component_told_is_not_told_again(serve):
    async def told():
        tab, heard, told = await Tab.open(serve(TELLS).url), asyncio.Queue(), []
        connection = await tab.connect({"notify": lambda data: heard.put_nowait(data["message"])})
        save = {"client_id": tab.client_id, "action": "push", "name": "save", "params": {}}
        for number in range(1, 4):
            await connection.emit("playground", save)
            while f"saved {number}" not in told:
                told.append(await heard.get())
        await connection.disconnect()
        return told

    assert asyncio.run(asyncio.wait_for(told(), PATIENCE)) == ["a component is there", "saved 1", "saved 2", "saved 3"]


def test_what_a_row_shows_anew_is_put_anew():
    def render(page):
        ui.label(f"{page.other}")
        page.stream.render(lambda item: ui.label(item.text))

    with visit(render, stream=Stream([Item("a"), Item("b")], key=id), other=0) as page:
        item = next(iter(page.live.stream))
        item.text = "changed"
        page.live.other = 1
        assert page.text == "1 a b"
        page.live.stream.append(item)
        page.live.other = 2
        assert page.text == "2 changed b"


def test_components_in_the_rows_of_a_stream():
    def render(page):
        ui.label(f"{page.other}")
        page.stream.render(lambda item: live_component(Counter, id=item.text, title="".join(item.tags)))

    with visit(render, stream=Stream([Item("a"), Item("b")], key=lambda item: item.text), other=0) as page:
        calls(page)
        page.click("more-b")
        assert page.text == "0 a: 0 b: 2"
        assert calls(page) == ["render b"]
        page.live.stream.prepend(Item("c"))
        page.live.other = 1
        assert page.text == "1 c: 0 a: 0 b: 2"
        assert calls(page) == ["mount c", "update c {'title': ''}", "render c"]
        page.live.stream.append(Item("b", ["new "]))
        page.live.other = 2
        assert page.text == "2 c: 0 a: 0 new b: 2"
        page.component(Counter, "a").count = 5
        assert page.text == "2 c: 0 a: 5 new b: 2"
        page.live.stream.remove("b")
        page.live.stream.prepend(Item("b"))
        page.live.other = 3
        assert page.text == "3 b: 2 c: 0 a: 5"  # never off the page
        page.live.stream.remove("b")
        page.live.other = 4
        assert page.text == "4 c: 0 a: 5"
        page.live.stream.append(Item("b"))
        page.live.other = 5
        assert page.text == "5 c: 0 a: 5 b: 0"


class Log(playground.LiveComponent):
    """A stream of its own, whose rows are components."""

    def mount(self):
        self.lines = Stream(key=str)

    def render(self):
        self.view.calls.append(f"log {self.id}")
        ui.button(f"add to {self.id}", on_click=lambda: self.lines.append(f"{self.id}{len(self.lines)}"))
        self.lines.render(self.row)

    def row(self, line):
        self.view.calls.append(f"row {line}")
        live_component(Counter, id=line)


def test_a_stream_in_a_component():
    def render(page):
        ui.label(f"{page.other}")
        page.logs.render(lambda name: live_component(Log, id=name))

    with visit(render, logs=Stream("ab", key=str), other=0) as page:
        calls(page)
        page.click("add to a")
        page.click("add to b")
        page.click("add to a")
        assert [call for call in calls(page) if "mount" not in call and "update" not in call] == [
            "log a", "row a0", "render a0", "log b", "row b0", "render b0", "log a", "row a1", "render a1",
        ]  # fmt: skip
        page.click("more-a1")
        assert page.text == "0 add to a a0: 0 a1: 2 add to b b0: 0"
        assert calls(page) == ["log a", "row a1", "render a1"]
        page.live.other = 1
        assert page.text.startswith("1")
        assert calls(page) == []
        page.live.logs.remove("a")
        page.live.logs.append("c")
        page.live.other = 2
        assert page.text == "2 add to b b0: 0 add to c"
        page.click("more-b0")
        assert page.text == "2 add to b b0: 2 add to c"


@pytest.mark.parametrize("key", [None, lambda line: line])
def test_a_stream_that_a_component_is_given(key):
    def render(page):
        live_component(Shown, id=1, lines=page.lines)

    def show(component):
        component.lines.render(lambda line: (component.view.calls.append(line), ui.label(line)))

    with visit(render, lines=Stream((f"line {number}" for number in range(50)), key=key), other=0, show=show) as page:
        calls(page)
        page.live.other = 1
        assert calls(page) == []
        page.live.lines.append("new")
        page.live.other = 2
        assert page.text.endswith("line 49 new")
        assert calls(page) == [1, "new"]


def test_a_stream_that_another_thread_appends_to(wait_for):
    with stream_page(Stream("ab", limit=100)) as page:

        def work():
            for number in range(300):
                page.live.stream.append(f"{number}")
                page.live.refresh()

        thread = threading.Thread(target=work)
        thread.start()
        wait_for(lambda: not thread.is_alive() or page.text is None)
        wait_for(lambda: page.text.split() == [f"{number}" for number in range(200, 300)])
        assert_tree_is_sound(page)


def test_a_stream_that_is_rendered_while_a_row_is_on_its_way():
    pages = []

    def key(item):
        for page in pages:
            page.live.refresh()
            page.settle()
        return item

    with stream_page(Stream("ab", key=key)) as page:
        pages.append(page)
        page.live.stream.append("c")
        page.live.refresh()
        page.settle()
        assert page.text.split() == ["a", "b", "c"]


# ---------------------------------------------------------------------------------------------------------------------
# Whatever happens: the page is what it would be had it just been opened, and the browser has just that
# ---------------------------------------------------------------------------------------------------------------------


class Boom(Exception):
    pass


class Tally(playground.LiveComponent):
    def mount(self):
        self.count = self.view.counts.get(self.id, 0)

    def render(self):
        ui.button(f"{self.title}{self.count}", on_click=self.more).mark(f"tally {self.id}")
        self.view.fail_at("tally")

    def more(self):
        self.count += 1


class Entry(playground.LiveComponent):
    """Knows the menu that it is in."""

    def render(self):
        ui.menu_item(f"item {self.title}")


class Box(playground.LiveComponent):
    """A component with a stream of its own, components in its rows, and one beside them."""

    def mount(self):
        self.lines = Stream(self.view.lines.get(self.id, ()), key=str.lower, limit=3)

    def render(self):
        with ui.card():
            self.view.fail_at("box")
            live_component(Tally, id=self.id, title=self.title)
            if self.has_guest:
                live_component(Tally, id="guest", title="guest ")
            self.lines.render(self.row)
            if self.view.fail == "late in a box":
                raise Boom

    def row(self, line):
        self.view.fail_at("line")
        ui.label(line)
        live_component(Tally, id=f"{self.id} {line.lower()}", title="in a box ")


class Anything(playground.LiveView):
    """All sorts of components and streams, as its state says."""

    def mount(self, params, session):
        self.model = session["model"]
        self.counts, self.lines, self.fail, self.other = self.model["counts"], self.model["lines"], "", 0
        self.names, self.titles, self.around = self.model["names"], self.model["titles"], self.model["around"]
        self.one = Stream(self.model["one"], key=str.lower, limit=4)
        self.two = Stream(self.model["two"], key=str.lower)
        self.is_two_shown, self.guest_at = self.model["is_two_shown"], self.model["guest_at"]
        self.notes = {key: typed for key, (_, typed) in self.model["notes"].items()}

    def fail_at(self, what):
        if self.fail == what:
            raise Boom

    def render(self):
        ui.label("top")
        if self.guest_at == "top":
            live_component(Tally, id="guest", title="guest ")
        with ui.menu().props(f"data-around={self.around}"):
            live_component(Entry, id=1, title=self.titles.get("a", ""))
        with ui.row() if self.around % 3 else ui.card().props(f"data-around={self.around}"):
            self.one.render(self.show_one)
        for name in self.names:
            if name.islower():
                live_component(Tally, id=name, title=self.titles.get(name, ""))
            else:
                with playground.key(name), ui.row():
                    live_component(Box, id=name, title=self.titles.get(name, ""), has_guest=self.guest_at == name)
        with ui.element().props(f"data-around={self.around // 2}"):
            if self.is_two_shown:
                self.two.render(self.show_two)
            ui.label("bottom")
        if self.guest_at == "bottom":
            live_component(Tally, id="guest", title="guest ")
        self.fail_at("page")

    def show_one(self, item):
        live_component(Tally, id=f"one {item.lower()}", title=item)
        self.fail_at("row")

    def show_two(self, item):
        with ui.row():
            ui.label(item)
            ui.input("note", value=self.notes.get(item.lower(), item)).mark(f"note {item.lower()}")


def keep_in_mind(model):
    """What is on the page now keeps its state, the rest is forgotten; returns the texts on the page."""
    texts, counts, lines, notes = ["top"], {}, {}, {}

    def tally(id_, title):
        counts[id_] = model["counts"].get(id_, 0)
        texts.append(f"{title}{counts[id_]}")

    if model["guest_at"] == "top":
        tally("guest", "guest ")
    texts.append(f"item {model['titles'].get('a', '')}")
    for item in model["one"]:
        tally(f"one {item.lower()}", item)
    for name in model["names"]:
        tally(name, model["titles"].get(name, ""))
        if name.isupper():
            if model["guest_at"] == name:
                tally("guest", "guest ")
            lines[name] = model["lines"].get(name, [])
            for line in lines[name]:
                texts.append(line)
                tally(f"{name} {line.lower()}", "in a box ")
    for item in model["two"] if model["is_two_shown"] else ():
        given, typed = model["notes"].get(item.lower(), (item, item))
        notes[item.lower()] = (item, typed if given == item else item)
        texts += [item, "note", notes[item.lower()][1]]
    texts.append("bottom")
    if model["guest_at"] == "bottom":
        tally("guest", "guest ")
    model.update(counts=counts, lines=lines, notes=notes)
    return texts


def put(items, index, item, limit=None):
    """What `Stream.insert` does, with a list."""
    keys = [other.lower() for other in items]
    if item.lower() in keys:
        items[keys.index(item.lower())] = item
        return
    items.insert(index, item)
    if limit and len(items) > limit:
        del items[-1 if index == 0 else 0]


LETTERS = st.sampled_from("pqrstPQRST")
ACTIONS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(["one", "two", "X", "Y"]), st.integers(0, 5), LETTERS),
    st.tuples(st.just("remove"), st.sampled_from(["one", "two", "X", "Y"]), st.integers(0, 5)),
    st.tuples(st.just("clear"), st.sampled_from(["one", "two", "X", "Y"])),
    st.tuples(st.just("names"), st.permutations("abXY"), st.integers(0, 4)),
    st.tuples(st.just("title"), st.sampled_from("abXY"), st.sampled_from(["", "t "])),
    st.tuples(st.just("click"), st.integers(0, 20)),
    st.tuples(st.just("type"), st.integers(0, 5), st.sampled_from(["typed", "more"])),
    st.tuples(st.just("around"), st.integers(0, 5)),
    st.tuples(st.just("two"), st.booleans()),
    st.tuples(st.just("guest"), st.sampled_from(["top", "X", "Y", "bottom", "nowhere"])),
    st.tuples(st.just("fail"), st.sampled_from(["page", "row", "tally", "box", "line", "late in a box"])),
    st.tuples(st.just("mend")),
)


def act(page, model, name, *arguments):
    """Do something to the page, and what it means to the model."""
    view = page.live
    match name, *arguments:
        case "put" | "remove" | "clear", ("one" | "two" | "X" | "Y") as where, *rest:
            items, limit = model.get(where), 4 if where == "one" else None
            stream, refresh = getattr(view, where, None), view.refresh
            if items is None:
                box = view._page.rendering.components.get((Box, where))
                if box is None:
                    return
                items, limit = model["lines"].setdefault(where, []), 3
                stream, refresh = box.subject.lines, box.subject.refresh
            if name == "put":
                index = min(rest[0], len(items))
                put(items, index, rest[1], limit)
                stream.insert(index, rest[1])
            elif name == "remove" and items:
                stream.remove(items.pop(rest[0] % len(items)).lower())
            elif name == "clear":
                items.clear()
                stream.clear()
            refresh()  # of the component, which is not looked at otherwise
        case "names", names, count:
            model["names"] = list(names[:count])
            view.names = list(names[:count])
        case "title", letter, title:
            model["titles"][letter] = title
            view.titles = dict(model["titles"])
        case "click", index:
            buttons = [button for button in page.client.elements.values() if isinstance(button, ui.button)]
            if buttons:
                button = buttons[index % len(buttons)]
                model["counts"][" ".join(button._markers[1:])] += 1
                page.click(button)
        case "type", index, text:
            fields = [field for field in page.client.elements.values() if isinstance(field, ui.input)]
            if fields:
                field = fields[index % len(fields)]
                key = field._markers[-1]
                model["notes"][key] = (model["notes"][key][0], text)
                page.type(field, text)
        case "around", number:
            model["around"] = view.around = number
        case "two", is_shown:
            model["is_two_shown"] = view.is_two_shown = is_shown
        case "guest", where:
            model["guest_at"] = view.guest_at = where
        case "fail", what:
            view.fail = what
        case "mend", *_:
            view.fail = ""


@given(actions=st.lists(ACTIONS, max_size=15))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_page_is_what_it_would_be_if_it_had_just_been_opened(caplog, actions):
    caplog.set_level("CRITICAL", "nicegui")
    model = {
        "counts": {}, "lines": {}, "notes": {}, "titles": {}, "names": ["a", "X"], "around": 0,
        "one": ["p", "q"], "two": ["p", "q"], "is_two_shown": True, "guest_at": "X",
    }  # fmt: skip
    with playground.visit(Anything, session={"model": copy.deepcopy(model)}) as page:
        browser = Browser(page)
        keep_in_mind(model)
        is_good = True
        for action in [*actions, ("mend",)]:
            try:
                act(page, model, *action)
                page.live.refresh()
                page.settle()
            except Boom:
                is_good = False
            else:
                is_good = True
                assert page.text == " ".join(keep_in_mind(model))
            browser.check()
            assert_tree_is_sound(page)
        assert is_good
        assert only(page, ui.menu_item).menu is only(page, ui.menu)
        with playground.visit(Anything, session={"model": copy.deepcopy(model)}) as fresh:
            assert re.sub(r"for=c\d+", "", fresh.tree) == re.sub(r"for=c\d+", "", page.tree)
        for button in [element for element in page.client.elements.values() if isinstance(element, ui.button)]:
            page.click(button)
            model["counts"][" ".join(button._markers[1:])] += 1
            assert page.text == " ".join(keep_in_mind(model))


# ---------------------------------------------------------------------------------------------------------------------
# In the browser
# ---------------------------------------------------------------------------------------------------------------------

SCRIPT = """
from nicegui import ui
import playground


class Row(playground.LiveComponent):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"{self.id}: {self.count}").classes(f"shown-{self.id}")
        ui.button(f"more {self.id}", on_click=self.event("more")).classes(f"more-{self.id}")
        ui.input(f"Text of {self.id}")

    def handle_event(self, event):
        self.count += 1


class Page(playground.LiveView):
    def mount(self):
        self.names, self.ticks = ["a", "b", "c"], 0
        self.lines = playground.Stream(["x", "y"], key=str)

    def render(self):
        ui.label(f"ticks {self.ticks}").classes("ticks")
        ui.button("tick", on_click=self.event("tick")).classes("tick")
        ui.button("turn", on_click=self.turn).classes("turn")
        for name in self.names:
            playground.live_component(Row, id=name)
        self.lines.render(lambda line: ui.input(f"Line {line}"))

    def handle_event(self, event):
        self.ticks += 1

    def turn(self):
        self.names.reverse()
        line = next(line for line in self.lines if line in "xy")
        self.lines.remove(line)
        self.lines.append(line)
        self.lines.prepend(f"new {len(self.lines)}")
"""

FIELD = """field => ({
    text: field.value, focus: document.activeElement === field, caret: field.selectionStart,
    same: window.fields?.includes(field),
})"""


def write_into(tab, label, text="half a sentence"):
    """Type a text, and go back a little."""
    field = tab.get_by_label(label, exact=True)
    field.click()
    tab.keyboard.type(text)
    for _ in range(3):
        tab.keyboard.press("ArrowLeft")
    field.evaluate("field => (window.fields ??= []).push(field)")
    return lambda: field.evaluate(FIELD)


def poke(tab, selector):
    """Click without moving the focus."""
    tab.evaluate("selector => document.querySelector(selector).click()", selector)


KEPT = {"text": "half a sentence", "focus": True, "caret": 12, "same": True}


def test_typed_text_and_focus_in_components_and_rows(serve, open_page):
    from playwright.sync_api import expect

    tab = open_page(serve(SCRIPT).url)
    other = write_into(tab, "Text of c", "other")
    for label in ("Text of b", "Text of a", "Line x", "Line y"):
        field = write_into(tab, label)
        assert field() == KEPT
        before = tab.locator(".ticks").inner_text()
        poke(tab, ".tick")
        expect(tab.locator(".ticks")).not_to_have_text(before)
        assert field() == KEPT
        order = tab.locator("[class*=shown-]").all_inner_texts()
        poke(tab, ".turn")
        expect(tab.locator("[class*=shown-]").first).to_have_text(order[-1])
        assert field() == KEPT
        poke(tab, ".more-a")
        expect(tab.locator(".shown-a")).not_to_have_text(next(text for text in order if text[0] == "a"))
        assert field() == KEPT
        assert other() == {"text": "other", "focus": False, "caret": 2, "same": True}
    expect(tab.locator(".shown-a")).to_have_text("a: 4")
    expect(tab.locator(".shown-b")).to_have_text("b: 0")
    labels = [field.get_attribute("aria-label") for field in tab.locator("input").all()]
    assert [label for label in labels if label.startswith("Text")] == [f"Text of {name}" for name in "abc"]
    assert labels[3:] == [f"Line {name}" for name in ("new 5", "new 4", "new 3", "new 2", "x", "y")]


@pytest.mark.console_allows("Error")
def test_edits_of_a_component_reach_open_tabs(serve, open_page):
    from playwright.sync_api import expect

    server = serve(SCRIPT)
    tabs = [open_page(server.url), open_page(server.url)]
    fields = []
    for number, tab in enumerate(tabs):
        for _ in range(number + 2):
            tab.locator(".more-a").click()
        fields.append(write_into(tab, "Text of b"))

    def edit(*changes):
        text = server.path.read_text()
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        server.path.write_text(text)

    def assert_shown(text):
        for number, (tab, field) in enumerate(zip(tabs, fields, strict=True)):
            expect(tab.locator(".shown-a")).to_have_text(text.format(number + 2))
            expect(tab.locator("playground-overlay .error")).to_be_hidden()
            assert field() == KEPT

    edit(('f"{self.id}: {self.count}"', 'f"{self.id} has {self.count}"'))
    assert_shown("a has {}")
    edit(
        ("self.count = 0", 'self.count = 0\n        self.unit = "clicks"'),
        ("has {self.count}", "has {self.count} {self.unit}"),
    )
    assert_shown("a has {} clicks")
    edit(
        ('self.unit = "clicks"', 'self.unit = "clicks"\n        self.at = self.view.ticks'),
        ("{self.unit}", "{self.unit} at {self.at}"),
    )
    assert_shown("a has {} clicks at 0")
    edit(("self.unit} at", "self.unit} {1 / 0} at"))
    for tab in tabs:
        expect(tab.locator("playground-overlay .error")).to_contain_text("division by zero")
    edit(("self.unit} {1 / 0} at", "self.unit} since"))
    assert_shown("a has {} clicks since 0")
    edit(
        ("class Row", "class Other:\n    pass\n\n\nclass Row"),
        (
            'self.lines.render(lambda line: ui.input(f"Line {line}"))',
            'self.lines.render(self.line)\n\n    def line(self, line):\n        ui.label(f"line {line}").classes("line")',
        ),
    )
    assert_shown("a has {} clicks since 0")
    for tab in tabs:
        expect(tab.locator(".line")).to_have_text(["line x", "line y"])
    for number, tab in enumerate(tabs):
        poke(tab, ".more-a")
        expect(tab.locator(".shown-a")).to_have_text(f"a has {number + 3} clicks since 0")


LONG = """
from nicegui import ui
import playground


class Page(playground.LiveView):
    def mount(self):
        self.lines = playground.Stream([f"line {number}" for number in range(2000)], key=str.lower, limit=2002)

    def render(self):
        ui.label(f"{len(self.lines)} lines").classes("count")
        ui.button("append", on_click=lambda: self.lines.append(f"added {len(self.lines)}")).classes("append")
        ui.button("put", on_click=lambda: self.lines.append("LINE 1000")).classes("put")
        ui.button("remove", on_click=lambda: self.lines.remove("line 1001")).classes("remove")
        ui.button("insert", on_click=lambda: self.lines.insert(1000, "inserted")).classes("insert")
        with ui.element("div").classes("rows").style("height: 400px; overflow: auto"):
            self.lines.render(lambda line: ui.label(line).classes("line"))
"""

ROWS = """() => {
    const rows = [...document.querySelectorAll('.line')]
    return [rows.length, rows.filter(row => !window.rowsAtFirst.has(row)).map(row => row.innerText),
            document.querySelector('.rows').scrollTop]
}"""


def test_a_long_stream_in_the_browser(serve, open_page):
    from playwright.sync_api import expect

    tab = open_page(serve(LONG).url)
    rows = tab.locator(".line")
    expect(rows).to_have_count(2000)
    tab.evaluate("""() => {
        window.rowsAtFirst = new Set(document.querySelectorAll('.line'))
        document.querySelector('.rows').scrollTop = 5000
    }""")
    poke(tab, ".append")
    expect(rows.last).to_have_text("added 2000")
    assert tab.evaluate(ROWS) == [2001, ["added 2000"], 5000]
    poke(tab, ".put")
    expect(rows.nth(1000)).to_have_text("LINE 1000")
    poke(tab, ".remove")
    expect(rows.nth(1001)).to_have_text("line 1002")
    poke(tab, ".insert")
    expect(rows.nth(1000)).to_have_text("inserted")
    assert tab.evaluate(ROWS) == [2001, ["inserted", "added 2000"], 5000]
    for _ in range(2):  # and one goes at the other end
        poke(tab, ".append")
    expect(rows.first).to_have_text("line 1")
    expect(rows.last).to_have_text("added 2002")
    texts = [f"line {number}" for number in range(1, 1000)] + ["inserted", "LINE 1000"]
    texts += [f"line {number}" for number in range(1002, 2000)] + ["added 2000", "added 2001", "added 2002"]
    assert rows.all_inner_texts() == texts


def test_a_binding_whose_function_looks_at_other_attributes():
    class Part(playground.LiveComponent):
        def mount(self):
            self.done, self.total = 1, 4

        def render(self):
            ui.label().bind_text_from(self, "done", lambda done: f"{done} of {self.total}").mark("part")
            ui.input("typed").bind_value_from(self, "done", lambda done: f"{done}!")

    class Page(playground.LiveView):
        def mount(self):
            self.done, self.total, self.items = 1, 4, []

        def render(self):
            ui.label().bind_text_from(self, "done", lambda done: f"{done} of {self.total}").mark("whole")
            ui.label().bind_text_from(self, "done", lambda done: f"{len(self.items)} items").mark("items")
            ui.linear_progress().bind_value_from(self, "done", lambda done: done / self.total).mark("progress")
            ui.button("add", on_click=lambda: self.items.append(1))
            playground.live_component(Part, id=1)

    with playground.visit(Page) as page:
        assert page.find("whole").text == "1 of 4"
        page.live.total = 8
        assert page.find("whole").text == "1 of 8"
        assert page.find("progress").value == 1 / 8
        page.click("add")
        assert page.find("items").text == "1 items"
        page.type("typed", "mine")
        page.component(Part, 1).total = 9
        assert page.find("part").text == "1 of 9"
        assert page.find("typed").value == "mine"
        page.component(Part, 1).done = 2
        assert page.find("part").text == "2 of 9"
        assert page.find("typed").value == "2!"
