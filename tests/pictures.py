"""Takes one picture of each example, for the gallery of `examples/learn.py`: `python tests/pictures.py [NAME ...]`."""

import base64
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "examples" / "pictures"
LIMIT = 40_000  # bytes
SIZE = {"width": 800, "height": 500}
SCALE = 0.8


def press(name, times=1):
    def act(page):
        for _ in range(times):
            page.get_by_role("button", name=name, exact=True).first.click()

    return act


# what is done before the picture, where a page shows little at the start
ACTIONS = {
    "demo_command": press("Run"),
    "demo_live": press("+", 7),
    "demo_live_test": press("+", 3),
}
PATIENCE = {"demo_async": 5, "demo_command": 4, "demo_dashboard": 8, "demo_tail": 4, "demo_tests": 8}  # seconds


@contextlib.contextmanager
def served(script, directory):
    """Run an example; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "playground", "--port", str(port), "--no-browser", str(script)]
    if "playground.mount(app" in script.read_text(encoding="utf-8"):
        command = [sys.executable, "-m", "uvicorn", f"{script.stem}:app", "--port", str(port)]
    modules = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": modules, "PLAYGROUND_STATE": str(directory / "state"), "BROWSER": "true"}
    program = subprocess.Popen(command, cwd=directory, env=environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while program.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        program.terminate()
        program.wait(20)


def take(page, path):
    """Take a picture as WebP, as good as fits into the limit."""
    browser = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, **SIZE, "scale": SCALE}
    for quality in (85, 70, 50, 30):
        answer = browser.send("Page.captureScreenshot", {"format": "webp", "quality": quality, "clip": clip})
        if len(data := base64.b64decode(answer["data"])) <= LIMIT:
            break
    path.write_bytes(data)
    print(f"{path.name}: {len(data):,} bytes, quality {quality}")


def main(names):
    examples = sorted((ROOT / "examples").glob("demo_*.py"))
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        copies = Path(shutil.copytree(ROOT / "examples", Path(directory, "examples")))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or None, args=["--no-sandbox", "--disable-gpu"]
        )
        for example in examples:
            if names and not any(re.fullmatch(rf"(demo_)?{name}(\.py)?", example.name) for name in names):
                continue
            with served(copies / example.name, copies) as url:
                page = browser.new_page(viewport=SIZE, color_scheme="light")
                page.goto(url)
                page.wait_for_timeout(1500)
                ACTIONS.get(example.stem, lambda page: None)(page)
                page.wait_for_timeout(1000 * PATIENCE.get(example.stem, 2))
                take(page, PICTURES / f"{example.stem}.webp")
                page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
