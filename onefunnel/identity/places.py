"""Cities under one name each, and the region code of a country."""

from __future__ import annotations

import re
import unicodedata

from onefunnel.identity import countries

HOME = "IN"
# old and short names of cities
CITY_NAMES = {
    "ahmadabad": "ahmedabad",
    "amdavad": "ahmedabad",
    "bangalore": "bengaluru",
    "baroda": "vadodara",
    "belgaum": "belagavi",
    "bombay": "mumbai",
    "calcutta": "kolkata",
    "calicut": "kozhikode",
    "cochin": "kochi",
    "delhi": "new delhi",
    "gurgaon": "gurugram",
    "madras": "chennai",
    "mangalore": "mangaluru",
    "mysore": "mysuru",
    "pondicherry": "puducherry",
    "poona": "pune",
    "trivandrum": "thiruvananthapuram",
    "vizag": "visakhapatnam",
    "vishakhapatnam": "visakhapatnam",
}
COUNTRY_NAMES = {
    "bharat": "IN",
    "ksa": "SA",
    "u a e": "AE",
    "uae": "AE",
    "uk": "GB",
    "england": "GB",
    "usa": "US",
    "u s a": "US",
    "america": "US",
    "viet nam": "VN",
    "türkiye": "TR",
    "ivory coast": "CI",
    "russian federation": "RU",
    "korea": "KR",
    "republic of korea": "KR",
}


def plain(typed: str) -> str:
    """Lower case, Latin letters without accents, everything that is no letter or digit a single space.

    Letters of the Indian scripts keep their vowel signs.
    """
    joined = re.sub("[\u200b-\u200f\u2060\ufeff]", "", unicodedata.normalize("NFKD", typed))
    bare = unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", joined)).casefold()
    return " ".join(re.sub(r"[^\w\u0900-\u0dff]|_", " ", bare).split())


def city(typed: str) -> str | None:
    """The city's one name; None when nothing is left of it."""
    name = plain(typed)
    name = re.sub(r" (city|dist|district)$", "", name)
    return CITY_NAMES.get(name, name) if len(name) > 2 else None


def region(typed: str) -> str | None:
    """The two-letter code of a country given by code or English name; None when it is not known."""
    name = plain(typed)
    return COUNTRY_NAMES.get(name) or CODES.get(name)


CODES = {plain(name): code for name, code in countries.NAMES.items()}
CODES |= {code.lower(): code for code in countries.NAMES.values()}
