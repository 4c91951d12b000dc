"""English: the words a lawyer looks for. `retain*` is a beginning of words; two or three words are a phrase."""

from __future__ import annotations

from notifier.significance.lexicon.languages import LANGUAGES

TOPICS: dict[str, str] = {
    "data_collection": """collect* gather* obtain* telemetry geolocation location gps biometric* username*
        identifier* demographic* sensitive health genetic birthdate birthday gender ethnic*
        crash* keystroke* clipboard contacts photos voice camera microphone metadata browsing
        personal-data personal-information device-information usage-data ip ip-address
        phone-number* phone-numbers email-address date-of-birth credit-card log-data
        interaction-data technical-data health-data location-data search-quer* data-we
        information-we inferences face facial fingerprint* passport* identity-document*
        verification profile-information user-content""",
    "purpose": """purpose* personali* profil* advertis* marketing market analytic* promot* tailor*
        target* measure* measurement research improve* recommend* segment* monetiz*
        legitimate-interest* legal-basis legal-bases lawful-basis fraud-prevention
        relevant-ads customis* customiz* usage-reporting forecasting""",
    "ai_training": """ai genai llm llms chatbot* copilot machine-learning artificial-intelligence generative
        train training trained train-models language-model* algorithm* automated-decision*
        deepfake* synthetic""",
    "sharing": """share* shared sharing disclos* sell sells selling sold sale recipient* third-part*
        partner* affiliate* advertiser* broker* publisher* service-provider* law-enforcement
        government-request* subpoena* merger* acquisition* co-ops provide-to redact* publicly
        public make-available""",
    "subprocessors": """subprocessor* sub-processor* processor* vendor* supplier* subcontract* sub-contract*
        service-provider* third-part* hosting-provider* provider processes-data""",
    "transfers": """transfer* adequacy standard-contractual contractual-clauses privacy-shield
        data-privacy-framework cross-border third-countr* eea eu scc sccs international*
        locali* data-center* data-centre* hosted location-of-processing binding-corporate""",
    "retention": """retain* retention delet* erase* erasure keep keeps kept store stores stored storing
        storage archive* purge* anonymi* anonymous pseudonym* aggregat* backup* discard*
        destroy* retention-period inactiv* self-destruct""",
    "security": """security secure* encrypt* breach* password* passkey* authenticat* two-factor
        confidential* safeguard* vulnerab* iso soc penetration bug-bount* unauthorized
        unauthorised malware intrusion personnel-access access-controls""",
    "cookies_tracking": """cookie* pixel* beacon* track tracks tracked tracker* tracking local-storage sdk*
        fingerprinting do-not-track gpc first-party third-party-cookies google-analytics
        advertising-id advertising-identifier*""",
    "rights_choices": """right rights opt-out opt-in opt out-out opting opted consent* choice* choose object
        withdraw* rectif* portab* unsubscrib* preference* setting* ccpa gdpr cpra appeal*
        request* access-request* turn-off turn-on disable-this decline revoke* do-not-sell
        do-not-share copy-of-your ask-us limit-the-use supervisory-authority complain* opt-outs""",
    "contact_channel": """contact* email e-mail mailto phone telephone fax postal mail write address addressed
        mailing-address portal web-form webform contact-form designated-agent copyright-agent
        reach-us""",
    "controller_entity": """controller* inc llc ltd limited gmbh corporation corp sarl plc pbc bv entity entities
        data-protection-officer dpo representative* contracting subsidiar* joint-controller*
        headquarter* located-at registered-office company-number incorporated legal-notices
        operated-by""",
    "children_age": """child children minors age aged ages parent* parental guardian* teen* under-the-age
        years-old years-of-age year-olds coppa kids youth legal-age age-of-majority""",
    "user_obligations": """prohibit* forbid* forbidden comply complies compliance violat* obligat* responsib*
        restrict* impersonat* harass* abus* spam* scrap* must-not may-not shall-not
        permission* permitted allowed disallow* ban bans banned unlawful illegal* circumvent*
        reverse-engineer* misuse* threat* exploit* hate* violen* nudity sexual* weapons drugs
        gambling counterfeit* mislead* decept* fraud* not-allowed eligible-content
        misinformation content-that developers advertisers sellers agree-to you-agree you-must
        you-may you-are-responsible""",
    "enforcement_termination": """terminat* suspend* suspension* disabl* cancel* enforce* block* deactivat* strike*
        penalt* remove-content remove removed removal restrict-access ban take-down takedown*
        reinstat* appeals account-closure close-your-account sanction* demonetiz* limit-your""",
    "fees_refunds": """fee fees price* pricing pay payable payment* payout* paid refund* charge charges
        charged charging bill billed billing invoice* subscription* renew* tax taxes vat cost
        costs credits deposit* discount* purchase* penny usd eur gbp money-back free-trial
        free-of-charge trial* spend currency commission* revenue rates tariff* unit-rate*
        donation*""",
    "service_level": """uptime sla availability service-level* downtime maintenance support-hours
        response-time* quota* bandwidth throughput megabyte* gigabyte* gb mb tb speed* latency
        service-credit* storage-space attachment* limits service-plan* simultaneous compatib*
        platforms supported""",
    "liability_warranty": """liab* warrant* indemn* damage damages as-is as-available disclaim* loss losses
        consequential negligen* hold-harmless guarantee* assume-risk own-risk misconduct""",
    "disputes_law": """arbitrat* govern governed governing jurisdiction* court courts class-action* dispute*
        litigat* venue waive* waiver* jury laws-of mediation tribunal small-claims statute*
        injunct* federal""",
    "intellectual_property": """licens* licenc* copyright* trademark* patent* intellectual-property infring* dmca
        ownership royalt* sublicens* open-source moral-rights feedback your-content
        user-content derivative-works proprietary brand-features logo*""",
    "scope": """apply applies applied applicable cover covers covered covering scope eligib* available
        unavailable region* countr* territor* resident* citizens means defined definition*
        include includes included including product* feature* website* app apps user-platform*
        enterprise beta preview* mobile desktop users customers organizations organisations
        accounts this-policy this-notice these-terms""",
    "notice_terms": """notify notif* notice notices amend* modif* changes-to effective take-effect
        takes-effect come-into-effect revis* updat* prior-notice advance-notice
        material-change* material-changes supersede* entire-agreement precedence prevail*
        conflict*""",
}

CLASSES: dict[str, str] = {
    "may": """may can could might able permitted allowed entitled optional optionally reserve-the-right
        reserves-the-right""",
    "must": """will shall must should would required requires require need needs obliged mandatory
        has-to have-to ought""",
    "negation": """not no never none nor neither without cannot can't don't doesn't won't isn't aren't
        wasn't didn't shouldn't mustn't couldn't wouldn't prohibited except excluding exclude
        excludes refuse no-longer""",
    "quantifier": """any all only each every solely exclusively some certain most least both either entire
        whole minimum maximum more less than limited unlimited additional other another up-to
        at-least sole""",
    "limit": "only solely exclusively never",
    "hedge": """generally typically usually normally often sometimes primarily approximately immediately promptly
        substantially reasonable reasonably materially solely knowingly""",
    "language": LANGUAGES,
    "binding": """agree agrees agreed comply complies govern governs governed governing incorporate* apply applies
        bound binding subject-to accordance accept sign signed pursuant adhere adheres abide abides forming-part
        integral-part part-of-these part-of-this part-of-the""",
    "renaming": """name-change changed-its-name new-name company-name name-is-changing now-called formerly
        formerly-known renamed rebrand*""",
    "deadline": "until till before after deadline expires expire expiry later",
    "exception": """unless except exceptions exception however provided notwithstanding subject-to if
        where only-if other-than save until in-case limited-to to-the-extent condition
        conditions conditional""",
    "conjunction": "and or and/or",
    "we": "we us our ours",
    "you": "you your yours user users customer customers member members subscriber subscribers",
    "party": """developer developers advertiser advertisers seller sellers creator creators buyer
        merchant merchants partner partners affiliate affiliates vendor vendors employee
        employees personnel contractor contractors agency party parties licensee licensor host
        hosts guest guests driver drivers sponsor sponsors parent provider providers business
        businesses organization administrator owner residents citizens""",
    "unit": """second seconds minute minutes hour hours day days week weeks month months monthly year
        years annual annually weekly daily hourly quarterly yearly percent gb mb tb kb megabytes gigabytes
        business-days calendar-days users seats usd eur gbp dollars euros cents times
        characters miles km""",
    "month": """january february march april may june july august september october november december
        jan feb mar apr jun jul aug sep sept oct nov dec""",
    "date_line": """updated effective modified revised version date last latest posted revision published dated
        copyright as-of datetime""",
    "stamp_line": "updated modified revised version date last-updated posted revision published dated",
    "pointer": """learn-more read-more click click-here see visit please-see please-visit for-more
        more-information find-out more-about more-details details refer see-our view
        available-here here further-information help-center help-centre faq documentation find
        video link links below above please-read""",
    "transitional": """previous-privacy previous-terms previous-policy previous-notice
        previous-version prior-version archived-version earlier-version current-version
        take-a-look we've-updated we-have-updated have-updated is-the-updated was-updated
        changes-take-effect until-the-effective until-then go-into-effect for-existing-users
        for-new-users change-log changelog for-the-version version-effective name-change
        changed-its-name new-name is-now you-can-view your-current view-our-current
        old-version takes-effect-on for-existing existing-users preview-the-updated
        updating-our covid-19 covid pandemic reflect-our-updated reflects-our-updated""",
    "conduct": "guidelines acceptable-use conduct prohibited community-standards content-policy rules restrictions",
    "upcoming": """will-be-effective be-effective comes-into-effect come-into-effect effective-on
        will-take-effect upcoming starting-on
        starting beginning as-of from-the updating-our we're-updating new-policy""",
    "announcement": "updating-our will-be-effective will-take-effect will-go-into-effect",
    "example": "e.g eg for-example such-as for-instance including i.e examples example like such",
    "summary": "summary in-short short-version overview key-considerations disclaimer summaries tldr",
    "values": """commit* commitment believe value values mission respect proud strive care important
        aim love principles appreciate thank thanks glad happy hope passionate dedicated work-hard""",
    "thanks": "thanks hall-of-fame grateful acknowledgements acknowledgments",
    "support": "support help feedback press general question questions enquir* inquir* suggestions",
    "authority": """supervisory-authority supervisory-authorities protection-authority protection-authorities
        ombudsman ombudsperson regulator regulators commissioner information-commissioner* cnil ico""",
    "credit": "adapted-from is-based-on inspired-by template templates",
    "instrument": """agreement agreements policy policies terms notice statement addendum license
        guidelines rules conditions contract dpa standards clauses schedule annex exhibit appendix""",
    "duty_verb": """collect use share disclose process store retain delete transfer sell provide access
        send receive combine keep disclose monitor scan review contact charge bill refund
        notify terminate suspend remove submit post upload create publish promote offer
        request claim obtain maintain display include link agree transmit record track infer
        verify license waive indemnify comply cancel encrypt train read analyze analyse respond answer pay renew
        resell modify copy distribute host protect inform ask block""",
    "law": """law laws act regulation regulations directive gdpr ccpa cpra dsa dma hipaa coppa
        pipeda lgpd ferpa code statute article""",
}

SYNONYMS: tuple[str, ...] = (
    "st street",
    "ave avenue",
    "rd road",
    "because that since as",
    "instance example",
    "that which",
    "information info data",
    "use using utilize utilise used",
    "via through",
    "help assist",
    "see view",
    "visit check",
    "site website sites websites webpage page pages",
    "e-mail email",
    "log login sign signin logging signing logged signed",
    "click select press tap choose",
    "approximate average",
    "these our this the those such",
    "who that",
    "upon on",
    "under pursuant",
    "e.g such like including",
    "prior before",
    "begin start commence",
    "end finish",
    "get receive obtain",
    "giving providing",
    "give provide",
    "ensure insure",
    "therein in",
    "hereby",
    "when if once whenever",
    "settings preferences options option panel",
    "advert ad ads advertisement advertisements",
    "photo photos picture",
    "project product",
    "listing profile listings profiles",
    "guidelines conditions rules policy policies",
    "statement notice policy",
    "mobile cell phone",
    "organisation organization",
    "etc",
    "find locate",
    "allows lets enables allow let enable",
    "contact reach",
    "further additional more",
    "wish want",
    "show display shown",
    "about regarding concerning on",
    "section clause paragraph",
    "however but",
    "need require",
    "so thus therefore",
)

FUNCTION_WORDS = """a an example instance the this that these those of to in on at by for from with as is are
    was were be
    been being it its their there here and so such also too then thus hereby thereof
    therein into onto about which who whom whose what how when while do does did have has
    had please just however therefore we our us you your they them he she his her i.e e.g
    etc own out up down over via per upon within through further below above"""

PLACES = """afghanistan africa albania algeria america argentina armenia asia australia austria
    azerbaijan bahrain bangladesh belarus belgium bolivia bosnia brazil bulgaria cambodia
    cameroon canada chile china colombia congo costa crimea croatia cuba cyprus czech
    czechia denmark donetsk ecuador egypt estonia ethiopia europe european finland france
    georgia germany ghana greece guatemala honduras hong hungary iceland india indonesia
    iran iraq ireland israel italy italian japan jordan kazakhstan kenya korea kosovo
    kuwait latvia lebanon liechtenstein lithuania luhansk luxembourg malaysia malta
    mauritius mexico moldova monaco mongolia montenegro morocco nepal netherlands nigeria
    norway oman pakistan panama paraguay peru philippines poland portugal qatar romania
    russia rwanda serbia singapore slovakia slovenia spain sweden switzerland swiss syria
    taiwan tanzania thailand tunisia turkey uganda ukraine uruguay uzbekistan venezuela
    vietnam uk usa u.s eea eu kingdom states alabama alaska arizona arkansas california
    colorado connecticut delaware florida hawaii idaho illinois indiana iowa kansas
    kentucky louisiana maine maryland massachusetts michigan minnesota mississippi
    missouri montana nebraska nevada hampshire jersey mexico york carolina dakota ohio
    oklahoma oregon pennsylvania rhode tennessee texas utah vermont virginia washington
    wisconsin wyoming quebec ontario zealand emirates saudi arabia scotland wales england
    dublin london francisco milan"""
