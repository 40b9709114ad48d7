"""Anybody may start the poll again, and everybody sees it."""


def test_start_again_sets_all_to_zero(visit):
    """After some votes a click on “Start again” shows 0 for both."""
    with visit() as page:
        for drink in ("tea", "coffee", "tea"):
            page.click(f"Vote for {drink}")
        page.click("Start again")
        assert page.has("tea: 0")
        assert page.has("coffee: 0")


def test_everybody_sees_it(visit):
    """When one page clicks “Start again”, the other pages show 0, too."""
    with visit() as mine, visit() as yours:
        yours.click("Vote for tea")
        mine.click("Start again")
        assert yours.has("tea: 0")


def test_votes_count_again(visit):
    """Votes count as before."""
    with visit() as page:
        page.click("Start again")
        page.click("Vote for coffee")
        assert page.has("coffee: 1")
