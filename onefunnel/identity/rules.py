"""The rules that hold records together, strongest first, and how far each is trusted.

A confidence is an order of trust fixed by hand, not a probability; tests/identity measures the precision of each rule.
A record's rule is the weakest one needed to reach the first record of its account (or person).
"""

from __future__ import annotations

FIRST = "first_record"
CRM_LINK = "crm_link"
PAN = "pan"
EMAIL_DOMAIN = "email_domain"
WEBSITE = "website"
NAME_AND_CITY = "name_and_city"
SAME_EMAIL = "same_email"
SAME_MOBILE = "same_mobile"

# the first record is its own account: nothing to doubt
ACCOUNT_CONFIDENCE = {
    FIRST: 1.0,
    CRM_LINK: 0.99,
    PAN: 0.98,
    EMAIL_DOMAIN: 0.95,
    WEBSITE: 0.93,
    NAME_AND_CITY: 0.85,
    SAME_EMAIL: 0.84,
    SAME_MOBILE: 0.8,
}
PERSON_CONFIDENCE = {FIRST: 1.0, SAME_EMAIL: 0.97, SAME_MOBILE: 0.9}

ENTITIES = ("company", "lead", "contact", "deal")  # the order in which an account's first record is looked for
# a name speaks for a domain or a person when at least this share of the records that are named says it
SPEAKING_SHARE = 0.75
# more e-mail addresses than one private and one of the firm on one mobile: a reception's, a broker's or a family's
EMAILS_ON_A_MOBILE = 2
