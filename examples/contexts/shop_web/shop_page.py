"""The shelves, with what is left at this moment, and the basket."""

import asyncio
from typing import Any

from nicegui import ui
from shop import catalog, orders
from shop.catalog import Product
from shop.errors import ShopError

import playground
from shop_web import news
from shop_web.page import Page, price, several
from shop_web.processes import Baskets

TILES = ["from-amber-300 to-orange-400", "from-rose-300 to-pink-400", "from-sky-300 to-indigo-400",
         "from-cyan-300 to-teal-500", "from-lime-300 to-emerald-400", "from-violet-300 to-purple-400"]  # fmt: skip

SOLD_OUT_TILE = "from-stone-300 to-stone-400 dark:from-stone-600 dark:to-stone-700"


class ShopPage(Page):
    path = "/"
    page_title = "Corner Shop"

    def topics(self) -> list[str]:
        return [news.STOCK, news.basket_of(self.visitor)]

    async def load(self) -> None:
        self.products = await asyncio.to_thread(catalog.list_products)
        self.basket: dict[int, int] = await playground.call(Baskets, ("look", self.visitor))

    async def handle_event(self, event: str, params: dict[str, Any]) -> None:
        match event:
            case "add":
                playground.cast(Baskets, ("add", self.visitor, params["product"], params["pieces"]))
            case "order":
                await self.order()

    async def order(self) -> None:
        if self.account is None:
            self.push_navigate("/account")
            return
        basket = await playground.call(Baskets, ("take", self.visitor))
        if not basket:
            return
        try:
            number = await asyncio.to_thread(orders.place, self.account.id, basket)
        except ShopError as error:
            playground.cast(Baskets, ("return", self.visitor, basket))
            self.put_flash("error", str(error))
        except BaseException:
            playground.cast(Baskets, ("return", self.visitor, basket))
            raise
        else:
            self.put_flash("info", f"Thank you! This is your order {number}.")
            self.push_navigate("/orders")

    def content(self) -> None:
        with ui.row().classes("w-full items-start gap-6 lg:flex-nowrap"):
            with ui.element().classes("grow grid grid-cols-2 md:grid-cols-3 gap-3 sm:gap-6"):
                for product in self.products:
                    with playground.key(product.id):
                        self.card(product)
            self.basket_card()

    def card(self, product: Product) -> None:
        pieces = self.basket.get(product.id, 0)
        with ui.card().tight().classes("rounded-2xl shadow-sm h-full"):
            tile = ui.row().classes("w-full h-28 sm:h-36 items-center justify-center bg-gradient-to-br")
            with tile.classes(TILES[product.id % len(TILES)] if product.stock else SOLD_OUT_TILE):
                ui.icon(product.picture).classes("text-6xl sm:text-7xl text-white drop-shadow")
            with ui.column().classes("w-full grow p-3 sm:p-4 gap-1"):
                ui.label(product.name).classes("text-base sm:text-lg font-medium leading-tight")
                ui.label(product.description).classes("text-base text-stone-600 dark:text-stone-300 max-sm:hidden")
                self.stock(product.stock)
                with ui.row().classes("w-full items-center justify-between mt-auto pt-2 no-wrap"):
                    ui.label(price(product.price)).classes("text-base sm:text-lg font-bold tabular-nums")
                    add = ui.button(icon="add", on_click=self.event("add", product=product.id, pieces=1)).mark(
                        f"add-{product.id}"
                    )
                    add.props("round unelevated size=sm").props["aria-label"] = f"Add {product.name}"
                    add.set_enabled(pieces < min(product.stock, orders.MOST_PIECES))

    def stock(self, pieces: int) -> None:
        text = f"{pieces} in stock" if pieces > 3 else f"only {pieces} left" if pieces else "sold out"
        color = "emerald" if pieces > 3 else "orange" if pieces else "red"
        ui.label(text).classes(f"text-base text-{color}-700 dark:text-{color}-400 tabular-nums")

    def basket_card(self) -> None:
        lines = [(product, self.basket[product.id]) for product in self.products if product.id in self.basket]
        card = ui.card().classes("w-full lg:w-80 shrink-0 rounded-2xl p-5 gap-3 sticky bottom-4 lg:top-20")
        card.classes("shadow-xl ring-1 ring-black/5 dark:ring-white/10")
        with card.classes("" if lines else "max-lg:hidden"):
            with ui.row().classes("items-center gap-2"):
                ui.icon("shopping_basket").classes("text-xl")
                ui.label("Your basket").classes("text-lg font-medium")
            if not lines:
                ui.label("Nothing yet.").classes("text-lg")
                return
            with ui.column().classes("w-full gap-1 max-h-40 lg:max-h-96 overflow-y-auto no-wrap"):
                for product, pieces in lines:
                    with playground.key(product.id):
                        self.basket_line(product, pieces)
            total = sum(product.price * pieces for product, pieces in lines)
            label = f"Place order · {price(total)}" if self.account else f"Sign in to order · {price(total)}"
            order = ui.button(label, on_click=self.event("order")).mark("order")
            order.classes("w-full").props("unelevated rounded no-caps size=lg")

    def basket_line(self, product: Product, pieces: int) -> None:
        with ui.row().classes("w-full items-center no-wrap gap-2"):
            ui.label(several(pieces, product.name)).classes("grow min-w-0 truncate")
            ui.label(price(product.price * pieces)).classes("tabular-nums")
            less = ui.button(icon="remove", on_click=self.event("add", product=product.id, pieces=-1)).mark(
                f"remove-{product.id}"
            )
            less.props("flat round dense size=sm").props["aria-label"] = f"Remove {product.name}"
