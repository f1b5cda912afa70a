"""What values sound like, for columns whose names say nothing: places, areas of a company, people, steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from hilo.insight.mapping.names import folded, listed
from hilo.insight.raw import Role

_PLACES = listed(
    "madrid barcelona valencia sevilla zaragoza malaga murcia palma bilbao alicante cordoba valladolid vigo"
    " gijon vitoria coruña coruna granada elche oviedo badalona cartagena terrassa jerez sabadell mostoles"
    " santander pamplona almeria burgos albacete getafe salamanca logroño logrono huelva badajoz tarragona"
    " lleida lerida leon cadiz jaen ourense orense girona gerona lugo caceres guadalajara toledo pontevedra"
    " palencia ciudad zamora avila cuenca huesca segovia soria teruel melilla ceuta donostia sebastian"
    " cataluña"
    " andalucia galicia asturias cantabria navarra rioja aragon extremadura canarias baleares euskadi levante"
    " lisboa lisbon porto oporto paris lyon marsella london londres manchester birmingham berlin munich"
    " hamburg frankfurt roma rome milan milano turin amsterdam rotterdam bruselas brussels viena vienna"
    " zurich"
    " geneva dublin warsaw prague budapest stockholm oslo copenhagen helsinki york boston chicago dallas"
    " houston miami seattle toronto mexico bogota lima santiago buenos quito monterrey norte sur este oeste"
    " centro north south east west spain españa espana france portugal germany italy poland sweden india"
    " brazil brasil china usa uk norte"
)
_AREAS = re.compile(
    r"\b(comercial|ventas|compras|administracion|contabilidad|finanzas|logistica|almacen|produccion|calidad"
    r"|tecnic[ao]|ingenieria|soporte|posventa|postventa|marketing|informatica|sistemas|legal|juridico|rrhh"
    r"|recursos humanos|atencion al cliente|expediciones|mantenimiento|direccion|facturacion"
    r"|instalaciones|sat"
    r"|sales|purchasing|accounting|finance|logistics|warehouse|production|quality|engineering|support"
    r"|after.?sales|helpdesk|service desk|back ?office|front ?office|procurement|shipping|billing|operations"
    r"|customer service|customer care|human resources|maintenance|dispatch|it|hr|planning|planificacion)\b"
)
_STEPS = re.compile(
    r"(\b(alta|baja|inicio|fin|cierre|apertura|entrega|envio|pago|cobro|recepcion|validacion|revision"
    r"|aprobacion|asignacion|registro|instalacion|factura|pedido|oferta|visita|llamada|consulta)\b"
    r"|\b\w+(ar|er|ir)\b \w+|\b\w+(ad[oa]|id[oa])\b|\b\w+(ed|ing)\b|\b\w+cion\b|\b\w+tion\b"
    r"|\b(create|send|close|open|check|approve|receive|issue|start|end|deliver|register|assign|review|pay"
    r"|order|invoice|request|confirm|accept|reject|ship|pack|pick|resolve|notify|call|prepare)\b)"
)
_COMPANY = re.compile(
    r"\b(s\.? ?[al]\.?( ?u\.?)?|s\.?l\.?l|s\.? ?coop|gmbh|ltd|inc|llc|b\.?v|ag|corp|hijos|hermanos|hnos"
    r"|bodegas"
    r"|grupo|conservas|industrias|talleres|construcciones)\b\.?"
)
_PERSON = re.compile(r"^[a-z]+\.? [a-z]\.?[a-z]*( [a-z]+\.?){0,2}$|^[^@\s]+@[^@\s]+$|^[a-z]\.? [a-z]{3,}$")


def sounds_like(role: Role, values: Iterable[str]) -> float:
    """The share of the values that sound like it, 0 where nothing is known of such values."""
    heard = _EARS.get(role)
    some = [folded(value).strip() for value in values if value.strip()]
    if heard is None or not some:
        return 0.0
    return sum(map(heard, some)) / len(some)


def _is_place(value: str) -> bool:
    return not _PLACES.isdisjoint(value.split())


def _is_area(value: str) -> bool:
    return bool(_AREAS.search(value))


def _is_step(value: str) -> bool:
    return bool(_STEPS.search(value))


def _is_company(value: str) -> bool:
    return bool(_COMPANY.search(value))


def _is_person(value: str) -> bool:
    return bool(_PERSON.match(value)) and not (_is_place(value) or _is_area(value) or _is_company(value))


_EARS: dict[Role, Callable[[str], bool]] = {
    Role.SITE: _is_place,
    Role.AREA: _is_area,
    Role.ACTIVITY: _is_step,
    Role.CUSTOMER: _is_company,
    Role.PERSON: _is_person,
}
