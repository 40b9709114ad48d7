# /// script
# requires-python = ">=3.11"
# dependencies = ["nicegui-playground"]
#
# [tool.uv.sources]
# nicegui-playground = { path = ".." }
# ///
"""A real login: hashed passwords, a session that is renewed, a hook that guards pages, and logout in all tabs.

Where its state lives: who is logged in is in the browser's signed session cookie; who exists is in a file, because it
outlives the program; that somebody logs out concerns all of their open pages, so it is told by PubSub.
"""

import asyncio
import hashlib
import hmac
import secrets
from pathlib import Path

from nicegui import ui

import playground

users = playground.FileState(Path(__file__).with_name("demo_login.json"), {})


def hash_of(password, salt):
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def register(name, password):
    """Add a user; an error text if that cannot be."""
    if not name or len(password) < 8:
        return "A name, and a password of at least 8 characters, please."
    salt = secrets.token_hex(16)
    hashed = {"salt": salt, "hash": hash_of(password, salt)}
    if users.update(lambda known: known.setdefault(name, hashed) and None)[name] != hashed:
        return f"{name} is taken."
    return ""


def is_right(name, password):
    """Whether the password is that of the user; takes as long for a user that is not there."""
    user = users.value.get(name, {"salt": "00" * 16, "hash": ""})
    return hmac.compare_digest(hash_of(password, user["salt"]), user["hash"])


def find_user(view, params, session):
    """Runs before `mount` of every page."""
    view.user = session.get("user")


def require_user(view):
    """Runs before `mount` of the pages that only users may see, which are not even made for others."""
    if view.user not in users.value:
        view.redirect("/login")
    view.subscribe(f"logout {view.user}")


class Login(playground.LiveView):
    page_title = "Log in"

    def mount(self):
        self.name = self.password = self.error = ""

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.card().classes("mx-auto mt-10 w-full max-w-sm rounded-2xl shadow-md p-8 gap-4"):
            ui.label("Welcome").classes("text-3xl font-light")
            with playground.form(on_submit=self.event("log in")).classes("w-full"):  # Enter submits it
                name = ui.input("Name").bind_value(self, "name").classes("w-full")
                name.props("name=name autocomplete=username autofocus")
                password = ui.input("Password", password=True).bind_value(self, "password").classes("w-full")
                password.props("name=password autocomplete=current-password")
                if self.error:
                    ui.label(self.error).classes("text-lg text-red-700 dark:text-red-400")
                with ui.row().classes("w-full justify-end"):
                    ui.button("Register", on_click=self.event("register")).props("flat rounded no-caps")
                    ui.button("Log in").props("type=submit unelevated rounded no-caps")

    async def handle_event(self, event):
        self.error = await asyncio.to_thread(self.check, event)  # hashing takes a while, and must
        self.password = ""
        if not self.error:
            self.redirect("/", session={"user": self.name})

    def check(self, event):
        if event == "register":
            return register(self.name, self.password)
        return "" if is_right(self.name, self.password) else "That is not right."


class Members(playground.LiveView):
    page_title = "Members"
    on_mount = (require_user,)

    def mount(self):
        self.secrets = 0

    def render(self):
        ui.query("body").classes("bg-slate-100 dark:bg-neutral-950")
        with ui.card().classes("mx-auto mt-10 w-full max-w-xl rounded-2xl shadow-md p-8 gap-4"):
            with ui.row().classes("w-full items-center"):
                ui.label(f"Hello {self.user}").classes("text-3xl font-light grow")
                ui.button("Log out", icon="logout", on_click=self.log_out).props("flat rounded no-caps")
            ui.label(f"You have seen {self.secrets} secrets. Open another tab, and log out in one of them.").classes(
                "text-lg"
            )
            ui.button("Show a secret", on_click=self.show).props("unelevated rounded no-caps")

    def show(self):
        self.secrets += 1
        ui.notify(f"{secrets.choice(['Tea', 'Coffee', 'Cake'])} is in the kitchen.")

    def log_out(self):
        playground.broadcast_from(self, f"logout {self.user}", "logged out")
        self.redirect("/login", session={})

    def handle_info(self, message):
        self.redirect("/login", session={})


if __name__ == "__main__":
    playground.start(live={"/": Members, "/login": Login}, on_mount=[find_user])
