"""What can be accepted: every text ever posted with its hash and its pages, read once and asked for each person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain

from notifier.errors import NotAccepted, RefusalCode
from notifier.notice.delivery import language_for
from notifier.policy.agreement import Asking
from notifier.policy.posting import Posting
from notifier.policy.revision import PolicyText
from notifier.policy.translations.left_behind import first_lacked
from notifier.render.site.context import addresses_of
from notifier.render.site.editions import PolicyHistory, Site, editions
from notifier.render.site.page_addresses import PageAddresses


def text_sha256(text: PolicyText) -> str:
    """The hash of a posted text, as it stands at `<version>.md` among its pages."""
    return hashlib.sha256(text.text.encode()).hexdigest()


@dataclass(frozen=True)
class PostedPolicy:
    """One policy with everything ever posted of it, but for what a commit takes back that the next run posts."""

    history: PolicyHistory
    taken_back: frozenset[str] = frozenset()
    """Tags and versions of those."""

    @property
    def policy_id(self) -> str:
        return self.history.policy_id

    @cached_property
    def postings(self) -> tuple[Posting, ...]:
        return tuple(posted.posting for posted in self.history.postings)

    @cached_property
    def asking(self) -> Asking:
        return Asking(self.history.timeline)

    @cached_property
    def audience(self) -> frozenset[str]:
        """Customers with one of these tags; empty for all of them."""
        return self.history.postings[-1].revision.controlling.front_matter.audience

    @cached_property
    def _hashes(self) -> list[dict[str, str]]:
        """Of each posting, the language of each text by its hash."""
        texts = (posted.revision.texts for posted in self.history.postings)
        return [{text_sha256(text): language for language, text in found.items()} for found in texts]

    def sha256(self, index: int, language: str) -> str:
        """Of one text of a posting."""
        return self._hash_of[index][language]

    @cached_property
    def _hash_of(self) -> list[dict[str, str]]:
        return [{language: sha256 for sha256, language in found.items()} for found in self._hashes]

    @cached_property
    def told(self) -> dict[tuple[object, ...], tuple[str, str]]:
        """What programs were told of it, for people who stand alike: before and after what each of them said."""
        return {}

    @cached_property
    def _spoken(self) -> dict[tuple[int, str], PolicyText]:
        return {}

    @cached_property
    def _versions(self) -> dict[str, list[tuple[int, str]]]:
        """By language, where each edition of its own was posted, and what it is called."""
        places = {posting.tag: index for index, posting in enumerate(self.postings)}
        return {
            language: [(places[one.posting.tag], one.version) for one in editions(self.history, language)]
            for language in self._addresses
        }

    def is_over(self, today: date) -> bool:
        """Does it apply no longer?"""
        return self.history.retired_on is not None and self.history.retired_on <= today

    def index(self, name: str) -> int:
        """The posting with this tag or version, the newest of that name. Raises NotAccepted where there is none."""
        for index in reversed(range(len(self.postings))):
            if name in (self.postings[index].tag, self.postings[index].version):
                return index
        if name in self.taken_back:
            raise NotAccepted(RefusalCode.WITHDRAWN, f"{name} was taken back before it applied")
        raise NotAccepted(RefusalCode.UNKNOWN_POSTING, f"no text of {self.policy_id} was posted as {name!r}")

    def language_of(self, index: int, sha256: str) -> str:
        """Whose text of that posting this hash is of. Raises NotAccepted where it is of none."""
        language = self._hashes[index].get(sha256.lower())
        if language is None:
            tag = self.postings[index].tag
            raise NotAccepted(RefusalCode.OTHER_TEXT, f"text_sha256 is not that of a text posted as {tag}")
        return language

    def text(self, index: int, wanted: str) -> PolicyText:
        """What a reader of `wanted` is shown of a posting: the translation, where it has all that the posting says."""
        if (index, wanted) not in self._spoken:
            revision = self.history.postings[index].revision
            language = language_for(wanted, revision.texts, revision.language)
            earlier = [posted.revision for posted in self.history.postings[: index + 1]]
            is_whole = language == revision.language or first_lacked(earlier, language) is None
            self._spoken[index, wanted] = revision.texts[language] if is_whole else revision.controlling
        return self._spoken[index, wanted]

    @cached_property
    def _addresses(self) -> dict[str, PageAddresses]:
        return addresses_of(self.history)

    def page(self, index: int, language: str) -> str:
        """Where a text stands, from the top of the site."""
        return self._addresses[language].version(self.postings[index].version)

    def redline(self, before: int, after: int, language: str) -> str | None:
        """Where two texts are compared; None where they are one for readers of this language."""
        versions = self._versions[language]
        old, new = (_last([version for at, version in versions if at <= index]) for index in (before, after))
        if not old or not new or old == new:
            return None
        return self._addresses[language].comparison(old, new)


@dataclass(frozen=True)
class PostedTexts:
    """All policies of one site, by the names that they have and had."""

    site: Site
    taken_back: frozenset[str] = frozenset()
    """Tags that a commit takes back, which the next run posts."""

    @cached_property
    def policies(self) -> dict[str, PostedPolicy]:
        """By id, those that readers find on the pages."""
        return {history.policy_id: self._policy(history) for history in self.site.policies}

    def _policy(self, history: PolicyHistory) -> PostedPolicy:
        gone = [one.posting for one in history.postings if one.posting.tag in self.taken_back]
        stay = tuple(one for one in history.postings if one.posting.tag not in self.taken_back)
        if not gone or not stay:
            return PostedPolicy(history)
        names = frozenset(name for one in gone for name in (one.tag, one.version))
        return PostedPolicy(history._replace(postings=stay), names)

    @cached_property
    def _names(self) -> dict[str, PostedPolicy]:
        once = ((name, one) for one in self.policies.values() for name in one.history.names)
        earlier = ((posting.name, one) for one in self.policies.values() for posting in one.postings)
        return dict(chain(once, earlier, self.policies.items()))

    @cached_property
    def _by_tag(self) -> dict[str, str]:
        return {posting.tag: one.policy_id for one in self.policies.values() for posting in one.postings}

    @cached_property
    def audiences(self) -> dict[str, frozenset[str]]:
        return {name: one.audience for name, one in self.policies.items()}

    def policy(self, name: str) -> PostedPolicy:
        """The policy that is or was called so. Raises NotAccepted where there is none."""
        if name not in self._names:
            raise NotAccepted(RefusalCode.UNKNOWN_POLICY, f"there is no policy {name!r}")
        return self._names[name]

    def policy_of(self, tag: str) -> str | None:
        """The id of the policy that was posted under this tag."""
        return self._by_tag.get(tag)

    def tags(self, policy_id: str) -> Iterator[str]:
        return (posting.tag for posting in self.policies[policy_id].postings)


class LatestTexts:
    """Those of the site as it is now; what was counted once stays while the site does."""

    def __init__(self, site: Callable[[], Site], taken_back: Callable[[], frozenset[str]]) -> None:
        self._site, self._taken_back = site, taken_back
        self._texts: PostedTexts | None = None

    def __call__(self) -> PostedTexts:
        site, taken_back, texts = self._site(), self._taken_back(), self._texts
        if texts is None or texts.site is not site or texts.taken_back != taken_back:
            texts = self._texts = PostedTexts(site, taken_back)
        return texts


def _last(versions: Sequence[str]) -> str:
    return versions[-1] if versions else ""
