from __future__ import annotations

from hilo.web.customers import choosing, contacts, editing, exporting, listing, merging, page
from hilo.web.doing.routes import route

urlpatterns = [
    route("clientes/", listing.customers, name="customers", action="customer.see"),
    route("clientes/opciones/", choosing.options, name="customer_options", action="customer.see"),
    route("clientes/exportar/", exporting.choose, name="customers_export", action="customer.see"),
    route("clientes/exportar/clientes.csv", exporting.csv_file, name="customers_csv", action="customer.see"),
    route(
        "clientes/exportar/clientes.xlsx", exporting.excel_file, name="customers_xlsx", action="customer.see"
    ),
    route("clientes/nuevo/", editing.new_customer, name="customer_new", action="customer.edit", changes=True),
    route("clientes/<int:pk>/", page.customer, name="customer", action="customer.see", of="customer"),
    route(
        "clientes/<int:pk>/datos/",
        editing.edit_customer,
        name="customer_edit",
        action="customer.edit",
        of="customer",
        changes=True,
    ),
    route(
        "clientes/<int:pk>/unir/",
        merging.merge,
        name="customer_merge",
        action="customer.merge",
        of="customer",
        changes=True,
    ),
    route(
        "clientes/<int:pk>/separar/",
        merging.unmerge,
        name="customer_unmerge",
        action="customer.merge",
        of="customer",
        changes=True,
    ),
    route(
        "clientes/<int:pk>/contactos/nuevo/",
        contacts.new_contact,
        name="customer_contact_new",
        action="customer.edit",
        of="customer",
        changes=True,
    ),
    route(
        "contactos/<int:pk>/",
        contacts.edit_contact,
        name="customer_contact",
        action="customer.edit",
        of="contact",
        changes=True,
    ),
    route(
        "contactos/<int:pk>/se-ha-ido/",
        contacts.contact_left,
        name="customer_contact_left",
        action="customer.edit",
        of="contact",
        changes=True,
    ),
    route(
        "contactos/<int:pk>/borrar/",
        contacts.erase,
        name="customer_contact_erase",
        action="contact.erase",
        of="contact",
        changes=True,
    ),
]
