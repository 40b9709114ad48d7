"""What outlives a page but not the server: the baskets, and who does the jobs."""

import asyncio
from typing import Any

from shop import jobs

import playground
from shop_web import news

MOST_BASKETS = 10_000


class Baskets(playground.GenServer):
    """What is in whose basket. All tabs of a visitor share one; it is worth little, so no database keeps it."""

    def init(self) -> None:
        self.baskets: dict[str, dict[int, int]] = {}

    def handle_call(self, request: Any) -> dict[int, int]:
        match request:
            case ("look", visitor):
                return dict(self.baskets.get(visitor, {}))
            case ("take", visitor):  # to order it: of two clicks, or two tabs, one gets it
                taken = self.baskets.pop(visitor, {})
                playground.broadcast(news.basket_of(visitor), "taken")
                return taken
        raise ValueError(request)

    def handle_cast(self, request: Any) -> None:
        match request:
            case ("add", visitor, product_id, pieces):
                self.add(visitor, {product_id: pieces})
            case ("return", visitor, basket):
                self.add(visitor, basket)

    def add(self, visitor: str, basket: dict[int, int]) -> None:
        known = self.baskets.pop(visitor, {})
        counts = {product_id: known.get(product_id, 0) + basket.get(product_id, 0) for product_id in known | basket}
        self.baskets[visitor] = {product_id: pieces for product_id, pieces in counts.items() if pieces > 0}
        if len(self.baskets) > MOST_BASKETS:
            del self.baskets[next(iter(self.baskets))]  # that of who has been away for longest
        playground.broadcast(news.basket_of(visitor), "changed")


class JobWorker(playground.GenServer):
    """Has the jobs done while the server runs; its supervisor starts it and stops it with the server."""

    async def init(self) -> None:
        await asyncio.to_thread(jobs.start)

    async def terminate(self, reason: Any) -> None:
        await asyncio.to_thread(jobs.stop)
