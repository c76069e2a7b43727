"""Names of scales, parts, units and currencies, and what each is in a base unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit of measure: so many of a base unit."""

    base: str
    factor: float = 1.0


SCALES = {
    "hundred": 1e2, "dozen": 12, "thousand": 1e3, "k": 1e3, "lakh": 1e5, "lakhs": 1e5,
    "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6, "mil": 1e6, "crore": 1e7, "crores": 1e7,
    "billion": 1e9, "bn": 1e9, "bln": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "trn": 1e12,
}  # fmt: skip
# Words that are scales when a number stands before them, and by themselves mean several of them.
SCALE_WORDS = "hundred|thousand|million|billion|trillion|dozen|lakhs?|crores?"
PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "thirds": 3, "quarters": 4, "fifths": 5, "sixths": 6,
    "sevenths": 7, "eighths": 8, "ninths": 9, "tenths": 10,
}  # fmt: skip
# Currency signs before a number; a longer one is tried first.
SIGNS = {
    "$us": "$", "$a": "a$", "$nz": "nz$",
    "$": "$", "us$": "$", "usd": "$", "a$": "a$", "au$": "a$", "aud": "a$", "c$": "c$",
    "ca$": "c$", "cad": "c$", "hk$": "hk$", "nz$": "nz$", "s$": "s$", "r$": "r$", "£": "£",
    "gbp": "£", "€": "€", "eur": "€", "¥": "¥", "jpy": "¥", "₹": "₹", "rs": "₹", "rs.": "₹",
    "inr": "₹", "cny": "yuan", "rmb": "yuan", "chf": "chf", "sek": "crown", "nok": "crown",
    "dkk": "crown", "czk": "crown", "₩": "won", "₽": "rouble", "₺": "lira", "฿": "baht",
    "₦": "naira", "₪": "shekel", "n": "naira", "r": "rand", "rm": "ringgit", "sh": "shilling",
    "ksh": "shilling", "tsh": "shilling", "ush": "shilling",
}  # fmt: skip

# base unit: factor and the words for it; conversions after the International System of Units
# (BIPM, 9th edition), imperial ones after the international yard and pound agreement of 1959.
_MEASURES = """
%: 1 % percent per_cent pct pc percentage
pp: 1 percentage_point percentage_points; 0.01 basis_point basis_points bp bps
s: 1 s sec secs second seconds; 60 min mins minute minutes; 3600 h hr hrs hour hours
s: 86400 day days; 604800 week weeks wk wks; 1209600 fortnight fortnights
month: 1 month months; 12 year years yr yrs; 120 decade decades; 1200 century centuries
m: 1 m metre metres meter meters; 0.01 cm centimetre centimetres centimeter centimeters
m: 0.001 mm millimetre millimetres millimeter millimeters
m: 1000 km kms kilometre kilometres kilometer kilometers
m: 1609.344 mile miles; 1852 nautical_mile nautical_miles; 0.9144 yard yards yd yds
m: 0.3048 ft foot feet; 0.0254 inch inches
m2: 1 square_metre square_metres square_meter square_meters sqm sq_m
m2: 1e6 square_kilometre square_kilometres square_kilometer square_kilometers sq_km square_km
m2: 2589988.11 square_mile square_miles sq_miles sq_mile
m2: 0.09290304 square_foot square_feet sq_ft; 4046.8564 acre acres; 1e4 hectare hectares ha
l: 1 litre litres liter liters; 3.785411784 gallon gallons; 1000 cubic_metre cubic_metres
l: 1000 cubic_meter cubic_meters; 28.316847 cubic_foot cubic_feet; 158.987294928 barrel barrels bpd
l: 0.001 ml millilitre millilitres milliliter milliliters; 0.473176473 pint pints
kg: 1 kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes
kg: 0.001 g gram grams gramme grammes; 1e-6 mg milligram milligrams; 1e-9 mcg microgram micrograms
kg: 1000 tonne tonnes metric_ton metric_tons; 907.18474 ton tons
kg: 0.45359237 lb lbs; 0.028349523125 oz ounce ounces; 6.35029318 stone
m/s: 0.44704 mph; 0.2777777778 kph kmh kmph km/h; 0.5144444444 knot knots
W: 1e3 kw kilowatt kilowatts; 1e6 mw megawatt megawatts; 1e9 gw gigawatt gigawatts
W: 1 watt watts; 745.69987 horsepower hp bhp
Wh: 1e3 kwh kilowatt_hours; 1e6 mwh megawatt_hours; 1e9 gwh gigawatt_hours
Wh: 1e12 twh terawatt_hours
iu: 1 iu international_unit international_units
byte: 1e6 mb megabyte megabytes; 1e9 gb gigabyte gigabytes; 1e12 tb terabyte terabytes
Hz: 1e6 mhz megahertz; 1e9 ghz gigahertz
MP: 1 megapixel megapixels mp
x: 1 x
th: 1 th st nd rd
yo: 1 year-old
°: 1 degree degrees °
°C: 1 °c degrees_celsius degrees_c celsius degrees_centigrade
°F: 1 °f degrees_fahrenheit degrees_f fahrenheit
$: 1 dollar dollars usd us_dollar us_dollars buck bucks; 0.01 cent cents ¢ us_cent us_cents
a$: 1 aud australian_dollar australian_dollars
c$: 1 cad canadian_dollar canadian_dollars
hk$: 1 hkd hong_kong_dollar hong_kong_dollars
s$: 1 sgd singapore_dollar singapore_dollars
nz$: 1 nzd zealand_dollars
£: 1 gbp pound pounds sterling quid; 0.01 pence penny
€: 1 eur euro euros
¥: 1 jpy yen
yuan: 1 yuan cny rmb renminbi
₹: 1 inr rupee rupees rs; 0.01 paise paisa
won: 1 won krw
rouble: 1 rouble roubles ruble rubles rub; 0.01 kopeck kopecks
franc: 1 franc francs
chf: 1 chf swiss_francs swiss_franc
peso: 1 peso pesos
rand: 1 rand zar
baht: 1 baht
naira: 1 naira ngn; 0.01 kobo
ringgit: 1 ringgit myr
rupiah: 1 rupiah idr
shekel: 1 shekel shekels nis
lira: 1 lira liras
riyal: 1 riyal riyals
dirham: 1 dirham dirhams aed
shilling: 1 shilling shillings
crown: 1 crown crowns kronor krona kroner krone koruna korunas sek nok dkk czk; 0.01 oere
cedi: 1 cedi cedis
zloty: 1 zloty zlotys; 0.01 grosz groszy
forint: 1 forint forints
hryvnia: 1 hryvnia hryvnias
tenge: 1 tenge
taka: 1 taka
birr: 1 birr
dinar: 1 dinar dinars
kwacha: 1 kwacha
leva: 1 leva
"""


def _read(table: str) -> Iterator[tuple[str, Unit]]:
    for line in table.strip().splitlines():
        base, _, rest = line.partition(": ")
        for part in rest.split(";"):
            factor, *names = part.split()
            for name in names:
                yield name.replace("_", " "), Unit(base, float(factor))


UNITS = dict(_read(_MEASURES))
# What the units of a base unit are worth, where they differ.
WORTHS = {
    base: worth
    for base in {unit.base for unit in UNITS.values()}
    if len(worth := tuple(sorted({u.factor for u in UNITS.values() if u.base == base}))) > 1
}
# Abbreviations that are words, or mean something else, when they do not touch their number:
# "20 m" is metres, "20m" is millions, "a 5 s" is nothing.
TOUCHING = frozenset("s h g ml mg mb mp k b m mil x pc st nd rd th".split())
# Units of which the first word says little: "square", "US".
TWO_WORDS = frozenset(name.split()[0] for name in UNITS if " " in name)
MONEY = frozenset(SIGNS.values()) | frozenset(
    "franc peso rand ringgit rupiah riyal dirham shilling crown rouble won lira cedi zloty "
    "forint hryvnia tenge taka birr dinar kwacha leva".split()
)
# "miles an hour": a length and one of these is a speed.
PER_TIME = {"hour": 3600.0, "second": 1.0, "minute": 60.0}
