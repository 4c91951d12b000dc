"""French: the words a lawyer looks for. `conserv*` is a beginning of words; two or three words are a phrase."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "data_collection": """collect* recueill* recueil géolocalisation localisation gps biométr* identifiant* santé
        génétique* naissance contacts photos voix caméra micro métadonnées données-personnelles
        adresse-ip téléphone numéro-de-téléphone carte-bancaire journaux mot-de-passe""",
    "purpose": """finalité* personnalis* profil* publicit* publicitaire* marketing analys* mesur* recherche
        amélior* recommand* intérêt-légitime base-légale campagne*""",
    "ai_training": """ia chatbot* entraîn* apprentissage intelligence-artificielle algorithm* automatisé*
        modèle-de-langage""",
    "sharing": """partag* communiqu* divulgu* transmet* transmis transmission vend* vente destinataire* tiers
        partenaire* annonceur* affilié* filiale* autorité* fusion* acquisition""",
    "subprocessors": "sous-traitant* sous-traitance prestataire* fournisseur* hébergeur*",
    "transfers": """transfert* transfér* pays-tiers clauses-contractuelles adéquation international* serveurs
        centre-de-données étranger eee""",
    "retention": """conserv* stock* effac* supprim* suppression garder gardons archiv* anonymis* pseudonymis*
        sauvegarde* durée détru*""",
    "security": """sécurité chiffr* mot-de-passe mots-de-passe authentifi* confidential* violation* accès
        protég* protection abus""",
    "cookies_tracking": "cookie* pixel* traceur* suivi pistage do-not-track balise*",
    "rights_choices": """droit droits opposition opposer consent* retirer rectifi* portabilité désabonn* désinscri*
        choix choisir préférence* paramètre* réclamation* accès-à accord demander""",
    "contact_channel": "contact* e-mail email courriel téléphone télécopie courrier adresse écrire formulaire*",
    "controller_entity": """responsable-du-traitement responsable représentant* délégué-à société sarl sas sa ltd pte
        filiale* siège établissement*""",
    "children_age": "enfant* mineur* parent* âge ans tuteur*",
    "user_obligations": """interdi* obligation* obligé* respect* violation* harcèl* spam abus* permis autoris*
        illicite* devez pouvez""",
    "enforcement_termination": "résili* suspen* suspend* bloqu* désactiv* supprim* retir* clôtur* ferm* sanction*",
    "fees_refunds": """frais prix pay* paiement* rembours* abonnement* renouvel* taxe* tva coût* gratuit* factur*
        tarif* eur usd""",
    "service_level": "disponibilité panne* maintenance assistance délai-de-réponse bande-passante go mo",
    "liability_warranty": "responsabilité* garanti* dommage* indemnis* négligence préjudice* exclu*",
    "disputes_law": "droit-applicable tribunal tribunaux juridiction arbitrage litige* différend* médiation loi-de",
    "intellectual_property": "licence* droit-d'auteur marque* brevet* propriété intellectuel*",
    "scope": "s'applique appliqu* applicable couvre concerne produit* service* site* pays région*",
    "notice_terms": """modifi* notifi* avis préavis inform* prévenir entrée-en-vigueur en-vigueur mise-à-jour
        mettre-à-jour prévaut""",
}

CLASSES: dict[str, str] = {
    "may": "peut peuvent pouvons pouvez pourrait pourraient possible* autorisé* permis facultati*",
    "must": "doit doivent devons devez devrait devra devront obligatoire* nécessaire* requis exigé* faut",
    "negation": "ne n pas jamais aucun aucune ni sans non personne rien nul interdit* n'est n'a",
    "quantifier": """tout tous toute toutes chaque seul seule seuls seulement uniquement exclusivement certains
        certaines quelques plus moins autre autres supplémentaire* maximum minimum jusqu'à qu'avec
        que""",
    "limit": "seulement uniquement exclusivement jamais qu'avec",
    "exception": "sauf excepté exception* hormis toutefois cependant sous-réserve si lorsque nonobstant jusqu'à",
    "conjunction": "et ou ainsi-que et/ou",
    "we": "nous notre nos",
    "you": "vous votre vos utilisateur utilisateurs client clients cliente membre membres",
    "party": """partenaire partenaires annonceur annonceurs prestataire prestataires fournisseur
        fournisseurs agent agents employé employés société sociétés sous-traitant sous-traitants
        autorité autorités parent parents visiteur visiteurs tiers""",
    "unit": """seconde secondes minute minutes heure heures jour jours semaine semaines mois an ans année
        années annuel annuelle mensuel pour-cent eur euro euros usd go mo""",
    "month": """janvier février mars avril mai juin juillet août septembre octobre novembre décembre""",
    "date_line": "mise-à-jour dernière modifiée version date vigueur publiée révision",
    "stamp_line": "mise-à-jour dernière modifiée version date publiée révision",
    "pointer": "voir consultez en-savoir-plus plus-d'informations ici ci-dessous ci-dessus cliquez",
    "transitional": "version-précédente ancienne-version version-antérieure nous-avons-mis",
    "upcoming": "à-compter-du à-partir-du entrera-en-vigueur",
    "example": "exemple exemples notamment comme tels telles",
    "summary": "résumé en-bref aperçu synthèse",
    "values": "croyons valeurs important respect principes",
    "support": "aide assistance questions retour presse suggestions",
    "instrument": "contrat* accord* politique* conditions avenant* charte* règlement*",
    "duty_verb": """collecter utiliser partager communiquer divulguer traiter conserver supprimer effacer
        transférer vendre fournir envoyer recevoir rembourser notifier résilier suspendre retirer
        publier demander surveiller payer mesurer partageons collectons conservons vendons
        transmettons""",
    "law": "loi lois règlement directive rgpd article code décret",
}

SYNONYMS: tuple[str, ...] = (
    "données informations renseignements",
    "site site-web page",
    "e-mail email courriel",
    "utiliser employer",
    "aussi également",
    "notamment comme",
    "recevoir obtenir",
    "commencer débuter",
    "si lorsque quand",
    "photo image",
)

FUNCTION_WORDS = """le la les l' un une des du de d' à au aux en dans sur par pour avec est sont était être il
        elle ils elles on ce cet cette ces ceci cela ça y dont qui que quoi où donc alors ainsi ici
        là se s' leur leurs lui c' qu' veuillez son sa ses afin vers entre selon lors"""

PLACES = """france allemagne belgique suisse luxembourg europe états-unis irlande pays-bas italie
        espagne pologne royaume-uni canada inde chine japon singapour brésil australie russie
        danemark suède norvège finlande portugal autriche grèce turquie israël mexique eee ue
        californie québec"""
