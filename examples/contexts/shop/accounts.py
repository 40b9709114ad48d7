"""Who is who."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from shop.database import Base, transaction
from shop.errors import InvalidInputError, NameTakenError


class AccountRow(Base):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes]
    password_hash: Mapped[bytes]
    is_staff: Mapped[bool]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    id: int
    name: str
    is_staff: bool


def register(name: str, password: str) -> Account:
    """Add an account; the first one is that of the staff.

    :raises InvalidInputError: if name or password are not good enough
    :raises NameTakenError: if there is one of this name
    """
    name = name.strip()
    if not _is_possible(name):
        raise InvalidInputError("A name of up to 40 characters, please.")
    if not 8 <= len(password) <= 200:
        raise InvalidInputError("A password of 8 characters or more, please.")
    salt = secrets.token_bytes(16)
    password_hash = _hash_of(password, salt)  # before the transaction, since it takes a while
    try:
        with transaction() as session:
            is_first = session.scalar(select(func.count()).select_from(AccountRow)) == 0
            row = AccountRow(name=name, salt=salt, password_hash=password_hash, is_staff=is_first)
            session.add(row)
            session.flush()
            return _plain(row)
    except IntegrityError:
        raise NameTakenError(f"{name} is taken.") from None


def authenticate(name: str, password: str) -> Account | None:
    """The account that name and password belong to; takes as long if there is none."""
    name = name.strip()
    with transaction() as session:
        row = session.scalar(select(AccountRow).filter_by(name=name)) if _is_possible(name) else None
        account = _plain(row) if row else None
        salt, expected = (row.salt, row.password_hash) if row else (bytes(16), b"")
    is_right = hmac.compare_digest(_hash_of(password, salt), expected)
    return account if is_right else None


def find(account_id: int) -> Account | None:
    """The account with this number."""
    with transaction() as session:
        row = session.get(AccountRow, account_id)
        return _plain(row) if row else None


def _is_possible(name: str) -> bool:
    return 1 <= len(name) <= 40 and name.isprintable()  # PostgreSQL keeps no NUL


def _hash_of(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=2**14, r=8, p=1)


def _plain(row: AccountRow) -> Account:
    return Account(row.id, row.name, row.is_staff)
