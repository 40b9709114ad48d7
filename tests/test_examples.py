"""Every example runs as it is, says what it needs, and can be read from the last row."""

import ast
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from types import SimpleNamespace

import pytest
from conftest import NOT_INHERITED, PATIENCE, ROOT, settle_until, wait_until

import playground

pytest.importorskip("playwright")
from playwright.sync_api import expect

EXAMPLES = sorted(path for path in (ROOT / "examples").glob("*.py") if path.stem != "stage")  # the tools: no program
SHOP = ROOT / "examples" / "contexts" / "main.py"
FAILS_ON_PURPOSE = {"demo_async"}
WITHOUT_A_PAGE_AT_THE_TOP = {"demo_controller", "demo_controller_test", "demo_endpoint"}  # see test_mirrors.py
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
every_script = pytest.mark.parametrize("script", [*EXAMPLES, SHOP], ids=lambda path: path.stem)

# the regular expression of PEP 723
METADATA = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


def metadata_of(example):
    """The inline script metadata of a file."""
    blocks = [found["content"] for found in METADATA.finditer(example.read_text()) if found["type"] == "script"]
    assert len(blocks) == 1, f"{example.name} has {len(blocks)} blocks of script metadata"
    return tomllib.loads("".join(line[2:] or "\n" for line in blocks[0].splitlines(keepends=True)))


def test_there_are_examples():
    assert "demo_live" in [path.stem for path in EXAMPLES]


@every_example
def test_an_example_opens_in_the_browser_without_complaints(serve, open_page, example):
    if example.stem in WITHOUT_A_PAGE_AT_THE_TOP:
        pytest.skip("it has no live page at /")
    server = serve(example)
    tab = open_page(server.url)
    tab.wait_for_function("document.querySelector('.nicegui-content')?.childElementCount > 0")
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        tab.wait_for_function(f"document.body.classList.contains('body--dark') === {json.dumps(scheme == 'dark')}")
        tab.wait_for_function("document.getAnimations().every((animation) => animation.playState !== 'running')")
        assert tab.evaluate(HARD_TO_READ) == [], f"hard to read where it is {scheme}"
    if example.stem not in FAILS_ON_PURPOSE:
        assert "Traceback" not in server.log
        assert server.stderr == ""


# texts that are smaller than 14 px or differ from what is behind them by less than 4.5 to 1, buttons and links apart
HARD_TO_READ = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parse = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, bottom) => [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3]));
  const part = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = (color) => 0.2126 * part(color[0]) + 0.7152 * part(color[1]) + 0.0722 * part(color[2]);
  const found = [];
  const texts = document.createTreeWalker(document.querySelector("#app"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, style = getComputedStyle(element);
    const text = texts.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(".q-icon, .q-btn, .q-field--focused, .q-uploader, .q-slider, a, code, .disabled, .xterm, script, style")) continue;
    let opacity = 1, behind = document.body.classList.contains("body--dark") ? [18, 18, 18] : [255, 255, 255];
    const around = [];
    for (let each = element; each; each = each.parentElement) around.unshift(getComputedStyle(each));
    for (const each of around) {
      behind = over(parse(each.backgroundColor), behind);
      opacity *= each.opacity;
    }
    const color = parse(style.color);
    const [one, other] = [light(over([...color.slice(0, 3), color[3] * opacity], behind)), light(behind)];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5 || parseFloat(style.fontSize) < 12) found.push(`${text}: ${contrast.toFixed(1)}, ${style.fontSize}`);
  }
  return found;
}"""


# the distributions that are not called as what is imported from them
DISTRIBUTIONS = {"playground": "nicegui-playground", "nicegui": "nicegui-playground"}


@every_script
def test_an_example_says_what_it_needs(script):
    metadata = metadata_of(script)
    assert metadata["requires-python"] == ">=3.11"
    source = metadata["tool"]["uv"]["sources"]["nicegui-playground"]["path"]
    assert (script.parent / source).resolve() == ROOT
    named = {re.match(r"[\w-]+", dependency)[0] for dependency in metadata["dependencies"]}
    imported = set()
    for file in [script, *script.parent.glob("shop*/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) else []
            imported |= {module.partition(".")[0] for module in modules}
    others = imported - set(sys.stdlib_module_names) - {path.stem for path in script.parent.iterdir()}
    assert {DISTRIBUTIONS.get(module, module) for module in others} <= named


@pytest.mark.parametrize(
    ("script", "missing", "needed"),
    [("demo_tests.py", "pytest", "pytest"), ("contexts/main.py", "dbos", '"dbos>=3.4"')],
)
def test_an_example_says_in_one_line_what_to_install(script, missing, needed):
    path = ROOT / "examples" / script
    run = f"import runpy, sys; sys.modules[{missing!r}] = None; sys.path.insert(0, {str(path.parent)!r})\n"
    run += f"runpy.run_path({str(path)!r}, run_name='__main__')"
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-c", run]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"{sys.executable} -m pip install " in done.stderr
    assert needed in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
@every_example
def test_uv_runs_an_example_of_a_checkout(example, tmp_path, shared_port_4000):
    if "port=4000" in example.read_text():
        pytest.skip("it insists on port 4000, which another test may have")
    not_inherited = (*NOT_INHERITED, "PYTHONPATH", "VIRTUAL_ENV")
    environment = {key: value for key, value in os.environ.items() if key not in not_inherited}
    environment["PYTHONUNBUFFERED"] = "1"
    with subprocess.Popen(
        ["uv", "run", example],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            lines = iter(process.stdout.readline, "")
            assert any(re.search(r"http://(127\.0\.0\.1|localhost):\d+", line) for line in lines)
        finally:
            process.terminate()
            process.communicate()  # until what it has started is gone as well, and has let go of its port


@every_example
def test_an_example_says_what_it_shows_and_starts_at_its_end(example):
    module = ast.parse(example.read_text())
    assert ast.get_docstring(module), "no docstring"
    assert re.search(r"playground\.start\(|\.run\(", ast.unparse(module.body[-1]))


# ---------------------------------------------------------------------------------------------------------------------
# What the single ones show
# ---------------------------------------------------------------------------------------------------------------------


def example(name):
    """The module of an example."""
    return SimpleNamespace(**runpy.run_path(str(EXAMPLES[0].parent / f"{name}.py")))


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_the_timeline_is_shared_by_all_pages(serve, open_page):
    server = serve(EXAMPLES[0].parent / "demo_pubsub.py")
    one, two = open_page(server.url), open_page(server.url)
    for left in (1, 0):  # of those that are there from the beginning
        one.get_by_role("button").filter(has_text="close").first.click()
        two.wait_for_function(f"document.querySelectorAll('.q-card .break-words').length === {left}")
    expect(two.get_by_text("Nothing is left.")).to_be_visible()
    for page, text in ((one, "first post"), (two, "<b>second</b> post")):
        page.locator("input").fill(text)
        page.locator("input").press("Enter")
        expect(page.locator("input")).to_have_value("")
    for page in (one, two):
        expect(page.locator(".q-card .break-words")).to_have_text(["<b>second</b> post", "first post"])
    one.locator("input").fill("half a thou")
    two.get_by_role("button").filter(has_text="favorite").first.click()
    expect(one.get_by_role("button").filter(has_text="favorite").first).to_contain_text("1")
    two.get_by_role("button").filter(has_text="close").last.click()
    expect(one.locator(".q-card .break-words")).to_have_text(["<b>second</b> post"])
    expect(one.locator("input")).to_have_value("half a thou")
    three = open_page(server.url)
    expect(three.locator(".q-card .break-words")).to_have_text(["<b>second</b> post"])


def test_the_cache_fetches_once_and_the_limiter_says_no(wait_for):
    cache = example("demo_cache")
    fetched = []

    async def fetch(city):
        fetched.append(city)
        playground.cast(cache.Cache, ("fetched", city, "20 °C"))

    cache.Cache.handle_call.__globals__["fetch_weather"] = fetch
    with playground.visit(cache.Page, children=[cache.RateLimiter, cache.Fetches, cache.Cache]) as page:
        for _ in range(2):
            page.click("Oslo")
            page.wait_async()
        page.click("Quito")
        page.wait_async()
        assert [city for city in cache.CITIES if len(page.find_all(city)) > 1] == [
            "Berlin",
            "Lisbon",
            "Nairobi",
            "Oslo",
            "Quito",
        ]
        assert page.live.answers[0][1:3] == page.live.answers[1][1:3] == ("Oslo", "20 °C")
        assert fetched == ["Oslo", "Quito"]
        for _ in range(4):
            page.click("Oslo")
        assert page.has("Oslo: too many lookups, wait a little")


def test_a_service_that_fails_is_an_answer_of_the_cache():
    cache = example("demo_cache")

    async def fetch(city):
        raise ConnectionError("no weather today")

    cache.Cache.handle_call.__globals__["fetch_weather"] = fetch
    with playground.visit(cache.Page, children=[cache.RateLimiter, cache.Fetches, cache.Cache]) as page:
        page.click("Oslo")
        page.wait_async()
        assert page.has("Oslo: unknown: the service failed")


def test_two_play_a_game_and_a_third_watches(serve, open_page):
    server = serve(EXAMPLES[0].parent / "demo_game.py")
    lobby, red = open_page(server.url), open_page(server.url)
    expect(lobby.locator(".ring-4.bg-red-500")).to_have_count(4)  # a game that was won, as long as there is none
    press(red, "New game")
    red.wait_for_url("**/games/*")
    expect(red.get_by_text("Waiting for another player")).to_be_visible()
    expect(lobby.get_by_text("1 of 2 players")).to_be_visible()
    yellow, watcher = open_page(red.url), open_page(red.url)
    expect(red.get_by_text("Your turn, red.")).to_be_visible()
    columns = [page.locator(".cursor-pointer") for page in (red, yellow, watcher)]
    columns[2].nth(0).click()  # only watches
    columns[1].nth(0).click()  # not its turn
    for move in range(4):
        columns[0].nth(move).click()
        expect(watcher.locator(".bg-red-500")).to_have_count(move + 1)
        if move < 3:
            columns[1].nth(6).click()
            expect(watcher.locator(".bg-yellow-400")).to_have_count(move + 1)
    expect(red.get_by_text("You win!")).to_be_visible()
    expect(yellow.get_by_text("Red wins.")).to_be_visible()
    expect(watcher.locator(".ring-4")).to_have_count(4)
    press(yellow, "Play again")
    expect(red.locator(".bg-red-500, .bg-yellow-400")).to_have_count(0)
    yellow.close()
    expect(red.get_by_text("Waiting for another player")).to_be_visible()
    press(watcher, "Lobby")
    expect(watcher.get_by_text("1 of 2 players")).to_be_visible()


def test_a_game_that_is_won_in_each_direction():
    winner_of = example("demo_game").winner_of
    for dx, dy, x, y in ((1, 0, 3, 5), (0, 1, 6, 2), (1, 1, 2, 1), (1, -1, 0, 3)):
        four = [(x + step * dx, y + step * dy) for step in range(4)]
        assert winner_of(dict.fromkeys(four, "red")) == four
        assert not winner_of(dict.fromkeys(four[:3], "red") | {four[3]: "yellow"})
    assert not winner_of({})


def test_slow_work_shows_skeletons_then_results_and_a_retry_helps(serve, open_page):
    server = serve(EXAMPLES[0].parent / "demo_async.py")
    page = open_page(server.url)
    expect(page.locator(".q-skeleton").first).to_be_visible()
    press(page, "Clicks: 0")
    expect(page.get_by_role("button", name="Clicks: 1")).to_be_visible()
    expect(page.get_by_text("the warehouse does not answer", exact=True)).to_be_visible()
    expect(page.get_by_text("Shelf")).to_be_visible()
    expect(page.get_by_text("k€")).to_be_visible()
    expect(page.locator(".q-skeleton")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("the warehouse does not answer", exact=True)).to_have_count(0)
    expect(page.get_by_text(re.compile(r"^\d{3}$"))).to_be_visible()
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_text("writing page 1 of 10")).to_be_visible()
    page.get_by_role("button", name="Give up").click()
    expect(page.get_by_text("given up")).to_be_visible()


def test_killed_workers_start_again_as_their_strategy_says(serve, open_page):
    server = serve(EXAMPLES[0].parent / "demo_crash.py")
    page = open_page(server.url)
    workers = page.locator("button.basis-32")
    expect(workers).to_have_count(12)
    again = page.locator("button.basis-32 .text-base:not(.invisible)")
    for row, expected in enumerate(["B", "BABCD", "BABCDBCD"]):
        workers.nth(4 * row + 1).click()
        expect(again).to_have_count(len(expected))
        expect(page.locator("button.basis-32:disabled")).to_have_count(0)
        restarted = page.locator("button.basis-32:not(:has(.invisible)) .text-lg").all_inner_texts()
        assert "".join(restarted) == expected


def test_watch_shows_the_file_and_writes_it(serve, open_page):
    source = (EXAMPLES[0].parent / "demo_watch.py").read_text()
    server = serve(source.replace("live=Page", "live=Page, port=PORT, open_browser=False"))
    one, two = open_page(server.url), open_page(server.url)
    saved = server.path.parent / "demo_watch.json"
    one.get_by_role("button", name="more").first.click()
    for page in (one, two):
        expect(page.get_by_text("13", exact=True)).to_be_visible()
    assert json.loads(saved.read_text())["values"]["Apples"] == 13
    saved.write_text(saved.read_text().replace("Sold this week", "Sold today"))
    for page in (one, two):
        expect(page.get_by_text("Sold today")).to_be_visible()
    saved.write_text("{")
    expect(one.get_by_text("it is not JSON")).to_be_visible()


def test_command_runs_several_and_keeps_a_history(serve, open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_STATE", str(tmp_path / "state"))
    source = (EXAMPLES[0].parent / "demo_command.py").read_text()
    server = serve(source.replace("live=Page", "live=Page, port=PORT, open_browser=False"))
    page = open_page(server.url)
    press(page, "Ask")
    expect(page.locator(".xterm-rows")).to_contain_text("Your name?")
    page.locator(".xterm").click()
    page.keyboard.type("Ada\n")
    expect(page.locator(".xterm-rows")).to_contain_text("Hello Ada")
    expect(page.locator(".q-badge", has_text="exited")).to_have_count(2)
    field = page.get_by_label("Command")
    for command in ("sleep 100", "sh -c 'exit 3'", "no-such-command", "echo 'unclosed"):
        field.fill(command)
        page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("No closing quotation")).to_be_visible()
    for text in ("running", "exit status 3", "failed"):
        expect(page.locator(".q-badge", has_text=text)).to_have_count(2)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".q-badge", has_text="stopped")).to_have_count(2)
    other = open_page(server.url)
    expect(other.locator(".q-badge", has_text="exit status 3")).to_have_count(1)


def test_a_command_streams_and_its_history_survives_a_restart(serve, open_page, monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYGROUND_STATE", str(tmp_path / "state"))
    source = (EXAMPLES[0].parent / "demo_command.py").read_text()
    source = source.replace("live=Page", "live=Page, port=PORT, open_browser=False")
    server = serve(source)
    page = open_page(server.url)
    page.get_by_label("Command").fill(
        f"sh -c 'echo step 1; while [ ! -e {tmp_path}/go ]; do sleep 0.1; done; echo step 2'"
    )
    page.get_by_role("button", name="Run").click()
    screen = page.locator(".xterm-rows")
    expect(screen).to_contain_text("step 1")
    expect(screen).not_to_contain_text("step 2")
    expect(page.locator(".q-badge", has_text="running")).to_have_count(2)
    expect(page.get_by_text("· 2 s")).to_be_visible()
    (tmp_path / "go").touch()
    expect(screen).to_contain_text("step 2")
    expect(page.locator(".q-badge", has_text="exited")).to_have_count(2)
    page.close()
    server.end()
    page = open_page(serve(source).url)
    expect(page.locator(".q-badge", has_text="exited").first).to_be_visible()
    expect(page.locator(".xterm-rows")).to_contain_text("step 2")


def test_tail_follows_and_filters(serve, open_page, tmp_path):
    log = tmp_path / "app.log"
    log.write_text("one INFO\ntwo ERROR\n")
    source = (EXAMPLES[0].parent / "demo_tail.py").read_text()
    source = source.replace("live=Page", "live=Page, port=PORT, open_browser=False")
    server = serve(source.replace("sys.argv[1:]", repr([str(log)])))
    page = open_page(server.url)
    expect(page.get_by_text("two ERROR")).to_be_visible()
    with log.open("a") as file:
        file.write("three ERROR\nfour INFO\n")
    expect(page.get_by_text("4 of 4 lines")).to_be_visible()
    page.get_by_label("Filter").fill("error")
    expect(page.get_by_text("2 of 4 lines")).to_be_visible()
    expect(page.get_by_text("INFO")).to_have_count(0)


def test_tests_are_run_on_every_save(serve, open_page, tmp_path):
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_it.py").write_text("def test_it():\n    assert 1 == 1\n")
    source = (EXAMPLES[0].parent / "demo_tests.py").read_text()
    source = source.replace("live=Page", "live=Page, port=PORT, open_browser=False")
    server = serve(source.replace("sys.argv[1:]", repr([str(tests)])))
    page = open_page(server.url)
    expect(page.get_by_text("green", exact=True)).to_be_visible()
    (tests / "test_it.py").write_text("def test_it():\n    assert 1 == 2\n")
    expect(page.get_by_text("red", exact=True)).to_be_visible()
    (tests / "test_it.py").write_text("def test_it():\n    assert 2 == 2\n")
    expect(page.get_by_text("green", exact=True)).to_be_visible()


def test_login_registers_guards_and_logs_out_everywhere(serve, open_page):
    source = (EXAMPLES[0].parent / "demo_login.py").read_text()
    server = serve(source.replace('"/login": Login}', '"/login": Login}, port=PORT, open_browser=False'))
    page = open_page(server.url)
    assert page.url == f"{server.url}/login"

    def enter(name, password, button, is_refused=True):
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name=button).click()
        if is_refused:
            expect(page.get_by_label("Password")).to_have_value("")

    enter("Ada", "short", "Register")
    expect(page.get_by_text("at least 8 characters")).to_be_visible()
    enter("Ada", "correct horse", "Register", is_refused=False)
    expect(page.get_by_text("Hello Ada")).to_be_visible()
    saved = (server.path.parent / "demo_login.json").read_text()
    assert "horse" not in saved
    other = page.context.new_page()
    other.goto(server.url)
    expect(other.get_by_text("Hello Ada")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    for tab in (page, other):
        expect(tab.get_by_label("Password")).to_be_visible()
    page.goto(server.url)
    assert page.url == f"{server.url}/login"
    enter("Ada", "wrong horse", "Log in")
    expect(page.get_by_text("That is not right.")).to_be_visible()
    enter("Nobody", "wrong horse", "Log in")
    expect(page.get_by_text("That is not right.")).to_be_visible()
    enter("Ada", "other horse", "Register")
    expect(page.get_by_text("Ada is taken.")).to_be_visible()
    enter("Ada", "correct horse", "Log in", is_refused=False)
    expect(page.get_by_text("Hello Ada")).to_be_visible()


def test_tail_shows_only_lines_of_this_run(serve, open_page):
    runs = []
    for _ in range(2):
        server = serve(EXAMPLES[0].parent / "demo_tail.py")
        page = open_page(server.url)
        expect(page.get_by_text("shop.log")).to_be_visible()
        lines = page.locator(".font-mono > div")
        expect(lines.nth(29)).to_be_visible()  # there is something from the beginning
        runs.append(lines.all_inner_texts())
        page.close()
        server.end()
    assert len(set(runs[0]) & set(runs[1])) < 15  # chance, but not all of them


def test_an_answer_streams_into_all_pages_of_the_chat(serve, open_page):
    server = serve(EXAMPLES[0].parent / "demo_chat.py")
    ada, barbara = open_page(server.url), open_page(server.url, person="Barbara")
    expect(ada.get_by_text("2 here")).to_be_visible()
    expect(ada.get_by_text("model that knows three answers")).to_be_visible()
    expect(ada.get_by_role("button", name="Send")).to_be_disabled()
    field = ada.get_by_placeholder("Write, Ada")
    field.fill("<b>Tell</b> me")
    field.press("Enter")
    expect(field).to_have_value("")
    for page in (ada, barbara):
        expect(page.get_by_text("<b>Tell</b> me", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Stop")).to_be_visible()  # while it streams in
    expect(barbara.get_by_text("I would have to think about that, and cannot.")).to_be_visible()
    expect(barbara.get_by_role("button", name="Stop")).to_have_count(0)
    press(barbara, "Show me some code")
    expect(ada.get_by_text("Of course.")).to_be_visible()
    ada.get_by_role("button", name="Stop").click()
    expect(barbara.get_by_text("…", exact=False).last).to_be_visible()
    expect(barbara.get_by_role("button", name="Stop")).to_have_count(0)
    expect(barbara.get_by_text("Each word of this answer")).to_have_count(0)
    late = open_page(server.url)
    expect(late.get_by_text("3 here")).to_be_visible()
    expect(late.get_by_text("<b>Tell</b> me", exact=True)).to_be_visible()
    ada.close()
    expect(late.get_by_text("2 here")).to_be_visible()


def test_the_end_of_a_chat_stays_in_view(serve, open_page):
    page = open_page(serve(EXAMPLES[0].parent / "demo_chat.py").url)
    for _ in range(3):
        press(page, "Show me some code")
    ends = page.get_by_text("Each word of this answer was a message to all open pages.")
    expect(ends).to_have_count(3)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(ends.last).to_be_in_viewport()
    expect(page.get_by_text("model that knows three answers")).not_to_be_in_viewport()
    expect(page.get_by_placeholder("Write, Ada")).to_be_in_viewport()


def test_an_answer_of_the_chat_that_fails_does_not_grow_for_ever():
    chat = example("demo_chat")

    async def fail(question):
        yield "Well"
        raise ConnectionError("no model today")

    chat.Room.handle_call.__globals__["ask_model"] = fail
    with playground.visit(chat.Chat, children=[chat.Room]) as page:
        page.click("What can you do?")
        page.wait_async()
        settle_until(page, lambda: page.has("Well …"))
        assert not page.has("Stop")


def test_a_dashboard_shows_what_a_command_prints_and_what_is_in_a_file(serve, open_page):
    source = (EXAMPLES[0].parent / "demo_dashboard.py").read_text()
    server = serve(source.replace("live=Dashboard", "live=Dashboard, port=PORT, open_browser=False"))
    one, two = open_page(server.url), open_page(server.url)
    saved = server.path.parent / "demo_dashboard.json"
    drawn = "document.querySelector('svg path[stroke=\"#3b82f6\"]')?.getAttribute('d')"
    one.wait_for_function(f"{drawn}?.length > 1000")  # a minute, from the beginning
    before = one.evaluate(drawn)
    one.wait_for_function(f"{drawn} !== {json.dumps(before)}")  # it goes on
    expect(one.get_by_text("155", exact=True)).to_be_visible()
    saved.write_text(saved.read_text().replace("42", "142"))
    for page in (one, two):
        expect(page.get_by_text("255", exact=True)).to_be_visible()
    one.locator(".q-slider [tabindex='0']").focus()
    one.keyboard.press("PageUp")
    expect(two.locator(".text-5xl").nth(2)).to_have_text("80")
    assert json.loads(saved.read_text())["limit"] == 80
    mine = 'PROGRAM = ["sh", "-c", "echo 97; exec sleep 1000"]'
    server.path.write_text(re.sub("(?m)^PROGRAM = .*", mine, server.path.read_text()))
    expect(two.locator(".text-5xl").nth(1)).to_have_text("97")
    saved.write_text("{")
    expect(two.get_by_text("it is not JSON")).to_be_visible()
    expect(two.locator(".text-5xl").nth(2)).to_have_text("80")


def test_a_program_of_the_dashboard_that_cannot_be_started_is_told_of(serve, open_page):
    source = (EXAMPLES[0].parent / "demo_dashboard.py").read_text()
    source = re.sub("(?m)^PROGRAM = .*", 'PROGRAM = ["no-such-program"]', source)
    server = serve(source.replace("live=Dashboard", "live=Dashboard, port=PORT, open_browser=False"), wait=False)
    wait_until(lambda: "no-such-program" in server.log, lambda: server.log)


def test_two_snakes_move_turn_and_go(serve, open_page):
    server = serve(EXAMPLES[0].parent / "demo_snake.py")
    green, amber = open_page(server.url), open_page(server.url)
    expect(green.get_by_text("You are green")).to_be_visible()
    expect(amber.get_by_text("You are amber")).to_be_visible()
    head = "document.querySelector('.grid .rounded-lg.bg-green-500').style.gridArea.split(' / ').map(Number)"
    assert green.evaluate(head)[0] == 5
    green.wait_for_function(f"{head}[1] > 8")  # it moves from the beginning
    green.keyboard.press("ArrowDown")
    for page in (green, amber):
        page.wait_for_function(f"{head}[0] > 6")
    amber.keyboard.press("ArrowUp")
    amber.wait_for_function(head.replace("green-500", "amber-400") + "[0] < 8")
    watchers = [open_page(server.url) for _ in range(3)]
    expect(watchers[-1].get_by_text("You watch")).to_be_visible()
    green.close()
    expect(amber.locator(".bg-green-500")).to_have_count(0)
    assert "Traceback" not in server.log


def test_the_rules_of_snake():
    snake = example("demo_snake")
    lying = snake.Snake(((4, 4), (3, 4), (2, 4)))
    assert lying.moved(food=(9, 9)).body == ((5, 4), (4, 4), (3, 4))
    assert lying.moved(food=(5, 4)).body == ((5, 4), (4, 4), (3, 4), (2, 4))
    assert lying.turned(-1, 0) == lying.turned(1, 0) == lying
    both = lying.turned(0, 1).turned(-1, 0)  # two keys between two moves
    assert both.moved((9, 9)).moved((9, 9)).body[:2] == ((3, 5), (4, 5))
    assert snake.Snake(((19, 4), (18, 4))).moved((9, 9)).body[0] == (0, 4)
    with playground.visit(snake.Page, children=[snake.Game]) as page:
        game = playground.whereis(snake.Game)
        coiled = game.snakes["green"] = snake.Snake(((5, 5), (5, 6), (6, 6), (6, 5), (6, 4), (7, 4)))
        settle_until(page, lambda: game.snakes["green"] is not coiled)
        assert len(game.snakes["green"].body) == 3  # it has run into itself, and begins again
        game.food = (0, game.snakes["green"].body[0][1])
        settle_until(page, lambda: len(page.live.snakes["green"].body) == 4)
        assert page.has("1")


@pytest.mark.parametrize(
    ("name", "process", "shown"), [("demo_chat", "Room", "1 here"), ("demo_snake", "Game", "You are green")]
)
def test_pages_come_back_to_a_process_that_was_killed(name, process, shown):
    module = example(name)
    process = getattr(module, process)
    live = module.Chat if name == "demo_chat" else module.Page
    with playground.visit(live, children=[process]) as page:
        first = playground.whereis(process)
        playground.kill(process)
        settle_until(page, lambda: playground.whereis(process) not in (None, first))
        settle_until(
            page,
            lambda: page.live in getattr(playground.whereis(process), "people" if name == "demo_chat" else "players"),
        )
        assert page.has(shown) or page.live.name == shown


def test_widgets_are_dark_as_the_system_is_until_somebody_chooses(serve, open_page):
    page = open_page(serve(EXAMPLES[0].parent / "demo_widgets.py").url)
    dark = "document.body.classList.contains('body--dark')"
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"{dark} === {json.dumps(scheme == 'dark')}")
    for icon, expected in (("brightness_auto", True), ("dark_mode", False), ("light_mode", False)):
        page.get_by_role("button").filter(has_text=icon).click()
        page.wait_for_function(f"{dark} === {json.dumps(expected)}")


def test_the_password_of_the_login_is_in_a_form_that_enter_submits(serve, open_page):
    source = (EXAMPLES[0].parent / "demo_login.py").read_text()
    server = serve(source.replace('"/login": Login}', '"/login": Login}, port=PORT, open_browser=False'))
    page = open_page(server.url)
    expect(page.locator("form input[type=password][autocomplete=current-password]")).to_have_count(1)
    expect(page.locator("form input[autocomplete=username]")).to_be_focused()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill("wrong horse")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_text("That is not right.")).to_be_visible()
