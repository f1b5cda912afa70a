"""What can be imported: the rows the rest of Hilo receives, their fields, and the column names for each.

A column name is compared with case, accents, spaces and punctuation left out, so "Account ID",
"AccountId" and "ACCOUNTID" are one. Earlier names win over later ones when two columns fit one field.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class What(StrEnum):
    CUSTOMERS = "customers"
    CONTACTS = "contacts"
    THREADS = "threads"


class Source(StrEnum):
    SALESFORCE = "salesforce"
    ODOO = "odoo"
    CSV = "csv"


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long text"
    FLAG = "flag"
    DATE = "date"
    MONEY = "money"
    PHONE = "phone"
    EMAIL = "email"
    TAX_ID = "tax id"
    WEBSITE = "website"


class ContactRole(StrEnum):
    """What the person does at the customer, as far as the export says. The codes are those of a contact."""

    DECIDES = "decides"
    USES = "uses"
    PAYS = "pays"
    QUALITY = "quality"
    BUYS = "buys"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """How a row points at a company: the other system's id, or only its name. Never both empty."""

    external_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    number: int
    external_id: str
    name: str
    tax_id: str = ""
    country: str = ""
    """ISO 3166 code of two letters; as typed when it is no country Hilo knows."""
    city: str = ""
    phone: str = ""
    website: str = ""
    tier: str = ""
    """A, B or C, or empty."""
    parent: CustomerRef | None = None


@dataclass(frozen=True, slots=True)
class ContactRow:
    number: int
    external_id: str
    customer: CustomerRef
    name: str
    email: str = ""
    phone: str = ""
    position: str = ""
    role: ContactRole = ContactRole.OTHER


@dataclass(frozen=True, slots=True)
class ThreadRow:
    number: int
    external_id: str
    customer: CustomerRef
    title: str
    purpose: str = ""
    """What the customer gains by it, when the export has a column for that."""
    notes: str = ""
    """The other system's description: longer than a purpose, and rarely one."""
    kind: str = ""
    """As typed there; what it is here is for the applier to say."""
    stage: str = ""
    amount: Decimal | None = None
    currency: str = ""
    """Three letters; empty when there is no amount."""
    expected_close: dt.date | None = None
    next_step: str = ""
    owner_ref: str = ""
    """E-mail, name or id of the owner in the other system, as it stands there."""
    opened_at: dt.datetime | None = None
    is_closed: bool = False
    is_won: bool | None = None
    """None while open, and when the other system does not say how it ended."""
    closed_at: dt.datetime | None = None


type ImportedRow = CustomerRow | ContactRow | ThreadRow


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind = Kind.TEXT
    words: str = ""
    salesforce: str = ""
    odoo: str = ""
    limit: int = 200
    """Letters. A longer text is refused, never cut: half a name is a wrong name."""

    def words_for(self, source: Source) -> tuple[str, ...]:
        """The words of the source first; those of everybody after them."""
        own = {Source.SALESFORCE: self.salesforce, Source.ODOO: self.odoo, Source.CSV: ""}[source]
        return tuple(word for words in (own, self.words) if words for word in words.split(", "))


_DELETED = Field("is_deleted", Kind.FLAG, salesforce="IsDeleted")
_CUSTOMER_ID = Field(
    "customer_id",
    words="customer id, client id, company id, account id, código cliente, código de cliente, "
    "cod cliente, id cliente, id del cliente, nº cliente, número de cliente, cliente id",
    salesforce="AccountId, Account ID 18, Id. de la cuenta, Id de cuenta",
    odoo="parent_id/id, partner_id/id, Related Company/ID, Related Company/External ID, "
    "Customer/External ID, Customer/ID, Empresa relacionada/ID, Cliente/ID externo",
    limit=120,
)
_CUSTOMER_NAME = Field(
    "customer_name",
    words="customer, cliente, customer name, nombre del cliente, company, company name, "
    "empresa, account, account name, cuenta, client, organization, razón social, sociedad",
    salesforce="Account Name, Account.Name, Nombre de la cuenta, Nombre de cuenta",
    odoo="Related company, parent_id, Parent name, Empresa relacionada, Compañía relacionada, "
    "Customer, partner_id, Cliente, Company Name",
)
_IS_COMPANY = Field("is_company", Kind.FLAG, odoo="Is a company, is_company, Es una compañía")
_COMPANY_TYPE = Field("company_type", odoo="Company Type, company_type, Tipo de compañía")
_PHONE = Field(
    "phone",
    Kind.PHONE,
    words="phone, teléfono, telephone, tel, tfno, phone number, número de teléfono, teléfono "
    "fijo, teléfono 1, business phone, work phone",
    limit=60,
)

# A contact keeps no country: there it only says how to read the phone numbers.
_COUNTRY = Field(
    "country",
    words="country, país, country code, código de país, billing country, country name",
    salesforce="BillingCountryCode, BillingCountry, País de facturación, ShippingCountry, "
    "MailingCountryCode, MailingCountry",
    odoo="Country, country_id, Country/Country Code, País",
    limit=60,
)

CUSTOMER_FIELDS = (
    Field(
        "external_id",
        words="external id, customer id, client id, account id, código cliente, código de cliente, "
        "cod cliente, id cliente, nº cliente, número de cliente, id, código, code, "
        "referencia, reference, ref, internal reference, referencia interna, id externo",
        salesforce="Id, Account ID, Id. de la cuenta",
        odoo="id, External ID, ID externo, Reference, ref",
        limit=120,
    ),
    Field(
        "name",
        words="name, nombre, razón social, company name, customer name, nombre de la empresa, "
        "nombre empresa, nombre del cliente, nombre fiscal, nombre comercial, denominación, "
        "empresa, cliente, company, customer, client, organization, display name, sociedad",
        salesforce="Name, Account Name, Nombre de la cuenta, Nombre de cuenta",
        odoo="Name, Nombre, Display Name, Nombre mostrado",
    ),
    Field(
        "tax_id",
        Kind.TAX_ID,
        words="nif, cif, nif/cif, cif/nif, vat, vat number, vat id, tax id, n.i.f., tin, número de "
        "identificación fiscal, identificación fiscal, dni/nif, nif-iva",
        limit=30,
    ),
    _COUNTRY,
    Field(
        "city",
        words="city, ciudad, población, localidad, municipio, town, billing city",
        limit=120,
        salesforce="BillingCity, Ciudad de facturación, ShippingCity",
    ),
    _PHONE,
    Field("website", Kind.WEBSITE, "website, web, sitio web, página web, url, domain, dominio"),
    Field("tier", words="tier, segmento, segment, categoría, nivel, clase, rating abc"),
    Field(
        "parent_id",
        words="parent id, id matriz, código matriz, parent account id",
        salesforce="ParentId, Parent Account ID",
        odoo="parent_id/id, Related Company/ID",
        limit=120,
    ),
    Field(
        "parent_name",
        words="parent, parent company, matriz, empresa matriz, grupo, parent account",
        odoo="Related company, parent_id, Empresa relacionada, Compañía relacionada",
    ),
    _DELETED,
    _IS_COMPANY,
    _COMPANY_TYPE,
    Field("is_customer", Kind.FLAG, odoo="Customer, Is a Customer, Es un cliente"),
)

CONTACT_FIELDS = (
    Field(
        "external_id",
        words="external id, contact id, id contacto, código contacto, id, código, id externo",
        salesforce="Id, Contact ID",
        odoo="id, External ID, ID externo",
        limit=120,
    ),
    _CUSTOMER_ID,
    _CUSTOMER_NAME,
    Field(
        "name",
        words="name, nombre, full name, nombre completo, nombre y apellidos, contact, contacto, "
        "contact name, persona de contacto, nombre del contacto, display name",
    ),
    Field(
        "first_name",
        words="first name, given name, nombre de pila",
        salesforce="FirstName, Nombre",
    ),
    Field("last_name", words="last name, surname, family name, apellidos, apellido"),
    Field(
        "email",
        Kind.EMAIL,
        "email, e-mail, correo, correo electrónico, mail, email address, dirección de correo",
        limit=254,
    ),
    _PHONE,
    Field(
        "mobile",
        Kind.PHONE,
        "mobile, móvil, mobile phone, teléfono móvil, cell, cell phone, celular",
        limit=60,
    ),
    Field(
        "position",
        words="position, job title, title, cargo, puesto, job position, puesto de trabajo",
        odoo="Job Position, function, Puesto de trabajo",
        limit=120,
    ),
    Field(
        "role",
        words="role, rol, función, papel, tipo de contacto",
        odoo="Address type, type, Tipo de dirección",
    ),
    _COUNTRY,
    _DELETED,
    _IS_COMPANY,
    _COMPANY_TYPE,
)

THREAD_FIELDS = (
    Field(
        "external_id",
        words="external id, opportunity id, deal id, id oportunidad, id, código, nº oportunidad, "
        "número, referencia, reference, ref, expediente, nº expediente, id externo",
        salesforce="Id, Opportunity ID, Id. de la oportunidad",
        odoo="id, External ID, ID externo",
        limit=120,
    ),
    _CUSTOMER_ID,
    _CUSTOMER_NAME,
    Field(
        "title",
        words="title, título, name, nombre, subject, asunto, opportunity, oportunidad, deal, "
        "opportunity name, nombre de la oportunidad, deal name, proyecto, project, hilo",
        salesforce="Name, Opportunity Name, Nombre de la oportunidad",
        odoo="Opportunity, Oportunidad, name",
    ),
    Field(
        "purpose",
        words="purpose, para qué, objetivo, what the customer gains, qué gana el cliente",
        limit=300,
    ),
    Field(
        "notes",
        Kind.LONG_TEXT,
        "description, descripción, notes, notas, comentarios, observaciones, internal notes",
        limit=10_000,
    ),
    Field("kind", words="kind, tipo, clase, proceso, process", odoo="Tags, Etiquetas"),
    Field(
        "stage",
        words="stage, stage name, etapa, fase, estado, status, deal stage",
        salesforce="StageName, Stage, Etapa",
        odoo="Stage, stage_id, Etapa",
    ),
    Field(
        "amount",
        Kind.MONEY,
        "amount, importe, valor, value, total, cantidad, deal amount, presupuesto",
        salesforce="Amount, Importe",
        odoo="Expected Revenue, Ingresos esperados, Ingreso esperado, expected_revenue",
    ),
    Field(
        "currency",
        words="currency, moneda, divisa, currency code",
        salesforce="CurrencyIsoCode, Amount Currency",
        odoo="Currency, company_currency",
        limit=40,
    ),
    Field(
        "expected_close",
        Kind.DATE,
        "close date, expected close, fecha de cierre, cierre previsto, fecha prevista, fecha "
        "de cierre prevista, expected close date, fecha de entrega, due date",
        salesforce="CloseDate, Fecha de cierre",
        odoo="Expected Closing, date_deadline, Cierre esperado, Cierre previsto",
    ),
    Field(
        "next_step",
        words="next step, siguiente paso, próximo paso, paso siguiente, next action, próxima "
        "acción, siguiente acción, next activity",
        odoo="Next Activity Summary, activity_summary, Resumen de la siguiente actividad",
    ),
    Field(
        "owner_ref",
        words="owner, responsable, propietario, comercial, vendedor, salesperson, owner email, "
        "asignado a, assigned to, owner name, owner id",
        salesforce="Owner.Email, Opportunity Owner, Propietario de oportunidad, OwnerId",
        odoo="Salesperson, user_id, Comercial",
    ),
    Field(
        "opened_at",
        Kind.DATE,
        "created, created date, created at, created on, fecha de creación, creado, creado el, "
        "opened, fecha de apertura, abierto, fecha alta, fecha de alta, fecha",
        salesforce="CreatedDate, Fecha de creación",
        odoo="Created on, create_date, Creado el",
    ),
    Field(
        "is_closed",
        Kind.FLAG,
        "closed, is closed, cerrado, cerrada",
        salesforce="IsClosed, Closed, Cerrado",
    ),
    Field(
        "is_won",
        Kind.FLAG,
        "won, is won, ganado, ganada",
        salesforce="IsWon, Won, Ganado",
    ),
    Field(
        "closed_at",
        Kind.DATE,
        "closed at, closed on, fecha de cierre real, cerrado el, fecha cerrado",
        odoo="Closed Date, date_closed, Fecha cerrada",
    ),
    _DELETED,
)

FIELDS: dict[What, tuple[Field, ...]] = {
    What.CUSTOMERS: CUSTOMER_FIELDS,
    What.CONTACTS: CONTACT_FIELDS,
    What.THREADS: THREAD_FIELDS,
}

# Of each group at least one must have a column.
REQUIRED: dict[What, tuple[tuple[str, ...], ...]] = {
    What.CUSTOMERS: (("name",),),
    What.CONTACTS: (("name", "last_name"), ("customer_id", "customer_name")),
    What.THREADS: (("title",), ("customer_id", "customer_name")),
}


def field_of(what: What, name: str) -> Field:
    return next(field for field in FIELDS[what] if field.name == name)
