"""Cancel language and its guards."""

from __future__ import annotations

import pytest

from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.mine import mine_text

RIVALS = Dictionary([NamedCompetitor("Rivaldesk")])
# Guard → a message that counts, and one that does not for this guard alone.
GUARDS = {
    "object": ("Please cancel our subscription.", "Please cancel the export job."),
    "object noun behind": ("Cancel our plan.", "Cancel our plan change request."),
    "meeting": ("We want to end the contract.", "We want to end the contract meeting early."),
    "no object": ("We want to cancel.", "The cancel button is grey."),
    "negation": ("We will cancel the contract.", "We will not cancel the contract."),
    "no plans": ("We plan to leave you.", "We have no plans to leave you."),
    "negation elsewhere": ("We are not happy and want to cancel.", "We do not want to cancel."),
    "negated renewal": ("We will not renew.", "We will renew."),
    "third party": ("We cancelled our contract.", "Our customer cancelled their contract."),
    "third party's": ("Cancel our licence.", "Cancel a customer's licence."),
    "how to": ("I want to cancel our account.", "How do I cancel our account?"),
    "terms": ("We cancel if you raise prices.", "What does it cost if we cancel?"),
    "past": ("We thought about leaving you.", "We nearly left you last year."),
    "resolved": ("We wanted to cancel.", "We wanted to cancel, but we decided to stay."),
    "mistake": ("I cancelled our plan.", "I cancelled our plan by mistake."),
    "passive": ("Our plan should be cancelled.", "Our plan was cancelled."),
    "withdrawn": ("Accept our cancellation notice.", "Ignore our cancellation notice."),
    "leaving a firm": ("We are leaving your platform.", "I am leaving the company."),
    "renewing a thing": ("We won't renew the licence.", "The certificate won't renew."),
    "it": ("Our plan is of no use. Cancel it.", "The export hangs. Cancel it."),
    "quoted": ("> Hello\nWe cancel the plan.", "Hello\n> We cancel the plan."),
    "another tool": ("We switch to another tool.", "We switch to another template."),
    "rival": ("We are switching to Rivaldesk.", "The data goes to Rivaldesk."),
    "German": ("Wir kündigen den Vertrag.", "Wie lang ist die Kündigungsfrist?"),
    "German negation behind": ("Wir kündigen bald.", "Wir kündigen den Vertrag nicht."),
    "German negation": ("Ich will kündigen.", "Ich will nicht kündigen."),
    "German renewal": ("Wir verlängern nicht.", "Wir verlängern den Vertrag gern."),
    "German object": ("Bitte stornieren Sie das Abo.", "Bitte stornieren Sie die Bestellung."),
    "German customer": ("Wir haben gekündigt.", "Der Kunde hat gekündigt."),
    "French": ("Nous voulons résilier.", "Comment résilier ?"),
    "French negation": ("Je veux résilier le contrat.", "Je ne veux pas résilier le contrat."),
    "French object": ("Annulez notre abonnement.", "Annulez notre commande."),
    "French renewal": ("Nous ne renouvelons pas le contrat.", "Nous renouvelons le contrat."),
    "Spanish": ("Quiero cancelar la cuenta.", "Quiero cancelar la cita."),
    "Spanish negation": ("Vamos a rescindir.", "No vamos a rescindir."),
    "Spanish how": ("Cancelen mi plan.", "¿Cómo cancelar mi plan?"),
    "Spanish renewal": ("No vamos a renovar.", "Vamos a renovar."),
}


def cancels(text: str) -> bool:
    """Return whether a message counts as cancel language."""
    return any(mention["kind"] == "cancel" for mention in mine_text(text, RIVALS)["mentions"])


@pytest.mark.parametrize(("counts", "silent"), GUARDS.values(), ids=list(GUARDS))
def test_each_guard_has_a_hit_and_a_non_hit(counts: str, silent: str) -> None:
    """For each guard one message counts and its neighbour does not."""
    assert (cancels(counts), cancels(silent)) == (True, False)


@pytest.mark.parametrize("subject", ["We", "I", "My boss", "Our team", "The CFO"])
@pytest.mark.parametrize("wish", ["want to", "will have to", "decided to", "may", "plan to"])
@pytest.mark.parametrize("act", ["cancel", "terminate", "end", "get out of"])
@pytest.mark.parametrize("ours", ["our subscription", "the contract", "our annual plan"])
def test_intents_combine(subject: str, wish: str, act: str, ours: str) -> None:
    """Who, wish, act and object combine freely."""
    assert cancels(f"{subject} {wish} {act} {ours}.")


@pytest.mark.parametrize("other", ["export", "order", "meeting", "invite", "webinar", "upload"])
@pytest.mark.parametrize("wish", ["Please", "We want to", "I had to", "Could you"])
def test_other_objects_never_count(other: str, wish: str) -> None:
    """Whatever the wish, another object is no end of the relationship."""
    assert not cancels(f"{wish} cancel the {other} from this morning.")


@pytest.mark.parametrize("typo", ["cancle", "cancell", "cancl", "cacnel"])
def test_typos_count(typo: str) -> None:
    """One slip in the verb hides nothing."""
    assert cancels(f"please {typo} our subscription")
