"""What every screen does alike: who asks, at what moment, which route it is, and how a command answers.

``routes`` names each address with the row of the permission table it needs; ``middleware`` signs in, sets
``request.actor`` and speaks the person's language; ``submitting`` runs a command for a form and gives the
refusal back beside its field, with everything typed kept; ``fields`` are the form fields screens share.
"""
