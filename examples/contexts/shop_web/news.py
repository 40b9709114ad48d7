"""Where events of the shop become messages on topics. Messages say that something changed; pages ask what."""

from shop.catalog import StockChanged
from shop.orders import OrderChanged

import playground

STOCK = "stock"
ORDERS = "orders"


def orders_of(account_id: int) -> str:
    """The topic of the orders of a customer."""
    return f"orders of {account_id}"


def sessions_of(account_id: int) -> str:
    """The topic on which all open pages of somebody hear that they have signed out."""
    return f"sessions of {account_id}"


def basket_of(visitor: str) -> str:
    """The topic of somebody's basket."""
    return f"basket of {visitor}"


def broadcast_event(event: object) -> None:
    """Tell the pages what the shop has told."""
    match event:
        case OrderChanged(order_id=order_id, account_id=account_id):
            playground.broadcast(ORDERS, order_id)
            playground.broadcast(orders_of(account_id), order_id)
        case StockChanged(product_ids=product_ids):
            playground.broadcast(STOCK, list(product_ids))
