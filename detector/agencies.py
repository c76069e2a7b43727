"""The news agencies of the world, and the services that distribute press releases.

Who owns the words that stand on a hundred sites at once: by name, abbreviation and site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# One line each: name; other names and abbreviations; sites. General knowledge, from no data set.
_NEWS = """
Associated Press; AP, AP News; apnews.com, ap.org, hosted.ap.org
Reuters; Thomson Reuters, Reuters News, Reuters Breakingviews, Breakingviews; reuters.com
Thomson Reuters Foundation; TRF, Context News; trust.org, news.trust.org, context.news
Agence France-Presse; AFP, AFP-Relaxnews, Relaxnews; afp.com
United Press International; UPI; upi.com
Bloomberg; Bloomberg News, Bloomberg Business; bloomberg.com
Dow Jones Newswires; Dow Jones, Dow Jones News, DJ; dowjones.com
Press Association; PA, PA Media, PA News Agency; pa.media, pressassociation.com
Deutsche Presse-Agentur; dpa, dpa-AFX, dpa international; dpa.com, dpa-international.com
EFE; Agencia EFE, EFE News, EFE-EPA; efe.com
Europa Press; ; europapress.es
Agenzia Nazionale Stampa Associata; ANSA; ansa.it
Adnkronos; AKI; adnkronos.com
Agenzia Giornalistica Italia; AGI; agi.it
Lusa; Agência Lusa; lusa.pt
Belga; Belga News Agency; belga.be, belganewsagency.eu
Algemeen Nederlands Persbureau; ANP; anp.nl
Austria Presse Agentur; APA; apa.at
Keystone-SDA; SDA, ATS, Keystone-ATS; keystone-sda.ch
Norsk Telegrambyrå; NTB; ntb.no
Tidningarnas Telegrambyrå; TT, TT News Agency; tt.se
Ritzau; Ritzaus Bureau; ritzau.dk
Suomen Tietotoimisto; STT; stt.fi
Baltic News Service; BNS; bns.ee, bns.lt, bns.lv
LETA; ; leta.lv
Polska Agencja Prasowa; PAP, Polish Press Agency; pap.pl
Česká tisková kancelář; ČTK, CTK, Czech News Agency; ctk.cz, ceskenoviny.cz
TASR; News Agency of the Slovak Republic; tasr.sk
SITA; ; sita.sk
Magyar Távirati Iroda; MTI; mti.hu
Agerpres; ; agerpres.ro
Mediafax; ; mediafax.ro
BTA; Bulgarian News Agency; bta.bg
Tanjug; ; tanjug.rs
HINA; ; hina.hr
FENA; ; fena.ba
STA; Slovenian Press Agency; sta.si
ANA-MPA; AMNA, Athens News Agency; amna.gr
Cyprus News Agency; ; cna.org.cy
Anadolu Agency; AA, Anadolu; aa.com.tr
Demirören News Agency; DHA, Doğan News Agency; dha.com.tr
TASS; ITAR-TASS; tass.com, tass.ru, itar-tass.com
Interfax; Interfax-Ukraine; interfax.com, interfax.ru, interfax.com.ua
RIA Novosti; RIA; ria.ru
Sputnik; ; sputniknews.com, sputnikglobe.com
Ukrinform; ; ukrinform.net, ukrinform.ua
UNIAN; ; unian.info, unian.net, unian.ua
BelTA; ; belta.by
Azertac; ; azertag.az
Trend News Agency; ; trend.az
Armenpress; ; armenpress.am
Kazinform; ; inform.kz, kazinform.kz
Xinhua; Xinhua News Agency; xinhuanet.com, news.cn, news.xinhuanet.com
China News Service; CNS, ECNS; chinanews.com, ecns.cn
Central News Agency; CNA, Focus Taiwan; cna.com.tw, focustaiwan.tw
Kyodo; Kyodo News; kyodonews.net, kyodonews.jp
Jiji Press; Jiji; jiji.com, jen.jiji.com
Yonhap; Yonhap News Agency, Yonhap News; yna.co.kr, yonhapnews.co.kr
Newsis; ; newsis.com
Korean Central News Agency; KCNA; kcna.kp, kcna.co.jp
Vietnam News Agency; VNA; vnanet.vn, vietnamplus.vn
Antara; Antara News; antaranews.com
Bernama; ; bernama.com
Philippine News Agency; PNA; pna.gov.ph
Thai News Agency; TNA; tnamcot.com
Press Trust of India; PTI; ptinews.com
Asian News International; ANI; aninews.in, ani.in
Indo-Asian News Service; IANS; ians.in
United News of India; UNI; uniindia.com
Associated Press of Pakistan; APP; app.com.pk
Pakistan Press International; PPI; ppinewsagency.com
Bangladesh Sangbad Sangstha; BSS; bssnews.net
United News of Bangladesh; UNB; unb.com.bd
Rastriya Samachar Samiti; RSS; rss.com.np
Australian Associated Press; AAP, AAP Newswire; aap.com.au
New Zealand Press Association; NZPA, NZN, NZ Newswire; nzpa.co.nz
Islamic Republic News Agency; IRNA; irna.ir
ISNA; ; isna.ir
Fars News Agency; FNA, Fars; farsnews.ir, farsnews.com
Tasnim; Tasnim News Agency; tasnimnews.com
Mehr News Agency; MNA; mehrnews.com
Saudi Press Agency; SPA; spa.gov.sa
Emirates News Agency; WAM; wam.ae
Kuwait News Agency; KUNA; kuna.net.kw
Qatar News Agency; QNA; qna.org.qa
Oman News Agency; ONA; omannews.gov.om
Bahrain News Agency; BNA; bna.bh
Petra; Jordan News Agency; petra.gov.jo
National News Agency; NNA; nna-leb.gov.lb
Syrian Arab News Agency; SANA; sana.sy
WAFA; Palestine News Agency; wafa.ps
Middle East News Agency; MENA; mena.org.eg
Maghreb Arabe Presse; MAP; mapnews.ma
Algérie Presse Service; APS; aps.dz
Tunis Afrique Presse; TAP; tap.info.tn
News Agency of Nigeria; NAN; nannews.ng, nan.ng
Ghana News Agency; GNA; gna.org.gh
Ethiopian News Agency; ENA; ena.et
Zambia News and Information Services; ZANIS; zanis.gov.zm
CAJ News; CAJ News Africa; cajnewsafrica.com
African News Agency; ANA; africannewsagency.com
South African Press Association; SAPA; sapa.org.za
Canadian Press; CP, La Presse Canadienne; thecanadianpress.com
Télam; Telam; telam.com.ar
Agência Brasil; ; agenciabrasil.ebc.com.br
Prensa Latina; PL; prensa-latina.cu, plenglish.com
Notimex; ; notimex.gob.mx
Andina; ; andina.pe
Caribbean Media Corporation; CMC; cmc-caribbean.com
Inter Press Service; IPS; ipsnews.net
Religion News Service; RNS; religionnews.com
Tribune News Service; TNS, Tribune Content Agency; tribunecontentagency.com
New York Times News Service; NYT News Service, NYTNS; nytsyn.com
Washington Post News Service; WPNS, Washington Post-Bloomberg;
Cox Newspapers; Cox News Service;
Scripps Howard News Service; SHNS, Scripps;
Cover Media; ; covermg.com
Bang Showbiz; BANG; bangshowbiz.com
Automated Insights; ; automatedinsights.com
"""
_RELEASES = """
Business Wire; BusinessWire, BW, Business Wire India; businesswire.com, businesswireindia.com
PR Newswire; PRNewswire, PRNewswire-USNewswire, Cision, USNewswire; prnewswire.com, prnewswire.co.uk
GlobeNewswire; Globe Newswire, PrimeNewswire; globenewswire.com
PRWeb; PRWEB UK; prweb.com
Marketwired; Marketwire, Market Wire; marketwired.com, marketwire.com
ACCESSWIRE; Access Wire; accesswire.com
EIN Presswire; EINPresswire; einpresswire.com
Newsfile; Newsfile Corp, TheNewswire; newsfilecorp.com, thenewswire.com
Canada NewsWire; CNW, CNW Group, CNW Telbec; newswire.ca
PR.com; ; pr.com
PRBuzz; ; prbuzz.com
PRLog; ; prlog.org
eReleases; ; ereleases.com
ABN Newswire; ; abnnewswire.net
ACN Newswire; ; acnnewswire.com
Media OutReach; Media OutReach Newswire; media-outreach.com
JCN Newswire; ; jcnnewswire.com
Regulatory News Service; RNS Reach; londonstockexchange.com
NewMediaWire; ; newmediawire.com
BPT; Brandpoint; brandpointcontent.com
NAPS; North American Precis Syndicate; napsnet.com
StatePoint; ; statepoint.net
24-7 Press Release; 24-7PressRelease; 24-7pressrelease.com
SBWire; ; sbwire.com
news aktuell; ; presseportal.de
OTS; APA-OTS; ots.at
"""
_NOT_A_LETTER = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"^(?:by|from|the)\s+", re.I)
_STAFF = re.compile(
    r"\s{1,4}(?:staff|staff writers?|writers?|reporters?|correspondents?|news|news agency|"
    r"newswires?|agency|bureau|international|report)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency.

    Attributes:
        name: in full.
        spellings: the name and its other forms, as they are written.
        sites: host names where it publishes.
        releases: it distributes press releases, which are issued to be printed by anyone.
    """

    name: str
    spellings: tuple[str, ...]
    sites: tuple[str, ...]
    releases: bool = False


def agency_named(written: str) -> Agency | None:
    """Return the agency of a name or abbreviation: ``AP``, ``The Associated Press``, ``dpa``.

    Words of function around it are left out: ``By Reuters Staff``.
    """
    bare = _ARTICLE.sub("", _ARTICLE.sub("", written.strip()))
    while bare:
        found = _BY_NAME.get(_squashed(bare))
        # "Who" is no agency's abbreviation, and neither is "map": those are written in capitals
        if found and (bare in found.spellings or bare.isupper() or len(bare) > LONGEST_SHORT):
            return found
        shorter = _STAFF.sub("", bare)
        bare = shorter if shorter != bare else ""
    return None


def agency_of_site(site: str | None) -> Agency | None:
    """Return the agency that publishes on a site, ``uk.reuters.com`` included."""
    labels = (site or "").lower().split(".")
    above = (".".join(labels[n:]) for n in range(len(labels) - 1))
    return next((_BY_SITE[each] for each in above if each in _BY_SITE), None)


# Abbreviations have up to this many letters; longer names are known in any capitals.
LONGEST_SHORT = 5


def _squashed(name: str) -> str:
    return _NOT_A_LETTER.sub("", name).casefold()


def _read(table: str, *, releases: bool) -> tuple[Agency, ...]:
    return tuple(_agency(line, releases) for line in table.strip().splitlines())


def _agency(line: str, releases: bool) -> Agency:
    name, others, sites = (part.strip() for part in line.split(";"))
    spellings = (name, *(other.strip() for other in others.split(",") if other.strip()))
    hosts = tuple(site.strip() for site in sites.split(",") if site.strip())
    return Agency(name, spellings, hosts, releases)


AGENCIES = (*_read(_NEWS, releases=False), *_read(_RELEASES, releases=True))
_BY_NAME: Mapping[str, Agency] = MappingProxyType(
    {_squashed(spelling): agency for agency in AGENCIES for spelling in agency.spellings}
)
_BY_SITE: Mapping[str, Agency] = MappingProxyType(
    {site: agency for agency in AGENCIES for site in agency.sites}
)
