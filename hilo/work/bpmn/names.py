"""The namespaces of BPMN 2.0, and Hilo's own for what BPMN has no place for."""

from __future__ import annotations

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
SHAPES = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
HILO = "urn:hilo:process:1"

PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": SHAPES, "di": LINES, "hilo": HILO}

TEXTS = ("answerable", "value", "weight", "finishes", "target")
FLAGS = ("touches_customer", "joint_look", "delivers")
LISTS = ("consulted", "informed", "entry", "exit", "advice_hints")
