"""The soak, shortened: what a long run would find is found by `python tests/soak.py`."""

import pytest
import soak


@pytest.mark.slow
def test_many_pages_for_a_while_lose_nothing_and_leave_nothing(tmp_path, free_port):
    soak.check(20, 15, free_port, tmp_path)
