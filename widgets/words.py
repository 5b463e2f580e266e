"""The words of the frame itself: buttons, states, names of marks; one record a language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What every widget says, whatever the account."""

    untitled: str = "Account"
    why: str = "Why"
    refresh: str = "Refresh"
    refreshing: str = "Updating"
    refreshed: str = "Updated"
    not_refreshed: str = "Could not update. The values shown are from before."
    not_this: str = "Not this account?"
    choose: str = "Choose"
    menu: str = "What about this signal?"
    note: str = "In a word (optional)"
    feedback: str = "This signal is"
    snooze: str = "Snooze for"
    save: str = "Save"
    copy: str = "Copy summary"
    copied: str = "Copied"
    not_copied: str = "This browser does not let the page copy."
    show_more: str = "Show more"
    signals: str = "Signals"
    figures: str = "At a glance"
    sources: str = "Sources"
    withheld: str = "Withheld"
    stale: str = "Old value"
    loading: str = "Loading the account"
    new_tab: str = "opens in a new tab"
    expired_title: str = "This view has expired"
    expired: str = "Reload the ticket to see the account again."
    failed_title: str = "Sidelight did not answer"
    failed: str = "Nothing is wrong with the ticket."
    retry: str = "Try again"
    no_script: str = "The page needs JavaScript to learn which ticket is open."
    shortcut: str = "Press R to refresh"
    more_in_full: str = "More in the full view"


ENGLISH = Words()
