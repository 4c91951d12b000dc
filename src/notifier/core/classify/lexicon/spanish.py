"""Spanish: the words a lawyer looks for. `conserv*` is a beginning of words; two or three words are a phrase."""

from __future__ import annotations

TOPICS: dict[str, str] = {
    "data_collection": """recopil* recog* recab* ubicación geolocalización gps biométric* identificador* salud
        genétic* nacimiento contactos fotos voz cámara micrófono metadatos datos-personales
        dirección-ip teléfono número-de-teléfono tarjeta-de-crédito contraseña""",
    "purpose": """finalidad* fines personaliz* perfil* publicidad publicitari* marketing analiz* análisis
        medi* investigación mejor* recomend* interés-legítimo base-jurídica base-legal campaña*""",
    "ai_training": """ia chatbot* entren* aprendizaje inteligencia-artificial algoritm* automatizad*
        modelo-de-lenguaje""",
    "sharing": """compart* comunic* divulg* revel* vend* venta cesión ceder destinatario* tercero* socio*
        anunciante* afiliad* filial* autoridad* fusión adquisición""",
    "subprocessors": "subencargado* encargado* proveedor* subcontrat*",
    "transfers": """transferenc* transfer* terceros-países cláusulas-contractuales adecuación internacional*
        servidores extranjero eee""",
    "retention": """""conserv* almacen* guard* borr* elimin* supres* suprim* archiv* anonim* seudonim* destru*
        plazo-de"""
    "",
    "security": "seguridad cifr* contraseña* autentic* confidencial* acceso protección proteg* brecha abuso",
    "cookies_tracking": "cookie* píxel* rastre* seguimiento baliza* do-not-track",
    "rights_choices": """derecho* oposición oponer* consent* retirar rectific* portabilidad baja elegir elección
        preferencia* configuración reclamación acceso-a solicitar""",
    "contact_channel": "contact* correo correo-electrónico email teléfono fax dirección escribir formulario*",
    "controller_entity": "responsable-del-tratamiento responsable representante* delegado-de sociedad sl sa ltd sede",
    "children_age": "niño* niña* menor* padre* madre* edad años tutor*",
    "user_obligations": """prohib* obligación obligaciones obligado* cumpl* infring* acos* spam abus* permitid* ilícit*
        debe""",
    "enforcement_termination": "rescin* termin* suspen* bloque* desactiv* retir* cerr* cierre sancion* cancel*",
    "fees_refunds": """tarifa* precio* pag* reembols* suscripción renov* impuesto* iva coste* costo* gratis
        gratuit* factur* eur usd""",
    "service_level": "disponibilidad interrupción mantenimiento soporte tiempo-de-respuesta gb mb",
    "liability_warranty": "responsabilidad garant* daño* indemniz* negligencia perjuicio* exclu*",
    "disputes_law": "ley-aplicable tribunal* jurisdicción arbitraje litigio* disputa* mediación",
    "intellectual_property": "licencia* derechos-de-autor marca* patente* propiedad intelectual*",
    "scope": "aplic* cubre producto* servicio* sitio* país países región",
    "notice_terms": "modific* notific* aviso* preaviso inform* entrada-en-vigor en-vigor actualiz* cambio* prevalece",
}

CLASSES: dict[str, str] = {
    "may": "puede pueden podemos podrá podrán podría podrían posible* permitido* opcional*",
    "must": "debe deben debemos deberá deberán obligatorio* necesario* requerido* exigido* tiene-que hay-que",
    "negation": "no nunca jamás ningún ninguna ninguno ni sin nadie nada prohibido* tampoco",
    "quantifier": """todo todos toda todas cada solo sólo solamente únicamente exclusivamente algunos algunas
        ciertos más menos otro otros otra otras adicional* máximo mínimo hasta""",
    "limit": "solo sólo solamente únicamente exclusivamente nunca",
    "exception": "salvo excepto excepción* excepciones sin-perjuicio sujeto-a si cuando aunque hasta",
    "conjunction": "y e o u y/o",
    "we": "nosotros nuestro nuestra nuestros nuestras nos",
    "you": "usted ustedes su sus tú tu usuario usuarios cliente clientes miembro miembros",
    "party": """socio socios anunciante anunciantes proveedor proveedores agente agentes empleado empleados
        empresa empresas encargado encargados autoridad autoridades padres tercero terceros
        visitante visitantes""",
    "unit": """segundo segundos minuto minutos hora horas día días semana semanas mes meses año años anual
        mensual por-ciento eur euro euros usd gb mb""",
    "month": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "date_line": "actualizado actualización última versión fecha vigencia publicado revisión",
    "stamp_line": "actualizado actualización última versión fecha publicado revisión",
    "pointer": "véase consulte más-información aquí haga-clic abajo arriba",
    "transitional": "versión-anterior hemos-actualizado",
    "upcoming": "a-partir-del entrará-en-vigor",
    "example": "ejemplo ejemplos como tales incluidos",
    "summary": "resumen en-breve",
    "values": "creemos valores importante respeto principios",
    "support": "ayuda soporte preguntas prensa sugerencias",
    "instrument": "contrato* acuerdo* política* condiciones términos anexo*",
    "duty_verb": """recopilar utilizar usar compartir comunicar divulgar tratar conservar eliminar suprimir
        transferir vender proporcionar enviar recibir reembolsar notificar suspender retirar
        publicar solicitar pagar compartimos recopilamos conservamos vendemos""",
    "law": "ley leyes reglamento directiva rgpd lopd artículo código decreto",
}

SYNONYMS: tuple[str, ...] = (
    "datos información informaciones",
    "sitio web página",
    "correo email e-mail",
    "utilizar usar emplear",
    "también además",
    "recibir obtener",
    "comenzar iniciar empezar",
    "si cuando",
    "foto imagen",
)

FUNCTION_WORDS = """el la los las un una unos unas de del a al en con por para es son era ser que quien cual lo
        le les se este esta estos estas ese esa esto eso aquí allí y así entonces como donde cuando
        sobre según entre desde hacia"""

PLACES = """españa alemania francia italia portugal europa irlanda bélgica suiza austria polonia canadá
        india china japón singapur brasil australia rusia dinamarca suecia noruega finlandia grecia
        turquía israel méxico argentina colombia chile perú eee ue california"""
