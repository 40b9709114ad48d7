"""Sign in, or register."""

import asyncio

from nicegui import ui
from shop import accounts
from shop.accounts import Account
from shop.errors import ShopError

import playground
from shop_web.page import Page


class AccountPage(Page):
    path = "/account"
    page_title = "Sign in"

    async def mount(self) -> None:
        self.name = self.password = self.error = ""
        await super().mount()

    async def handle_event(self, event: str) -> None:
        try:  # hashing takes a while, and must
            account = await asyncio.to_thread(self.enter, event)
        except ShopError as error:
            self.error = str(error)
            return
        finally:
            self.password = ""
        self.redirect("/", session={"visitor": self.visitor, "account": account.id})

    def enter(self, event: str) -> Account:
        if event == "register":
            return accounts.register(self.name, self.password)
        account = accounts.authenticate(self.name, self.password)
        if account is None:
            raise ShopError("That is not right.")
        return account

    def content(self) -> None:
        with ui.card().classes("mx-auto sm:mt-8 w-full max-w-sm rounded-2xl shadow-md p-8 gap-4"):
            ui.label("Welcome").classes("text-3xl font-light")
            with playground.form(on_submit=self.event("sign in")).classes("w-full"):
                name = ui.input("Name").bind_value(self, "name").classes("w-full")
                name.props("name=name autocomplete=username autofocus")
                password = ui.input("Password", password=True).bind_value(self, "password").classes("w-full")
                password.props("name=password autocomplete=current-password")
                if self.error:
                    ui.label(self.error).classes("text-lg text-red-700 dark:text-red-400")
                with ui.row().classes("w-full justify-end"):
                    ui.button("Register", on_click=self.event("register")).props("flat rounded no-caps")
                    ui.button("Sign in").mark("enter").props("type=submit unelevated rounded no-caps")
