"""Who there is: our company, our people, our customers."""

from hilo.parties.models.company import (
    Area,
    AreaCalendar,
    AreaSuccession,
    CalendarVersion,
    CompanyPolicy,
    Delegation,
    WorkCalendar,
)
from hilo.parties.models.customers import Contact, Customer, CustomerMerge, ExternalRef
from hilo.parties.models.modules import ModuleSwitch
from hilo.parties.models.people import (
    Absence,
    DelegationManagement,
    Invitation,
    Membership,
    Notice,
    NoticeMail,
    Person,
)
from hilo.parties.models.search import SearchEntry
from hilo.parties.models.sessions import OpenSession
from hilo.parties.models.single_sign_on import SingleSignOn

__all__ = [
    "Absence",
    "Area",
    "AreaCalendar",
    "AreaSuccession",
    "CalendarVersion",
    "CompanyPolicy",
    "Contact",
    "Customer",
    "CustomerMerge",
    "Delegation",
    "DelegationManagement",
    "ExternalRef",
    "Invitation",
    "Membership",
    "ModuleSwitch",
    "Notice",
    "NoticeMail",
    "OpenSession",
    "Person",
    "SearchEntry",
    "SingleSignOn",
    "WorkCalendar",
]
