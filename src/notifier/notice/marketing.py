"""Words that sell or cheer: a notice is only about the change (WP260 ¶29), and so is an editor's summary."""

from __future__ import annotations

import re

_SELLING = re.compile(
    r"""(?<!\w)(?:
    \d+\ ?%\ (?:off|discount) | save\ (?:up\ to\ )?\d+\ ?% | (?:buy|order|shop|act|upgrade|subscribe)\ (?:now|today)
    | special\ offers? | limited[-\ ]time | (?:promo(?:tion(?:al)?)?|coupon)\ codes? | do\ ?n[o'’]t\ miss
    | exclusive\ (?:deal|offer)s? | (?:start|try)\ (?:your|a|our)\ free\ trial | try\ it\ (?:for\ )?free
    | refer\ a\ friend | check\ out\ our | best\ price
    | \d+\ ?%\ rabatt | (?:rabatt|gutschein|aktions)codes? | sonderangebote?
    | jetzt\ (?:kaufen|bestellen|buchen|upgraden|testen|sparen|zugreifen|abonnieren) | (?:gratis|kostenlos)\ testen
    | nur\ für\ kurze\ zeit | exklusive[nrs]?\ angebote? | bestpreis\w* | freunde\ werben
    | \d+\ ?%\ de\ (?:remise|réduction) | codes?\ promo(?:tionnels?)? | offres?\ (?:spéciale|exclusive)s?
    | (?:achetez|commandez|abonnez-vous|essayez)\ (?:maintenant|gratuitement|aujourd['’]hui) | profitez[-\ ]en
    | offre\ (?:à\ durée\ )?limitée | meilleur\ prix | parrainez
    | (?:great|good|exciting|wonderful)\ (?:news|update)s? | (?:we\ are|we['’]re)\ (?:very\ |so\ |super\ )?
      (?:excited|thrilled|delighted|happy|proud|pleased)
    | (?:gute|tolle|großartige|spannende)\ (?:neuigkeiten|nachrichten|neuerungen)
    | wir\ freuen\ uns | wir\ sind\ (?:stolz|begeistert)
    | bonnes?\ nouvelles? | nous\ sommes\ (?:ravis|heureux|fiers|enchantés)
    | buenas\ noticias | (?:nos\ complace | estamos\ (?:encantados|emocionados|felices|orgullosos))
    | (?:goed|geweldig)\ nieuws | (?:we|wij)\ zijn\ (?:blij|trots|verheugd)
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Calls to buy, in the languages of the shipped words. Words such as "discount" alone can be what a change is about."""


def marketing_words(text: str) -> tuple[str, ...]:
    """Each such phrase as it stands in the text."""
    return tuple(match[0] for match in _SELLING.finditer(text))
