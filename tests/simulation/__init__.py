"""Event logs of a company with faults in known places, made before what looks for them."""
