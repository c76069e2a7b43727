"""Words that tell what a capitalised word is: titles, kinds of organisation, kinds of place.

The lists are English news usage: words that hold of any article, never names.
"""

from __future__ import annotations

import unicodedata

# Capitalised only because they start a sentence or a quotation, or name a day or a month.
FUNCTION_WORDS = frozenset(
    "i the a an this that these those it he she we you they there here his her its our their my "
    "your in on at by for from to of with and but or nor so yet as if when while where who what "
    "why how after before since between during until amid among unless whether without although "
    "though because despite according meanwhile however also "
    "still now then one two three some many most all no not is are was were be has have had do "
    "does did can could will would should may might must let's it's i'm i've he's she's that's "
    "we're they're there's don't i'd i'll we'll it'll he'd didn't isn't you're "
    "january february march april june july august september october november december jan feb "
    "mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday "
    "sunday mon tue tues wed thu thur thurs fri sat sun christmas easter internet god photo photos "
    "video image file rs inr usd".split()
)
# Titles that stand only before a person's name: what follows is one, common word or not.
COURTESY = frozenset("mr mrs ms miss dr sir dame prof rev messrs mx madam mme".split())
# Titles and offices that may stand before a name.
TITLES = COURTESY | frozenset(
    "lord lady baroness baron count countess duke duchess king queen prince princess pope emperor "
    "president vice-president presidents vice prime minister ministers premier chancellor "
    "secretary secretary-general secretaries undersecretary senator senators sen sens rep reps "
    "representative congressman congresswoman assemblyman councilman councillor councilor "
    "governor gov lieutenant lt mayor judge justice general gen colonel col major maj captain capt "
    "sergeant sgt corporal cpl admiral adm commander marshal brigadier professor chairman "
    "chairwoman chairperson chair chief director executive officer spokesman spokeswoman "
    "spokesperson ambassador envoy consul archbishop bishop cardinal rabbi imam sheikh sheik "
    "sultan emir ayatollah mullah reverend father pastor saint inspector superintendent detective "
    "constable commissioner speaker leader coach manager head deputy attorney treasurer economist "
    "analyst strategist ceo cfo coo cto pm mp mep founder co-founder cofounder editor author actor "
    "actress singer comedian striker midfielder defender goalkeeper ex-president republican "
    "democrat democratic former acting interim senior junior".split()
)
# Before these the words of an office are common ones: German Finance Minister.
MINISTERS = frozenset("minister ministers secretary secretaries officer spokesman".split())
# Words that make a run of capitals an organisation, as its last word or before "of" and "for".
INSTITUTIONS = frozenset(
    "university college school institute institution academy polytechnic bank ministry department "
    "dept office bureau agency authority commission committee council board court parliament "
    "senate house congress assembly legislature cabinet party union unions association federation "
    "confederation society foundation fund trust endowment center centre organization "
    "organisation group company companies corporation corp inc ltd limited plc llc llp lp ag nv "
    "gmbh holdings holding partners partnership industries airlines airways airline motors "
    "pharmaceuticals pharma laboratories laboratory labs lab systems technologies networks "
    "bancorp capital securities insurance hospital clinic church cathedral museum gallery theatre "
    "theater orchestra police army navy guard guards corps service services club fc times post "
    "journal herald tribune gazette telegraph guardian chronicle observer news press radio "
    "television network broadcasting exchange reserve treasury administration secretariat "
    "alliance coalition league guild chamber consortium media entertainment studios records "
    "energy petroleum oil steel brothers bros associates consulting consultancy analytics "
    "advisors advisers management finance financial investments investment ventures tribunal "
    "observatory library watch regiment brigade front movement embassy consulate co sons "
    "directorate inspectorate registry jury squad mosque synagogue team rovers wanderers athletic "
    "magazine newspaper publishing publishers software electronics telecom communications "
    "logistics nations".split()
)
# Institutions that are subjects as well: before "and" they belong to what follows, as in
# Securities and Exchange Commission.
SUBJECTS = frozenset(
    "securities energy finance management insurance investment investments media electronics oil "
    "gas petroleum steel technology communications telecom software broadcasting exchange".split()
)
# Words that make a run of capitals a place, as its last word.
SITES = frozenset(
    "river lake mount mountain mountains island islands bay sea ocean street st road rd avenue "
    "square park gardens airport station bridge valley beach county province district state city "
    "town village borough hotel tower building stadium arena palace castle hill hills heights "
    "port harbour harbor desert peninsula strait canal coast highway lane hall plaza prison "
    "boulevard drive terrace quarter region territory basin delta falls forest dam gulf cape "
    "jail terminal motorway freeway zoo cemetery".split()
)
# Words that make a run of capitals a place, as its first word.
NATURE = frozenset("lake mount cape gulf mt fort ft port strait".split())
# What teams of a league play for.
PRIZES = frozenset("cup trophy shield championship".split())
# A place's name after one of these is a part of the place.
COMPASS = frozenset(
    "north south east west northern southern eastern western central upper lower greater inner "
    "outer north-east north-west south-east south-west downtown".split()
)
# Legal forms say nothing about which company it is.
LEGAL_FORMS = frozenset("inc ltd limited plc llc llp lp corp corporation co ag nv gmbh sa".split())
# All capitals, but no name: offices, units, measures, and what every desk abbreviates.
NOT_ORGANISATIONS = frozenset(
    "QC KC OBE CBE MBE KBE DBE MSP "
    "CEO CFO COO CTO MP MPS MEP MEPS PM AM TV TVS DNA GDP GNP IPO IPOS ET GMT EST EDT BST PST PT "
    "UTC IST ID IT AI VR HIV AIDS GPS SMS DVD CD PC PCS USB HD UHD LED LCD SUV SUVS VAT GST ATM "
    "ATMS PR HR R&D FAQ URL RSS PDF API UFO PHD MBA BA MA MSC BSC FY OTC ETF ETFS EPS EBITDA ROI "
    "VP EVP SVP CO2 GAAP IFRS "
    "CPI PPI QE OK Q1 Q2 Q3 Q4 H1 H2 II III IV VI VII VIII IX XI XII NGO NGOS CCTV HQ SIM "
    "WIFI WI-FI LGBT PTSD IQ IVF BMI UV DJ POW JR SR VIP WW1 WW2 WWI WWII COVID GP TBD TBA TBC ETA "
    "ICU MRI ECG PCR STEM SEO DIY B2B SME SMES".split()
)
# What stands behind a person's name in capitals and is no part of it.
HONOURS = frozenset("QC KC OBE CBE MBE KBE DBE MP MEP MSP PhD".split())
CONNECTORS = frozenset(
    "of the and & for on de da do dos del della der den di van von la le bin bint ibn el al "
    "y".split()
)
# Connectors inside a person's name.
PARTICLES = frozenset(
    "de da do dos del della der den di van von la le bin bint ibn el al y".split()
)
_TYPOGRAPHY = str.maketrans("’‘`´", "''''", ".")


def plain(text: str) -> str:
    """Spell without diacritics and typographic signs: ``Erdoğan’s`` is ``Erdogan's``."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ß", "ss"))
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return bare.replace("ı", "i").replace("ø", "o").replace("Ø", "O").replace("ł", "l")


def folded(text: str) -> str:
    """Return the normal form of a name: lower case, plain letters, no full stops."""
    return " ".join(plain(text).translate(_TYPOGRAPHY).casefold().split())
