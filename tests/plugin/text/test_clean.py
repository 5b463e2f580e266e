"""What is left of a mail: the customer's own words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.text.clean import OWN_MAX, RAW_MAX, own_words, without_addresses

SECRET = "we cancel"


@pytest.mark.parametrize(
    "below",
    [
        f"> {SECRET}",
        f"On Tue, 3 Nov 2026 at 10:12, Bob <bob@example.com> wrote:\n{SECRET}",
        f"On Tue, 3 Nov 2026 at 10:12,\nBob Smith wrote:\n> {SECRET}",
        f"Am 03.11.2026 um 10:12 schrieb Bob:\n{SECRET}",
        f"Le mar. 3 nov. 2026 à 10:12, Bob a écrit :\n{SECRET}",
        f"El mar, 3 nov 2026 a las 10:12, Bob escribió:\n{SECRET}",
        f"-----Original Message-----\n{SECRET}",
        f"---------- Forwarded message ---------\n{SECRET}",
        f"-----Ursprüngliche Nachricht-----\n{SECRET}",
        f"From: Bob\nSent: Monday\nTo: Ann\n{SECRET}",
        f"Von: Bob\nGesendet: Montag\nAn: Ann\n{SECRET}",
        f"-- \n{SECRET}",
        f"Sent from my phone, {SECRET}",
        f"Kind regards,\nAnn\n{SECRET}",
        f"```\n{SECRET}\n```",
        f"See `{SECRET}`",
        f"2026-11-03 10:00:01 ERROR {SECRET}",
        f'{{"reason": "{SECRET}"}}',
        f"    at com.example.Main({SECRET})",
    ],
)
def test_cuts_what_the_customer_did_not_write_now(below: str) -> None:
    """Quoted mails in four languages, signatures, code and logs are left out; the answer stays."""
    own = own_words(f"That works.\n\n{below}")

    assert "That works." in own
    assert SECRET not in own


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we wrote: nothing works.",
        "ERROR when I log in",
        "From: our side all is well",
        "Thanks!\nWe cancel.",
        "It costs > 5 and < 9.",
        "```\nunclosed",
        "At the end we decided (finally) to stay.",
    ],
)
def test_keeps_sentences_that_only_look_like_it(text: str) -> None:
    """A sentence that begins like a quotation, a log or a closing stays as it is."""
    assert own_words(text) == text


def test_answers_between_quoted_lines_stay() -> None:
    """With quoted lines below "wrote:", only those lines are cut."""
    own = own_words("On 3 Nov 2026 Bob wrote:\n> a question\nmy answer\n> another\nmy second")

    assert own.split("\n")[2:] == ["my answer", " " * 9, "my second"]


def test_postscript_keeps_what_stands_below_the_closing() -> None:
    """A closing with a PS below is no signature."""
    assert "cancel" in own_words("Hello\nKind regards\nAnn\nPS: we cancel")


def test_addresses_become_blanks_of_the_same_length() -> None:
    """Web and e-mail addresses are not read as words, and places stay true."""
    text = "ask bob@example.com or https://example.com/cancel now"

    assert without_addresses(text).split() == ["ask", "or", "now"]
    assert len(without_addresses(text)) == len(text)


def test_long_message_keeps_its_beginning_and_end() -> None:
    """Of a message beyond the bound the first and the last words are read."""
    own = own_words("first " + "x " * OWN_MAX + "last")

    assert own.startswith("first")
    assert own.endswith("last")
    assert len(own) <= OWN_MAX + 2


def test_mail_beyond_the_bound_is_not_read() -> None:
    """No more than RAW_MAX characters of a mail are looked at."""
    assert "cancel" not in own_words("\n" * RAW_MAX + "cancel")


@settings(max_examples=60)
@given(st.text(alphabet="ab >\n-`<:{}@.On1wrote", max_size=200))
def test_never_fails_and_never_adds_words(text: str) -> None:
    """Whatever the text, cleaning ends, and no letter appears that was not written."""
    assert set(own_words(text)) <= set(text) | {" ", "\n"}
