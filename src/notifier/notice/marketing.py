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
    | (?:goed|geweldig|mooi)\ nieuws | (?:we|wij)\ zijn\ (?:blij|trots|verheugd|enthousiast)
    | discover\ our\ new | entdecken\ sie\ unser\w*\ neue\w*
    | nous\ avons\ le\ plaisir | découvrez\ (?:notre|nos)\ nouve\w+ | découvrez\ (?:notre|nos)\ offres?
    | (?:aproveche|aprovecha|aprovechad)\ (?:ya|ahora|un\ \d+|nuestr\w+) | (?:descubra|descubre)\ nuestr\w+\ nuev\w+
    | ofertas?\ (?:especial|exclusiva|limitada)(?:es|s)? | (?:compre|compra|suscríbase|suscríbete)\ (?:ya|ahora|hoy)
    | (?:ottime|buone|belle|fantastiche)\ notizie | siamo\ (?:entusiasti|lieti|felici|orgogliosi|fieri)
    | approfitta(?:te)?\ (?:ora|subito|del\ \d+|dell|della) | scopr(?:i|a|ite)\ (?:il|la|le|i|gli)\ nostr\w\ nuov\w
    | \d+\ ?%\ di\ sconto | offert[ae]\ (?:speciale|esclusiva|limitata)
    | (?:acquista|acquistate|abbonati|prova|provate)\ (?:ora|subito|gratis)
    | profiteer\ (?:nu|van) | ontdek\ (?:ons|onze)\ nieuwe? | \d+\ ?%\ korting
    | (?:koop|bestel|probeer|abonneer\ u)\ nu | (?:speciale|exclusieve|tijdelijke)\ aanbieding(?:en)?
    | (?:ótimas|boas|excelentes|grandes)\ not[ií]cias | temos\ o\ prazer
    | estamos\ (?:entusiasmad|felize?|orgulhos|encantad)\w* | (?:aproveite|aproveita)\ (?:já|agora|\d+|noss\w+)
    | (?:descubra|descobre)\ [oa]s?\ noss\w+\ nov\w+ | \d+\ ?%\ de\ desconto | oferta\ (?:especial|exclusiva)
    | (?:compre|subscreva|assine|experimente)\ (?:já|agora|hoje|grátis)
    | (?:świetn|dobr|wspaniał)(?:a|e)\ wiadomoś(?:ć|ci) | z\ (?:radością|przyjemnością|dumą)
    | (?:jesteśmy\ (?:podekscytowani|dumni|szczęśliwi)) | cieszymy\ się
    | skorzystaj(?:cie)?\ ze?\ (?:\d+|oferty|promocji|rabatu|zniżki)
    | odkryj(?:cie)?\ nasz\w*\ now\w+ | \d+\ ?%\ (?:rabatu|zniżki|taniej) | oferta\ specjalna
    | (?:kup|zamów|wypróbuj|subskrybuj)\ (?:teraz|już|za\ darmo)
    | (?:goda|fantastiska|roliga)\ nyheter | vi\ är\ (?:glada|stolta|entusiastiska|överlyckliga)
    | upptäck\ vår\w*\ nya | (?:köp|beställ|prova|teckna)\ (?:nu|gratis) | specialerbjudanden?
    | (?:gode|fantastiske|spændende)\ nyheder | vi\ er\ (?:glade|stolte|begejstrede)
    | opdag\ vores\ nye | spar\ (?:op\ til\ )?\d+\ ?% | (?:køb|bestil|prøv|tegn)\ (?:nu|gratis) | særtilbud
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Calls to buy and cheers, in the ten languages of the shipped words. Words such as "discount" alone can be what a
change is about."""


def marketing_words(text: str) -> tuple[str, ...]:
    """Each such phrase as it stands in the text."""
    return tuple(match[0] for match in _SELLING.finditer(text))
