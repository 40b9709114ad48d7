"""What there is to buy, and how much of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shop import events
from shop.database import Base, transaction
from shop.errors import InvalidInputError, NotFoundError, OutOfStockError

FIRST_PRODUCTS = [
    # name, description, picture, cents, stock
    ("Desk lamp", "Warm light, long arm, no screen.", "light", 4900, 12),
    ("Reading chair", "For one person and one book.", "chair", 24900, 3),
    ("Headphones", "They make the office quiet.", "headphones", 15900, 8),
    ("Coffee maker", "Two cups, four minutes.", "coffee_maker", 7950, 5),
    ("House plant", "Wants water on Sundays only.", "local_florist", 1850, 20),
    ("Alarm clock", "Rings. You get up. That is all.", "alarm", 2990, 1),
]


class ProductRow(Base):
    __tablename__ = "products"
    __table_args__ = (CheckConstraint("stock >= 0", name="stock_is_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]
    picture: Mapped[str]
    price: Mapped[int]
    stock: Mapped[int]


@dataclass(frozen=True, slots=True)
class Product:
    """Something to buy; `price` is in cents, `picture` the name of a Material icon."""

    id: int
    name: str
    description: str
    picture: str
    price: int
    stock: int


@dataclass(frozen=True, slots=True)
class StockChanged:
    """There is less of some products, or more."""

    product_ids: tuple[int, ...]


def list_products() -> list[Product]:
    """All products."""
    with transaction() as session:
        return [_plain(row) for row in session.scalars(select(ProductRow).order_by(ProductRow.id))]


def restock(product_id: int, pieces: int) -> None:
    """Put more of a product on the shelf.

    :raises InvalidInputError: if that would be less
    :raises NotFoundError: if there is no such product
    """
    if not 1 <= pieces <= 1000:
        raise InvalidInputError("1 to 1,000 pieces, please.")
    with transaction() as session:
        more = update(ProductRow).filter_by(id=product_id).values(stock=ProductRow.stock + pieces)
        if session.scalar(more.returning(ProductRow.id)) is None:
            raise NotFoundError("There is no such product.")
    events.tell(StockChanged((product_id,)))


def take(session: Session, product_id: int, pieces: int) -> Product:
    """Take pieces off the shelf, as part of a transaction; who calls it tells of it.

    :raises NotFoundError: if there is no such product
    :raises OutOfStockError: if there is less of it
    """
    # one statement that looks and takes: of two at the same moment, the second sees what the first has left
    less = update(ProductRow).where(ProductRow.id == product_id, ProductRow.stock >= pieces)
    row = session.scalar(less.values(stock=ProductRow.stock - pieces).returning(ProductRow))
    if row is not None:
        return _plain(row)
    row = session.get(ProductRow, product_id)
    if row is None:
        raise NotFoundError("There is no such product.")
    raise OutOfStockError(f"{row.name}: {f'only {row.stock} left' if row.stock else 'sold out'}.")


def names_of(session: Session, product_ids: Iterable[int]) -> dict[int, str]:
    """The names of some products, as part of a transaction."""
    named = select(ProductRow.id, ProductRow.name).where(ProductRow.id.in_(set(product_ids)))
    return {row.id: row.name for row in session.execute(named)}


def seed() -> None:
    """Fill the shelves of a shop that has never had a product."""
    with transaction() as session:
        if session.scalar(select(func.count()).select_from(ProductRow)) == 0:
            for name, description, picture, price, stock in FIRST_PRODUCTS:
                row = ProductRow(name=name, description=description, picture=picture, price=price, stock=stock)
                session.add(row)


def _plain(row: ProductRow) -> Product:
    return Product(row.id, row.name, row.description, row.picture, row.price, row.stock)
