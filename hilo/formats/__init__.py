"""How templates write numbers: as they are. An id of 1.234 in an address or a hidden field is no id.

What people read is grouped where it is said (``web.base.saying``); what they type may be grouped as they
like, for USE_THOUSAND_SEPARATOR stays on: «12.345» is twelve thousand.
"""
