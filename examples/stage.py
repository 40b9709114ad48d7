# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground", "qrcode"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""The tools of the presenter, written with what is public of playground.

`playground my_demo.py --stage`, or `playground.start(live=..., stage=True)`, brings them up beside a program, below
`/_playground/`. With `share=True` or `show_code=True`, what they have for the audience is there as well: the QR code,
and the program to read.

`Saves` keeps what was saved, `Steps` what pages and processes have done; the pages show both.
"""

import ast
import dataclasses
import html
import itertools
import json
import logging
import os
import pickle
import re
import reprlib
import time
import weakref
from collections import deque
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from nicegui import ui

import playground

settings = None  # what `start` was given, as far as it is public: `shared_url`


def setup(given):
    """The pages, by their paths, and the processes that go with what `start` was given."""
    global settings
    settings = given
    pages, children = {}, []
    if given.share:
        pages["/_playground/qr"] = Qr
    if given.stage or given.share or given.show_code:
        children.append(Saves)
        if given.show_code is not False:
            pages["/_playground/code"] = Code
    if given.stage:
        children.append(Steps)
        listen_for_keys()
        pages |= {"/_playground/": Tools, "/_playground/inspect": Inspect, "/_playground/tree": Tree}
    return pages, children


# ---------------------------------------------------------------------------------------------------------------------
# What is kept
# ---------------------------------------------------------------------------------------------------------------------


class Saves(playground.GenServer):
    """Keeps the versions of the program, the first one included."""

    def init(self):
        self.versions = [playground.sources()]
        playground.subscribe("playground:saves")

    def handle_info(self, saved):
        playground.broadcast("playground:stage", "saved")


# ---------------------------------------------------------------------------------------------------------------------
# What pages and processes have done
#
# `Steps` hears of every message that was handled. The last 200 are an `Entry` each. What a page has done is in its
# `Track`: the steps that lead back and forward, a ring of 50, and what a test has to do to come to where the page is.
# What a person types into a field that is bound to an attribute is no message: so pages tell, right before a click or
# a key, that something is about to be done (`KEYS`), and then the fields are looked at.
# ---------------------------------------------------------------------------------------------------------------------

KEYS = """<script>
(() => {
  if (location.pathname.includes("/_playground/")) return;
  const tell = (name) => window.did_handshake && window.playground?.act?.("tool", { name });
  const here = () => tell(`at ${location.pathname}${location.search}`);
  const greet = () => (window.did_handshake ? here() : setTimeout(greet, 50));
  greet();
  window.navigation?.addEventListener("currententrychange", here);

  const isTyping = () => document.activeElement?.closest("input, textarea, select, [contenteditable]");
  const act = (target) => tell(`acts ${target.closest?.("a")?.textContent.trim() ?? ""}`);
  window.addEventListener("pointerdown", ({ target }) => act(target), true);
  window.addEventListener("keydown", (event) => {
    if (["Enter", " ", "Escape"].includes(event.key)) act(event.target);
    if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey || isTyping()) return;
    const step = { z: "back", y: "forward" }[event.key.toLowerCase()];
    if (!step) return;
    event.preventDefault();
    tell(step);
  });
})();
</script>"""
has_keys = False


def listen_for_keys():
    """Have Ctrl+Shift+Z and Ctrl+Shift+Y step back and forward in the pages of the program."""
    global has_keys
    if not has_keys:
        has_keys = True
        ui.add_head_html(KEYS, shared=True)


def is_own(process):
    """Whether a process is one of these tools."""
    return type(process).__module__ == __name__


def representer(items, characters, depth):
    """What writes values in short, whatever they are."""
    writer = reprlib.Repr()
    writer.maxlevel = depth
    for kind in ("dict", "list", "tuple", "set", "frozenset", "deque"):
        setattr(writer, f"max{kind}", items)
    for kind in ("string", "other", "long"):
        setattr(writer, f"max{kind}", characters)
    return writer


short, longer = representer(10, 100, 3), representer(50, 1000, 6)


def value_in(snapshot, name):
    """An attribute as it was; `...` if it was not there."""
    with suppress(Exception):  # its class is gone, or is another one
        return pickle.loads(snapshot.each[name])
    return ...


def changes_between(before, after):
    """What attributes were, and what they are, by their names; `...` if they are not there."""
    names = [name for name in {**before.each, **after.each} if before.each.get(name) != after.each.get(name)]
    changes = {name: (value_in(before, name), value_in(after, name)) for name in names}
    return {name: (old, new) for name, (old, new) in changes.items() if not is_equal(old, new)}


def is_equal(one, other):
    with suppress(Exception):  # whatever their own code raises
        return type(one) is type(other) and bool(one == other)
    return False


def said(changes, writer=None):
    """Changes as people say them: "count 3 → 2, todos plus 'milk'"."""
    told = [text for name, (old, new) in changes.items() for text in differences(name, old, new, writer or short)]
    return ", ".join(told)


def differences(name, old, new, writer, depth=3):
    """What differs between two values, as near to the place as can be."""
    found = []
    if type(old) is type(new) and depth:
        if isinstance(old, list) and len(old) != len(new):
            gone, come = changed_items(old, new)
            found = [f"{name} minus {writer.repr(item)}" for item in gone]
            found += [f"{name} plus {writer.repr(item)}" for item in come]
        else:
            first, second = ({part: (key, value) for key, value, part in parts_in(each)} for each in (old, new))
            for part in {**first, **second} if None not in {**first, **second} else ():
                (key, one), (_, other) = first.get(part, second.get(part)), second.get(part, first.get(part))
                if part not in second or part not in first:
                    verb, value = ("plus", other) if part not in first else ("minus", one)
                    found.append(f"{name} {verb} {key}: {writer.repr(value)}")
                elif not is_equal(one, other):
                    found += differences(f"{name}{written_part(*part)}", one, other, writer, depth - 1)
    if 0 < len(found) <= 3:
        return found
    return [f"{name} {said_value(old, writer)} → {said_value(new, writer)}"]


def parts_in(value):
    return itertools.islice(parts_of(value), 1000)


def changed_items(old, new):
    """The items that are only in one of two lists, in the place where they differ."""
    least = min(len(old), len(new))
    start = next((place for place in range(least) if not is_equal(old[place], new[place])), least)
    end = next(
        (place for place in range(least - start) if not is_equal(old[-1 - place], new[-1 - place])), least - start
    )
    return old[start : len(old) - end], new[start : len(new) - end]


def said_value(value, writer=short):
    return "(none)" if value is ... else writer.repr(value)


def name_of(element):
    """What a person calls an element by."""
    names = [element.props.get("label"), getattr(element, "text", ""), element.props.get("placeholder")]
    return next((str(name) for name in names if name), "")


def titled(element):
    """An element, as in `button "+"`."""
    kind, name = type(element).__name__.lower(), name_of(element) or element.props.get("icon")
    return f'{kind} "{name:.40}"' if name else kind


def label_of(handled):
    """What was done, in a word or two."""
    if event := re.match(r"event\('(.+?)'", handled.label):
        return event[1]
    if "<" not in handled.label:
        return handled.label if "(" in handled.label else handled.label.rpartition(".")[2]
    return titled(handled.sender) if isinstance(handled.sender, ui.element) else "a function"


@dataclasses.dataclass(eq=False)
class Entry:
    """A message that was handled."""

    number: int
    handled: playground.Handled
    track: object  # of who has handled it
    elements: int  # that were sent

    LARGE = 200_000  # bytes, of which nothing is kept but their number

    def forget_large(self):
        sent = self.handled.sent
        if sent.bytes > self.LARGE:
            cut = [playground.Patch(patch.kind, {"…": "too large to be kept"}, patch.bytes) for patch in sent]
            self.handled = dataclasses.replace(self.handled, sent=playground.Patches(cut))

    @cached_property
    def label(self):
        return label_of(self.handled)

    @cached_property
    def sender(self):
        match self.handled.sender:
            case None:
                return ""
            case ui.element():
                return titled(self.handled.sender)
            case process:
                return type(process).__name__

    @cached_property
    def changes(self):
        return changes_between(self.handled.before, self.handled.after)


@dataclasses.dataclass(eq=False)
class Step:
    """A message that has changed a page: what leads back over it, and forward."""

    label: str
    before: playground.Snapshot
    after: playground.Snapshot
    files: dict  # the program at that time
    time: float
    acts: list  # what a test has to do for it

    @cached_property
    def changes(self):
        return changes_between(self.before, self.after)


class Track:
    """What is known of a page or a process, and of what it has done."""

    LONGEST = 500  # acts of a test

    def __init__(self, number, process):
        self.number, self.process = number, weakref.ref(process)
        self.name = type(process).__name__
        self.is_page = isinstance(process, playground.LiveView)
        self.path = self.opened_at = address_of(process) if self.is_page else ""
        self.back, self.forward = deque(maxlen=50), []
        self.acts, self.is_cut = [], False
        self.values = {}  # of fields, as they were when they were last looked at
        self.looks = []  # at the elements, right before something was done
        self.link = ""  # what was clicked then
        self.after = None  # the newest snapshot
        self.note = ""  # what was brought back last

    @property
    def title(self):
        return f"{self.path} {self.name} #{self.number}" if self.is_page else f"{self.name} #{self.number}"

    def share(self, handled):
        """Keep a state once that is the end of one message and the beginning of the next."""
        if self.after is not None and self.after.each == handled.before.each and self.after.lost == handled.before.lost:
            handled = dataclasses.replace(handled, before=self.after)
        self.after = handled.after
        return handled

    def note_handled(self, entry, files):
        """Note what a page has done: it may be a step, and something for a test to do."""
        handled, page = entry.handled, entry.handled.process
        if handled.label == "bring back":
            return
        acts = [self.note_act(entry)] if page.is_presenter else []
        if entry.changes:
            self.note_step(Step(entry.label, handled.before, handled.after, files, handled.time, acts))

    def note_step(self, step):
        self.back.append(step)
        self.forward.clear()

    # -- for tests

    def look(self):
        """Look at the page before something is done: what people have typed meanwhile is for a test to do as well."""
        page = self.process()
        self.looks = looks_at(page)
        for look in self.looks:
            if look.kind in ("", "upload"):
                continue
            if look.id in self.values and not is_equal(self.values[look.id], look.element.value):
                self.add(Act(line_of_value(look.element, look.element.value, self.looks), field=look.id))
            self.values[look.id] = look.element.value

    def note_act(self, entry):
        """Note what a test has to do for a message."""
        handled, page = entry.handled, entry.handled.process
        act = act_for(handled, self.looks or page, self.link)
        act.changes, act.shown = bool(entry.changes), list(handled.sent.updates)
        act.is_told_by_value = all(is_equal(new, act.value) for _, new in entry.changes.values())
        self.looks, self.link = [], ""
        for id_ in act.shown:  # what fields are set to is nothing that people do
            element = page.client.elements.get(id_)
            if element is not None and has_value(element):
                self.values[id_] = element.value
        if act.field is not None:
            self.values[act.field] = act.value
        self.add(act)
        return act

    def add(self, act):
        last = self.acts[-1] if self.acts else None
        if last is not None and not act.is_done and not last.is_done and last.kind == act.kind:
            act.line, act.shown = last.line.removesuffix(MORE) + MORE, act.shown + last.shown
            act.changes |= last.changes
            self.acts.pop()
        elif last is not None and act.field is not None and last.field == act.field and last.is_told_by_value:
            self.acts.pop()  # a text is typed at once
        if len(self.acts) < self.LONGEST:
            self.acts.append(act)
        else:
            self.is_cut = True


def address_of(page):
    url = page.client.request.url
    path = url.path.removeprefix(page.client.request.scope.get("root_path", "")) or "/"
    return path + (f"?{url.query}" if url.query else "")


class Steps(playground.GenServer):
    """Keeps what was handled last, and brings pages back to the state before."""

    def init(self):
        self.entries = deque(maxlen=200)
        self.entry_numbers, self.track_numbers = itertools.count(1), itertools.count(1)
        self.tracks = weakref.WeakKeyDictionary()
        self.files = playground.sources()
        self.waiting = []  # for the code of a time to run: pages, and where they go then
        self.is_telling = False
        for topic in ("messages", "saves", "tools"):
            playground.subscribe(f"playground:{topic}")

    def track(self, process):
        if process not in self.tracks:
            self.tracks[process] = Track(next(self.track_numbers), process)
        return self.tracks[process]

    def handle_info(self, message):
        try:
            self.hear_of(message)
        except Exception:  # a tool that fails must not take down what it looks at
            logging.getLogger("playground").exception("The stage could not note what was done.")

    def hear_of(self, message):
        match message:
            case playground.Handled():
                self.note(message)
            case playground.Saved(error=error):
                self.files = playground.sources()
                waiting, self.waiting = self.waiting, []
                for page, where in waiting:
                    self.say(page, f"The code of that time does not run: {error}") if error else self.go(page, where)
            case playground.LiveView() as page, str(told) if not is_own(page):
                self.hear_page(page, *told.partition(" ")[::2])
            case "tell":
                self.is_telling = False
                playground.broadcast("playground:stage", "messages")

    def handle_cast(self, request):
        match request:
            case ("back" | "forward" as where, page, with_code):
                self.go(page, where, with_code=with_code)

    def note(self, handled):
        track = self.track(handled.process)
        entry = Entry(next(self.entry_numbers), track.share(handled), track, len(handled.sent.updates))
        self.entries.append(entry)
        if track.is_page:
            track.note_handled(entry, self.files)
        entry.forget_large()
        self.tell()

    def tell(self):
        """Tell pages of what is new, at most ten times a second."""
        if not self.is_telling:
            self.is_telling = True
            self.send_after(0.1, "tell")

    def hear_page(self, page, word, rest):
        """A page of the presenter tells what somebody does there."""
        track = self.track(page)
        match word:
            case "at":
                track.path = rest.removeprefix(page.client.request.scope.get("root_path", "")) or "/"
                if not track.acts:
                    track.opened_at = track.path
                    track.look()
            case "acts":
                track.look()
                track.link = rest
            case "back" | "forward":
                self.go(page, word)

    # -- back and forward

    def go(self, page, where, *, with_code=False):
        """Bring a page to the state before its last step, or after the next one."""
        track = self.track(page)
        steps, others = (track.back, track.forward) if where == "back" else (track.forward, track.back)
        if not steps:
            self.say(page, "There is nothing to go back to" if where == "back" else "There is nothing to go forward to")
            return
        step = steps[-1]
        if with_code and step.files != self.files and write_files(step.files):
            self.waiting.append((page, where))
            return
        others.append(steps.pop())
        changes = step.changes if where == "forward" else {name: pair[::-1] for name, pair in step.changes.items()}
        if where == "back":
            state, text = step.before, f"Back: before {step.label}"
            track.acts = [act for act in track.acts if act not in step.acts]
        else:
            state, text = step.after, f"Forward: after {step.label}"
            track.acts += step.acts
        state.restore(page)
        text += f", {said(changes)}" if changes else ""
        self.say(page, f"{text}; not copied: {', '.join(state.lost)}" if state.lost else text)

    def say(self, page, text):
        """Say something in a page, and in the inspector."""
        self.track(page).note = text
        if page.connected:
            with page.client:
                ui.notify(text, position="bottom-left", timeout=4000, multi_line=len(text) > 50)
        self.tell()

    # -- by hand

    def set(self, process, path, value):
        """Set an attribute, or something in one; it can be taken back as a message can.

        :raises Exception: whatever a property, or a class that is frozen, says to it
        """
        track, before = self.track(process), playground.Snapshot.of(process)
        *way, (kind, name) = path
        target = process
        for part in way:
            target = part_of(target, *part)
        if kind == "item":
            target[name] = value
        else:
            setattr(target, name, value)
        if track.is_page:
            process.refresh()
            line = f"page.live{''.join(written_part(*part) for part in path)} = {value!r}"
            act, name = Act(line, changes=True), path[0][1]
            track.acts.append(act)
            after = playground.Snapshot.of(process)
            track.note_step(Step(f"setting {name}", before, after, self.files, time.time(), [act]))
        self.tell()


def write_files(texts):
    """Have the files of the program say what they said, each written in one piece; returns those that differ."""
    differing = []
    for path, text in texts.items():
        if not os.path.exists(path) or Path(path).read_bytes().decode(errors="replace") != text:
            new = Path(path).with_name(f".{Path(path).name}.new")
            new.write_text(text, encoding="utf-8", newline="")
            new.replace(path)
            differing.append(path)
    return differing


# -- a look inside of values


def part_of(value, kind, name):
    return value[name] if kind == "item" else getattr(value, name)


def written_part(kind, name):
    return f"[{name!r}]" if kind == "item" else f".{name}"


def parts_of(value):
    """What there is in a value, one by one: names, parts, and how each is reached (None if it cannot be set)."""
    match value:
        case dict():
            return ((short.repr(key), part, ("item", key)) for key, part in list(value.items()))
        case list():
            return ((str(index), part, ("item", index)) for index, part in enumerate(value))
        case tuple() if hasattr(value, "_fields"):
            return ((name, part, None) for name, part in zip(value._fields, value, strict=True))
        case tuple() | set() | frozenset() | deque():
            return ((str(index), part, None) for index, part in enumerate(value))
        case str() | bytes() | int() | float() | type() | None:
            return iter(())
    names = list(getattr(value, "__dict__", {}))
    if dataclasses.is_dataclass(value):
        names += [field.name for field in dataclasses.fields(value) if field.name not in names]
    return ((name, getattr(value, name), ("attribute", name)) for name in names if hasattr(value, name))


def size_of(value):
    return len(value) if hasattr(value, "__len__") else sum(1 for _ in parts_of(value))


def attributes_of(process):
    """The attributes of a page or process, without what the toolkit keeps in it."""
    return [
        (name, value, how)
        for name, value, how in parts_of(process)
        if not (type(value).__module__ == "playground" and type(value).__name__.startswith("_"))
    ]


# -- Copy as test


MORE = ", and more of the kind"


@dataclasses.dataclass(eq=False)
class Act:
    """A line of a test."""

    line: str
    is_done: bool = True  # and not a comment on what cannot be done
    kind: str = ""  # of what cannot be done
    changes: bool = False  # attributes of the page
    shown: list = dataclasses.field(default_factory=list)  # ids of elements that were sent then
    field: int | None = None  # whose value it gives
    value: object = None
    is_told_by_value: bool = True  # what it changes are attributes that get the value


@dataclasses.dataclass(eq=False)
class Look:
    """An element as it was on the page, and what a test finds it by."""

    element: ui.element
    id: int
    marks: list
    names: list  # its label and text
    others: list  # what else it shows
    kind: str  # how it gets a value: "type", "check", "select"
    is_shown: bool


def has_value(element):
    return hasattr(element, "value") and hasattr(element, "set_value")


OTHERS = (ui.linear_progress, ui.circular_progress, ui.input_chips, ui.json_editor)
KINDS = {
    "upload": (ui.upload,),
    "check": (ui.checkbox, ui.switch),
    "select": (ui.select, ui.toggle, ui.radio, ui.tabs, ui.stepper, ui.carousel),
    "": (ui.dialog, ui.menu, ui.expansion, ui.left_drawer, ui.right_drawer, ui.tab_panels, *OTHERS),
}


def kind_of(element):
    for kind, classes in KINDS.items():
        if isinstance(element, classes):
            return kind
    return "type" if has_value(element) else ""


def looks_at(page):
    """The elements of a page, in their order."""
    looks = []

    def visit(element, is_shown):
        is_closed = isinstance(element, (ui.dialog, ui.expansion, ui.tab_panels)) and not element.value
        is_shown = is_shown and element.visible
        others = [element.props.get("title"), element.props.get("placeholder"), element.props.get("innerHTML")]
        if has_value(element) and isinstance(element.value, (str, int, float)):
            others.append(str(element.value))
        marks = list(getattr(element, "_markers", ()))  # NiceGUI tells of them in no other way
        names = [element.props.get("label"), getattr(element, "text", None)]
        looks.append(Look(element, element.id, marks, names, others, kind_of(element), is_shown))
        for child in element:
            visit(child, is_shown and not is_closed)

    visit(page.client.layout, True)
    return looks[1:]


def target_of(element, looks):
    """How a test names an element, and what would help it if that is long-winded; None if it cannot."""
    own = next((look for look in looks if look.element is element), None)
    if own is None:
        return None
    for text in [*own.marks, name_of(element)]:
        found = [look for look in looks if text in look.marks] or [look for look in looks if text in look.names]
        found = found or [look for look in looks if text in look.others]
        if not text or own not in found:
            continue
        if [look for look in found if look.is_shown] == [own]:
            return quoted(text), ""
        return f"page.find_all({quoted(text)})[{found.index(own)}]", ""
    classes = {name: cls for name, cls in vars(ui).items() if isinstance(cls, type)}
    name = next((name for name, cls in classes.items() if cls is type(element)), "")
    if not name:
        return None
    found = [look for look in looks if isinstance(look.element, classes[name])]
    hint = f'  # .mark("...") would give the {type(element).__name__.lower()} a name'
    return (f"ui.{name}", hint) if found == [own] else (f"page.find_all(ui.{name})[{found.index(own)}]", hint)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def literal(value):
    """A value as Python writes it; None if it is not read back as the same."""
    if type(value) is str:
        return quoted(value)
    with suppress(Exception):
        if is_equal(ast.literal_eval(repr(value)), value):
            return repr(value)
    return None


def line_of_value(element, value, looks):
    """The line of a test that gives a field its value."""
    target, kind, text = target_of(element, looks), kind_of(element), literal(value)
    if target is None or text is None or kind in ("", "upload"):
        return f"# not recorded: {titled(element)}"
    if kind == "check":
        return f"page.check({target[0]}{'' if value else ', False'}){target[1]}"
    return f"page.{kind}({target[0]}, {text}){target[1]}"


def act_for(handled, looks, link):
    """What a test has to do for what a page has handled; `looks` are its elements right before, or the page."""
    element, told = handled.sender, handled.arguments[0] if handled.arguments else None
    label = " ".join(handled.label.split())
    unknown = Act(f"# not recorded: {cut_line(label)}", is_done=False, kind=label.partition("(")[0])
    if label.startswith("the result of "):
        return Act("page.wait_async()")
    if link and label.startswith("handle_params("):
        return Act(f"page.click({quoted(link)})")
    if not isinstance(element, ui.element) or isinstance(element, (ui.timer, ui.upload, ui.keyboard)):
        return unknown
    looks = looks if isinstance(looks, list) else looks_at(looks)
    field = getattr(told, "field", None) or element
    if isinstance(element, playground.form) and field is element:
        forms = [look for look in looks if isinstance(look.element, playground.form)]
        place = next((place for place, look in enumerate(forms) if look.element is element), 0)
        return Act("page.submit()" if len(forms) < 2 else f"page.submit(page.find_all(playground.form)[{place}])")
    args = getattr(told, "args", None)
    event = args.get("type", "") if isinstance(args, dict) else ""
    if kind_of(field) and not event:
        value = getattr(told, "value", field.value)
        line = line_of_value(field, value, looks)
        return Act(line, is_done=not line.startswith("#"), field=field.id, value=value)
    target = target_of_click(element, looks) if event in ("", "click") else target_of(element, looks)
    if target is None or event not in ("", "click", "keydown"):
        return unknown
    if event == "keydown":
        return Act(f"page.press({quoted(args.get('key'))}, {target[0]}){target[1]}")
    return Act(f"page.click({target[0]}){target[1]}")


def target_of_click(element, looks):
    """How a test names what is to be clicked: of what has no name itself, a text inside."""
    target = target_of(element, looks)
    if target is None or (target[1] and not isinstance(element, ui.button)):
        inside = {id(child) for child in element.descendants()}
        texts = [target_of(look.element, looks) for look in looks if id(look.element) in inside and look.names[-1]]
        return next((text for text in texts if text and text[0][0] == '"'), target)
    return target


def shown_texts(page, acts):
    """What a page shows now of what was sent for these acts, the newest first, or of all if nothing was sent."""
    looks = {look.id: look for look in looks_at(page) if look.is_shown}
    ids = dict.fromkeys(id_ for act in reversed(acts) for id_ in reversed(act.shown))
    texts = [text for text in (text_of(looks.get(id_)) for id_ in ids) if text]
    texts = texts or [text for text in map(text_of, looks.values()) if text]
    return list(dict.fromkeys(texts))[:4]


def text_of(look):
    text = getattr(look.element, "text", "") if look is not None and not isinstance(look.element, ui.button) else ""
    return text.strip().split("\n")[0][:80] if isinstance(text, str) else ""


def written_test(track, page):
    """A test that does what was done on a page, and asserts what it shows now."""
    track.look()
    acts = track.acts
    classes, live = [type(page)], type(page).__qualname__
    if isinstance(settings.live, dict):
        routes = {path: each if isinstance(each, tuple) else (each,) for path, each in settings.live.items()}
        classes = list(dict.fromkeys(route[0] for route in routes.values()))
        written = [f"{quoted(path)}: {written_route(route)}" for path, route in routes.items()]
        live = f"{{{', '.join(written)}}}"
    options, notes = [], []
    session = {name: value for name, value in page.session.items() if name != "id"}
    if session and literal(session):
        options.append(f"session={session!r}")
    children = [child for child in settings.children if getattr(child, "__module__", "") != __name__]
    known = [child if isinstance(child, tuple) else (child, {}) for child in children]
    if all(isinstance(cls, type) and literal(arguments) for cls, arguments in known):
        written = [
            f"({cls.__qualname__}, {arguments!r})" if arguments else cls.__qualname__ for cls, arguments in known
        ]
        classes += [cls for cls, _ in known if cls not in classes]
        options += [f"children=[{', '.join(written)}]"] if written else []
    else:
        notes.append("# not recorded: the children of start(); give them to visit(children=...)")
    hooks = [getattr(hook, "__qualname__", repr(hook)) for hook in settings.on_mount]
    notes += [f"# not recorded: the hook {hook}; give it to visit(on_mount=...)" for hook in hooks]
    lines = [*notes, *(act.line for act in acts)]
    lines += ["# not recorded: what was done then"] if track.is_cut else []
    is_sure = not notes and not track.is_cut and all(act.is_done or not act.changes for act in acts)
    asserts = [f"assert page.has({quoted(text)})" for text in shown_texts(page, [act for act in acts if act.is_done])]
    lines += asserts if is_sure else [f"# perhaps, since not all was recorded: {line}" for line in asserts]
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(page).__name__).lower()
    visit = ", ".join([live, quoted(track.opened_at), *options])
    body = "\n".join(f"        {line}" for line in [*lines, *([] if is_sure and asserts else ["assert page.text"])])
    uses_ui = re.search(r"\bui\.", body)
    head = ["import sys", "from unittest import mock", "", *(["from nicegui import ui", ""] if uses_ui else [])]
    head += ["import playground", "", *imports_of(classes)]
    return "\n".join([*head, "", "", f"def test_{name}():", f"    with playground.visit({visit}) as page:", body, ""])


def written_route(route):
    cls, *action = route
    return f"({cls.__qualname__}, {quoted(action[0])})" if action and action[0] else cls.__qualname__


def imports_of(classes):
    """The lines that import classes from the program, without having it serve."""
    script = next(iter(playground.sources()), "")
    names = {}
    for cls in classes:
        module = Path(script).stem if cls.__module__ == "__main__" else cls.__module__
        names.setdefault(module, {})[cls.__qualname__.partition(".")[0]] = None
    lines = [f"sys.path.insert(0, {quoted(str(Path(script).parent))})", 'with mock.patch.object(playground, "start"):']
    for module, wanted in names.items():
        if all(part.isidentifier() for part in module.split(".")):
            lines.append(f"    from {module} import {', '.join(sorted(wanted))}")
        else:
            path = str(Path(script).with_name(f"{module}.py"))
            lines += [f'    {name} = __import__("runpy").run_path({quoted(path)})[{quoted(name)}]' for name in wanted]
    return lines


# ---------------------------------------------------------------------------------------------------------------------
# Pages
# ---------------------------------------------------------------------------------------------------------------------


# -- what the tools look like: as the tutorial does, to be read from the last row

TOOL_CSS = """
:root { --paper: #fff; --ground: #f1f5f9; --ink: #0f172a; --soft: #475569; --line: #cbd5e1; --link: #4338ca;
        --chosen: #e0e7ff; --code: #f8fafc; --good: #15803d; --bad: #b91c1c; --hot: #9a3412; }
body.body--dark { --paper: #171717; --ground: #0a0a0a; --ink: #f5f5f5; --soft: #a3a3a3; --line: #404040;
        --link: #a5b4fc; --chosen: #312e81; --code: #0a0a0a; --good: #4ade80; --bad: #fca5a5; --hot: #fdba74; }
body { background: var(--ground) !important; color: var(--ink); }
.nicegui-content.nicegui-content { padding: 0 !important; gap: 0; max-width: none !important; margin: 0;
        align-items: stretch; font-size: 18px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.bar { background: #1e1b4b; color: #fff; min-height: 3.5rem; padding: 0 1rem; }
.bar a { color: #fff; text-decoration: none; padding: 0.4rem 0.8rem; border-radius: 0.5rem; font-size: 1.1rem; }
.bar a[aria-current] { background: #4338ca; }
.bar a:focus-visible { outline-color: #fff; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); } .hot { color: var(--hot); }
.paper { background: var(--paper); border: 1px solid var(--line); border-radius: 0.75rem; }
.mono { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.action.q-btn { color: var(--link); background: var(--paper); border-radius: 0.5rem; font-size: 1.05rem; }
.q-field--outlined .q-field__control, .q-field__label { color: var(--link) !important; }

.inspect { display: grid; grid-template-columns: minmax(20rem, 2fr) minmax(0, 3fr); height: calc(100dvh - 3.5rem); }
.side, .messages { overflow-y: auto; padding: 0.75rem; min-width: 0; }
.side { background: var(--paper); border-right: 1px solid var(--line); }
.inspect h2 { font-size: 1.3rem; font-weight: 600; line-height: 2.2; }
.inspect button:not(.q-btn) { font: inherit; color: inherit; background: none; border: 0;
        text-align: left; cursor: pointer; }
.inspect .one { display: block; width: 100%; padding: 0.35rem 0.6rem; border-radius: 0.5rem; }
.inspect .one:hover, .inspect .one[aria-expanded=true] { background: var(--chosen); }
.one b { font-weight: 600; overflow-wrap: anywhere; } .one span { margin-left: 0.5rem; }
.inside { padding: 0.5rem 0.25rem 0.75rem 0.6rem; }
.attribute { display: flex; align-items: baseline; gap: 0.4rem; padding-left: calc(1.4rem * var(--depth)); width: 100%;
        line-height: 1.7; }
.attribute .toggle { flex: none; width: 1.6rem; align-self: flex-start;
        text-align: center !important; border-radius: 0.3rem; }
.attribute .key { font-weight: 600; flex: none; max-width: 45%; overflow-wrap: anywhere; }
.attribute .value { min-width: 0; flex: 1; padding: 0 0.3rem; border-radius: 0.3rem; }
.attribute .value span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
        overflow-wrap: anywhere; }
.inspect .attribute button.value:hover { background: var(--chosen); }
.attribute .field { flex: 1; min-width: 0; }
.kind { color: var(--soft); font-size: 0.85em; flex: none; }
.said { padding: 0.3rem 0.6rem; border-left: 0.3rem solid var(--link); overflow-wrap: anywhere; }

.messages .tools .q-field { font-size: 1rem; }
.messages .tools { position: sticky; top: -0.75rem; z-index: 5; background: var(--ground); padding-top: 0.25rem;
        padding-bottom: 0.5rem; }
.message { border-bottom: 1px solid var(--line); width: 100%; }
.inspect .message > button { display: block; width: 100%; padding: 0.35rem 0.5rem; border-radius: 0.4rem; }
.inspect .message > button:hover { background: var(--chosen); }
.message .head { display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: baseline; }
.message .what { font-weight: 600; overflow-wrap: anywhere; } .message .costs { margin-left: auto; }
.message time, .costs { font-variant-numeric: tabular-nums; color: var(--soft); font-size: 0.9em; }
.message .changes { overflow-wrap: anywhere; color: var(--hot); display: -webkit-box; -webkit-box-orient: vertical;
        -webkit-line-clamp: 3; overflow: hidden; }
.more { background: var(--paper); border-radius: 0.5rem; padding: 0.5rem 0.75rem; margin: 0 0 0.5rem;
        overflow-wrap: anywhere; }
.more dl { display: grid; grid-template-columns: auto 1fr; gap: 0 1rem; margin: 0; } .more dt { font-weight: 600; }
.more dd { margin: 0; min-width: 0; } .more .nicegui-code { width: 100%; margin-top: 0.5rem; }
.more pre, .test pre { font-size: 17px; line-height: 1.4; background: var(--code) !important; }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem;
        padding: 1rem; }
.cards a { color: var(--ink); text-decoration: none; padding: 1rem 1.25rem; display: block; }
.cards a:hover { background: var(--chosen); }
.keys { padding: 0 1.25rem 1.25rem; } kbd { border: 1px solid var(--line); border-radius: 0.3rem; padding: 0 0.35rem;
        background: var(--paper); font-size: 0.9em; white-space: nowrap; }
.tree { padding: 1rem; overflow-x: auto; } .tree .nicegui-grid { gap: 0.35rem 1.5rem; justify-content: start; }

@media (max-width: 800px) {
  .bar { padding: 0 0.25rem; } .bar a { padding: 0.4rem; font-size: 1.05rem; }
  .inspect { display: block; height: auto; } .side { border: 0; border-bottom: 1px solid var(--line); }
  .side, .messages { overflow: visible; } .messages .tools { position: static; }
  .tree .less { display: none; }
  .tree .nicegui-grid { grid-template-columns: 1fr auto auto auto !important; gap: 0.35rem 0.75rem; }
}
"""


def parts():
    """The tools that there are: addresses, names, icons, and what each is for."""
    told = [
        ("inspect", "Inspect", "search", "Pages and processes, what is in them, and their last messages"),
        ("tree", "Processes", "account_tree", "Who supervises whom, and how often it was restarted"),
    ]
    if settings.show_code is not False:
        told.append(("code", "Code", "code", "The program to read, and what the last save has changed"))
    if settings.share:
        told.append(("qr", "Join", "qr_code_2", "The address for the room, as a QR code"))
    return told


def layout(view, part):
    """The bar at the top of the presenter's tools."""
    view.page_title = f"{part} · Stage"
    ui.colors(primary="#4338ca")
    ui.html(f"<style>{TOOL_CSS}</style>", sanitize=False).classes("hidden")
    with ui.header().classes("bar items-center flex-nowrap gap-2"):
        with ui.link(target="/_playground/").classes("brand text-xl font-semibold"):
            ui.label("Stage")
        ui.element("div").classes("grow")
        with ui.element("nav").classes("flex gap-1").props("aria-label=Tools"):
            for path, title, *_ in parts():
                link = ui.link(title, f"/_playground/{path}")
                if title == part:
                    link.props("aria-current=page")


def action(text, on_click, icon):
    button = ui.button(text, on_click=on_click, icon=icon, color=None)
    return button.props("outline no-caps dense").classes("action px-2")


class Tools(playground.LiveView):
    """What there is."""

    def render(self):
        layout(self, "Tools")
        with ui.element("main"):
            with ui.element("nav").classes("cards").props('aria-label="All tools"'):
                for path, title, icon, line in parts():
                    with ui.link(target=f"/_playground/{path}").classes("paper"):
                        with ui.row().classes("items-center gap-3"):
                            ui.icon(icon, size="1.8rem")
                            ui.label(title).classes("text-2xl font-semibold")
                        ui.label(line).classes("soft")
            ui.html(
                "On a page of the program: <kbd>Ctrl+Shift+Z</kbd> brings the state before the last message back, "
                "<kbd>Ctrl+Shift+Y</kbd> goes forward again. <kbd>c</kbd> and a click opens the line that made an "
                "element. With <kbd>f</kbd> held, what a message changes flashes.",
                sanitize=False,
            ).classes("keys soft")


# ---------------------------------------------------------------------------------------------------------------------
# The inspector
# ---------------------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Row:
    """A message in the list."""

    entry: Entry
    is_open: bool = False

    @property
    def number(self):
        return self.entry.number


class Inspect(playground.LiveView):
    """What is in pages and processes, and what they have handled."""

    MOST = 100  # parts of a value

    def mount(self):
        self.rows = playground.Stream(key=lambda row: row.number, limit=200)
        self.last = 0  # the number of the newest message that was looked at
        self.only = 0  # the number of the page whose messages are shown; 0: of all
        self.is_paused = False
        self.chosen = None  # the page or process whose attributes are shown
        self.opened = set()  # paths of values
        self.editing, self.typed, self.refused = None, "", None
        self.test, self.shows_test = "", False
        self.take()
        if pages := [process for process, _ in self.processes() if isinstance(process, playground.LiveView)]:
            self.chosen = pages[-1]
        self.subscribe("playground:stage")
        self.send_interval(0.5, "look")  # an attribute may be set by no message, and pages come and go

    def handle_info(self, message):
        if not self.is_paused:
            self.take()

    @property
    def steps(self):
        return playground.whereis(Steps)

    def track(self, process):
        return self.steps.track(process)

    def take(self):
        """Take what is new into the list, the newest first."""
        for entry in [entry for entry in self.steps.entries if entry.number > self.last]:
            if self.only in (0, entry.track.number):
                self.rows.prepend(Row(entry))
            self.last = entry.number

    def processes(self):
        """Pages and processes that are none of these tools, with how deep each is in the tree."""

        def walk(branches, depth):
            for branch in branches:
                if branch["process"] is not None and not is_own(branch["process"]):
                    self.track(branch["process"]).name = branch["name"]
                    yield branch["process"], depth
                yield from walk(branch["children"], depth + 1)

        return list(walk(playground.tree(), 0))

    def handle_event(self, event, params):
        match event:
            case "choose":
                found = [process for process, _ in self.processes() if self.track(process).number == params["number"]]
                self.chosen = next((process for process in found if process is not self.chosen), None)
                self.opened, self.editing = set(), None
            case "back" | "forward":
                playground.cast(self.steps, (event, self.chosen, params.get("with_code", False)))
            case "expand":
                row = self.rows[params["number"]]
                self.rows.append(dataclasses.replace(row, is_open=not row.is_open))
            case "only":
                self.show_only(params["value"])
            case "pause":
                self.is_paused = not self.is_paused
                self.take() if not self.is_paused else None
            case "open":
                self.opened ^= {params["path"]}
            case "edit":
                self.edit(params["path"])
            case "set":
                self.set()
            case "cancel":
                self.editing = None
            case "test":
                self.test, self.shows_test = written_test(self.track(self.chosen), self.chosen), True
            case "close":
                self.shows_test = False

    def show_only(self, number):
        self.only, self.last = number, 0
        self.rows.clear()
        self.take()

    # -- attributes

    def edit(self, path):
        value = self.chosen
        for part in path:
            value = part_of(value, *part)
        self.editing, self.typed, self.refused = path, literal(value) or "", None

    @property
    def told(self):
        """What was typed, as a value; and what is wrong with it."""
        try:
            return ast.literal_eval(self.typed.strip()), ""
        except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
            if re.fullmatch(r"\w[\w ]*", self.typed.strip()):
                return None, f"A text has quotes: {self.typed.strip()!r}"
            return None, "Only literals can be set: 1, 2.5, 'text', True, None, [1, 2], {'key': 3}"

    def set(self):
        value, wrong = self.told
        if not wrong and self.editing is not None:
            try:
                self.steps.set(self.chosen, self.editing, value)
            except Exception as error:  # whatever its own code raises
                wrong = f"{type(error).__name__}: {error}"
            else:
                self.editing = None
        self.refused = self.typed, wrong

    # -- the page

    def render(self):
        layout(self, "Inspect")
        with ui.element("main").classes("inspect"):
            with ui.element("section").classes("side").props('aria-label="Pages and processes"'):
                self.render_processes()
            with ui.element("section").classes("messages").props("aria-label=Messages"):
                self.render_tools()
                self.rows.render(self.render_row)
                if not len(self.rows):
                    ui.label("Nothing has been handled yet.").classes("soft p-2")
        dialog = ui.dialog().bind_value(self, "shows_test")
        with dialog, ui.card().classes("test w-full max-w-4xl"):
            ui.label("A test that does the same").classes("text-xl font-semibold")
            ui.code(self.test, language="python").classes("w-full")
            with ui.row().classes("w-full justify-end"):
                action("Copy", lambda: ui.clipboard.write(self.test), "content_copy")
                action("Close", self.event("close"), "close")

    def render_processes(self):
        found = self.processes()
        pages = [process for process, _ in found if isinstance(process, playground.LiveView)]
        others = [(process, depth) for process, depth in found if process not in pages]
        ui.html("Pages", sanitize=False, tag="h2")
        if not pages:
            ui.label("No page of the program is open.").classes("soft")
        for page in pages:
            who = "presenter" if page.is_presenter else "audience"
            self.render_process(page, 0, who + ("" if page.connected else ", not connected"))
        if self.chosen is not None and self.chosen not in [process for process, _ in found]:
            ui.label(f"{self.track(self.chosen).title} is closed.").classes("soft")
        if others:
            ui.html("Processes", sanitize=False, tag="h2")
        for process, depth in others:
            is_supervisor = isinstance(process, playground.Supervisor)
            self.render_process(process, depth, "supervisor" if is_supervisor else "")

    def render_process(self, process, depth, told):
        track, is_open = self.track(process), process is self.chosen
        with playground.key(track.number):
            with ui.element("button").classes("one").style(f"padding-left: {0.6 + 1.2 * depth}rem") as one:
                one.on("click", self.event("choose", number=track.number), args=[])
                one.props(f"aria-expanded={str(is_open).lower()}")
                name = html.escape(track.path or track.name)
                more = f"{track.name} #{track.number}" if track.is_page else f"#{track.number}"
                text = f'<b>{name}</b><span class="soft">{more}</span><span class="soft">{told}</span>'
                ui.html(text, sanitize=False, tag="div")
            if is_open:
                with ui.element("div").classes("inside"):
                    if track.is_page:
                        self.render_steps(track)
                    attributes = attributes_of(process)
                    self.render_parts(attributes, (), len(attributes))

    def render_steps(self, track):
        with ui.row().classes("gap-2 pb-2"):
            back, forward = len(track.back), len(track.forward)
            action(f"Back ({back})", self.event("back"), "undo").set_enabled(back > 0)
            action(f"Forward ({forward})", self.event("forward"), "redo").set_enabled(forward > 0)
            if track.process().is_presenter:
                action("Copy as test", self.event("test"), "content_paste")
        step = track.back[-1] if track.back else None
        if step is not None and step.files != self.steps.files and settings.live_reload:
            at = time.strftime("%H:%M:%S", time.localtime(step.time))
            action(f"Back, with the code of {at}", self.event("back", with_code=True), "history").classes("mb-2")
        if track.note:
            ui.label(track.note).classes("said mb-2").props("role=status")

    def render_parts(self, parts, way, size):
        for name, value, how in parts:
            path = (*way, how or ("", name))
            with playground.key(path):
                self.render_part(name, value, path, is_settable=how is not None)
        if len(parts) < size:
            ui.label(f"… {size - len(parts):,} more").classes("soft")
        if not parts and not way:
            ui.label("It has no attributes.").classes("soft")

    def render_part(self, name, value, path, is_settable):
        is_open = path in self.opened
        inside = list(itertools.islice(parts_of(value), self.MOST if is_open else 1))
        with ui.element("div").classes("attribute mono").style(f"--depth: {len(path) - 1}"):
            toggle = ui.element("button" if inside else "span").classes("toggle")
            if inside:
                toggle.on("click", self.event("open", path=path), args=[])
                toggle.props(f"aria-expanded={str(is_open).lower()} aria-label={quoted(name)}")
                with toggle:
                    ui.icon("expand_more" if is_open else "chevron_right", size="1.5rem")
            ui.label(name).classes("key")
            if path == self.editing:
                self.render_field(value)
            else:
                with ui.element("button" if is_settable else "span").classes("value") as shown:
                    text = f"{size_of(value):,} inside" if is_open and inside else short.repr(value)
                    ui.html(html.escape(text), sanitize=False, tag="span")
                if is_settable:
                    shown.on("click", self.event("edit", path=path), args=[]).props('title="Edit"')
                ui.label(type(value).__name__).classes("kind")
        if is_open and inside:
            self.render_parts(inside, path, size_of(value))

    def render_field(self, value):
        """What is typed is a literal; what is wrong with it, and another type, shows below."""
        told, wrong = self.told
        tried, why = self.refused or ("", "")
        shown = self.refused and (wrong or (why if tried == self.typed else ""))
        types = f"{type(value).__name__} → {type(told).__name__}"
        with ui.element("div").classes("field"):
            field = ui.input().bind_value(self, "typed").props("outlined dense autofocus hide-bottom-space")
            field.props('aria-label="A Python literal"')
            if shown:
                ui.label(shown).classes("bad").props("role=alert")
            else:
                ui.label("Enter sets it" if wrong or type(told) is type(value) else types).classes("hot")
        field.on("keydown.enter", self.event("set"), args=[]).on("keydown.escape", self.event("cancel"), args=[])

    # -- messages

    def render_tools(self):
        with ui.row().classes("tools items-center gap-2 w-full"):
            ui.html("Messages", sanitize=False, tag="h2").classes("grow")
            tracks = {entry.track.number: entry.track.title for entry in self.steps.entries}
            if self.only:
                tracks.setdefault(self.only, f"#{self.only}")
            options = {0: "All pages", **dict(sorted(tracks.items()))}
            only = ui.select(options, value=self.only, on_change=self.event("only"), label="Of")
            only.props("outlined dense options-dense").classes("w-64 max-w-full")
            icon, text = ("play_arrow", "Go on") if self.is_paused else ("pause", "Pause")
            action(text, self.event("pause"), icon)

    def render_row(self, row):
        entry, handled = row.entry, row.entry.handled
        with ui.element("div").classes("message"):
            button = ui.element("button").props(f"aria-expanded={str(row.is_open).lower()}")
            with button.on("click", self.event("expand", number=row.number), args=[]):
                ui.html(head_of(entry), sanitize=False, tag="div")
            if row.is_open:
                with ui.element("div").classes("more"):
                    ui.html(details_of(entry), sanitize=False, tag="div")
                    for patch in handled.sent[:10]:
                        ui.label(f"{patch.kind}, {patch.bytes:,} bytes").classes("soft pt-2")
                        ui.code(cut(json.dumps(patch.data, indent=2, ensure_ascii=False)), language="json")


def cut_line(text, most=60):
    return text if len(text) <= most else f"{text[: most - 1]}…"


def cut(text, most=4000):
    return text if len(text) <= most else f"{text[:most]}\n… {len(text) - most:,} characters more"


def head_of(entry):
    """A message in two lines."""
    handled, escape = entry.handled, html.escape
    at = time.strftime("%H:%M:%S", time.localtime(handled.time)) + f".{int(handled.time % 1 * 1000):03}"
    by = f"by {entry.sender}" if entry.sender and entry.sender != entry.label else ""
    costs = [f"{handled.seconds * 1000:.1f} ms"]
    if handled.sent:
        costs += [f"{handled.sent.bytes:,} B", f"{entry.elements} element{'s' if entry.elements != 1 else ''}"]
    changes = f'<div class="changes mono">{escape(said(entry.changes))}</div>' if entry.changes else ""
    wrong = f'<div class="bad">{escape(repr(handled.error)[:200])}</div>' if handled.error is not None else ""
    return (
        f'<div class="head"><time>{at}</time><span class="what">{escape(cut_line(entry.label))}</span>'
        f'<span class="soft">{escape(by)}</span><span class="soft">{escape(entry.track.title)}</span>'
        f'<span class="costs">{" · ".join(costs)}</span></div>{changes}{wrong}'
    )


def details_of(entry):
    """What there is to say of a message that is looked at."""
    handled = entry.handled
    rows = [("label", handled.label), ("of", entry.track.title), ("by", entry.sender)]
    for name, (old, new) in entry.changes.items():
        rows.append((name, f"{said_value(old, longer)} → {said_value(new, longer)}"))
    rows.append(("not copied", ", ".join(f"{name} ({kind})" for name, kind in handled.after.lost.items())))
    rows.append(("error", repr(handled.error) if handled.error is not None else ""))
    cells = [f"<dt>{html.escape(name)}</dt><dd class=mono>{html.escape(text)}</dd>" for name, text in rows if text]
    return f"<dl>{''.join(cells)}</dl>"


class Tree(playground.LiveView):
    """The processes, live, and a button to kill each."""

    COLUMNS = ("name", "kind", "status", "restarts", "mailbox", "handled")
    LESS = ("restarts", "mailbox", "handled")  # not on a phone

    def render(self):
        layout(self, "Processes")
        ui.timer(0.25, self.refresh)
        columns = f"repeat({len(self.COLUMNS) + 1}, auto)"
        with ui.element("main").classes("tree"), ui.grid(columns=columns).classes("items-center"):
            for title in (*self.COLUMNS, ""):
                ui.label(title).classes("font-bold" + self.less(title))
            for branch in playground.tree():
                self.render_branch(branch, 0)

    def less(self, column):
        return " less" if column in self.LESS else ""

    def render_branch(self, branch, depth):
        if is_own(branch["process"]):
            return
        for column in self.COLUMNS:
            label = ui.label(str(branch[column])).classes(self.less(column))
            label.style(f"padding-left: {1.75 * depth}rem" if column == "name" else "")
        with ui.row():
            if branch["process"] is not None and branch["kind"] != "page":
                ui.button("Kill", on_click=lambda: playground.kill(branch["process"])).props(
                    "flat dense color=negative"
                )
        for child in branch["children"]:
            self.render_branch(child, depth + 1)


class Code(playground.LiveView):
    """The program, to read."""

    page_title = "Code"

    def render(self):
        for path, text in playground.sources().items():
            ui.label(Path(path).name)
            ui.code(text, language="python")


class Qr(playground.LiveView):
    """The address for others, to be photographed from a screen."""

    page_title = "Join"

    def render(self):
        url = settings.shared_url
        drawn = qrcode.make(url)
        ui.label(url)


# ---------------------------------------------------------------------------------------------------------------------
# A page to try them on
# ---------------------------------------------------------------------------------------------------------------------


class Counter(playground.LiveView):
    """What the tools look at when they are run by themselves."""

    def mount(self):
        self.count, self.step, self.history = 0, 1, []

    def render(self):
        with ui.column().classes("w-full items-center gap-8 pt-16"):
            ui.label(f"Count: {self.count}").classes("text-7xl font-light")
            with ui.row().classes("gap-6"):
                ui.button("-", on_click=self.event("add", by=-1)).props("round size=xl")
                ui.button("+", on_click=self.event("add", by=1)).props("round size=xl")
            ui.number("Step", min=1).bind_value(self, "step")
            ui.link("Look inside", "/_playground/inspect", new_tab=True)

    def handle_event(self, event, params):
        self.count += int(params["by"] * (self.step or 1))
        self.history.append(self.count)


if __name__ == "__main__":
    playground.start(live=Counter, stage=True)
