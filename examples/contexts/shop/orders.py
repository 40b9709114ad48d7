"""Who has ordered what, and how far it is."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from shop import catalog, events, job_queue
from shop.accounts import AccountRow
from shop.database import Base, UtcDateTime, now, transaction
from shop.errors import InvalidInputError, NotFoundError

MOST_PIECES = 99
CONFIRM_ORDER = "confirm_order"  # the name of the job; `jobs` says what it does


class Status(enum.StrEnum):
    PLACED = "placed"
    CONFIRMED = "confirmed"
    SHIPPED = "shipped"


class OrderRow(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    status: Mapped[str] = mapped_column(default=Status.PLACED)
    account: Mapped[AccountRow] = relationship()
    lines: Mapped[list["OrderLineRow"]] = relationship(order_by="OrderLineRow.product_id")


class OrderLineRow(Base):
    __tablename__ = "order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    pieces: Mapped[int]
    price: Mapped[int]  # of one piece, as it was when it was ordered


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Some pieces of a product, at the price of that day, in cents."""

    product: str
    pieces: int
    price: int


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody has ordered."""

    id: int
    account_id: int
    customer: str
    placed_at: datetime
    status: Status
    lines: tuple[OrderLine, ...]

    @property
    def total(self) -> int:
        """What it costs, in cents."""
        return sum(line.pieces * line.price for line in self.lines)


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order was placed, confirmed, or shipped."""

    order_id: int
    account_id: int
    status: Status


def place(account_id: int, basket: Mapping[int, int]) -> int:
    """Order all of a basket, or nothing of it; returns the number of the order.

    :param basket: how many pieces of which products
    :raises InvalidInputError: if there is nothing in it, or a number makes no sense
    :raises OutOfStockError: if there is less of something
    :raises NotFoundError: if there is no such product
    """
    if not basket:
        raise InvalidInputError("There is nothing in the basket.")
    if not all(1 <= pieces <= MOST_PIECES for pieces in basket.values()):
        raise InvalidInputError(f"1 to {MOST_PIECES} pieces of each, please.")
    with transaction() as session:
        order = OrderRow(account_id=account_id)
        for product_id in sorted(basket):  # all in the same order, lest two transactions wait for each other
            product = catalog.take(session, product_id, basket[product_id])
            line = OrderLineRow(product_id=product_id, pieces=basket[product_id], price=product.price)
            order.lines.append(line)
        session.add(order)
        session.flush()
        order_id = order.id
        job_queue.put(session, CONFIRM_ORDER, order_id)
    events.tell(OrderChanged(order_id, account_id, Status.PLACED))
    events.tell(catalog.StockChanged(tuple(sorted(basket))))
    return order_id


def find(order_id: int) -> Order:
    """The order with this number.

    :raises NotFoundError: if there is none
    """
    with transaction() as session:
        found = _newest(session, OrderRow.id == order_id)
    if not found:
        raise NotFoundError(f"There is no order {order_id}.")
    return found[0]


def list_of(account_id: int) -> list[Order]:
    """The orders of a customer, newest first."""
    with transaction() as session:
        return _newest(session, OrderRow.account_id == account_id)


def list_all(limit: int = 50) -> list[Order]:
    """The orders of all customers, newest first."""
    with transaction() as session:
        return _newest(session, limit=limit)


def confirm(order_id: int) -> None:
    """The customer was told that the order has arrived; it may be said twice."""
    _advance(order_id, Status.PLACED, Status.CONFIRMED)


def ship(order_id: int) -> None:
    """The parcel is on its way; it may be said twice."""
    _advance(order_id, Status.CONFIRMED, Status.SHIPPED)


def _advance(order_id: int, before: Status, after: Status) -> None:
    with transaction() as session:
        advance = update(OrderRow).filter_by(id=order_id, status=before).values(status=after)
        account_id = session.scalar(advance.returning(OrderRow.account_id))
    if account_id is not None:
        events.tell(OrderChanged(order_id, account_id, after))


def _newest(session: Session, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Order]:
    query = select(OrderRow).where(*conditions).order_by(OrderRow.id.desc()).limit(limit)
    rows = session.scalars(query.options(selectinload(OrderRow.lines), selectinload(OrderRow.account))).all()
    names = catalog.names_of(session, (line.product_id for row in rows for line in row.lines))
    return [
        Order(
            row.id,
            row.account_id,
            row.account.name,
            row.placed_at,
            Status(row.status),
            tuple(OrderLine(names[line.product_id], line.pieces, line.price) for line in row.lines),
        )
        for row in rows
    ]
