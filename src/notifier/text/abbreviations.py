"""Words that a full stop shortens, and words that often begin a sentence: what `sentences` decides by.

In lower case, without the last full stop, of all languages together; their lines are by language.
"""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEVER_END = _words("""
    e.g i.e viz vs v cf mr mrs ms messrs dr prof hon rev gov sen rep gen col lt capt sgt st mt approx incl excl attn
    a.k.a f.k.a d.b.a esp
    z.b zb d.h dh u.u i.d.r i.s.d i.s.v i.v.m i.h.v i.h.d i.ü o.g s.o s.u v.a z.t z.zt m.e a.a.o ggf ggfs bzw ca evtl
    inkl exkl zzgl abzgl sog vgl hrsg hr insb insbes bspw beispw entspr jew bzgl bez betr einschl ggü allg urspr eigtl
    p.ex c.-à-d c.à.d càd env mm mme mlle mgr ste tél réf éd
    p.ej ee sr sra srta sres dra dña ud uds vd vds aprox avda dpto admón excmo tfno cfr
    bijv bv d.w.z dwz d.m.v m.b.t t.a.v t.b.v t.o.v t.n.v n.a.v i.p.v o.b.v i.h.k.v a.u.b evt dhr mevr mw drs ing ir
    zgn ong resp c.q m.u.v o.g.v z.s.m
    ad.es p.es per.es sig sigg dott avv c.d
    np m.in tj tzn ul t.ex bl.a d.v.s f.eks jf s.k dvs
    т.е т.к см напр тыс млн млрд
""")
"""What follows belongs to it, so it ends no sentence."""
BEFORE_NUMBERS = _words("""
    no nos sec secs sect sections art arts fig figs vol vols ch chap p pp pg para paras cl reg sched app ver op ann ed
    pt pts ext min max jan feb mar apr jun jul aug sep sept oct nov dec
    nr nrn abs abt ziff lit buchst rn rz kap anm aufl bd s tel mind okt dez mrz
    n núm num nro al ap l r d janv févr avr juil déc ss
    pág págs pag apdo inc cap mín máx ene abr ago dic
    blz hfst par lett artt ust pkt poz ст п пп
""")
"""It ends no sentence where a number follows: `No. 5` is not `No. We do not`."""
MAY_END = _words("""
    u.s u.k e.u u.n u.s.a d.c inc ltd corp co llc l.l.c plc jr sr bros ph.d m.d esq dept est
    e.v u.a u.ä o.ä mio mrd tsd std sek f ff
    s.a s.a.s cie s.l cía ltda ee.uu n.v b.v e.a o.a s.r.l s.p.a et.al г руб др
""")
"""It ends one only before a word that often begins one."""
OFTEN_END = _words("etc usw usf al a.m p.m enz e.d o.i.d ecc osv mv m.m т.д т.п")
"""It ends one before a capital."""
STARTERS = _words("""
    the we you your our if this these those it its in on at for from by to when where while any all each some such
    however please as an a i under after before unless except they their there that no not nothing other additionally
    furthermore moreover also but and or so because since with without once upon until he she who what how why
    wir sie ihr ihre der die das den dem des ein eine einen wenn falls sofern soweit diese dieser dieses es im bei bitte
    für mit nach auf zu zur zum als auch alle er und oder aber durch unsere unser unter bis ohne wie was wer
    nous vous le la les l un une si ce cette ces il elle ils elles en dans pour par lorsque quand tout toute notre nos
    votre vos veuillez toutefois sans sous à au aux
    nosotros usted el los las una este esta estos estas para por cuando todo toda nuestro nuestra su sus también sin
    según
    wij u uw de het een deze dit voor met naar door wanneer indien onze ons zij hij er op na
""")
BEFORE_ORDINALS = _words("am zum vom bis ab der die das des dem den im beim jeder jede jedes seit einem zur")
"""German: `am 3. Tag`."""
GERMAN_MONTHS = _words("""
    januar jänner februar feber märz april mai juni juli august september oktober november dezember
""")
