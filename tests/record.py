"""Record the moving picture of the README: `python tests/record.py` writes examples/saving.webp.

The left half is the file as an editor shows it, the right half the page that a real server has for it, in an iframe.
Needs Playwright, Pillow (which comes with matplotlib) and a Chromium.
"""

import html
import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conftest import environment_of_servers, find_chromium, unused_port
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
SIZE = {"width": 1120, "height": 500}
PROGRAM = """\
from nicegui import ui
import playground


class Counter(playground.LiveView):
    def mount(self):
        self.count = 0

    def render(self):
        ui.label(f"Count: {self.count}")
        ui.button("+", on_click=self.event("inc"))
        ui.input("Your name")

    def handle_event(self, event):
        self.count += 1


playground.start(live=Counter)
"""
STAGE = """
<style>
  body { margin: 0; display: flex; height: 100vh; background: #16181d; font: 16px/1.45 monospace; color: #e6e6e6; }
  #editor { width: 54%; display: flex; flex-direction: column; }
  #name { padding: 8px 16px; background: #22242a; color: #b9bdc9; }
  #name.saved::after { content: "saved"; float: right; color: #6bd99a; }
  #name.changed::after { content: "●"; float: right; color: #ffd479; }
  pre { margin: 0; padding: 10px 0; }
  pre div { padding: 0 16px; min-height: 1.45em; }
  pre .current { background: #2c3344; }
  iframe { flex: 1; border: 0; background: white; }
</style>
<div id="editor"><div id="name">my_demo.py</div><pre></pre></div>
<iframe src="ADDRESS"></iframe>
"""


class Recording:
    """A file in an editor, the page beside it, and the pictures so far."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path, self.text = page, path, PROGRAM
        self.pictures: list[Image.Image] = []
        self.durations: list[int] = []  # in ms

    def show(self, mark: str = "", state: str = "") -> None:
        """Show the text in the editor, with the line marked in which `mark` is."""
        lines = [
            f'<div class="{"current" if mark and mark in line else ""}">{html.escape(line)}</div>'
            for line in self.text.splitlines()
        ]
        script = "([lines, state]) => { document.querySelector('pre').innerHTML = lines; name.className = state; }"
        script = script.replace("name.className", "document.getElementById('name').className")
        self.page.evaluate(script, ["".join(lines), state])

    def take(self, milliseconds: int) -> None:
        """Take a picture that is shown for so long."""
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        self.pictures.append(picture)
        self.durations.append(milliseconds)

    def edit(self, old: str, new: str, line: str) -> None:
        """Type `new` in the place of `old`, letter by letter."""
        before, after = self.text.split(old, 1)
        for end in range(len(new) + 1):
            self.text = before + new[:end] + after
            self.show(line, "changed")
            self.take(90)

    def save(self, line: str, shown: str) -> None:
        """Save, and wait until the page shows it."""
        self.path.write_text(self.text, encoding="utf-8")
        self.inside.get_by_text(shown).first.wait_for()
        self.page.wait_for_timeout(300)  # until what moves has come to rest
        self.show(line, "saved")
        self.take(1600)

    @property
    def inside(self):
        return self.page.frame_locator("iframe")

    def click(self) -> None:
        self.inside.get_by_role("button", name="+").click()
        self.page.wait_for_timeout(250)
        self.take(350)

    def play(self) -> None:
        """What the picture shows: a count and a typed text that stay, a save that fails, and its fix."""
        self.inside.get_by_label("Your name").wait_for()
        self.page.wait_for_timeout(1000)
        self.show()
        self.take(800)
        for _ in range(3):
            self.click()
        for letter in "Ada":
            self.inside.get_by_label("Your name").press_sequentially(letter)
            self.take(150)
        self.edit("Count: ", "Clicks so far: ", "ui.label")
        self.save("ui.label", "Clicks so far: 3")
        self.edit("+= 1", "+= 10", "+= ")
        self.save("+= ", "Clicks so far: 3")
        self.click()
        self.edit('so far: {self.count}")', 'so far: {self.cuont}")', "ui.label")
        self.save("ui.label", "AttributeError")
        self.edit("cuont", "count", "ui.label")
        self.save("ui.label", "Clicks so far: 13")
        self.click()
        self.take(1500)


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        path = Path(directory) / "my_demo.py"
        path.write_text(PROGRAM, encoding="utf-8")
        port = str(unused_port())
        command = [sys.executable, "-m", "playground", "--port", port, "--no-browser", str(path)]
        environment = environment_of_servers(Path(directory))
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            page = browser.new_page(viewport=SIZE)
            page.set_content(STAGE.replace("ADDRESS", f"http://127.0.0.1:{port}"))
            recording = Recording(page, path)
            recording.play()
        finally:
            server.terminate()
    first, *others = recording.pictures
    target = ROOT / "examples" / "saving.webp"
    first.save(target, save_all=True, append_images=others, duration=recording.durations, loop=0, quality=70, method=6)
    print(f"{target}: {len(recording.pictures)} pictures, {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.0f} s")
