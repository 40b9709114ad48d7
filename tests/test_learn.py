"""The program that teaches: its steps and their checks, what is edited in it, its gallery and its reference."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import FunctionType, SimpleNamespace

import pytest

import playground

pytest.importorskip("playwright")
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parent.parent
LEARN = ROOT / "examples" / "learn.py"
TUTORIAL = LEARN.with_name("tutorial")
STEPS = [path.stem for path in sorted(TUTORIAL.glob("*.md"))]
every_step = pytest.mark.parametrize("step", STEPS)


def program_of(step):
    return (TUTORIAL / f"{step}.py").read_text()


def solution_of(step):
    return (TUTORIAL / f"{step}_solution.py").read_text()


# ---------------------------------------------------------------------------------------------------------------------
# Steps and their checks
# ---------------------------------------------------------------------------------------------------------------------


def checked(step, program, directory):
    """What the check of a step says of a program."""
    file = directory / f"{step}.py"
    file.write_text(program)
    command = [sys.executable, str(TUTORIAL / "checks.py"), str(TUTORIAL / f"{step}_check.py"), str(file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYGROUND_STATE": str(directory / "state")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert [path.name for path in directory.iterdir() if path.name != "state"] == [file.name]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_there_are_eight_steps():
    assert [int(step.split("_")[0]) for step in STEPS] == list(range(1, 9))


@every_step
def test_the_check_fails_on_the_program_and_passes_on_the_solution(step, tmp_path):
    before = checked(step, program_of(step), tmp_path)
    assert not before[0]["passed"]
    assert all(result["instead"] for result in before if not result["passed"])
    after = checked(step, solution_of(step), tmp_path)
    assert all(result["passed"] for result in after), after
    assert all(result["expected"] for result in after)


@every_step
def test_the_program_and_the_text_are_short(step):
    lines = program_of(step).splitlines() + solution_of(step).splitlines()
    assert max(map(len, lines)) <= 88  # the editor is narrow
    assert len(program_of(step).splitlines()) <= 50
    assert len((TUTORIAL / f"{step}.md").read_text().split()) <= 180


@every_step
def test_the_program_opens_without_complaints(serve, open_page, step):
    server = serve(TUTORIAL / f"{step}.py")
    tab = open_page(server.url)
    tab.wait_for_function("document.querySelector('.nicegui-content')?.childElementCount > 0")
    assert server.stderr == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("self.count += 1", "self.count += ", "Python cannot read line 15: invalid syntax."),
        ("self.count = 0", "self.count = number", "NameError in line 8: name 'number' is not defined"),
        ("playground.start(live=Counter)", "", "RuntimeError: the program does not call playground.start(live=...)"),
        ("playground.start(live=Counter)", "exit()", "SystemExit in line 18: None"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(tmp_path, old, new, told):
    program = program_of("1_counter")
    assert old in program
    assert {result["instead"] for result in checked("1_counter", program.replace(old, new), tmp_path)} == {told}


# ---------------------------------------------------------------------------------------------------------------------
# Tutorial
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def learn(serve, tmp_path):
    server = serve(LEARN, "--no-browser", cwd=tmp_path)
    server.own = tmp_path / "state" / "learn"
    return server


def edit(page, text):
    """Put a text in the place of all that is in the editor."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def frame_of(page):
    return page.frame_locator("iframe")


@pytest.mark.slow
@pytest.mark.console_allows("ERR_", "Failed to load resource")
def test_what_is_edited_shows_at_once_and_the_exercise_gets_its_tick(learn, open_page):
    page = open_page(f"{learn.url}/tutorial/1_counter")
    frame = frame_of(page)
    frame.get_by_role("button", name="+").click()
    frame.get_by_role("button", name="+").click()
    expect(frame.get_by_text("Count: 2")).to_be_visible()
    expect(page.get_by_text("After one click on “-” the page shows -1.")).to_be_visible()
    edit(page, program_of("1_counter").replace("Count:", "Clicks:"))
    expect(frame.get_by_text("Clicks: 2")).to_be_visible()
    expect(page.get_by_text("There is no '-' on the page.").first).to_be_visible()
    edit(page, solution_of("1_counter"))
    frame.get_by_role("button", name="-", exact=True).click()
    expect(frame.get_by_text("Count: 1")).to_be_visible()
    expect(page.get_by_text("Well done!")).to_be_visible()
    tick = page.get_by_role("link", name="1. A counter").locator(".good")
    expect(tick).to_be_visible()
    assert (learn.own / "tutorial" / "1_counter.py").read_text() == solution_of("1_counter")
    assert json.loads((learn.own / "progress.json").read_text())["done"] == ["1_counter"]

    page.get_by_role("link", name="Next: Events").click()
    expect(frame.get_by_role("button", name="Red scores")).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text("class Match")
    page.goto(learn.url)  # where one was, with the tick
    expect(page.locator(".cm-content")).to_contain_text("class Match")
    expect(tick).to_be_visible()


@pytest.mark.slow
def test_one_may_use_an_editor_of_ones_own(learn, open_page):
    page, other = open_page(f"{learn.url}/tutorial/2_events"), open_page(f"{learn.url}/tutorial/2_events")
    file = learn.own / "tutorial" / "2_events.py"
    expect(page.get_by_text(str(file))).to_be_visible()
    frame_of(page).get_by_role("button", name="Blue scores").click()
    file.write_text(program_of("2_events").replace("Blue scores", "Blue has one more"))
    expect(frame_of(page).get_by_role("button", name="Blue has one more")).to_be_visible()
    expect(frame_of(page).get_by_text("Red 0 : 1 Blue")).to_be_visible()
    for tab in (page, other):
        expect(tab.locator(".cm-content")).to_contain_text("Blue has one more")
    edit(page, program_of("2_events").replace("Blue scores", "Goal for blue"))
    expect(other.locator(".cm-content")).to_contain_text("Goal for blue")
    file.write_text(program_of("2_events"))  # as it was at the start
    expect(page.locator(".cm-content")).to_contain_text("Blue scores")
    expect(frame_of(other).get_by_role("button", name="Blue scores")).to_be_visible()


@pytest.mark.slow
@pytest.mark.console_allows("ERR_", "Failed to load resource")
def test_a_program_that_cannot_start_begins_with_the_fix(learn, open_page, wait_for):
    file = learn.own / "tutorial" / "3_lists.py"
    wait_for(file.exists)
    file.write_text("class Broken(:\n")
    page = open_page(f"{learn.url}/tutorial/3_lists")
    expect(page.get_by_text("Python cannot read line 1: invalid syntax.").first).to_be_visible()
    page.get_by_role("button", name="Show a solution").click()
    page.get_by_role("button", name="Put it into the editor").click()
    expect(frame_of(page).get_by_role("button", name="Up").first).to_be_visible()
    expect(page.get_by_text("Well done!")).to_be_visible()
    assert file.with_name("3_lists_before.py").read_text() == "class Broken(:\n"
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("Well done!")).to_have_count(0)
    assert file.read_text() == program_of("3_lists")


@pytest.mark.slow
def test_it_is_used_by_keyboard(learn, open_page):
    page = open_page(f"{learn.url}/tutorial/1_counter")
    expect(frame_of(page).get_by_role("button", name="+")).to_be_visible()
    page.get_by_role("link", name="2. Events").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("class Match")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("# mine\n")
    page.keyboard.press("Control+s")
    expect(page.locator(".cm-content")).to_contain_text("# mine")
    page.keyboard.press("Escape")  # a completion that may be on its way
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.wait_for_function("!document.activeElement.closest('.cm-editor')")


def test_programs_end_when_nobody_looks(tmp_path, monkeypatch, wait_for):
    module = module_of_learn(tmp_path, monkeypatch)
    module.globals["PATIENCE"] = 0.1
    with playground.visit(module.pages, "/tutorial/1_counter", children=[module.Lessons]) as page:
        lesson = playground.whereis("1_counter")
        wait_for(lambda: page.settle() or lesson.is_running)
        page.goto("/tutorial/2_events")
        wait_for(lambda: page.settle() or lesson.command.status == "stopped")


# ---------------------------------------------------------------------------------------------------------------------
# Gallery
# ---------------------------------------------------------------------------------------------------------------------


def module_of_learn(tmp_path, monkeypatch):
    """The module `learn`, with a state of its own."""
    monkeypatch.setenv("PLAYGROUND_STATE", str(tmp_path))
    names = runpy.run_path(str(LEARN))
    module = SimpleNamespace(**names)
    module.globals = module.write.__globals__
    module.pages = {
        "/tutorial/{step}": module.Tutorial,
        "/gallery": module.Gallery,
        "/reference": module.Reference,
        "/reference/{name}": module.Reference,
    }
    return module


def test_the_gallery_has_all_examples_and_a_small_picture_of_each(tmp_path, monkeypatch):
    module = module_of_learn(tmp_path, monkeypatch)
    paths = sorted((ROOT / "examples").glob("demo_*.py"))
    assert sorted(example.path for example in module.GALLERY.values()) == paths
    for example in module.GALLERY.values():
        assert example.summary, example.name
        assert example.picture, f"tests/pictures.py takes a picture of {example.name}"
        assert example.picture.stat().st_size <= 40_000


@pytest.mark.slow
@pytest.mark.parametrize(("name", "text"), [("demo_controller", "Count: 0"), ("demo_endpoint", "Café")])
def test_the_gallery_runs_what_has_no_live_page_at_the_top(learn, page, name, text):
    page.goto(f"{learn.url}/run/{name}")
    expect(page.get_by_text(text).first).to_be_visible()
    assert not page.url.startswith(learn.url)


@pytest.mark.slow
def test_links_lead_to_the_place_in_the_page(learn, open_page):
    page = open_page(f"{learn.url}/reference")
    page.get_by_role("searchbox", name="Search").fill("send_interval")
    page.get_by_role("link", name="GenServer.send_interval").click()
    expect(page.locator("#send_interval")).to_be_in_viewport()
    page.get_by_role("link", name="demo_command.py").first.click()
    page.wait_for_url("**/gallery#demo_command")
    expect(page.locator("#demo_command")).to_be_in_viewport()


@pytest.mark.slow
def test_the_gallery_runs_an_example_and_copies_it(learn, open_page, tmp_path):
    page = open_page(f"{learn.url}/gallery")
    card = page.locator("#demo_live")
    expect(card.locator("img")).to_be_visible()
    page.wait_for_function("document.querySelector('#demo_live img').naturalWidth > 0")
    with page.expect_popup() as popup:
        card.get_by_role("link", name="Run").click()
    running = popup.value
    expect(running.get_by_text("Count: 0")).to_be_visible()
    assert running.url != learn.url
    running.close()
    copy = tmp_path / "demo_live.py"
    card.get_by_role("button", name="Copy to my directory").click()
    expect(page.get_by_text(f"It is in {copy}")).to_be_visible()
    assert copy.read_text() == (ROOT / "examples" / "demo_live.py").read_text()
    copy.write_text("mine")
    card.get_by_role("button", name="Copy to my directory").click()
    expect(page.get_by_text("Nothing was copied")).to_be_visible()
    assert copy.read_text() == "mine"
    card.get_by_role("button", name="Source").click()
    expect(page.get_by_role("dialog").get_by_text("The counter: state, render, events.")).to_be_visible()
    page.keyboard.press("Escape")
    card.get_by_role("button", name="Stop").click()
    expect(card.get_by_role("button", name="Stop")).to_have_count(0)


# ---------------------------------------------------------------------------------------------------------------------
# Reference
# ---------------------------------------------------------------------------------------------------------------------


def test_the_reference_has_every_public_name_with_its_methods(tmp_path, monkeypatch):
    module = module_of_learn(tmp_path, monkeypatch)
    entries = module.reference()
    assert set(entries) == set(playground.__all__)
    for name, entry in entries.items():
        assert entry.doc, f"{name} is not described"
        thing = getattr(playground, name)
        for method, value in vars(thing).items() if isinstance(thing, type) else ():
            if isinstance(value, (FunctionType, classmethod, property)) and not method.startswith("_"):
                assert method in [each.name for each in entry.methods], f"{name}.{method}"


def test_the_reference_is_searched(tmp_path, monkeypatch):
    module = module_of_learn(tmp_path, monkeypatch)
    found = module.search("send_interval")[0]
    assert found.full_name == "GenServer.send_interval"
    assert found.signature.startswith("(seconds: float, message: Any)")
    assert module.search("start")[0].name == "start"
    assert module.reference()["live_component"].signature.startswith("(cls: type[C], ")
    run = next(method for method in module.reference()["Command"].methods if method.name == "run")
    assert run.signature.startswith("(command: _CommandLine, ")
    assert not module.search("no such words in it")
    with playground.visit(module.pages, "/reference") as page:
        page.type("Search", "send_interval")
        page.click("GenServer.send_interval")
        assert page.has("playground.GenServer")
        page.type("Search", "")
        for name in playground.__all__:
            assert page.has(name)


def test_descriptions_become_markdown(tmp_path, monkeypatch):
    module = module_of_learn(tmp_path, monkeypatch)
    for entry in module.reference().values():
        for each in (entry, *entry.methods):
            assert ".. code-block" not in each.doc, each.full_name
            assert not re.search(r"^:\w+", each.doc, re.MULTILINE), each.full_name
            assert each.doc.count("```") % 2 == 0
    assert "\n    def mount(self):\n        self.count = 0" in module.reference()["LiveView"].doc


# ---------------------------------------------------------------------------------------------------------------------
# Looks
# ---------------------------------------------------------------------------------------------------------------------

FAINT = """() => {
  const rgba = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((x) => x / 255)
    .map((x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4))
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = rgba(getComputedStyle(each).backgroundColor);
      if (color.length === 3 || color[3] > 0.9) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || !element.getClientRects().length) continue;
    if (element.closest("script, style, .q-icon, .xterm, .cm-editor")) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push(`${texts.currentNode.data.trim().slice(0, 30)}: ${contrast.toFixed(1)}`);
  }
  return found;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable_and_fits(learn, open_page, scheme):
    page = open_page("about:blank", connected=False)
    page.emulate_media(color_scheme=scheme)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("tutorial/3_lists", "gallery", "reference/LiveView", "reference"):
        page.goto(f"{learn.url}/{path}")
        page.wait_for_function("document.querySelector('main')?.childElementCount > 0")
        for width, height in ((1024, 768), (1280, 800), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
        assert not page.evaluate(FAINT), f"{path} in {scheme}"
    assert not [url for url in asked if "//127.0.0.1:" not in url and not url.startswith("data:")]  # it works offline


# ---------------------------------------------------------------------------------------------------------------------
# Guide
# ---------------------------------------------------------------------------------------------------------------------


def test_the_guide_has_all_chapters_and_its_pictures(learn, open_page):
    page = open_page(f"{learn.url}/guide")
    chapters = page.get_by_role("navigation", name="Chapters")
    for chapter in ("What reloading does not do", "State, render, events"):
        chapters.get_by_role("link", name=chapter).click()
        expect(page.get_by_role("main").get_by_role("heading", name=chapter)).to_be_visible()
    chapters.get_by_role("link", name="Errors").click()
    page.wait_for_function("document.querySelector('main img')?.naturalWidth > 0")


def test_the_command_playground_examples_shows_the_gallery_first(serve, open_page, tmp_path):
    page = open_page(serve(LEARN, "examples", cwd=tmp_path).url)
    expect(page.get_by_text("Copy to my directory").first).to_be_visible()
