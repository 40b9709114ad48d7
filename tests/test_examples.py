"""Every example runs as it is, and says what it needs."""

import ast
import json
import re
import runpy
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

import playground

pytest.importorskip("playwright")
from playwright.sync_api import expect

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))
FAILS_ON_PURPOSE = {"demo_async"}
WITHOUT_A_PAGE_AT_THE_TOP = {"demo_controller", "demo_controller_test", "demo_endpoint"}  # see test_mirrors.py
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)

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
    if example.stem not in FAILS_ON_PURPOSE:
        assert "Traceback" not in server.log
        assert server.stderr == ""


@every_example
def test_an_example_says_what_it_needs(example):
    metadata = metadata_of(example)
    assert metadata["requires-python"] == ">=3.11"
    assert any(re.match(r"nicegui-playground\b", dependency) for dependency in metadata["dependencies"])


@every_example
def test_an_example_says_what_it_shows_and_starts_at_its_end(example):
    module = ast.parse(example.read_text())
    assert ast.get_docstring(module), "no docstring"
    assert re.search(r"playground\.start\(|uvicorn\.run\(", ast.unparse(module.body[-1]))


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
    press(page, "Clicked 0 times")
    expect(page.get_by_role("button", name="Clicked 1 times")).to_be_visible()
    expect(page.get_by_text("the warehouse does not answer")).to_be_visible()
    expect(page.get_by_text("Shelf")).to_be_visible()
    expect(page.get_by_text("k€")).to_be_visible()
    expect(page.locator(".q-skeleton")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("the warehouse does not answer")).to_have_count(0)
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
    again = page.locator("button.basis-32 .text-xs:not(.invisible)")
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
    field = page.get_by_label("Command")
    for command in ("sleep 100", "sh -c 'exit 3'", "no-such-command", "echo 'unclosed"):
        field.fill(command)
        page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("cannot be split")).to_be_visible()
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
