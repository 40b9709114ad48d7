"""What all pages of the shop have in common: who is there, how news arrives, and the frame around the content."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from nicegui import ui
from shop import accounts
from shop.accounts import Account
from shop.orders import Order, Status

import playground
from shop_web import news

STATUS_LOOKS = {
    Status.PLACED: ("hourglass_top", "bg-amber-100 text-amber-800 dark:bg-amber-900/40 dark:text-amber-200"),
    Status.CONFIRMED: ("mark_email_read", "bg-sky-100 text-sky-800 dark:bg-sky-900/40 dark:text-sky-200"),
    Status.SHIPPED: ("local_shipping", "bg-emerald-100 text-emerald-800 dark:bg-emerald-900/40 dark:text-emerald-200"),
}


async def find_visitor(view: "Page", params: dict[str, str], session: dict[str, Any]) -> None:
    """Runs before `mount` of every page: finds out who is there."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_hex(8)
    view.visitor = session["visitor"]
    account_id = session.get("account")
    view.account = None if account_id is None else await asyncio.to_thread(accounts.find, account_id)


def require_account(view: "Page") -> None:
    """Runs before `mount` of the pages that are not for strangers."""
    if view.account is None:
        view.redirect("/account")


def require_staff(view: "Page") -> None:
    """Runs before `mount` of the pages that are for the staff."""
    if view.account is None or not view.account.is_staff:
        view.redirect("/")


def price(cents: int) -> str:
    """An amount of money as people write it."""
    return f"€ {cents // 100:,}.{cents % 100:02}"


class Page(playground.LiveView):
    """A page of the shop: says on which `topics` it wants news, what to `load` then, and shows its `content`."""

    path: ClassVar[str]
    on_mount: ClassVar[Sequence[Callable[..., Any]]] = (find_visitor,)
    visitor: str
    account: Account | None

    def topics(self) -> list[str]:
        """What to be told of."""
        return []

    async def load(self) -> None:
        """Ask the shop for what the page shows. It blocks while the database is asked, so it does so in a thread."""

    def content(self) -> None:
        """Describe what is below the header."""
        raise NotImplementedError

    async def mount(self) -> None:
        for topic in self.topics():  # before asking, so that nothing is missed in between
            self.subscribe(topic)
        if self.account is not None:
            self.subscribe(news.sessions_of(self.account.id))
        await self.load()

    async def handle_info(self, message: Any) -> None:
        if message == "signed out":
            self.redirect("/", session={})
        else:
            await self.load()

    def sign_out(self) -> None:
        assert self.account is not None
        playground.broadcast_from(self, news.sessions_of(self.account.id), "signed out")
        self.redirect("/", session={})

    def render(self) -> None:
        ui.query("body").classes("bg-stone-100 dark:bg-neutral-950")
        ui.query(".nicegui-content").classes("p-0")
        self.header()
        with ui.column().classes("mx-auto w-full max-w-6xl p-4 sm:p-8 gap-6"):
            self.content()

    def header(self) -> None:
        header = ui.header().classes(
            "bg-white/90 dark:bg-neutral-900/90 backdrop-blur shadow-sm text-inherit px-0 py-2"
        )
        with header, ui.row().classes("mx-auto w-full max-w-6xl items-center no-wrap gap-1 px-4 sm:px-8"):
            self.link("Corner Shop", "storefront", "/", "text-lg font-bold")
            ui.space()
            if self.account is None:
                self.link("Sign in", "login", "/account")
                return
            if self.account.is_staff:
                self.link("Staff", "inventory_2", "/staff", text_classes="max-sm:hidden")
            self.link("My orders", "receipt_long", "/orders", text_classes="max-sm:hidden")
            leave = ui.button(icon="logout", color=None, on_click=self.sign_out).mark("sign-out")
            leave.props("flat round dense").tooltip(f"Sign out {self.account.name}").props("aria-label='Sign out'")

    def link(self, text: str, icon: str, path: str, classes: str = "", text_classes: str = "") -> None:
        here = "bg-stone-200/70 dark:bg-neutral-700/70" if path == self.path else ""
        look = "flex items-center gap-2 px-3 py-2 rounded-full no-underline text-stone-800 dark:text-stone-100"
        with playground.navigate_link("", path).classes(f"{look} {here} {classes}").props(f"aria-label='{text}'"):
            ui.icon(icon).classes("text-xl")
            ui.label(text).classes(text_classes)


def several(pieces: int, name: str) -> str:
    """Some pieces of something."""
    return f"{pieces} \N{MULTIPLICATION SIGN} {name}"


def show_order(order: Order, heading: str, action: Callable[[], None] = lambda: None) -> None:
    """A card with an order; `action` may add what can be done with it."""
    icon, colors = STATUS_LOOKS[order.status]
    with ui.card().classes("w-full rounded-2xl shadow-sm p-5 gap-3"):
        with ui.row().classes("w-full items-center gap-3"):
            with ui.column().classes("gap-0 grow"):
                ui.label(heading).classes("text-lg font-medium")
                when = f"{order.placed_at.astimezone():%d %B %Y, %H:%M}"
                ui.label(when).classes("text-base text-stone-600 dark:text-stone-300")
            with ui.row().classes(f"items-center gap-1 rounded-full px-3 py-1 transition-colors {colors}"):
                ui.icon(icon)
                ui.label(order.status).classes("text-base font-medium")
        with ui.column().classes("w-full gap-1"):
            for line in order.lines:
                with ui.row().classes("w-full justify-between no-wrap"):
                    ui.label(several(line.pieces, line.product))
                    ui.label(price(line.pieces * line.price)).classes("tabular-nums")
        ui.separator()
        with ui.row().classes("w-full items-center justify-between"):
            ui.label(price(order.total)).classes("text-lg font-bold tabular-nums")
            action()


def show_nothing(icon: str, text: str) -> None:
    """What is there instead of an empty list."""
    with ui.column().classes("w-full items-center gap-3 py-16 text-lg text-stone-600 dark:text-stone-300"):
        ui.icon(icon).classes("text-6xl")
        ui.label(text)
