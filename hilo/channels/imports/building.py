"""One table row into one customer, contact or thread, or into the reasons why not."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from hilo.channels.imports import cleaning, settling
from hilo.channels.imports.cleaning import Unfit
from hilo.channels.imports.fields import (
    ContactRole,
    ContactRow,
    CustomerRef,
    CustomerRow,
    Field,
    ImportedRow,
    Source,
    ThreadRow,
    What,
)
from hilo.channels.imports.refused import RefusedRow, Remark
from hilo.channels.imports.settling import DayOrder, DecimalMark

_CENT = Decimal("0.01")
_ROLES = {
    ContactRole.DECIDES: ("decides", "decide", "decisor", "decisionmaker", "economicdecisionmaker"),
    ContactRole.USES: ("uses", "usa", "usuario", "user", "enduser", "businessuser"),
    ContactRole.PAYS: ("pays", "paga", "invoiceaddress", "invoice", "facturacion", "direcciondefactura"),
    ContactRole.QUALITY: ("quality", "calidad"),
    ContactRole.BUYS: ("buys", "compra", "compras", "buyer", "comprador", "purchasing"),
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words}
_PERSON = {"individual", "person", "persona", "individuo", "particular"}
_WON = {"closedwon", "won", "ganada", "ganado", "cerradaganada", "cerradoganado"}
_LOST = {"closedlost", "lost", "perdida", "perdido", "cerradaperdida", "cerradoperdido"}


@dataclass(frozen=True)
class Settled:
    """What holds for a whole file: said by whoever imports, or found out over all its rows."""

    source: Source
    fields: dict[str, Field]
    columns: dict[str, str]
    country: str
    currency: str
    zone: ZoneInfo
    day_orders: dict[str, DayOrder]
    decimal_marks: dict[str, DecimalMark]
    borrowed: tuple[str, ...] = ()
    """Date columns read as the other date columns of the file are, for nothing in them decides."""


@dataclass
class Cells:
    """The cells of one row by field. A cell that is refused gives an empty value and leaves its reason."""

    number: int
    values: dict[str, str]
    settled: Settled
    refused: list[RefusedRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def text(self, name: str) -> str:
        limit = partial(cleaning.line, limit=self._limit(name))
        text = self._taken(name, limit, "")
        if text and cleaning.is_lost(text):
            self.remark(name, _("“%(text)s” lost its letters in an earlier export; kept as it is."), text)
        return text

    def paragraphs(self, name: str) -> str:
        return self._taken(name, partial(cleaning.paragraphs, limit=self._limit(name)), "")

    def reference(self, name: str) -> str:
        text = self.text(name)
        return cleaning.salesforce_id(text) if self.settled.source is Source.SALESFORCE else text

    def flag(self, name: str, default: bool = False) -> bool:
        return self._taken(name, cleaning.flag, default)

    def country(self) -> str:
        typed = self.text("country")
        code = cleaning.country(typed) if typed else ""
        if typed and not code:
            self.remark("country", _("“%(text)s” is no country Hilo knows; kept as text."), typed)
        return code or typed

    def phone(self, name: str, country: str) -> str:
        typed = self.text(name)
        number = cleaning.phone(typed, country) if typed else ""
        if typed and not number:
            self.remark(name, _("“%(text)s” is no phone number that can be dialled; kept as typed."), typed)
        return number or typed

    def tax_id(self, country: str) -> str:
        typed = self.text("tax_id")
        sound = cleaning.tax_id(typed, country) if typed else ""
        if typed and not sound:
            self.remark("tax_id", _("The tax number “%(text)s” does not check; kept as typed."), typed)
        return sound or typed

    def email(self) -> str:
        return self._taken("email", cleaning.email, "")

    def website(self) -> str:
        return self._taken("website", cleaning.website, "")

    def day(self, name: str) -> dt.date | None:
        order = self.settled.day_orders.get(name, DayOrder.DAY_FIRST)
        return self._taken(name, partial(settling.day, order=order), None)

    def moment(self, name: str) -> dt.datetime | None:
        order = self.settled.day_orders.get(name, DayOrder.DAY_FIRST)
        return self._taken(name, partial(settling.moment, order=order, zone=self.settled.zone), None)

    def amount(self) -> tuple[Decimal | None, str]:
        mark = self.settled.decimal_marks.get("amount", DecimalMark.POINT)
        taken = self._taken("amount", partial(_amount_or_none, mark=mark), None)
        if taken is None:
            return None, ""
        value, written = taken
        if value < 0:
            self.refuse("amount", _("an amount cannot be below zero: correct it."))
        rounded = value.quantize(_CENT)
        if rounded != value:
            self.remark("amount", _("“%(text)s” was rounded to cents."), self.values["amount"])
        return rounded, self._currency(written)

    def _currency(self, written: str) -> str:
        said = cleaning.squeezed(self.text("currency")).upper()
        code = {"EURO": "EUR", "EUROS": "EUR", "": ""}.get(said, said)
        code = code or written or self.settled.currency
        if len(code) != 3 or not (code.isascii() and code.isalpha()):
            self.refuse("currency", _("a currency is three letters, such as EUR."))
        return code

    def refuse(self, name: str, why: str) -> None:
        column = self.settled.columns.get(name, "")
        said = {"row": self.number, "column": column, "why": why}
        text = _("Row %(row)s, column “%(column)s”: %(why)s") if column else _("Row %(row)s: %(why)s")
        self.refused.append(RefusedRow(self.number, column, text % said))

    def remark(self, name: str, text: str, value: str) -> None:
        column = self.settled.columns.get(name, "")
        self.remarks.append(Remark(self.number, column, text % {"text": value}))

    def _taken[T](self, name: str, function: Callable[[str], T], empty: T) -> T:
        text = self.values.get(name, "").strip()
        if not text:
            return empty
        try:
            return function(text)
        except Unfit as unfit:
            self.refuse(name, str(unfit))
            return empty

    def _limit(self, name: str) -> int:
        known = self.settled.fields.get(name)
        return known.limit if known else 200


def _amount_or_none(text: str, mark: DecimalMark) -> tuple[Decimal, str] | None:
    return settling.amount(text, mark)


def skip_reason(cells: Cells, what: What) -> str:
    """Why the row is none of ours, or "": nothing is wrong with it, and it is counted, not refused."""
    if cells.flag("is_deleted"):
        return _("deleted in the other system")
    if what is What.CUSTOMERS:
        if _is_person(cells):
            return _("people, not companies: import the file as contacts too")
        if not cells.flag("is_customer", default=True):
            return _("not customers")
    if what is What.CONTACTS and _is_person(cells) is False:
        return _("companies, not people: import the file as customers too")
    return ""


def _is_person(cells: Cells) -> bool | None:
    """None when the file does not say."""
    if cells.values.get("is_company"):
        return not cells.flag("is_company")
    kind = cleaning.squeezed(cells.values.get("company_type", ""))
    return kind in _PERSON if kind else None


def build(cells: Cells, what: What) -> ImportedRow:
    """The row, sound only when ``cells.refused`` is empty afterwards."""
    return _BUILDERS[what](cells)


def _customer(cells: Cells) -> CustomerRow:
    name = _required(cells, "name")
    country = cells.country()
    home = country if len(country) == 2 else cells.settled.country
    return CustomerRow(
        number=cells.number,
        external_id=_external_id(cells, name),
        name=name,
        tax_id=cells.tax_id(home),
        country=country,
        city=cells.text("city"),
        phone=cells.phone("phone", home),
        website=cells.website(),
        tier=_tier(cells),
        parent=_customer_ref(cells, "parent_id", "parent_name"),
    )


def _contact(cells: Cells) -> ContactRow:
    parts = (cells.text("first_name"), cells.text("last_name"))
    name = cells.text("name") or " ".join(filter(None, parts))
    if not name and not cells.refused:
        cells.refuse("name", _("the person has no name: write one."))
    customer = _required_customer(cells, _("it names no company: write whose contact it is."))
    email = cells.email()
    home = cleaning.country(cells.values.get("country", "")) or cells.settled.country
    phone = cells.phone("phone", home)
    return ContactRow(
        number=cells.number,
        external_id=_external_id(cells, customer.external_id or customer.name, name, email),
        customer=customer,
        name=name,
        email=email,
        phone=phone or cells.phone("mobile", home),
        position=cells.text("position"),
        role=_ROLE_OF.get(cleaning.squeezed(cells.values.get("role", "")), ContactRole.OTHER),
    )


def _thread(cells: Cells) -> ThreadRow:
    title = _required(cells, "title")
    customer = _required_customer(cells, _("it names no customer: write whose it is."))
    amount, currency = cells.amount()
    stage = cells.text("stage")
    is_closed, is_won = _end(cells, stage)
    return ThreadRow(
        number=cells.number,
        external_id=_external_id(cells, customer.external_id or customer.name, title),
        customer=customer,
        title=title,
        purpose=cells.text("purpose"),
        notes=cells.paragraphs("notes"),
        kind=cells.text("kind"),
        stage=stage,
        amount=amount,
        currency=currency,
        expected_close=cells.day("expected_close"),
        next_step=cells.text("next_step"),
        owner_ref=cells.reference("owner_ref"),
        opened_at=cells.moment("opened_at"),
        is_closed=is_closed,
        is_won=is_won,
        closed_at=cells.moment("closed_at"),
    )


_BUILDERS: dict[What, Callable[[Cells], ImportedRow]] = {
    What.CUSTOMERS: _customer,
    What.CONTACTS: _contact,
    What.THREADS: _thread,
}


def _required(cells: Cells, name: str) -> str:
    text = cells.text(name)
    if not text and not cells.values.get(name, "").strip():
        cells.refuse(name, _("it is empty: write something."))
    elif not text and not cells.refused:
        cells.refuse(name, _("it holds nothing that can be shown: write something."))
    return text


def _required_customer(cells: Cells, sentence: str) -> CustomerRef:
    found = _customer_ref(cells, "customer_id", "customer_name")
    if found is None:
        cells.refuse("customer_id" if cells.settled.columns.get("customer_id") else "customer_name", sentence)
    return found or CustomerRef()


def _customer_ref(cells: Cells, id_field: str, name_field: str) -> CustomerRef | None:
    external_id, name = cells.reference(id_field), cells.text(name_field)
    return CustomerRef(external_id, name) if external_id or name else None


def _external_id(cells: Cells, *what_it_is: str) -> str:
    return cells.reference("external_id") or derived_id(*what_it_is)


def derived_id(*what_it_is: str) -> str:
    """For exports without ids: the same row always gets the same one, so importing twice changes nothing."""
    words = "|".join(map(cleaning.squeezed, what_it_is))
    digest = hashlib.sha256("|".join(map(cleaning.fold, what_it_is)).encode("utf-8", "replace")).hexdigest()
    return f"~{words}" if len(words) <= 80 and words.strip("|") else f"~{words[:80]}~{digest[:16]}"


def _tier(cells: Cells) -> str:
    typed = cells.text("tier")
    if typed and typed.upper() not in ("A", "B", "C"):
        cells.remark("tier", _("“%(text)s” is no tier (A, B or C); left at the usual one."), typed)
        return ""
    return typed.upper()


def _end(cells: Cells, stage: str) -> tuple[bool, bool | None]:
    """Whether the other system closed it and how it ended; its flags say, or else the name of the stage."""
    word = cleaning.squeezed(stage)
    by_stage = True if word in _WON else False if word in _LOST else None
    if not cells.values.get("is_closed"):
        said = cells.flag("is_won") if cells.values.get("is_won") else False
        return (True, True) if said else (by_stage is not None, by_stage)
    is_closed = cells.flag("is_closed")
    if is_closed != (by_stage is not None) and by_stage is not None:
        cells.remark("stage", _("“%(text)s” is a stage that ends, but the row is marked as open."), stage)
    if not is_closed:
        return False, None
    return True, cells.flag("is_won") if cells.values.get("is_won") else by_stage
