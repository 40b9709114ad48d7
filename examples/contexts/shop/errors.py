"""What can go wrong for reasons that a customer should read."""


class ShopError(Exception):
    """The text is for whoever tried."""


class InvalidInputError(ShopError):
    """What was given makes no sense."""


class NameTakenError(ShopError):
    """Somebody else has the name."""


class OutOfStockError(ShopError):
    """There is less of it than was ordered."""


class NotFoundError(ShopError):
    """There is no such thing."""
