"""What activities are called in Spanish and English when they mean something to a customer.

A name is folded (no accents, no case, "wait - user" is "wait user") and held against each rule: one of its
patterns must be found, none of its exceptions. Stems stand for their endings: ``entreg\\w*`` is "entrega",
"entregado", "entregar". A name may mean two things ("Entrega y factura").
"""

from __future__ import annotations

import re
from enum import StrEnum

from hilo.insight.mapping.names import folded
from hilo.insight.records import record


class Meaning(StrEnum):
    """The values are the keys of a ``--meaning`` file."""

    REQUEST = "request"
    INCIDENT_OPENED = "incident_opened"
    INCIDENT_CLOSED = "incident_closed"
    NEWS_TO_CUSTOMER = "news_to_customer"
    INVOICE = "invoice"
    DELIVERY = "delivery"
    COMPLAINT = "complaint"
    RETURN = "return"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"


@record
class Rule:
    meaning: Meaning
    found: re.Pattern[str]
    unless: re.Pattern[str]

    def holds_for(self, plain: str) -> bool:
        return bool(self.found.search(plain)) and not self.unless.search(plain)


_CAMEL = re.compile(r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_PENDING = re.compile(r"\bp(?:d?te|end)\b")
_ANSWERS = (
    r"(?:informacion|info|respuesta|datos|documentacion|aprobacion|confirmacion|firma|validacion|decision"
    r"|ok|visto bueno|conformidad|autorizacion|aceptacion|feedback)"
)

CUSTOMER = (
    r"(?:clientes?|usuari[oa]s?|solicitantes?|interesad[oa]s?|abonad[oa]s?|compradore?s?|peticionari[oa]s?)"
)
CUSTOMER_EN = r"(?:customers?|clients?|users?|requesters?|callers?|buyers?|applicants?|claimants?)"
ANY_CUSTOMER = rf"(?:{CUSTOMER}|{CUSTOMER_EN})"
INCIDENT = (
    r"(?:incidencias?|incidentes?|averias?|tickets?|incidents?|fallos?|anomalias?|anomaly|anomalies|faults?"
    r"|trouble tickets?|service calls?|issues?|problemas?|problems?|defectos?|defects?|bugs?|partes? de"
    r" averia|casos?|cases?|disconformidad|no conformidad|partes?)"
)
OPEN = (
    r"(?:abrir|abiert[oa]s?|abre|apertura|alta|nuev[oa]s?|registr\w*|crear|cread[oa]s?|creacion|comunic\w*"
    r"|report\w*|detect\w*|open(?:ed|ing)?|new|created?|creation|logged|log|raised?|submit\w*|insert\w*"
    r"|recibid[oa]s?|recepcion|received|receipt|entrada|reabrir|reabiert[oa]s?|reapertura|reopen\w*"
    r"|notificad[oa]|dar de alta)"
)
CLOSE = (
    r"(?:cerrar|cerrad[oa]s?|cierre|cierra|resolver|resuelt[oa]s?|resuelve|resolucion|solucion\w*"
    r"|finaliz\w*|terminad[oa]|closed?|closing|closure|resolved?|resolution|solved?|fixed|completed)"
)

UNDONE = (
    r"\b(?:no|sin(?! incidencia)|not|without(?! inci)|never|nunca|un(?:resolved|solved|delivered|paid)"
    r"|pendientes? de|por hacer|falta|cancel\w*|anul\w*|prepar\w*|borrador|draft\w*|planific\w*"
    r"|program(?:ar|ad[oa]|acion)|previst[oa]|schedul\w*|planned|plan|plann?ing|estimated?|expected|fail\w*"
    r"|fallid[oa]|intento|attempt\w*|aplaz\w*|retras\w*|postpon\w*|delay\w*|rechaz\w*|reject\w*|denied"
    r"|denegad[oa]|revis\w*|review\w*|check\w*|comprob\w*|verif\w*|adjust\w*|corregir|to be|to do|awaiting"
    r"|waiting|wait|pending|espera\w*|imprimir|print\w*|reclamar|solicitar|pedir|request approval)\b"
)
"""What makes a doing undone: negations, plans, drafts, checks."""

SUPPLIER = (
    r"\b(?:proveedor(?:es)?|vendors?|suppliers?|transportistas?|carriers?|subcontrat\w*|fabricantes?"
    r"|compras?|purchase requisition|purchasing)\b"
)
COLLECTION = (
    r"\b(?:cobr\w*|pag[oa]\w*|impag\w*|deudas?|morosidad|moros[oa]s?|payments?|collections?|dunning|debts?"
    r"|overdue|recibos?|remesas?|vencid[oa]s?|paid|fianzas?|deposits?)\b"
)
INTERNAL = (
    r"\b(?:almacen|produccion|taller|tecnic[oa]s?|jefe|director\w*|gerente|comercial(?:es)?|compañer\w*"
    r"|companer\w*|warehouse|production|manager|technicians?|team|equipo|departamento|department|area"
    r"|internal\w*|intern[oa]s?|oficina|ventas|sales|finance|administracion|calidad|quality|back ?office"
    r"|logistica|supervisor|approver|agent|previous step|paso anterior)\b"
)


def plain(name: str) -> str:
    return _PENDING.sub("pendiente", _NO_WORD.sub(" ", folded(_CAMEL.sub(" ", name))).strip())


def _rule(meaning: Meaning, found: list[str], unless: list[str]) -> Rule:
    return Rule(meaning, re.compile("|".join(found)), re.compile("|".join(unless) or r"(?!)"))


RULES = (
    _rule(
        Meaning.REQUEST,
        [
            r"\b(?:solicitud|peticion|pedidos?|encargo|consulta)(?: de(?:l)? (?:cliente|oferta|presupuesto"
            r"|servicio|informacion|visita))? (?:nuev[oa]|recibid[oa]|entrante|registrad[oa]|realizad[oa]"
            r"|cread[oa]|introducid[oa]|confirmad[oa] por el cliente|aceptad[oa] por el cliente|del?"
            r" cliente)\b",
            r"\b(?:recib\w*|recepcion|registr\w*|alta|crear|creacion|entrada|nuev[oa]|introducir|grabar"
            r"|anotar|dar de alta|toma|tomar|llegada)(?: (?:de|del|la|el|una?))* (?:solicitud|peticion"
            r"|pedido|encargo|consulta|orden de pedido)\b",
            r"\b(?:cliente|customer|client|user|usuario) (?:pide|solicita|encarga|hace (?:el|un) pedido"
            r"|requests?|orders|places)\b",
            r"\b(?:orders?|requests?|enquiry|inquiry|application|customer order|sales order|quote request)"
            r" (?:received|placed|created|registered|submitted|entered|logged|purchase|intake|opened)\b",
            r"\b(?:receive|register|create|submit|enter|place|log|record|new|intake)(?: (?:of|an?|the"
            r"|new))* (?:customer |sales |service |work |client )?(?:orders?|requests?|enquiry|inquiry"
            r"|application)\b",
            r"\b(?:a submitted|request for (?:quote|quotation)|rfq|solicitud inicial|presupuesto solicitado"
            r"|oferta solicitada|pedido en firme)\b",
            r"^(?:solicitud|peticion|pedido|request|order placed|order|application|customer request"
            r"|solicitud de(?:l)? cliente|pedido del? cliente)$",
        ],
        [
            UNDONE,
            SUPPLIER,
            COLLECTION,
            r"\b(?:aprobacion|approval|vacaciones|material(?:es)?|change|cambio|purchase order|orden de"
            r" compra|pedido de compra|pedido a|devolucion|return|cierre|permiso|firma|orden de trabajo"
            r"|piezas?|repuestos?|documentacion|info|informacion adicional|additional|credit|abono"
            r"|transfer\w*|recursos?|traslado|confirmation|acuse|receipt of)\b",
        ],
    ),
    _rule(
        Meaning.INCIDENT_OPENED,
        [
            rf"\b{OPEN}(?: (?:de|del|la|el|una?|an?|the|new|nueva|sw|hw))* {INCIDENT}\b",
            rf"\b{INCIDENT}(?: (?:de|del|la|el|cliente|nueva?|sw|hw))* {OPEN}\b",
            r"\b(?:cliente|customer|client|user|usuario) (?:reports?|comunica|avisa de|reporta|notifica"
            r"|raises?) (?:an? |la |una? |el )?(?:incid\w*|fall\w*|averia|problem\w*|fault|issue|anomal\w*"
            r"|defect\w*)",
            r"^(?:incidencia|averia|incident|reopened|reabierto|reabierta|reopen|reapertura|problem"
            r" reported|aviso de averia|nueva averia)$",
        ],
        [
            rf"\b(?:no|sin|not|without|cancel\w*|anul\w*|fals[oa]) .*{INCIDENT}",
            rf"\b{CLOSE}\b(?!.*\breab)",
            r"\b(?:no|not|without|sin|revis\w*|review\w*|check\w*|analiz\w*|analy\w*|assign\w*|asign\w*"
            r"|update\w*|actualiz\w*|cost|informe|report(?:e|ing)? (?:of|on|sent)|acknowledg\w*|known|root"
            r"|close case)\b",
        ],
    ),
    _rule(
        Meaning.INCIDENT_CLOSED,
        [
            rf"\b{CLOSE}(?: (?:de|del|la|el|las|los|the|an?|sw|hw|de la))* (?:{INCIDENT}|queja|reclamacion"
            rf"|complaint|claim|quejas)\b",
            rf"\b(?:{INCIDENT}|queja|reclamacion|complaint|claim)(?: (?:de|del|la|el|sw|hw|cliente|is|was"
            rf"|ha sido|queda))* {CLOSE}\b",
            r"^(?:completed |estado |status |finalizad[oa] )?(?:resuelt[oa]|resolved|solved|closed"
            r"|cerrad[oa]|solucionad[oa]|cierre|close|resolve|resolver|resolucion|cerrar)$",
            r"^(?:resolved|closed|resuelto|cerrado) (?:closed|resolved|completed|cerrado|resuelto)$",
            r"\b(?:problema|averia|fallo|problem|fault) (?:reparad[oa]|arreglad[oa]|fixed|repaired)\b",
        ],
        [
            r"\b(?:no|sin|not|un(?:resolved|solved)|pendientes? de|pending|cancel\w*|por|awaiting|wait\w*"
            r"|reopen\w*|reab\w*|reapertura|propos\w*|propuest[oa]|attempt\w*|intento|falta|won|lost"
            r"|ganad[oa]|perdid[oa]|to be|prepar\w*|proveedor\w*|vendor|contable|year|month|mes|ejercicio)\b",
        ],
    ),
    _rule(
        Meaning.NEWS_TO_CUSTOMER,
        [
            rf"\b(?:inform(?:ar|ado|acion|amos|e)?|avis(?:ar|o|ado|amos)|notific(?:ar|acion|ado)|llam(?:ar"
            rf"|ada|amos)|llamada telefonica|email|e mail|correo|mail|mensaje|sms|whatsapp|respuesta"
            rf"|responder|contest(?:ar|acion)|comunic(?:ar|acion|ado)|contact(?:ar|o|ado)|actualizacion"
            rf"|confirm(?:ar|acion)|envio de \w+|enviar \w+|remitir \w+|enviad[oa]|carta)(?: \w+){{0,4}}"
            rf" (?:al?|con el|con la|con) (?:l[oa]s? )?{CUSTOMER}\b",
            rf"\b{CUSTOMER} (?:informad[oa]|avisad[oa]|notificad[oa]|contactad[oa]|respondid[oa]"
            rf"|llamad[oa])\b",
            rf"\b(?:notify|notified|inform|informed|call|called|phone|contact|contacted|update|updated"
            rf"|email|emailed|e mail|advise|tell|message)(?: the| to)? {CUSTOMER_EN}\b",
            rf"\b(?:reply|replied|answer|response|confirmation|notification|update|message|email|letter"
            rf"|call|acknowledge?ment|quote|quotation|offer|report|news|information|notice|status)(?:"
            rf" \w+){{0,2}} to(?: the)? {CUSTOMER_EN}\b",
            rf"\b{CUSTOMER_EN} (?:notified|informed|contacted|updated|called|notification|update)\b",
            r"\b(?:send|sent|envio|enviar|enviad[oa])(?: (?:de|la|el|un[oa]?|the|an?|order|pedido))*"
            r" (?:confirmation|acknowledg\w*|notification|oferta|presupuesto|acuse(?: de recibo)?"
            r"|confirmacion|quote|quotation|offer|status update|recordatorio de cita)\b",
            r"\b(?:confirmacion(?: de(?:l)? (?:pedido|cita|recepcion))?|acuse de recibo|oferta|presupuesto"
            r"|confirmation|acknowledg\w*|notification|offer|quote|quotation)(?: de recibo)? (?:sent"
            r"|enviad[oa]|remitid[oa])\b",
            r"^(?:confirmation of receipt|acuse de recibo|order confirmation|confirmacion de pedido|o sent"
            r"|send fine|send fine notification|aviso de entrega|customer update)$",
        ],
        [
            r"\b(?:no|sin|not|without|pendientes? de|pending|cancel\w*|anul\w*|prepar\w*|borrador|draft\w*"
            r"|check\w*|adjust\w*|revis\w*|review\w*|print\w*|imprimir|planific\w*|schedule\w*|fail\w*"
            r"|intento|attempt\w*|awaiting|wait\w*|espera\w*|falta|to be|unable|imposible|solicit\w*|pedir"
            r"|request\w*|ask|escal\w*|asign\w*)\b",
            rf"\bde(?:l| l[oa]s?) {CUSTOMER}\b(?!.*\bal {CUSTOMER})",
            rf"\b(?:from|by)(?: the)? {CUSTOMER_EN}\b",
            SUPPLIER,
            r"\b(?:cobr\w*|impag\w*|deuda|dunning|overdue|debt|factura|invoice|receipt of invoice)\b",
            r"\bal? (?:almacen|taller|produccion|tecnic\w*|jefe|departamento|comercial|oficina)\b",
        ],
    ),
    _rule(
        Meaning.INVOICE,
        [
            r"\b(?:emitir|emision|emitid[oa]s?|enviar|envio|enviad[oa]s?|generar|generad[oa]s?|generacion"
            r"|crear|creacion|hacer|expedir|expedid[oa]|contabilizar|registrar)(?: (?:de|la|las|una?|el"
            r"|l[oa]s))* facturas?\b",
            r"\bfacturas?(?: (?:final|parcial|de venta|de(?:l)? cliente|a(?:l)? cliente|al cliente|de"
            r" cierre))* (?:emitid\w*|enviad\w*|generad\w*|cread\w*|expedid\w*|hech\w*|realizad\w*"
            r"|contabilizad\w*)\b",
            r"\b(?:facturar|facturad[oa]s?|facturacion|se factura)\b",
            r"\b(?:send|issue|create|generate|post|raise|print|make|emit|submit)(?: (?:the|an?|customer"
            r"|sales|final))* (?:invoices?|bill)\b",
            r"\b(?:customer |sales |final )?invoices? (?:sent|issued|created|generated|posted|raised"
            r"|printed|out|made|emitted|creation)\b",
            r"^(?:invoic(?:e|ed|ing)|billing|billed|factura|facturas|factura final|factura de venta|factura"
            r" al cliente|factura cliente|customer invoice|sales invoice|bill customer|invoice customer"
            r"|factura y envio|entrega y factura)$",
            r"\b(?:bill|invoice) (?:the )?(?:customer|client)\b",
            r"\bentrega y factura\b",
        ],
        [
            r"\b(?:no|sin|not|without|un\w*invoiced|pendientes? de|pending|cancel\w*|anul\w*|prepar\w*"
            r"|borrador|draft\w*|revis\w*|review\w*|check\w*|aprob\w*|approv\w*|proforma|pro forma"
            r"|rectific\w*|abono|credit|corre[cg]\w*|recibid[oa]|recepcion|received|receipt|planific\w*"
            r"|schedule\w*|retenid[oa]|bloquead[oa]|block\w*|hold|duda|disputa|dispute|error|datos de"
            r" facturacion|billing (?:data|address|inquiry|enquiry|question)|direccion de facturacion"
            r"|solicitar|pedida?|reclam\w*|rechaz\w*|reject\w*|change|cambio)\b",
            SUPPLIER,
            COLLECTION,
        ],
    ),
    _rule(
        Meaning.DELIVERY,
        [
            r"\b(?:cliente recibe|customer receives)\b",
            r"\b(?:entreg(?:a|ar|as|ad[oa]s?)|deliver(?:ed|y|ies|ing)?)\b",
            r"\b(?:albaran firmado|proof of delivery|pod received|mercancia recibida por el cliente"
            r"|recogid[oa] por el cliente|picked up by customer|received by customer|recibido por (?:el"
            r" )?cliente)\b",
        ],
        [
            UNDONE,
            SUPPLIER,
            INTERNAL,
            r"\b(?:delivery (?:notes?|note created|date|order|document|request|address|recorded|slot|window"
            r"|problem|issue|complaint|confirmation requested|block|created)|create(?:d)? delivery|fecha de"
            r" entrega|nota de entrega|direccion|plazo|document\w*|informe|oferta|presupuesto|llaves"
            r"|muestras?|fianza|carrier|problem\w*|incidencias? (?:de|en)|reclam\w*|complain\w*|confirm\w*"
            r" (?:fecha|date)|acordar|negociar|calcul\w*|consult\w*|orden de entrega|pick\w*|out for"
            r"|albaran de|en reparto|parte de)\b",
        ],
    ),
    _rule(
        Meaning.COMPLAINT,
        [
            r"\b(?:queja|quejas|reclamacion(?:es)?|hojas? de reclamacion(?:es)?|complaints?|complained"
            r"|complains)\b",
            r"\b(?:cliente|customer|client|user|usuario) (?:reclama|se queja|insatisfech[oa]|complains"
            r"|dissatisfied|unhappy|angry|claims)\b",
            r"\bcustomer claims? (?:received|registered|opened|created|filed)\b",
        ],
        [
            rf"\b{CLOSE}\b",
            r"\b(?:no|sin|not|without|cancel\w*|anul\w*|retirad[oa]|withdrawn|respon\w*|respuesta"
            r"|contest\w*|repl(?:y|ied)|answer|revis\w*|review\w*|check\w*|analiz\w*|analy\w*|investig\w*"
            r"|acuse|acknowledg\w*|inform\w*|reclamar|document\w*|prepar\w*|draft\w*|asign\w*|assign\w*"
            r"|resumen|material|pieza)\b",
            SUPPLIER,
            COLLECTION,
            r"\b(?:facturas?|invoices?)\b(?!.*\bcliente)",
        ],
    ),
    _rule(
        Meaning.RETURN,
        [
            r"\b(?:devolucion(?:es)?|devuelt[oa]s?|devolver|devuelve)\b",
            r"^(?:returns?|returned|customer returns?)$",
            r"\b(?:goods|materials?|items?|products?|parcel|order|customer|client|merchandise|package"
            r"|device|unit)(?: \w+)? return(?:s|ed)?\b",
            r"\breturn(?:s|ed)? (?:of )?(?:the )?(?:goods|materials?|items?|products?|parcel|order"
            r"|merchandise|package|device|received|registered|requested|accepted|approved|request|by"
            r" customer|from customer|shipment)\b",
            r"\breceive returns?\b",
            r"\brma\b",
        ],
        [
            r"\b(?:no|sin|not|without|cancel\w*|anul\w*|rechaz\w*|reject\w*|llamada|call|phone|mail|importe"
            r"|dinero|money|refund\w*|reembols\w*|prestamo|loan|herramienta|tool|iva|tax|envase\w*|palets?"
            r"|documentacion|document\w*|expediente|solicitud|application|request|file|correo|borrador"
            r"|draft|to (?:work|stock|service|sender|queue|previous|planning)|order to|incompleto"
            r"|incomplete|firma|corregir|correction|a revision|plazo|policy|politica|on investment"
            r"|resultado)\b",
            SUPPLIER,
            COLLECTION,
            INTERNAL,
        ],
    ),
    _rule(
        Meaning.WAITING_FOR_CUSTOMER,
        [
            rf"\b(?:pendientes?|falta|faltan|espera|esperando)(?: de)? {_ANSWERS}(?: de(?:l)?)? {CUSTOMER}\b",
            rf"\b(?:pendientes? (?:de(?:l)? )?(?:\w+ (?:de(?:l)?|por(?: el)?|por parte de(?:l)?)"
            rf" )?(?:l[oa]s? )?{CUSTOMER})\b",
            rf"\b(?:a la espera|en espera|esperando|espera|esperar|parad[oa]|detenid[oa]|bloquead[oa]"
            rf"|suspendid[oa])(?: (?:de|del|por|al|a|el|la|que|\w+)){{0,4}}? {CUSTOMER}\b",
            rf"\b(?:awaiting|await|waiting|wait|pending|on hold|hold|blocked|stopped|paused)(?:"
            rf" \w+){{0,4}}? {CUSTOMER_EN}\b",
            rf"\b{CUSTOMER_EN} (?:action|input|reply|response|information|info|feedback|approval"
            rf"|confirmation|answer|data) (?:required|needed|pending|awaited|requested)\b",
            rf"\b(?:falta|faltan) (?:\w+ ){{0,3}}(?:de(?:l)?|por parte de(?:l)?) {CUSTOMER}\b",
            rf"\b(?:solicitad[oa]|pedid[oa]|requested)(?: (?:la|el|mas))* (?:informacion|info|datos"
            rf"|documentacion|information|data|documents)(?: adicional)? (?:al|a la|from|to)(?: the)?"
            rf" {ANY_CUSTOMER}\b",
            rf"\b(?:informacion|info|datos|documentacion|information|data|documents)(?: adicional)?"
            rf" (?:solicitad[oa]s?|pedid[oa]s?|requested)(?: (?:al|a la|from|to))(?: the)? {ANY_CUSTOMER}\b",
            rf"\b(?:solicitar|pedir|request|ask for)(?: (?:la|el|mas|more|additional))* (?:informacion|info"
            rf"|datos|documentacion|information|data|documents)(?: adicional)? (?:al|a la|from|to)(?: the)?"
            rf" {ANY_CUSTOMER}\b",
        ],
        [
            r"\b(?:pendientes? de|falta|waiting to|pending) (?:llamar|avisar|informar|enviar|notificar"
            r"|contactar|responder|entregar|facturar|visitar|contestar|comunicar|call|notify|inform|send"
            r"|contact)\b",
            rf"\b{CUSTOMER} (?:en espera|esperando|a la espera|espera)\b",
            rf"\b{CUSTOMER_EN} (?:is )?(?:waiting|on hold)\b",
            r"\b(?:proveedor\w*|vendor|supplier|llamada|call)\b",
            r"\bal? (?:envio|entrega) al\b",
            rf"\b(?:envio|entrega|respuesta|aviso|pago|cobro) al {CUSTOMER}\b",
            r"\b(?:user|usuario) (?:acceptance testing|training|manual)\b",
        ],
    ),
)
