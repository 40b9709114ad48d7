"""The counter counts down, too."""


def test_minus_counts_down(visit):
    """After one click on “-” the page shows -1."""
    with visit() as page:
        page.click("-")
        assert page.has("-1")


def test_plus_still_counts_up(visit):
    """After two clicks on “+” and one on “-” it shows 1."""
    with visit() as page:
        page.click("+")
        page.click("+")
        page.click("-")
        assert page.has("1")
        assert not page.has("-1")
