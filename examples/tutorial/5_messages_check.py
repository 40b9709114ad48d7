"""The timer ends at 0."""


def test_it_ends(visit):
    """After ten ticks it shows “Time is up!”"""
    with visit() as page:
        for _ in range(10):
            page.send("tick")
        assert page.has("Time is up!")


def test_it_stays_ended(visit):
    """After more ticks it still shows “Time is up!”, and no number below 0."""
    with visit() as page:
        for _ in range(15):
            page.send("tick")
        assert page.has("Time is up!")
        assert not page.has("-")


def test_again_starts_it_anew(visit):
    """A click on “Again” starts it anew: “Time is up!” is gone."""
    with visit() as page:
        for _ in range(10):
            page.send("tick")
        page.click("Again")
        assert not page.has("Time is up!")
        assert page.has("seconds")
