"""Every problem has a Chinese sentence that says what to do next."""

import pytest

from classifier.core.problems import PROBLEMS, describe


@pytest.mark.parametrize("code", PROBLEMS)
def test_sentence_names_a_next_step(code: str) -> None:
    """The sentence asks for an action."""
    assert any(verb in describe(code) for verb in ("请", "须"))
    assert describe(code).endswith("。")


def test_unknown_code_is_a_bug() -> None:
    """An unlisted code fails loudly instead of showing nothing."""
    with pytest.raises(KeyError):
        describe("no_such_code")
