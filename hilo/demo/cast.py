"""Who works at Envasa Líneas and who its customers are. One cast for every play."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    key: str
    name: str
    area: str
    position: str
    delegation: str = "zaragoza"
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Firm:
    """``people``: name, role at the customer, position."""

    name: str
    city: str
    delegation: str
    keeper: str
    tier: str
    since: int
    domain: str
    people: tuple[tuple[str, str, str], ...]


FOUNDER = Colleague("elena", "Elena Aguirre", "management", "Directora general", is_head=True)

COLLEAGUES = (
    Colleague("gonzalo", "Gonzalo Mur", "management", "Sistemas"),
    Colleague("beatriz", "Beatriz Luengo", "management", "Auditoría interna"),
    Colleague("rosa", "Rosa Benítez", "sales", "Jefa comercial", is_head=True),
    Colleague("marta", "Marta Gil", "sales", "Comercial de bebidas"),
    Colleague("sergio", "Sergio Blasco", "sales", "Comercial de licores y salsas"),
    Colleague("manuela", "Manuela Pavón", "sales", "Delegada de Sevilla", "sevilla", is_head=True),
    Colleague("antia", "Antía Loureiro", "sales", "Delegada de Vigo", "vigo", is_head=True),
    Colleague("andres", "Andrés Lahoz", "technical", "Jefe de Oficina técnica", is_head=True),
    Colleague("lucia", "Lucía Herrera", "technical", "Ingeniera de líneas"),
    Colleague("daniel", "Daniel Ibáñez", "technical", "Proyectista de automatización"),
    Colleague("carmen", "Carmen Rivas", "technical", "Ingeniera de llenado", "sevilla"),
    Colleague("tomas", "Tomás Ferrer", "purchasing", "Jefe de Compras", is_head=True),
    Colleague("nuria", "Nuria Salas", "purchasing", "Compras técnicas"),
    Colleague("raul", "Raúl Ortega", "production", "Jefe de Producción", is_head=True),
    Colleague("victor", "Víctor Lasheras", "production", "Encargado de montaje"),
    Colleague("pilar", "Pilar Montañés", "production", "Planificación"),
    Colleague("pablo", "Pablo Núñez", "logistics", "Jefe de Logística", is_head=True),
    Colleague("sonia", "Sonia Abadía", "logistics", "Expediciones"),
    Colleague("curro", "Francisco Vega", "logistics", "Almacén de Sevilla", "sevilla"),
    Colleague("ines", "Inés Cobo", "admin", "Jefa de Administración", is_head=True),
    Colleague("julia", "Julia Pardos", "admin", "Facturación"),
    Colleague("oscar", "Óscar Villalba", "aftersales", "Jefe de Posventa", is_head=True),
    Colleague("laura", "Laura Gracia", "aftersales", "Técnica de campo"),
    Colleague("macarena", "Macarena Luna", "aftersales", "Técnica de campo", "sevilla"),
    Colleague("iago", "Iago Freire", "aftersales", "Técnico de campo", "vigo"),
)

FIRMS = (
    Firm("Conservas del Ebro", "Alagón", "zaragoza", "marta", "A", 2009, "conservasdelebro",
         (("Begoña Lizarraga", "decides", "Directora de operaciones"),
          ("Ramón Cucalón", "buys", "Compras"),
          ("Nieves Artal", "pays", "Contabilidad"))),
    Firm("Bodegas Albarín", "Cariñena", "zaragoza", "marta", "A", 2014, "bodegasalbarin",
         (("Diego Arnal", "decides", "Gerente"),
          ("Clara Monreal", "uses", "Jefa de embotellado"),
          ("Luis Gimeno", "quality", "Calidad"),
          ("Asunción Vera", "pays", "Administración"))),
    Firm("Aguas Sierra Clara", "Jaraba", "zaragoza", "marta", "A", 2006, "sierraclara",
         (("Teresa Molina", "decides", "Directora de planta"),
          ("Javier Ruano", "uses", "Jefe de mantenimiento"),
          ("Elvira Solanas", "buys", "Compras"))),
    Firm("Cervezas Torrenueva", "Zaragoza", "zaragoza", "marta", "A", 2011, "torrenueva",
         (("Pilar Sanz", "decides", "Directora industrial"),
          ("Hugo Bernad", "uses", "Maestro cervecero"),
          ("Mónica Trasobares", "quality", "Calidad"))),
    Firm("Destilerías Monzalbarba", "Monzalbarba", "zaragoza", "sergio", "B", 2017, "monzalbarba",
         (("Ignacio Lorés", "decides", "Gerente"),
          ("Sara Olivares", "uses", "Producción"))),
    Firm("Laboratorios Farsana", "Cuarte de Huerva", "zaragoza", "marta", "B", 2019, "farsana",
         (("Marina Aznar", "decides", "Directora técnica"),
          ("Jorge Pallarés", "quality", "Garantía de calidad"))),
    Firm("Gaseosas La Comarca", "Calatayud", "zaragoza", "marta", "C", 2020, "gaseosaslacomarca",
         (("Fermín Tello", "decides", "Propietario"),
          ("Adela Tello", "pays", "Administración"))),
    Firm("Salsas Mirambel", "Alcañiz", "zaragoza", "sergio", "B", 2018, "salsasmirambel",
         (("Víctor Manero", "decides", "Director de fábrica"),
          ("Rocío Peralta", "buys", "Compras"))),
    Firm("Aceites Lora", "Lora del Río", "sevilla", "manuela", "A", 2012, "aceiteslora",
         (("Rafael Cordero", "decides", "Gerente"),
          ("Inmaculada Reyes", "buys", "Compras"),
          ("Antonio Bellido", "uses", "Jefe de envasado"))),
    Firm("Aceites Lora, S.L.", "Lora del Río", "sevilla", "manuela", "B", 2016, "lora-aceites",
         (("Rafael Cordero Díaz", "decides", "Gerencia"),
          ("Encarnación Ruiz", "pays", "Contabilidad"))),
    Firm("Zumos Huerta Alta", "Palma del Río", "sevilla", "manuela", "B", 2015, "huertaalta",
         (("Dolores Carrasco", "decides", "Directora de producción"),
          ("Julián Moyano", "quality", "Calidad"))),
    Firm("Aceites Valdeoliva", "Estepa", "sevilla", "manuela", "B", 2013, "valdeoliva",
         (("Carlos Montilla", "decides", "Gerente"),
          ("Amparo Gálvez", "uses", "Jefa de turno"))),
    Firm("Vinagres del Guadalquivir", "Utrera", "sevilla", "manuela", "C", 2021, "vinagresguadalquivir",
         (("Leonor Sotelo", "decides", "Gerente"),
          ("Pedro Baena", "buys", "Compras"))),
    Firm("Lácteos Outeiro", "Lalín", "vigo", "antia", "A", 2010, "lacteosouteiro",
         (("Xoán Outeiro", "decides", "Gerente"),
          ("Noelia Varela", "uses", "Jefa de planta"),
          ("Marcos Souto", "quality", "Calidad"))),
    Firm("Bodegas Castro Rial", "Ribadavia", "vigo", "antia", "B", 2016, "castrorial",
         (("Carme Rial", "decides", "Enóloga y gerente"),
          ("Suso Feijóo", "uses", "Bodega"))),
    Firm("Sidras Peñamoura", "Nava", "vigo", "antia", "C", 2025, "sidraspenamoura",
         (("Covadonga Cueto", "decides", "Gerente"),
          ("Pelayo Noriega", "uses", "Llagar"))),
)  # fmt: skip
