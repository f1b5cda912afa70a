"""What columns are called in Spanish and English, role by role, and how surely each word says it."""

from __future__ import annotations

from functools import lru_cache

from hilo.insight.mapping.names import Meaning, listed, phrases, vocabulary, words_of
from hilo.insight.raw import Role

NEUTRAL = listed(
    "id identificador identifier numero num number nr no code codigo cod key clave name nombre n"
    " de del la el los las al a y o e of the and in en for por"
    " actual current real sap erp crm full"
)
"""Words that do not change what a name is about: "Customer ID", "Código de cliente"."""

_OLD = "old previous prior former anterior previo antiguo from origen"
_KINDS = "type tipo category categoria clase class level nivel group count score puntuacion"

ROLES: dict[Role, Meaning] = {
    Role.CASE: Meaning(
        phrases(
            {
                1.0: "expediente, caso, hilo, id caso",
                0.92: "ticket, incidencia, pedido, orden de trabajo, numero de orden, solicitud, peticion,"
                " orden de fabricacion, orden de compra, folio, radicado, aviso, orden de servicio",
                0.85: "orden, reclamacion, siniestro, oferta, tramite, queja, encargo, parte, queja, of, ot,"
                " parte de trabajo, consulta",
                0.7: "proyecto, contrato, albaran, obra, factura, presupuesto, asunto, instancia, poliza,"
                " envio, entrega, visita, lote, servicio, demanda, matter",
                0.6: "referencia, registro, ref, documento",
            },
            {
                1.0: "case, case concept name, trace, case id, process instance",
                0.92: "ticket, incident, service request, sr, work order, sales order, purchase order, order,"
                " request, thread, issue, case number",
                0.85: "claim, complaint, application, po, so, wo, rma, enquiry, inquiry, job, journey",
                0.7: "project, shipment, delivery, invoice, quote, contract, dossier, visit, batch, lot,"
                " consignment, object, engagement",
                0.6: "reference, document, record, file",
            },
        ),
        listed(
            "parent padre related relacionado line linea item type tipo previous anterior external"
            " externo instance group grupo source origen"
        ),
    ),
    Role.ACTIVITY: Meaning(
        phrases(
            {
                1.0: "actividad, nombre de actividad",
                0.95: "tarea, actuacion, tipo de evento, tipo de actividad, paso del proceso,"
                " accion realizada",
                0.88: "accion, evento, paso, etapa, suceso, hito, movimiento, tipo de movimiento, trabajo"
                " realizado, que se hizo",
                0.8: "estado, fase, situacion, operacion, estatus, estado nuevo, nuevo estado, gestion,"
                " labor",
                0.6: "tramite, proceso, trabajo, intervencion",
                0.35: "concepto, descripcion, detalle, asunto",
            },
            {
                1.0: "activity, concept name, activity name, event concept name",
                0.95: "task, event type, event name, process step, workflow step, task name",
                0.88: "event, action, step, milestone, stage, operation, movement, work step",
                0.8: "status, state, phase, new status, to status, status to, change type",
                0.6: "transaction, process, procedure, work",
                0.35: "description, title, message, subject",
            },
        ),
        listed(
            f"{_OLD} sub level nivel count instance instancia index indice url email payment pago next"
            " customer cliente product producto delivery group grupo"
        ),
    ),
    Role.TIME: Meaning(
        phrases(
            {
                1.0: "fecha hora, fecha y hora, marca de tiempo, marca temporal, fecha evento,"
                " fecha actividad",
                0.95: "fecha fin, fin, hora fin, fecha cambio, fecha del cambio, fecha movimiento, instante,"
                " fecha de finalizacion, finalizacion, fecha de cierre de tarea, hora de fin, termino",
                0.88: "fecha, momento, cuando, fecha registro, fecha estado, dia, hasta, fecha de ejecucion",
                0.7: "hora, fecha modificacion, fecha de alta, fecha creacion, registrado, tiempo",
            },
            {
                1.0: "timestamp, time timestamp, date time, event time, event date, datetime,"
                " event timestamp",
                0.95: "complete timestamp, end timestamp, completion time, end time, finish time,"
                " change date,"
                " change date time, completed at, finished at, end, complete, finish, changed at, changed on,"
                " date and time, occurred at, status date, end date, stop",
                0.88: "date, time, when, moment, recorded at, logged at, performed at, at, on, day",
                0.7: "modified, updated, recorded, created at, created on, created, posted, entered,"
                " updated at",
            },
        ),
    ),
    Role.START: Meaning(
        phrases(
            {
                1.0: "inicio, fecha inicio, hora inicio, comienzo, fecha de inicio, inicio real, arranque",
                0.85: "desde, empieza, iniciado, comenzado, apertura de tarea, empezado",
            },
            {
                1.0: "start, begin, start timestamp, start time, start date, started at, started, begun,"
                " begin time, begin date, start datetime",
                0.85: "from, beginning, commenced, opened at",
            },
        ),
    ),
    Role.DUE: Meaning(
        phrases(
            {
                1.0: "vencimiento, fecha limite, comprometido, comprometida, compromiso, fecha compromiso",
                0.95: "plazo, limite, previsto, prevista, prometido, prometida, fecha objetivo, tope, maxima,"
                " prevision,"
                " fecha prevista, fecha comprometida, fecha prometida",
                0.85: "estimado, estimada, planificado, planificada, programado, programada, objetivo,"
                " acordado, acordada, requerido, requerida, esperado, esperada, teorico, teorica, solicitada,"
                " deseada, caducidad, pactada, pactado",
            },
            {
                1.0: "due, deadline, due date, promised, promise, committed",
                0.95: "target, sla, need by, required by, promise date, commit date, limit",
                0.85: "estimated, estimate, expected, scheduled, schedule, planned, plan, forecast, eta,"
                " required, requested delivery, agreed, expiry, target date, requested date",
            },
        ),
        listed("start begin inicio comienzo opened"),
        anywhere=True,
    ),
    Role.PERSON: Meaning(
        phrases(
            {
                1.0: "usuario, tecnico, empleado, agente, operario, recurso, persona, tramitador",
                0.92: "operador, trabajador, gestor, realizado por, hecho por, atendido por, asignado a,"
                " quien,"
                " ejecutado por, autor, usuario asignado, modificado por, firmante, profesional, instructor",
                0.85: "responsable, encargado, ejecutor, propietario, creado por, medico, asignado, analista,"
                " interviniente, colaborador, compañero, companero",
                0.6: "comercial, vendedor, supervisor, jefe, actor",
            },
            {
                1.0: "resource, org resource, user, agent, employee, operator, technician, person",
                0.92: "assigned to, assignee, performed by, done by, handled by, changed by, handler, worker,"
                " performer, executed by, modified by, staff, who, completed by, caseworker, clerk,"
                " colleague",
                0.85: "owner, owner first name, owner name, created by, responsible, responsible person,"
                " author,"
                " engineer, executor, analyst, doctor, nurse",
                0.6: "manager, supervisor, seller, actor, salesperson, sales rep, rep",
            },
        ),
        listed(
            "country pais group grupo team equipo department departamento area type tipo role rol"
            " section seccion customer cliente level"
        ),
    ),
    Role.AREA: Meaning(
        phrases(
            {
                1.0: "area, departamento, equipo, dpto, depto, unidad organizativa, grupo de trabajo,"
                " grupo resolutor, grupo asignado, area responsable",
                0.9: "grupo, seccion, unidad de negocio, servicio responsable, negociado, unidad",
                0.75: "division, cola, servicio, unidad tramitadora, funcion, taller, puesto de trabajo,"
                " cuadrilla",
                0.55: "rol, puesto, centro de coste, perfil, organizacion, gerencia, direccion, brigada",
            },
            {
                1.0: "area, department, team, org group, support team, assignment group, workgroup,"
                " work group,"
                " assigned group, dept",
                0.9: "group, organizational unit, org unit, involved st, support group, business unit,"
                " unit, crew",
                0.78: "org line, organization involved, queue, section, squad, division, responsible group,"
                " work center, workcenter, org line 3",
                0.55: "function, function div, org role, role, desk, organization, organisation, st, div,"
                " cost center, branch of service, lane, competence",
            },
        ),
        listed(
            "product producto customer cliente level nivel material country pais age edad price amount"
            " handling measure medida cantidad quantity weight peso"
        ),
    ),
    Role.SITE: Meaning(
        phrases(
            {
                1.0: "delegacion, sede, sucursal, centro de trabajo, planta",
                0.88: "oficina, tienda, centro, territorial, filial, emplazamiento, fabrica, ubicacion,"
                " agencia",
                0.78: "pais, provincia, region, zona, localidad, territorio, comunidad autonoma, almacen,"
                " comarca",
                0.6: "ciudad, poblacion, municipio, hospital, juzgado",
            },
            {
                1.0: "site, branch, plant, location, delegation",
                0.88: "office, field office, store, facility, subsidiary, factory, branch office, shop",
                0.78: "country, region, territory, province, warehouse, depot, market, organization country",
                0.6: "city, town, hospital, county, state, municipality",
            },
        ),
        listed(
            "manufacturing fabricante vendor proveedor supplier seller owner propietario resource recurso"
            " customer cliente envio shipping birth nacimiento order pedido activity web url"
        ),
    ),
    Role.CUSTOMER: Meaning(
        phrases(
            {
                1.0: "cliente, codigo de cliente",
                0.88: "comprador, abonado, razon social, consumidor, cuenta cliente, asegurado, paciente",
                0.75: "cuenta, solicitante, ciudadano, deudor, destinatario, interesado, titular, reclamante",
                0.6: "empresa, socio, usuario final, alumno, arrendatario",
            },
            {
                1.0: "customer, client, customer account",
                0.88: "account, buyer, sold to, consumer, patient, subscriber, policyholder, sold to party",
                0.75: "requester, applicant, citizen, debtor, payer, ship to, claimant, requestor, consignee",
                0.6: "company, partner, member, end user, student, tenant",
            },
        ),
        listed(
            "city ciudad state provincia country pais zip postal prefix type tipo segment segmento level"
            " group"
            " grupo unique manager phone telefono email service servicio satisfaction contact sector"
        ),
    ),
    Role.AMOUNT: Meaning(
        phrases(
            {
                1.0: "importe, monto, cuantia, importe total, importe neto",
                0.85: "precio, valor, total, base imponible, facturado, venta, total pedido, ingresos",
                0.6: "coste, euros, eur, pvp, presupuesto, costo",
            },
            {
                1.0: "amount, order value, line item value, net value, total amount, net amount",
                0.85: "value, price, total, revenue, order total, sales",
                0.6: "cost, eur, usd, worth, budget",
            },
        ),
        listed(
            "unit unitario freight flete insurance seguro pack tax iva discount descuento items index count"
            " weight peso puntos numero shipping transporte margin margen new old handling unit good"
            " container piece quantity cantidad unidades bultos palets horas hours minutes minutos days dias"
        ),
    ),
    Role.LIFECYCLE: Meaning(
        phrases(
            {
                1.0: "ciclo de vida, transicion, tipo de transicion",
                0.95: "subestado, sub estado, estado secundario",
            },
            {
                1.0: "lifecycle transition, lifecycle, life cycle, transition, event lifecycle",
                0.95: "sub status, substatus, sub state, substate, start complete",
            },
        ),
    ),
}

OUTCOMES = Meaning(
    phrases(
        {
            1.0: "resolucion, resultado, causa, motivo de cierre, desenlace, satisfaccion, variante, cierre,"
            " fecha de cierre, fecha fin, duracion, valoracion, codigo de cierre, solucion, ultimo, ultima,"
            " final, estado final",
        },
        {
            1.0: "resolution, outcome, result, root cause, close code, closure, satisfaction, variant,"
            " latest,"
            " final, end date, enddate, closed at, score, duration, rating, delivered, variant index,"
            " solution,"
            " last, lead time, throughput time, case status, order status",
        },
    ),
    listed("planned due previsto prevista estimated deadline"),
    anywhere=True,
)
"""What is known only late in a case."""

STATUSES = Meaning(phrases({1.0: "estado, estatus, situacion"}, {1.0: "status"}))
_MOMENTS = (Role.TIME, Role.START, Role.DUE)
_ELSE = listed(
    "vendor supplier proveedor seller manufacturer fabricante brand marca product producto articulo item"
    " material description descripcion comment comentario nota note observacion observaciones title titulo"
    " channel canal priority prioridad variant variante via mode modo term carrier transportista"
)
DATE_WORDS = listed("date timestamp time datetime at on fecha hora dia day ts dt")
SPANISH_ONLY = listed(
    "expediente caso pedido incidencia solicitud actividad tarea estado fecha hora inicio fin usuario tecnico"
    " departamento equipo delegacion sede sucursal planta cliente vencimiento importe precio numero codigo"
    " nombre prioridad producto empleado responsable oficina centro provincia pais grupo seccion orden accion"
    " evento paso fase recurso empresa compromiso prevista comprometida plazo tipo canal motivo albaran"
    " factura entrega oferta obra gestion unidad tramite momento quien descripcion cuenta"
)
KNOWN = (
    vocabulary(meaning.phrases for meaning in ROLES.values())
    | NEUTRAL
    | DATE_WORDS
    | _ELSE
    | listed("planned fecha estimated delivery customer order item involved line tipo type real")
)


@lru_cache(maxsize=10_000)
def split(name: str) -> tuple[str, ...]:
    """The words of a column's name; ``case:`` before it (an attribute of the case) is no word of it."""
    words = words_of(name, KNOWN)
    if name.lower().startswith("case:") and words[1:] not in ((), ("concept", "name")):
        return words[1:]
    return words


@lru_cache(maxsize=10_000)
def evidence(role: Role, name: str) -> float:
    """How surely a name says a role, 0 to 1."""
    words = split(name)
    said = ROLES[role].evidence(words, NEUTRAL)
    if role is Role.CASE:
        said = max(said, _as_identifier(words))
    if role not in _MOMENTS and not DATE_WORDS.isdisjoint(words):
        said *= 0.3  # "Sent to client date" is no client, even where it holds text
    return said


def _as_identifier(words: tuple[str, ...]) -> float:
    """ "ID" alone names the thing the table lists, and so may any "... id"."""
    if not words or not NEUTRAL.intersection(words):
        return 0.0
    if NEUTRAL.issuperset(words):
        return 0.7 if {"id", "numero", "number", "codigo", "key", "clave"}.intersection(words) else 0.0
    return 0.35 if words[-1] in ("id", "key") or words[0] in ("id", "numero") else 0.0


def means_something_else(name: str) -> bool:
    """It names what no role is for: a supplier's values sound like a customer's,"
    " a brand's like a person's."""
    return not _ELSE.isdisjoint(split(name))


def known_late(name: str) -> bool:
    """It names an outcome: a resolution, a score, an end date."""
    return OUTCOMES.evidence(split(name), NEUTRAL) >= 0.7


def is_a_status(name: str) -> bool:
    return STATUSES.evidence(split(name), NEUTRAL) >= 0.7


def sounds_spanish(names: list[str]) -> bool:
    """More of the columns have words that only Spanish has than do not, among those with any word known."""
    words = [set(split(name)) for name in names]
    spanish = sum(bool(some & SPANISH_ONLY) for some in words)
    english = sum(bool(some & KNOWN - SPANISH_ONLY - NEUTRAL) and not some & SPANISH_ONLY for some in words)
    return spanish > english
