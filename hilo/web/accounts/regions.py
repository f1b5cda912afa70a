"""Where a company may be founded: countries in the visitor's language, and Spain's regions by their codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COUNTRIES = (
    ("ES", _("Spain")),
    ("PT", _("Portugal")),
    ("FR", _("France")),
    ("DE", _("Germany")),
    ("IT", _("Italy")),
    ("GB", _("United Kingdom")),
    ("US", _("United States")),
    ("MX", _("Mexico")),
    ("AR", _("Argentina")),
    ("CL", _("Chile")),
    ("CO", _("Colombia")),
    ("PE", _("Peru")),
)

# ISO 3166-2:ES; names as each region writes itself in Spanish.
REGIONS = (
    ("AN", "Andalucía"),
    ("AR", "Aragón"),
    ("AS", "Asturias"),
    ("CN", "Canarias"),
    ("CB", "Cantabria"),
    ("CM", "Castilla-La Mancha"),
    ("CL", "Castilla y León"),
    ("CT", "Cataluña"),
    ("CE", "Ceuta"),
    ("VC", "Comunitat Valenciana"),
    ("EX", "Extremadura"),
    ("GA", "Galicia"),
    ("IB", "Illes Balears"),
    ("RI", "La Rioja"),
    ("MD", "Madrid"),
    ("ML", "Melilla"),
    ("MC", "Murcia"),
    ("NC", "Navarra"),
    ("PV", "País Vasco"),
)
