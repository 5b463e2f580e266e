"""The fast path answers only where all that it touches is known; each condition of that."""

from __future__ import annotations

import ast
import threading

import pytest

from plugin.rules.binding import Binding, with_gap, with_partial
from plugin.rules.language.compiler import compiled, source_of
from plugin.rules.language.program import check, compile_program
from plugin.rules.language.scope import Scope
from tests.plugin.rules.language.cast import SCHEMA, bound, checked, judge, program
from tests.plugin.rules.language.test_limits import ATTACKS


def fast(text: str, account: Binding | None = None) -> object:
    """Return what the generated function alone says."""
    account = account or bound()
    return program(text).judge(account.values, account.empty, account.now, account.today)


def test_complete_data_needs_no_second_look():
    """The generated function decides by itself."""
    assert fast("in_window && bug_open") is True
    assert fast("contract.arr < 1 || tickets.exists(t, t.kind == 'incident')") is False


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("survey.nps > 6", KeyError),
        ("tickets.exists(t, t.csat > 6)", KeyError),
        ("contract.arr / 0 > 1", ZeroDivisionError),
        ("contract.arr % 0 > 1", ZeroDivisionError),
        ("now + days(900000000) > now", OverflowError),
        ("days(contract.arr * 1000000000) > days(1)", OverflowError),
    ],
)
def test_what_is_missing_or_impossible_raises(text, error):
    """The fast path never guesses: it raises, and three-valued logic takes over."""
    with pytest.raises(error):
        fast(text)
    assert judge(text, bound()) is None


@pytest.mark.parametrize("sign", ["+", "*", "- -"])
def test_a_result_out_of_range_raises(sign):
    """Sums and products are checked, not only quotients."""
    account = bound({"contract": {"arr": 1.7e308, "mrr": 1.7e308}})

    with pytest.raises(OverflowError):
        fast(f"contract.arr {sign}contract.mrr > 0", account)


def test_has_raises_unless_the_answer_is_sure():
    """`has` is decided when the field is bound or answered empty, else it raises."""
    account = bound({"contract": {"arr": 1}})
    down = with_gap(account, "contract.renewal_at", "timed_out")

    assert fast("has(contract.arr) && !has(contract.renewal_at)", account) is True
    with pytest.raises(KeyError):
        fast("!has(contract.renewal_at)", down)


def test_has_of_an_item_field_raises_unless_the_answer_is_sure():
    """One item with an unusable value makes the silence of all others unsafe to read."""
    account = bound({"tickets": [{"id": "T1"}, {"id": "T2", "csat": "good"}]})

    assert fast("tickets.all(t, !has(t.duplicate_of))", account) is True
    with pytest.raises(KeyError):
        fast("tickets.all(t, !has(t.csat))", account)
    assert judge("tickets.exists(t, !has(t.csat))", account) is True


def test_an_incomplete_list_goes_straight_to_three_valued_logic():
    """What is not in a part of a list says nothing, filtered or nested lists included."""
    for text, path in [
        ("tickets.size() == 4", "tickets"),
        ("tickets.filter(t, t.kind == 'bug').all(b, b.status == 'open')", "tickets"),
        ("tickets.all(t, !('access' in t.topics))", "tickets[].topics"),
        ("!('x.com' in account.domains)", "account.domains"),
    ]:
        assert judge(text, bound()) is True
        assert judge(text, with_partial(bound(), path)) is None


def test_short_circuits_on_known_values_are_final():
    """One false decides `&&` and one sure item decides `exists`, whatever follows."""
    assert fast("contract.arr < 0 && survey.nps > 6") is False
    assert fast("contract.arr > 0 || survey.nps > 6") is True
    account = bound({"tickets": [{"kind": "bug"}, {"id": "T2"}]})
    assert fast("tickets.exists(t, t.kind == 'bug')", account) is True


def test_the_source_sees_no_builtins():
    """Generated code can reach nothing but the few functions that it is given."""
    names = compiled(source_of(program("contract.arr > 3").tree)).__globals__

    assert names["__builtins__"] == {}
    assert {name for name in names if "import" in name} == set()


def test_the_source_holds_only_literals_and_prefixed_names():
    """A string cannot break out of its quotes, a variable cannot take a name of Python's."""
    text = "tickets.exists(lambda, lambda.subject == '\\'] or __import__(\"os\") #\\n{0}')"
    source = source_of(program(text).tree)
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}

    assert names == {"any", "v", "v_lambda"}
    assert judge(text, bound({"tickets": [{"subject": '\'] or __import__("os") #\n{0}'}]})) is True


def test_no_attack_is_compiled():
    """What is refused has no tree, and so no program."""
    assert not any(checked(text).is_sound for text in ATTACKS.values())


def test_the_same_rule_is_compiled_once_and_another_param_anew():
    """Programs are cached by what they say; params are part of it."""
    text = "contract.arr > params.least"
    programs = [
        compile_program(check(text, Scope(SCHEMA, {"least": least}))) for least in (1, 1, 90_000)
    ]

    assert programs[0].judge is programs[1].judge
    assert [one.run(bound()).value for one in programs] == [True, True, False]


def test_what_is_the_same_for_every_item_is_computed_once():
    """A window that counts back from now stands before the loop."""
    source = source_of(program("tickets.exists(t, t.created_at > now - days(30))").tree)

    assert source.index("t_0 = (now - d_0)") < source.index("for v_t in")


def test_a_time_span_out_of_range_is_met_when_it_is_judged():
    """Compiling never fails on a number."""
    assert judge("tickets.exists(t, t.created_at > now - days(9007199254740992))", bound()) is None


def test_threads_share_a_program():
    """Many threads judge different accounts by one program without mixing them up."""
    shared = program("tickets.filter(t, t.kind == 'bug' && t.csat > 0).size() >= 1")
    accounts = [
        bound({"tickets": [{"kind": "bug", "csat": value} for value in row]})
        for row in ([1, 0], [0, 0], [None, 1], [None, 0])
    ]
    expected = [True, False, True, None]
    wrong = []

    def work() -> None:
        for _ in range(50):
            got = [shared.run(account).value for account in accounts]
            if got != expected:
                wrong.append(got)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
