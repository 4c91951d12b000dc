"""French: the words a lawyer looks for."""

from __future__ import annotations

from notifier.significance.lexicon.languages import LANGUAGES

TOPICS: dict[str, str] = {
    "data_collection": """collect* recueil* données-personnelles caractère-personnel géolocalisation
        localisation adresse-ip identifiant* biométri* santé journaux téléphone naissance
        sensibles navigation""",
    "purpose": """finalité* publicit* profilage personnalis* analyse* marketing mesure* statistique*
        base-légale intérêt- légitime prospection""",
    "ai_training": "ia intelligence-artificielle apprentissage entraîn* modèle* algorithm* automatis*",
    "sharing": """partag* communiqu* divulgu* vend* vente transmett* transmis* tiers destinataire*
        partenaire* autorités""",
    "subprocessors": "sous-traitant* prestataire* fournisseur*",
    "transfers": "transfert* transfér* pays-tiers clauses-contractuelles adéquation eee",
    "retention": "conserv* durée-de-conservation supprim* suppression effac* archiv* anonymis* stock*",
    "security": "sécurité chiffr* mot-de-passe confidential* violation* protég* accès",
    "cookies_tracking": "cookie* traceur* pixel* suivi pistage balise*",
    "rights_choices": """droit droits opposer opposition consent* rectific* portabilité retirer réclamation*
        choix désinscri* préférences paramètres demander""",
    "contact_channel": "contact* courriel e-mail mail écri* adresse téléphone formulaire* courrier",
    "controller_entity": "responsable-du-traitement responsable sarl sas sa dpo délégué représentant* société siège",
    "children_age": "enfant* mineur* âge ans parent* tuteur*",
    "user_obligations": """interdi* oblig* respect* s-engage engage* autoris* doit-pas devez responsab* illicite*
        frauduleu* abus*""",
    "enforcement_termination": "résili* suspend* suspension* bloqu* désactiv* exclu* mettre-fin",
    "fees_refunds": """frais prix tarif* paiement* payer rembours* factur* abonnement* renouvel* taxe* tva coût*
        gratuit* euros""",
    "service_level": "disponibilité maintenance assistance stockage go mo débit",
    "liability_warranty": "responsabilité garanti* dommage* indemnis* perte* faute* négligence",
    "disputes_law": "tribun* juridiction* droit-applicable arbitrage litige* médiat* loi-française",
    "intellectual_property": "licence* droit-d-auteur marque* brevet* propriété-intellectuelle contrefaçon*",
    "scope": "appliqu* applicable* champ couvre* concerne* service* produit* disponible* pays région*",
    "notice_terms": "modif* préavis notifi* inform* entrée-en-vigueur entre-en-vigueur prend-effet mise-à-jour",
}

CLASSES: dict[str, str] = {
    "may": "peut peuvent pouvez pouvons pourra pourrait pourraient pourrons pourrez facultati*",
    "must": "doit doivent devez devons devra devront devrez obligatoire* requis exig*",
    "negation": "ne n pas jamais aucun aucune sans ni sauf excepté non",
    "quantifier": """tout tous toute toutes chaque seul seulement uniquement exclusivement certains
        certaines moins plus autres""",
    "limit": "seulement uniquement exclusivement jamais que",
    "exception": "si sauf excepté exception* réserve condition* dans-la-mesure",
    "conjunction": "et ou",
    "we": "nous notre nos",
    "you": "vous votre vos utilisateur* client* abonné*",
    "party": """partenaire* tiers prestataire* filiale* employé* fournisseur* affilié* vendeur*
        autorité* parents""",
    "unit": """seconde* minute* heure* jour jours semaine* mois an ans année* pour-cent euro euros go
        mo ouvrés""",
    "month": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "date_line": "jour mise mis-à-jour dernière version date modifié* vigueur le du au révisé*",
    "stamp_line": "mise-à-jour mis-à-jour dernière version date modifié révisé",
    "pointer": "voir en-savoir-plus consult* cliquez ici plus-d-informations",
    "transitional": "version-précédente version-antérieure ancienne-version jusque-là",
    "upcoming": "à-compter à-partir prochain* entrera",
    "example": "exemple notamment telles tels comme y-compris",
    "summary": "résumé bref aperçu",
    "values": "croyons valeurs important",
    "support": "assistance aide presse support",
    "instrument": "contrat* politique* conditions accord* charte* licence*",
    "duty_verb": """collectons utilisons partageons conservons supprimons transmettons vendons
        communiquons traitons collecter utiliser partager conserver supprimer transmettre
        vendre communiquer traiter payer rembourser suspendre résilier publier demander
        répondons facturer supprimé conservées""",
    "hedge": """généralement habituellement normalement souvent parfois immédiatement promptement raisonnable*
        principalement sensiblement""",
    "binding": """acceptez accepter acceptent applicable* appliquent applique régi régis régie soumis soumise
        liant lient conformément intégrante respecter""",
    "authority": "autorité-de-contrôle autorités-de-contrôle cnil médiateur défenseur-des-droits",
    "deadline": "avant après jusqu jusque échéance expire expiration délai",
    "renaming": "renommé renommée anciennement nouveau-nom changé-de-nom dénomination",
    "announcement": "entrera-en-vigueur entreront-en-vigueur nous-mettons-à-jour",
    "language": LANGUAGES,
    "law": "rgpd loi règlement directive cnil code article",
}

SYNONYMS: tuple[str, ...] = (
    "exemple notamment",
    "utiliser employer",
    "données informations",
    "courriel e-mail mail",
)

FUNCTION_WORDS = """le la les l un une des de du d et à au aux en dans par pour sur sous avec ce cet cette
    ces cela c il elle ils elles on se s qui qu que dont où est sont été être ainsi donc
    aussi y leur leurs son sa ses lors"""

PLACES = """france allemagne autriche suisse italie espagne belgique irlande pologne inde chine
    japon brésil canada états-unis europe européenne eee royaume-uni russie turquie
    ukraine singapour australie maroc tunisie luxembourg pays-bas"""
