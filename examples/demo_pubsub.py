# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A timeline that all open pages share: open it twice, post in one tab, watch the other.

Where its state lives:
- page: the draft and who writes it, because they are nobody else's business;
- process: the posts, in `Timeline`, because they are shared and outlive every page;
- PubSub: the news of them, so that neither pages nor timeline have to know who is interested.
"""

import random
import time
from itertools import count

from nicegui import ui

import playground

NAMES = ["Ada", "Alan", "Barbara", "Dennis", "Donald", "Edsger", "Grace", "Joe", "Katherine", "Ken", "Leslie", "Robin"]
COLORS = ["indigo", "teal-8", "pink-8", "brown", "purple", "cyan-9"]
new_id = count(1).__next__


class Timeline(playground.GenServer):
    """The posts, newest first; changes one at a time and tells everybody."""

    def init(self):
        self.posts = []
        self.add("Grace", "It is easier to ask forgiveness than it is to get permission.")
        self.add("Ada", "Open this page in a second tab, and write something here.")

    def add(self, author, text):
        self.posts.insert(0, {"id": new_id(), "author": author, "text": text, "at": time.time(), "likes": 0})
        del self.posts[100:]

    def handle_call(self, request):
        return list(self.posts)

    def handle_cast(self, request):
        match request:
            case ("post", author, text):
                self.add(author, text)
            case ("like", wanted):
                self.posts = [post | {"likes": post["likes"] + (post["id"] == wanted)} for post in self.posts]
            case ("delete", wanted):
                self.posts = [post for post in self.posts if post["id"] != wanted]
        playground.broadcast("posts", list(self.posts))


class Page(playground.LiveView):
    async def mount(self):
        self.subscribe("posts")  # before asking for them, so that none is missed
        self.posts = await playground.call(Timeline, "posts")
        self.author = random.choice(NAMES)
        self.draft = ""

    def render(self):
        self.page_title = f"Timeline ({len(self.posts)})"
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.column().classes("mx-auto w-full max-w-xl gap-4 sm:mt-8"):
            self.editor()
            for post in self.posts:
                with playground.key(post["id"]):
                    self.post(post)
            if not self.posts:
                ui.label("Nothing is left. Write something.").classes("w-full text-center text-lg mt-8")

    def editor(self):
        card = ui.card().classes("w-full rounded-2xl shadow-lg p-6")
        with card, ui.row().classes("w-full items-center no-wrap"):
            self.portrait(self.author)
            draft = ui.input(placeholder=f"What is new, {self.author}?").bind_value(self, "draft")
            draft.classes("grow text-lg").props("borderless autofocus").on("keydown.enter", self.event("post"))
            ui.button(icon="send", on_click=self.event("post")).props("round unelevated")

    def post(self, post):
        with ui.card().classes("w-full rounded-2xl shadow-sm px-6 py-4"), ui.row().classes("w-full no-wrap gap-2"):
            self.portrait(post["author"])
            with ui.column().classes("grow gap-0 min-w-0"):
                with ui.row().classes("gap-2 items-baseline"):
                    ui.label(post["author"]).classes("text-lg font-bold")
                    ui.label(time.strftime("%H:%M", time.localtime(post["at"]))).classes("opacity-70")
                ui.label(post["text"]).classes("text-lg break-words w-full")
            like = ui.button(str(post["likes"] or ""), icon="favorite", on_click=self.event("like", id=post["id"]))
            like.props("flat rounded dense color=pink").tooltip("Like")
            delete = ui.button(icon="close", color=None, on_click=self.event("delete", id=post["id"]))
            delete.props("flat round dense").tooltip("Delete")

    def portrait(self, author):
        with ui.avatar(color=COLORS[NAMES.index(author) % len(COLORS)], text_color="white"):
            ui.label(author[0])

    def handle_event(self, event, params):
        match event:
            case "post" if self.draft.strip():
                playground.cast(Timeline, ("post", self.author, self.draft.strip()))
                self.draft = ""
            case "like" | "delete":
                playground.cast(Timeline, (event, params["id"]))

    def handle_info(self, posts):
        self.posts = posts


if __name__ == "__main__":
    playground.start(live=Page, children=[Timeline])
