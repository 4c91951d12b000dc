"""Spanish: the words a lawyer looks for."""

from __future__ import annotations

from notifier.significance.lexicon.languages import LANGUAGES

TOPICS: dict[str, str] = {
    "data_collection": """recopil* recog* recab* datos-personales carácter-personal ubicación geolocaliz*
        dirección-ip identificador* biométric* salud registro* teléfono nacimiento sensibles
        navegación""",
    "purpose": """finalidad* publicidad* publicitari* perfil* personaliz* análisis marketing medición
        estadístic* base- jurídica interés-legítimo""",
    "ai_training": "ia inteligencia-artificial aprendizaje entren* modelo* algoritm* automatiz*",
    "sharing": """compart* comunic* divulg* vend* venta ceder cedemos cesión terceros tercero
        destinatari* socio* socios autoridades""",
    "subprocessors": "subencargado* encargado* proveedor* subcontrat*",
    "transfers": "transferenc* transferi* terceros-países cláusulas-contractuales adecuación eee",
    "retention": "conserv* plazo-de-conservación elimin* suprim* supresión borr* archiv* anonim* almacen*",
    "security": "seguridad cifr* contraseña* confidencial* brecha* proteg* acceso",
    "cookies_tracking": "cookie* rastre* píxel* píxeles seguimiento baliza*",
    "rights_choices": """derecho derechos oponer* oposición consent* rectific* portabilidad retirar
        reclamación* opciones baja preferencias solicitar pedir""",
    "contact_channel": "contact* correo e-mail email escrib* dirección teléfono formulario*",
    "controller_entity": """responsable-del-tratamiento responsable sl sa dpo delegado representante* sociedad
        domicilio""",
    "children_age": "niñ* menor menores edad años padre* madre* tutor*",
    "user_obligations": """prohib* oblig* cumpl* compromet* autoriz* permit* debe-no deberá* responsab* ilícit*
        abus*""",
    "enforcement_termination": "rescin* suspen* bloque* desactiv* cancel* resol* poner-fin",
    "fees_refunds": """tarifa* precio* pago* pagar reembols* factur* suscripci* renov* impuesto* iva coste*
        costo* gratuit* euros""",
    "service_level": "disponibilidad mantenimiento asistencia almacenamiento gb mb",
    "liability_warranty": "responsabilidad garantí* daño* indemniz* pérdida* culpa negligencia",
    "disputes_law": "tribunal* jurisdicción ley-aplicable arbitraje litigio* controversia* mediación",
    "intellectual_property": "licencia* derechos-de-autor marca* patente* propiedad-intelectual infracción*",
    "scope": "aplic* ámbito cubre* servicio* producto* disponible* país países región*",
    "notice_terms": """modific* preaviso notific* aviso entrada-en-vigor entra-en-vigor entrará-en-vigor
        actualiz*""",
}

CLASSES: dict[str, str] = {
    "may": "puede pueden puedes podemos podrá podrán podremos podría podrían opcional*",
    "must": "debe deben debes debemos deberá deberán deberás obligatori* requerid* exig*",
    "negation": "no nunca jamás ningún ninguna ninguno sin ni salvo excepto",
    "quantifier": """todo todos toda todas cada solo sólo solamente únicamente exclusivamente algunos algunas
        menos más otros""",
    "limit": "solo sólo solamente únicamente exclusivamente nunca",
    "exception": "si salvo excepto excepción* siempre-que condición* a-menos-que",
    "conjunction": "y e o u",
    "we": "nosotros nuestro nuestra nuestros nuestras nos",
    "you": "usted ustedes tú te tu tus su sus usuario* cliente* suscriptor*",
    "party": "socio* tercero* proveedor* filial* empleado* afiliad* vendedor* autoridad* padres",
    "unit": """segundo* minuto* hora* día días semana* mes meses año años ciento euro euros gb mb
        hábiles""",
    "month": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "date_line": "actualiz* última versión fecha modificad* vigor revis* de del el",
    "stamp_line": "actualizado actualización última versión fecha modificado revisado",
    "pointer": "ver véase más-información consult* clic aquí",
    "transitional": "versión-anterior hasta-entonces",
    "upcoming": "a-partir próxim* entrará",
    "example": "ejemplo como incluid* incluyendo tales",
    "summary": "resumen breve",
    "values": "creemos valores importante",
    "support": "soporte ayuda asistencia prensa",
    "instrument": "contrato* política* condiciones términos acuerdo* licencia*",
    "duty_verb": """recopilamos usamos utilizamos compartimos conservamos eliminamos transferimos vendemos
        comunicamos tratamos recopilar usar utilizar compartir conservar eliminar transferir
        vender comunicar tratar pagar reembolsar suspender cancelar publicar pedir solicitar
        responderemos facturar""",
    "hedge": """generalmente normalmente habitualmente menudo veces inmediatamente razonable* principalmente
        sustancialmente""",
    "binding": """acepta aceptas aceptar aplica aplican aplicará rige rigen regido sujeto sujeta vincula
        vinculante conforme integrante cumplir""",
    "authority": "autoridad-de-control autoridades-de-control aepd defensor agencia-española",
    "deadline": "antes después hasta plazo vence vencimiento caduca expira",
    "renaming": "renombrad* anteriormente antes-llamad* nuevo-nombre cambiado-de-nombre denominación",
    "announcement": "entrará-en-vigor entrarán-en-vigor estamos-actualizando",
    "language": LANGUAGES,
    "law": "rgpd lopd ley reglamento directiva código artículo",
}

SYNONYMS: tuple[str, ...] = (
    "usar utilizar",
    "datos información",
    "correo e-mail email",
    "solo sólo solamente",
)

FUNCTION_WORDS = """el la los las lo un una unos unas de del y e a al en con por para sobre bajo que se es
    son fue ser ha han este esta estos estas ese esa eso esto le les como así también
    donde cuando cual cuyo"""

PLACES = """españa alemania austria suiza italia francia bélgica irlanda polonia india china japón
    brasil canadá méxico argentina chile colombia perú estados-unidos europa europea eee
    reino-unido rusia turquía ucrania singapur australia portugal"""
