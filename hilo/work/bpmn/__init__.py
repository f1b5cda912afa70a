"""Processes as BPMN 2.0 XML: written with a drawing so that a modeller opens them, read from any of them."""
