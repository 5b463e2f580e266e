"""Every error the service raises on purpose, cut by what the caller does about it.

SidelightError
+ ConfigurationError     stop the start: every bad value at once, each with its key and what to do
+ FrameError             refuse the frame request (4xx)
  + BadSignature         the proof is missing or wrong: 401, and nothing is learned
    + ExpiredSignature   the proof is right and too old: "reload the ticket"
  + BadRequest           proven, but not readable: 400
  + UnknownTenant        proven for a tenant that is not registered yet: an onboarding answer
  + NotHere              names something that this workspace does not have: 404
  + NotAllowed           this viewer's role may not do it: 403
  + TooMany              asked too often: 429
+ UpstreamError          a gap stands in for the fact; `reason` is the gap's word
  + UpstreamNotFound     answered: no such record
  + UpstreamRefused      401 or 403: needs new credentials; do not try again
  + UpstreamLimited      429: not before `until`
  + UpstreamTimeout      no answer in time: a stale copy is welcome
  + UpstreamUnavailable  connection, DNS, TLS or 5xx: a stale copy is welcome
  + UpstreamBroken       answered with something unusable: a stale copy is welcome
  + UpstreamUnset        the connection lacks a setting it needs
+ Unanswered             a source did not say what an act needs to know: 503, nothing was changed
+ StoreUnavailable       memory does not answer: frames go on without it, what people do is refused
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

ALIKE = 0.6  # how alike two words are, from 0 to 1, before one is taken for a slip of the other


class SidelightError(Exception):
    """The root: catch it to catch all that Sidelight raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what to do about it.

    `is_note`: nothing is wrong; it is said because an admin will want to know.
    """

    key: str
    message: str
    hint: str = ""
    is_note: bool = False

    def __str__(self) -> str:
        """Return the problem as one sentence for a terminal."""
        return f"{self.key}: {self.message}" + (f" ({self.hint})" if self.hint else "")


def nearest(word: str, known: Iterable[str], alike: float = ALIKE) -> str:
    """Return the known word that is most like a word, "" where none is alike enough."""
    return next(iter(get_close_matches(word, list(known), 1, alike)), "")


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "", form: str = "{}") -> str:
    """Return the hint that names the known word that was meant, `otherwise` where none is near.

    `form`: how the word is written there, such as "'{}'" or "[{}]".
    """
    meant = nearest(word, known)
    return f"did you mean {form.format(meant)}?" if meant else otherwise


class ConfigurationError(SidelightError):
    """Settings that cannot be used; `problems` lists every one of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class FrameError(SidelightError):
    """A frame request that is refused; its text is for the log, never for the answer."""


class BadSignature(FrameError):
    """The proof is missing or wrong."""


class ExpiredSignature(BadSignature):
    """The proof is right and too old."""


class BadRequest(FrameError):
    """The request is proven and cannot be read; the text is safe to show.

    `field` names what of it is wrong, such as `outcomes.3.at`; then the text is shown with it.
    """

    def __init__(self, message: str = "", field: str = "") -> None:
        self.field = field
        super().__init__(message)

    @classmethod
    def of_fields(cls, messages: object) -> BadRequest:
        """Return the error for the first field that a schema complains of (its `messages`)."""
        path: list[str] = []
        while isinstance(messages, Mapping) and messages:
            name, messages = next(iter(messages.items()))
            path += [] if name == "_schema" else [str(name)]
        said = messages[0] if isinstance(messages, list) and messages else messages
        return cls(str(said), ".".join(path))


class UnknownTenant(FrameError):
    """The proof is right, for a tenant that this install has not registered: `tenant` names it."""

    def __init__(self, setting: str, tenant: str) -> None:
        self.setting = setting
        self.tenant = tenant
        super().__init__(f"{setting} {tenant!r} is not registered for this install")


class NotHere(FrameError):
    """The request names something that its workspace does not have."""


class NotAllowed(FrameError):
    """The viewer's role may not do this."""


class TooMany(FrameError):
    """The same person asked too often within a short time."""


class UpstreamError(SidelightError):
    """An upstream did not give what was asked; `reason` is a gap reason of the vocabulary.

    `status` and `answer` are the HTTP status and the decoded JSON of the refusal, where there
    are any: an adapter may know what its vendor means by them. The text names neither.
    """

    reason = "broken"
    status: int | None = None
    answer: object = None


class UpstreamNotFound(UpstreamError):
    """The upstream answered: there is no such record."""

    reason = "not_found"


class UpstreamRefused(UpstreamError):
    """The upstream refuses our credentials; it is not asked again until they change."""

    reason = "refused"


class UpstreamLimited(UpstreamError):
    """The upstream wants no call before `until`."""

    reason = "rate_limited"

    def __init__(self, message: str, until: datetime | None = None) -> None:
        self.until = until
        super().__init__(message)


class UpstreamTimeout(UpstreamError):
    """The upstream did not answer in time."""

    reason = "timed_out"


class UpstreamUnavailable(UpstreamError):
    """The upstream could not be reached, or failed by itself."""


class UpstreamBroken(UpstreamError):
    """The upstream answered with something unusable."""


class UpstreamUnset(UpstreamError):
    """The connection lacks a setting that this question needs."""

    reason = "not_configured"


class StoreUnavailable(SidelightError):
    """The store cannot be read or written now: answer without it, and save nothing."""


class Unanswered(SidelightError):
    """A source did not answer in time, so nobody can tell whether what is asked for is right."""
