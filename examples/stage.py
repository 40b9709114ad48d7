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
import asyncio
import contextlib
import dataclasses
import html
import itertools
import json
import logging
import os
import pickle
import re
import reprlib
import sys
import tempfile
import time
import weakref
from collections import Counter, defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from nicegui import app, ui
from nicegui.events import ValueChangeEventArguments
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

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
        children += [Steps, Network]
        add_network()
        listen_for_keys()
        if directory := os.environ.get("PLAYGROUND_RECORD"):
            children.append(playground.child_spec(Recorder, directory=directory))
        if directory := os.environ.get("PLAYGROUND_REPLAY"):
            children.append(playground.child_spec(Replay, directory=directory))
            add_replay()
        pages |= {"/_playground/": Tools, "/_playground/inspect": Inspect, "/_playground/tree": Tree}
    return pages, children


# ---------------------------------------------------------------------------------------------------------------------
# What is kept
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """The program as it was saved."""

    number: int
    time: float
    texts: dict  # what all files of the program say, by their paths, the script first
    running: dict  # what runs: the same, unless this version was refused
    lines: dict  # the numbers of the lines that are new or edited, by the same paths
    notes: list  # what the save has done, as the terminal says it
    error: str  # why it does not run

    def removes_from(self, path):
        """Whether the save has done nothing to a file but remove lines, of a version that is still kept."""
        versions = playground.whereis(Saves).versions
        before = next((version.texts for version in versions if version.number == self.number - 1), self.texts)
        return before.get(path) != self.texts.get(path)

    @property
    def clock(self):
        return time.strftime("%H:%M:%S", time.localtime(self.time))

    def name_of(self, path):
        """What the audience may know of a path."""
        return name_in(path, next(iter(self.texts)))


class Saves(playground.GenServer):
    """Keeps the versions of the program, the first one included; tells on "playground:versions" of a new one."""

    def init(self):
        playground.subscribe("playground:saves")
        texts = playground.sources()
        self.versions = deque([Version(1, time.time(), texts, texts, {}, [], "")], maxlen=500)

    def handle_info(self, saved):
        running, newest = playground.sources(), self.versions[-1]
        texts = running | saved.files
        if texts == newest.texts:  # the same was tried again, perhaps when the page that was in the way had gone
            version = replace(newest, running=running, notes=saved.notes, error=saved.error)
            self.versions[-1] = version
        else:
            self.keep(saved.time, texts, running, saved.lines, saved.notes, saved.error)
        playground.broadcast("playground:versions", "kept")

    def keep(self, *known):
        self.versions.append(Version(self.versions[-1].number + 1, *known))

    def handle_call(self, request):
        match request:
            case ("put back", texts):
                return self.put_back(texts)

    def put_back(self, texts):
        """Have the files say what they said; returns which did not. What they say now becomes a version first."""
        newest = self.versions[-1]
        found = {path: read(path) for path in texts}
        differing = {path: text for path, text in texts.items() if found[path] != text}
        for text in [*differing.values(), *(found[path] or "" for path in differing)]:
            if "\N{REPLACEMENT CHARACTER}" in text:
                raise ValueError("a file is not written in UTF-8")
        there = {path: found[path] for path in differing if found[path] not in (None, newest.texts.get(path))}
        if there:
            self.keep(time.time(), newest.texts | there, newest.running, {}, ["found on disk"], "")
            playground.broadcast("playground:versions", "kept")
        for path, text in differing.items():
            write(path, text)
        return [newest.name_of(path) for path in differing]


def name_in(path, script):
    """Where a file is as seen from the script; its name, if that is not below the script's directory."""
    with contextlib.suppress(ValueError):
        return Path(path).relative_to(Path(script).parent).as_posix()
    return Path(path).name


def read(path):
    """What a file says, with its line ends; None if there is none."""
    with contextlib.suppress(FileNotFoundError):
        return Path(path).read_bytes().decode(errors="replace")


def write(path, text):
    """Write a file in one piece: nobody reads half of it, and what cannot be written leaves the file as it was."""
    path = Path(path)
    descriptor, new = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(text.encode())
        os.chmod(new, path.stat().st_mode if path.exists() else 0o644)
        os.replace(new, path)
    except OSError:
        os.unlink(new)
        raise


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
        if with_code and step.files != self.files and write_program(step.files):
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


def write_program(texts):
    """Have the files of the program say what they said; returns those that did not."""
    differing = [path for path, text in texts.items() if read(path) != text]
    for path in differing:
        write(path, texts[path])
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
        self.subscribe("playground:network")
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
                    if track.is_page and process.is_presenter and process.connected:
                        network_switches(process)

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


# ---------------------------------------------------------------------------------------------------------------------
# The program, to read; and the way to it
# ---------------------------------------------------------------------------------------------------------------------

PROGRAM_CSS = """
body { --paper: #fff; --ink: #0f172a; --soft: #4b5563; --new: #fff0b3; --new-edge: #b45309;
       --bad: #ffdcdc; --bad-edge: #b91c1c; --word: #6d28d9; --text: #166534; --note: #57606a; --number: #9a3412;
       --name: #1d4ed8; --known: #0b5d75; }
body.body--dark { --paper: #101216; --ink: #f1f5f9; --soft: #a8b0bd; --new: #453600; --new-edge: #fbbf24;
       --bad: #551c20; --bad-edge: #fca5a5; --word: #d0b8ff; --text: #9be3a9; --note: #a8b0bd; --number: #ffc078;
       --name: #9ec5ff; --known: #7fdcf0; }
body:has(.program-page) { background: var(--paper) !important; color: var(--ink); }
.nicegui-content:has(> .program-page) { padding: 0 !important; max-width: none !important; margin: 0; gap: 0; }
.program-page { width: 100%; min-height: 100dvh; display: flex; flex-direction: column; }
.program-page :focus-visible { outline: 3px solid var(--name); outline-offset: 2px; }
.program-bar { position: sticky; z-index: 10; background: #1e1b4b; color: #fff; padding: 0.4rem 1rem;
       min-height: 3.5rem; display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1rem; }
.program-bar :focus-visible { outline-color: #fff; }
.program-top { position: sticky; top: 0; z-index: 10; } .program-top .program-bar { position: static; }
.program-bar.below { bottom: 0; margin-top: auto; }
.program-bar .q-btn { color: #fff; min-height: 2.5rem; padding: 0.2rem 0.8rem; border-radius: 0.5rem; }
.program-bar .q-btn.chosen { background: #4338ca; }
.program-bar .q-btn.outlined { border: 1px solid #a5b4fc; }
.program-bar .q-slider { flex: 1 1 12rem; width: auto; padding: 0 0.75rem; }
.program-bar .q-icon { font-size: 1.5em; }
.program-files { display: flex; overflow-x: auto; scrollbar-width: none; gap: 0.25rem; flex: 1; min-width: 0;
       align-items: center; }
.program-files :is(h1, .q-btn), .program { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.program-files h1 { font-size: 1.35rem; font-weight: 600; line-height: 1.4; margin: 0; overflow-wrap: anywhere; }
.program-bar .q-slider__text { font-size: 1.1rem; }
.program-when { font-variant-numeric: tabular-nums; } .program-when b { font-size: 1.35rem; }
.program-refused { background: var(--bad); color: var(--ink); border-left: 0.5rem solid var(--bad-edge);
       padding: 0.6rem 1rem; display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center;
       overflow-wrap: anywhere; }
.program-refused .q-btn { color: var(--ink); border: 1px solid var(--ink); border-radius: 0.5rem; }
.program { flex: 1; margin: 0; padding: 0.6rem 0 3rem; tab-size: 4; color: var(--ink); width: 100%;
       font-size: clamp(0.85rem, 0.55rem + 0.85vw, 1.4rem); line-height: 1.5; }
.program div { display: flex; border-left: 0.4rem solid transparent; }
.program i { flex: none; width: 6ch; text-align: right; padding-right: 1ch; font-style: normal; color: var(--soft);
       user-select: none; white-space: pre; }
.program code { flex: 1; min-width: 0; font: inherit; background: none; padding: 0 1ch 0 calc(var(--hang) * 1ch);
       text-indent: calc(var(--hang) * -1ch); white-space: pre-wrap; overflow-wrap: anywhere; }
.program .changed { background: var(--new); border-color: var(--new-edge); }
.program .failing { background: var(--bad); border-color: var(--bad-edge); }
.program :is(.changed, .failing) i { color: var(--ink); font-weight: 700; }
.program code :is([class^="k"], .ow) { color: var(--word); font-weight: 600; }
.program code [class^="s"] { color: var(--text); } .program code .si { color: var(--ink); }
.program code [class^="c"] { color: var(--note); font-style: italic; }
.program code [class^="m"] { color: var(--number); }
.program code :is(.nf, .nc, .fm) { color: var(--name); font-weight: 600; }
.program code :is(.nb, .bp, .nd, .ne) { color: var(--known); }
@media (max-width: 600px) {
  .program-bar { padding: 0.3rem 0.6rem; gap: 0.3rem 0.5rem; }
  .program-files .q-btn { padding: 0.2rem 0.5rem; flex: none; }
  .program i { width: 4.5ch; padding-right: 0.5ch; }
  .program-bar.below .q-slider { flex-basis: 100%; } .program-when { flex: 1; } .program-when b { font-size: 1.1rem; }
}
"""
COPY = """() => {
  const text = [...document.querySelectorAll(".program code")].map((line) => line.textContent + "\\n").join("");
  const tell = (message, type) => Quasar.Notify.create({ message, type, position: "top", timeout: 1500 });
  const copyAsBefore = () => { // where the page is not secure: a phone that reaches a laptop by its number
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    field.style.cssText = "position: fixed; top: 0; opacity: 0";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    if (isDone) tell("Copied", "positive");
    else tell("This browser does not let a page copy: select the text", "warning");
  };
  if (!navigator.clipboard) copyAsBefore();
  else navigator.clipboard.writeText(text).then(() => tell("Copied", "positive"), copyAsBefore);
}"""
SHOW_CHANGES = """
requestAnimationFrame(() => {
  const line = document.querySelector(".program .failing") ?? document.querySelector(".program .changed");
  const { top, bottom } = line?.getBoundingClientRect() ?? { top: 150, bottom: 150 };
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = isStill ? "auto" : "smooth";
  if (top < 100 || bottom > innerHeight - 150) line.scrollIntoView({ block: "center", behavior });
});
"""


@lru_cache(64)
def html_of(text, changed, failing):
    """A program as HTML, a line for each of its lines, with a number and a sign for those that are new or fail."""
    lines = text.removeprefix("\ufeff").splitlines()
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    coloured = highlight("\n".join(lines), lexer, HtmlFormatter(nowrap=True)).split("\n")
    rows = []
    for number, (line, colours) in enumerate(zip(lines, coloured, strict=False), 1):
        kind, sign, title = "", " ", ""
        if number == failing:
            kind, sign, title = ' class="failing"', "✗", ' title="fails"'
        elif number in changed:
            kind, sign, title = ' class="changed"', "+", ' title="new or edited"'
        hang = len(line) - len(line.lstrip()) + 4  # of what does not fit and goes on in the next row
        rows.append(f'<div{kind}><i{title}>{number}{sign}</i><code style="--hang: {hang}">{colours}</code></div>')
    return "".join(rows)


def ranges(numbers):
    """Numbers of lines as people say them: "lines 3-5, 9"."""
    spans = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
    return f"line{'s' if len(numbers) > 1 else ''} {told}"


class Code(playground.LiveView):
    """The program, for all who may read it: as it was saved last, or at a time before."""

    page_title = "Code"

    def mount(self):
        self.number = None  # of the version to stand at; None follows the newest
        self.path = None
        self.shows_running = False  # and not what was refused
        self.subscribe("playground:versions")
        self.send("look")

    @property
    def version(self):
        versions = playground.whereis(Saves).versions
        return next((version for version in versions if version.number == self.number), versions[-1])

    @property
    def texts(self):
        """What the files say."""
        return self.version.running if self.shows_running else self.version.texts

    def handle_info(self, message):
        if message == "look" or self.number is None:
            self.shows_running = False
            self.path = next((path for path, lines in self.version.lines.items() if lines), self.path)
            self.client.run_javascript(SHOW_CHANGES)
        self.refresh()

    async def handle_event(self, event, params):
        match event:
            case "newest":
                self.number = None
                self.send("look")
            case "stay":
                self.number = self.version.number
            case "file":
                self.path = params["path"]
            case "running":
                self.shows_running = not self.shows_running
            case "put back" if self.is_presenter:
                await self.put_back()

    def go(self, event):
        newest = playground.whereis(Saves).versions[-1].number
        self.number = None if event.value >= newest else event.value
        self.send("look")

    async def put_back(self):
        clock = self.version.clock
        try:
            names = await playground.call(Saves, ("put back", dict(self.texts)))
        except (OSError, ValueError) as error:
            ui.notify(f"Nothing was written: {error}", type="negative")
        else:
            self.number = None
            ui.notify(f"{', '.join(names) or 'The program'} is again as at {clock}", type="positive")

    def render(self):
        version, texts = self.version, self.texts
        if self.number is None:
            texts = playground.sources() | texts  # there may be one that was imported after the last save
        path = self.path if self.path in texts else next(iter(texts), None)
        ui.html(f"<style>{PROGRAM_CSS}</style>", sanitize=False).classes("hidden")
        with ui.element("div").classes("program-page"):
            with ui.element("header").classes("program-top"):
                with ui.element("div").classes("program-bar"):
                    self.files(version, texts, path)
                    copy = bar_button("Copy", None, "content_copy").props('aria-label="Copy"')
                    copy.classes("outlined program-copy").on("click", js_handler=COPY)
                if version.error:
                    self.refusal(version)
            if path is None:
                ui.label("There is no file: what runs was typed at a prompt.").classes("p-4")
            else:
                is_saved = not self.shows_running
                changed = frozenset(version.lines.get(path, ())) if is_saved else frozenset()
                failing = failing_line(version.error, path) if is_saved else 0
                program = ui.html(html_of(texts[path], changed, failing), sanitize=False, tag="pre")
                program.classes("program").props(f'aria-label="{html.escape(version.name_of(path))}"')
            self.history(version, path)

    def files(self, version, texts, shown):
        with ui.element("nav").classes("program-files").props("aria-label=Files"):
            if len(texts) < 2:
                ui.html(html.escape(version.name_of(shown)) if shown else "Code", sanitize=False, tag="h1")
                return
            for path in texts:
                text = version.name_of(path) + (" +" if version.lines.get(path) else "")
                button = bar_button(text, self.event("file", path=path)).classes("chosen" if path == shown else "")
                button.props(f"aria-pressed={str(path == shown).lower()}")

    def refusal(self, version):
        with ui.element("div").classes("program-refused").props("role=status"):
            ui.label(f"This version does not run: {error_text(version.error, self.is_presenter)}")
            bar_button("Show what was saved" if self.shows_running else "Show what runs", self.event("running"))

    def history(self, version, path):
        versions = playground.whereis(Saves).versions
        first, last = versions[0].number, versions[-1].number
        with ui.element("footer").classes("program-bar below"):
            slider = ui.slider(min=first, max=max(last, first + 1), value=version.number, on_change=self.go)
            slider.props("aria-label=Saves label color=indigo-2 track-color=indigo-4 label-text-color=black")
            slider.props(f":label-value=\"'{version.clock}'\"")
            slider.set_enabled(last > first)
            ui.html(" · ".join(self.told(version, last, path)), sanitize=False).classes("program-when")
            if self.texts != versions[-1].texts and self.is_presenter:
                bar_button("Put this version back", self.event("put back"), "restore").classes("outlined")
            if self.number is None:
                bar_button("Stay here", self.event("stay"), "pause")
            else:
                newer = f" ({last - version.number} newer)" if last > version.number else ""
                bar_button(f"Newest{newer}", self.event("newest"), "last_page").classes("chosen")

    def told(self, version, last, path):
        """What there is to say of a version."""
        yield f"<b>{version.clock}</b>"
        yield f"{version.number} of {last}"
        if version.number == 1:
            yield "as it was started"
        elif version.lines.get(path):
            yield ranges(version.lines[path])
        elif version.removes_from(path):
            yield "lines were removed"
        yield from map(html.escape, version.notes if self.is_presenter else ())


def bar_button(text, on_click, icon=None):
    return ui.button(text, on_click=on_click, icon=icon, color=None).props("flat no-caps")


def error_text(error, is_presenter):
    """The error of a save in a line; the audience is told what it can read in the program, and no values."""
    lines = error.strip().splitlines()
    line = lines[-1] if lines[0].startswith("Traceback") else lines[0]
    kind = line.partition(":")[0]
    return line if is_presenter or kind in ("SyntaxError", "IndentationError", "TabError", "NameError") else kind


def failing_line(error, path):
    """The line of a file where an error comes from; 0 if it is none of this file."""
    numbers = re.findall(rf'{re.escape(Path(path).name)}(?::|", line )(\d+)', error)
    return int(numbers[-1]) if numbers else 0


class Qr(playground.LiveView):
    """The addresses for others, to be photographed from a screen: of the program, and of its code."""

    page_title = "Join"

    def mount(self):
        self.is_code = False

    def render(self):
        url = settings.shared_url + ("/_playground/code" if self.is_code else "")
        with ui.column(align_items="center").classes("w-full gap-3"):
            if settings.show_code is not False:
                choice = ui.toggle({False: "Join", True: "Read the code"}).bind_value(self, "is_code")
                choice.props("no-caps").classes("text-lg")
            drawn = qr_code(url)
            if drawn is None:
                ui.label("a QR code needs qrcode: pip install qrcode")
            else:
                code = ui.html(drawn, sanitize=False).classes("w-[min(90vw,68vh)] [&_svg]:w-full [&_svg]:h-full")
                code.props(f'role=img aria-label="QR code of {url}"')
            ui.link(url, url).classes("text-2xl sm:text-4xl break-all")


def qr_code(text):
    """A QR code as SVG; None if qrcode is not installed."""
    try:
        import qrcode.image.svg
    except ImportError:
        return None
    code = qrcode.QRCode(border=2, image_factory=qrcode.image.svg.SvgPathFillImage)
    code.add_data(text)
    return code.make_image().to_string(encoding="unicode")


# ---------------------------------------------------------------------------------------------------------------------
# A bad network on purpose
#
# `playground.slow(400)` in the console of the browser has what the server says come 400 ms later, `playground.slow(0)`
# at once again. `playground.hold()` keeps it, `playground.next()` lets the next answer through, `playground.release()`
# all. Only what comes waits: what one does is sent at once, and a connection is lost and found as ever.
# ---------------------------------------------------------------------------------------------------------------------

NETWORK_JS = """
<script>
document.addEventListener("DOMContentLoaded", () => {
  const { socket, playground } = window;
  if (!socket || !playground) return;
  let waiting = []; // answers: when each is due, and its messages, which came together
  let delay = 0;
  let isHeld = false;
  let timer;
  let told = "0 false 0";
  let obeyed = -1; // the number of the last command of the inspector: after a cut it comes again
  const mark = document.createElement("playground-network");
  mark.attachShadow({ mode: "open" }).innerHTML = `<style>
    :host { position: fixed; left: 0.75rem; bottom: 0.75rem; z-index: 99999998; }
    div { font: 600 1.05rem/1.4 system-ui, sans-serif; color: #1c1200; background: #ffc24d; border: 2px solid #1c1200;
          border-radius: 2rem; padding: 0.3rem 0.5rem 0.3rem 1rem; display: flex; gap: 0.6rem; align-items: center; }
    button { font: inherit; color: #fff; background: #1c1200; border: 0; border-radius: 1.5rem;
             padding: 0.25rem 0.8rem; }
    :focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; } [hidden] { display: none; }
    </style><div><span role="status"></span><button id="next">Next</button><button id="end">End</button></div>`;
  const [text, next, end] = mark.shadowRoot.querySelectorAll("span, button");
  mark.shadowRoot.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the page
  next.addEventListener("click", () => playground.next());
  end.addEventListener("click", () => isHeld ? playground.release() : playground.slow(0));
  function show() {
    if (delay || isHeld) document.body.append(mark);
    else mark.remove();
    text.textContent = isHeld ? `Answers are held: ${waiting.length}` : `Answers take ${delay} ms more`;
    next.hidden = !isHeld;
    end.textContent = isHeld ? "Release" : "End";
    const state = `${delay} ${isHeld} ${isHeld ? waiting.length : 0}`;
    if (state !== told) playground.act("tool", { name: `network ${(told = state)}` });
  }
  function pass() {
    for (const [hear, message] of waiting.shift()?.messages ?? []) hear(message);
  }
  function deliver() {
    clearTimeout(timer);
    while (!isHeld && waiting[0]?.due <= performance.now()) pass();
    if (!isHeld && waiting.length) timer = setTimeout(deliver, waiting[0].due - performance.now());
    show();
  }
  const commands = {
    slow(milliseconds = 400) {
      delay = Math.max(0, Number(milliseconds) || 0);
      for (const answer of waiting) answer.due = Math.min(answer.due, performance.now() + delay);
      deliver();
    },
    hold() {
      isHeld = true;
      deliver();
    },
    next() {
      pass();
      deliver();
    },
    release() {
      isHeld = false;
      while (waiting.length) pass();
      deliver();
    },
  };
  Object.assign(playground, commands);
  function obey(message) {
    const command = /^window[.]playground[.](slow|hold|next|release)[(]([0-9]*)[)]$/.exec(message?.code);
    if (!command) return false;
    message.code = ""; // it takes its turn as one that does nothing
    if (message._id <= obeyed) return true;
    obeyed = message._id;
    const [, name, milliseconds] = command;
    commands[name](milliseconds || undefined);
    return true;
  }
  for (const name of ["update", "run_javascript", "open", "download", "notify", "load_js_components"]) {
    for (const hear of socket.listeners(name)) {
      socket.off(name, hear).on(name, (message) => {
        const isNoAnswer = obey(message) || message?.code?.startsWith("console."); // what the server logs
        const now = performance.now();
        const last = waiting.at(-1);
        if (!last && (isNoAnswer || (!delay && !isHeld))) return hear(message);
        if (last && (isNoAnswer || now - last.came < 20)) last.messages.push([hear, message]);
        else waiting.push({ came: now, due: now + delay, messages: [[hear, message]] });
        deliver();
      });
    }
  }
});
</script>
"""


@cache
def add_network():
    """Have all pages know how to be slow, once."""
    ui.add_head_html(NETWORK_JS, shared=True)


class Network(playground.GenServer):
    """Knows how answers reach the browsers of the presenter's pages; tells on "playground:network" when it changes."""

    def init(self):
        self.told = {}  # delay in ms, whether they are held, and how many wait, by ids of clients
        playground.subscribe("playground:tools")

    def handle_info(self, message):
        page, name = message
        if found := re.fullmatch(r"network (\d{1,9}) (true|false) (\d{1,9})", name):
            self.told[page.client.id] = int(found[1]), found[2] == "true", int(found[3])
            playground.broadcast("playground:network", page.client.id)


def network_switches(page):
    """Switches for how answers reach the browser of a page; whoever shows them subscribes to "playground:network"."""

    def command(text):
        page.client.run_javascript(f"window.playground.{text}")

    delay, is_held, waiting = playground.whereis(Network).told.get(page.client.id, (0, False, 0))
    delays = {0: "Answers at once", 400: "400 ms later", 2000: "2 s later"}
    if delay not in delays:
        delays[delay] = f"{delay} ms later"
    with ui.row(align_items="center").classes("gap-3 pt-3"):
        toggle = ui.toggle(delays, value=delay, on_change=lambda event: command(f"slow({event.value})"))
        toggle.props("no-caps")
        ui.switch("Hold", value=is_held, on_change=lambda event: command("hold()" if event.value else "release()"))
        if is_held:
            ui.button(f"Next of {waiting}", on_click=lambda: command("next()")).set_enabled(waiting > 0)


# ---------------------------------------------------------------------------------------------------------------------
# A lesson is recorded, and played again
#
# `playground my_demo.py --record talk/` writes what was saved and what was done in pages, with its time:
# `recording.jsonl`, an entry a line, and the files as they were saved, below `versions`. What does not come from people
# (timers, messages, what a program reads) is not in it: it happens again by itself.
#
# `playground replay talk/` serves the program as it was at the beginning, in a fresh directory. The space bar, or a
# button of a small bar, does the next step: the file is saved, a button is clicked, a field is filled. In between one
# may click and save whatever one likes; the next step then goes on from there, and a save of the recording takes the
# place of one's own, which can be put back from `/_playground/code`. The cross on the bar drops the rest.
# ---------------------------------------------------------------------------------------------------------------------

RECORDING = "recording.jsonl"


class Recorder(playground.GenServer):
    """Writes what is saved and done; further starts of the program go on with the same recording."""

    def init(self, directory):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        path = self.directory / RECORDING
        self.count = len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0
        self.file = path.open("a", encoding="utf-8")
        self.recorded = {}  # the texts that are in the recording, by their paths
        self.places = WeakKeyDictionary()  # of the elements of clients, as they were before the next event
        app.on_connect(lambda client: self.places.setdefault(client, places_of(client)))
        self.browsers = defaultdict(list)  # the ids of clients, by classes of pages
        playground.subscribe("playground:saves")
        playground.subscribe("playground:messages")
        self.note_files("start", time.time(), {}, arguments=sys.argv[1:])

    def terminate(self, reason):
        self.file.close()

    def handle_info(self, message):
        match message:
            case playground.Saved():
                self.note_files("save", message.time, message.files, error=message.error.partition("\n")[0])
            case playground.Handled(process=playground.LiveView() as page) if type(page).__module__ != __name__:
                self.note_event(page, message)

    def note(self, kind, when, **entry):
        self.count += 1
        self.file.write(json.dumps({"kind": kind, "time": round(when, 3), **entry}, ensure_ascii=False) + "\n")
        self.file.flush()

    def note_files(self, kind, when, files, **entry):
        sources = playground.sources()
        new = {path: text for path, text in (sources | files).items() if self.recorded.get(path) != text}
        script, written = next(iter(sources)), {}
        self.recorded |= new
        for path, text in new.items():
            name = Path(name_in(path, script))
            target = self.directory / "versions" / str(self.count + 1) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
            written[name.as_posix()] = target.relative_to(self.directory).as_posix()
        self.note(kind, when, files=written, **entry)

    def note_event(self, page, handled):
        before, now = self.places.get(page.client, {}), places_of(page.client)
        self.places[page.client] = now
        element = handled.sender
        place = before.get(getattr(element, "id", None)) or now.get(getattr(element, "id", None))
        if place is None or isinstance(element, ui.timer):
            return
        browsers = self.browsers[type(page).__name__]
        if page.client.id not in browsers:
            browsers.append(page.client.id)
        number = browsers.index(page.client.id)
        where = {"page": type(page).__name__, "path": page.client.request.url.path, "browser": number, "element": place}
        self.note("event", handled.time, **where, **deed_of(handled))


def places_of(client):
    """How to find the elements of a page in another run: by their titles, else by their tags; by their ids."""
    counts, places = Counter(), {}
    for element in client.layout.descendants():
        tag, title = element.tag, title_of(element)
        places[element.id] = {"tag": tag, "title": title, "number": counts[tag, title], "index": counts[tag]}
        counts.update([(tag, title), tag])
    return places


def title_of(element):
    named = (element.props.get(name) for name in ("label", "aria-label", "placeholder", "name", "icon"))
    return str(getattr(element, "text", "") or next(filter(None, named), ""))


def deed_of(handled):
    """What was done to an element."""
    told = handled.arguments[0] if handled.arguments else None
    if isinstance(told, playground.FormEventArguments):
        deed = {"do": "fill" if told.field else "submit", "values": told.values}
    elif isinstance(told, ValueChangeEventArguments):
        deed = {"do": "set", "value": told.value}
    elif hasattr(handled.sender, "value"):
        deed = {"do": "set", "value": handled.sender.value}
    else:
        return {"do": "click"}
    try:
        return json.loads(json.dumps(deed))
    except (TypeError, ValueError):
        return {"do": "nothing"}  # a file that was uploaded, say


class Replay(playground.GenServer):
    """Does a step of a recording after the other, when the presenter says so."""

    def init(self, directory):
        self.directory = Path(directory)
        self.steps = steps_of(self.directory)
        self.began = self.steps.pop(0)["time"]
        self.at, self.failed = 0, ""
        playground.subscribe("playground:tools")

    async def handle_info(self, message):
        match message:
            case (page, "replay look"):
                self.show(page)
            case (_, "replay next") if self.at < len(self.steps):
                step = self.steps[self.at]
                self.at, self.failed = self.at + 1, ""
                try:
                    await self.play(step)
                except (OSError, LookupError) as error:
                    self.failed = f"Not done: {error}. "
                self.show_all()
            case (_, "replay end"):
                self.at = len(self.steps) + 1
                self.show_all()

    async def play(self, step):
        if step["kind"] != "event":
            write_version(self.directory, step, Path(next(iter(playground.sources()))).parent)
            return
        page = await self.page_of(step)
        element = element_at(page, step["element"])
        match step["do"]:
            case "click":
                page.client.run_javascript(f"getHtmlElement({element.id})?.click()")
            case "set":
                element.value = step["value"]
            case "fill" | "submit":
                for field in element.descendants():
                    if (name := field.props.get("name")) in step["values"] and hasattr(field, "value"):
                        field.value = step["values"][name]
                if step["do"] == "submit":
                    page.client.run_javascript(f"getHtmlElement({element.id})?.requestSubmit()")

    async def page_of(self, step):
        """The page where something was done; one that is open goes there if there is none."""
        for attempt in range(100):
            found = [page for page in open_pages() if type(page).__name__ == step["page"]]
            if found:
                return found[min(step["browser"], len(found) - 1)]
            if attempt == 0 and (others := [page for page in open_pages() if page.is_presenter]):
                others[-1].push_navigate(step["path"])
            await asyncio.sleep(0.05)
        raise LookupError(f"the page {step['path']} is not open")

    def show_all(self):
        for page in open_pages(tools=True):
            if page.is_presenter:
                self.show(page)

    def show(self, page):
        following = self.steps[self.at] if self.at < len(self.steps) else None
        state = {"at": self.at, "of": len(self.steps), "failed": self.failed, "next": "The end"}
        if following:
            minutes, seconds = divmod(round(following["time"] - self.began), 60)
            state["next"] = f"{minutes}:{seconds:02} {told_of(following)}"
        page.client.run_javascript(f"window.playground.showReplay({json.dumps(state)})")


def steps_of(directory):
    """The entries of a recording; what was typed into a field in one go is one step."""
    steps = []
    for line in (Path(directory) / RECORDING).read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if step.get("do") == "nothing" or (step["kind"] != "event" and steps and not step["files"]):
            continue
        if steps and steps[-1].get("do") == step.get("do") in ("set", "fill"):
            where = ("page", "browser", "element")
            if [step[name] for name in where] == [steps[-1][name] for name in where]:
                steps.pop()
        steps.append(step)
    return steps


def told_of(step):
    """A step in words."""
    if step["kind"] != "event":
        return f"{', '.join(step['files'])} is saved" + (", and does not run" if step.get("error") else "")
    title = step["element"]["title"] or step["element"]["tag"].removeprefix("q-").removeprefix("nicegui-")
    match step["do"]:
        case "click":
            return f"“{title}” is clicked"
        case "set":
            return f"“{title}” becomes {step['value']!r:.40}"
        case _:
            return f"a form is {'sent' if step['do'] == 'submit' else 'filled'}"


def open_pages(tools=False):
    """The pages that browsers show."""
    views = [branch["process"] for branch in playground.tree() if branch["kind"] == "page"]
    return [view for view in views if view.connected and (tools or type(view).__module__ != __name__)]


def element_at(page, place):
    """The element of a page that is where one of the recording was."""
    places = places_of(page.client)
    for names in (("tag", "title", "number"), ("tag", "index")):
        for id_, here in places.items():
            if all(here[name] == place[name] for name in names):
                return page.client.elements[id_]
    raise LookupError(f"there is no “{place['title'] or place['tag']}”")


def write_version(directory, step, target):
    """Write what was saved; the script comes last, as it may import what is new."""
    for name, version in reversed(step["files"].items()):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, (directory / version).read_bytes().decode())


REPLAY_JS = """
<script>
document.addEventListener("DOMContentLoaded", () => {
  const { socket, playground } = window;
  if (!socket || !playground) return;
  const bar = document.createElement("playground-replay");
  bar.attachShadow({ mode: "open" }).innerHTML = `<style>
    :host { position: fixed; left: 50%; bottom: 4.5rem; transform: translateX(-50%); z-index: 99999990;
            width: max-content; max-width: calc(100vw - 1.5rem); }
    @media (max-width: 600px) { :host { bottom: 7.5rem; } }
    div { font: 1.05rem/1.35 system-ui, sans-serif; color: #fff; background: #1e1b4b; border: 2px solid #a5b4fc;
          border-radius: 1.5rem; padding: 0.35rem 0.5rem 0.35rem 1.1rem;
          display: flex; gap: 0.6rem; align-items: center; }
    b { white-space: nowrap; } span { flex: 1; overflow-wrap: anywhere; }
    button { font: inherit; font-weight: 600; color: #fff; background: #4338ca; border: 0; border-radius: 1.2rem;
             padding: 0.35rem 0.9rem; white-space: nowrap; }
    :focus-visible { outline: 3px solid #fff; outline-offset: 2px; } [hidden] { display: none; }
    </style><div role="status"><b></b><span></span><button title="or the space bar">Next</button>
    <button aria-label="Drop the rest" title="Drop the rest">✕</button></div>`;
  const [at, text, next, end] = bar.shadowRoot.querySelectorAll("b, span, button");
  const tell = (name) => playground.act("tool", { name: `replay ${name}` });
  bar.shadowRoot.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the page
  next.addEventListener("click", () => tell("next"));
  end.addEventListener("click", () => tell("end"));
  playground.showReplay = (state) => {
    if (state.at > state.of) bar.remove();
    else document.body.append(bar);
    at.textContent = `${Math.min(state.at, state.of)} of ${state.of}`;
    text.textContent = state.failed + (state.at < state.of ? `Next: ${state.next}` : state.next);
    next.hidden = state.at >= state.of;
  };
  let isDown = false; // a button that has the focus is not pressed as well
  const isTyping = () => document.activeElement?.matches("input, textarea, select, [contenteditable]");
  function press(event) {
    const isMeant = event.key === " " && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
    if (!isMeant || !bar.isConnected || next.hidden || isTyping()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    isDown = true;
    if (!event.repeat) tell("next");
  }
  function release(event) {
    if (event.key !== " " || !isDown) return;
    isDown = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  window.addEventListener("keydown", press, true);
  window.addEventListener("keyup", release, true);
  socket.on("connect", () => tell("look"));
  if (socket.connected) tell("look");
});
</script>
"""


@cache
def add_replay():
    """Have all pages know the bar, once; the server shows it to the presenter."""
    ui.add_head_html(REPLAY_JS, shared=True)


def replay(directory="talk"):
    """Serve the program of a recording as it was at the beginning."""
    try:
        first = steps_of(directory)[0]
    except (OSError, ValueError, LookupError) as error:
        sys.exit(f"playground: there is no recording in {directory}: {error}")
    target = Path(tempfile.mkdtemp(prefix="playground-replay-"))
    write_version(Path(directory), first, target)
    os.environ["PLAYGROUND_REPLAY"] = os.path.abspath(directory)
    print(f"playground: what was recorded in {directory} is played in {target}; the space bar does the next step")
    playground.main(["--stage", str(target / next(iter(first["files"]))), *first["arguments"]])


# ---------------------------------------------------------------------------------------------------------------------
# A page to try them on
# ---------------------------------------------------------------------------------------------------------------------


class Demo(playground.LiveView):
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
    if sys.argv[1:2] == ["replay"]:
        replay(*sys.argv[2:3])
    else:
        playground.start(live=Demo, stage=True)
