"""What writing programs say to their users, as patterns over text written small.

Each turn: what it is there for, cues of which any match holds one, and the pattern. Apostrophes
are straight. Repetition is bounded, so that a match takes time linear in the text.
"""

from __future__ import annotations

from typing import Literal

ResidueKind = Literal[
    "self-reference", "refusal", "hand-over", "offer", "prompt", "placeholder", "tool-mark"
]
Turn = tuple[ResidueKind, str, str]

# "a text", "the rewritten article", "your revised story": what is handed over.
_REVISED = (
    r"(?:re-?written|re-?worded|re-?phrased|para-?phrased|revised|improved|polished|edited"
    r"|expanded|humani[sz]ed|seo[- ](?:optimi[sz]ed|friendly)|plagiarism-free|unique)"
)
_REVISED_CUES = (
    "written|worded|phrased|revised|improved|polished|edited|expanded|humani|seo"
    "|plagiarism-free|unique"
)
_PIECE = (
    r"(?:article|text|story|passage|paragraph|version|draft|summary|press release"
    r"|news (?:article|story|piece|report)|piece|blog post|headline|content)"
)
# An acknowledgement before the text that was asked for.
_YES = r"(?:sure(?: thing)?|certainly|of course|absolutely|great question|okay|got it)[!,.:]"
# "here" as a word; the letters come first, for which ``re`` looks fastest.
_HERE = r"here(?<=\bhere)"
_HERE_CUES = "here's|here is|here are"
_YES_CUES = f"i'd be|i would be|i can|i'll|{_HERE_CUES}"
_AI = (
    r"(?:(?:an? )?(?:large |ai |artificial intelligence )?language model"
    r"|an? (?:ai|artificial intelligence) (?:assistant|model|chatbot)|a helpful assistant)"
)
_AI_CUES = "language model|assistant|ai model|ai chatbot|intelligence model|intelligence chatbot"

ENGLISH: tuple[Turn, ...] = (
    ("self-reference", _AI_CUES, rf"\bas {_AI}(?:, i\b|,? (?:developed|created|trained) by\b)"),
    ("self-reference", "ai language model", r"\bas an ai language model\b"),
    ("self-reference", _AI_CUES, rf"\bi(?:'m| am) (?:just |only |sorry,? but as )?{_AI}\b"),
    (
        "self-reference",
        "cutoff|cut-off|knowledge update|training update",
        r"\b(?:as of )?my (?:last |latest )?(?:(?:knowledge|training)(?: data)? (?:cut-?off"
        r"|update))\b",
    ),
    (
        "self-reference",
        "i do not have|i don't have",
        r"\bi (?:do not|don't) have (?:real-?time|access to (?:real-?time|current|up-to-date))"
        r" (?:data|information|access|browsing)\b",
    ),
    ("self-reference", "my training data", r"\bmy training data (?:only )?(?:goes|extends|ends)\b"),
    (
        "refusal",
        "sorry|afraid",
        r"\bi(?:'m| am) (?:sorry|afraid),? (?:but )?i (?:cannot|can't|am (?:not able|unable) to)"
        r" (?:fulfil{1,2} (?:this|that|your)(?: request)?|assist with|comply with"
        r"|help (?:you )?with (?:that|this)"
        r"|generate|rewrite|provide (?:that|a rewrit))",
    ),
    (
        "refusal",
        "request",
        r"\bi (?:cannot|can't) (?:fulfil{1,2}|comply with) (?:this|that|your) request\b",
    ),
    (
        "refusal",
        "my programming|openai",
        r"\bit (?:goes against|violates) (?:my programming|openai's? (?:use"
        r"|content) polic\w{1,4})\b",
    ),
    (
        "hand-over",
        _HERE_CUES,
        rf"{_HERE}(?:'s| is| are) (?:the|a|an|your|one|my|another)(?: \w{{1,20}}){{0,3}}?"
        rf" {_REVISED}(?: \w{{1,20}}){{0,3}}? {_PIECE}\b",
    ),
    (
        "hand-over",
        _HERE_CUES,
        rf"{_HERE}(?:'s| is) (?:the|a|an|your) (?:\w{{1,20}} )?{_PIECE} (?:re-?written|re-?phrased"
        r"|re-?worded|in (?:a )?(?:different|other) (?:words|style|tone))\b",
    ),
    (
        "hand-over",
        _YES_CUES,
        rf"(?:^|\n|[.!?] ){_YES} (?:here(?:'s| is| are) (?:the|a|an|your|my|some)\b"
        r"|i(?:'d| would) be (?:happy|glad) to\b|i(?:'ll| can) (?:help you|rewrite|rephrase)\b)",
    ),
    ("hand-over", _REVISED_CUES, rf"(?:^|\n){_REVISED} {_PIECE}:"),
    (
        "hand-over",
        "written|phrased|worded|summari",
        r"\bi(?:'ve| have) (?:re-?written|re-?phrased|re-?worded|paraphrased|summari[sz]ed)"
        rf" (?:the|your|this) {_PIECE}\b",
    ),
    (
        "offer",
        "let me know if you",
        r"\blet me know if you(?:'d like| would like| want| need) (?:me to|any (?:further|more"
        r"|other"
        r"|additional) (?:changes|edits|adjustments|revisions|modifications))\b",
    ),
    (
        "offer",
        "would you like me to",
        r"\bwould you like me to (?:re-?write|re-?phrase|adjust|expand|shorten|continue|make|add"
        r"|change|revise)\b",
    ),
    (
        "offer",
        "i hope this",
        rf"\bi hope this (?:(?:revised|rewritten) {_PIECE}|version of the {_PIECE}) (?:helps|meets"
        r"|works)\b",
    ),
    (
        "offer",
        "feel free to|you can ",
        rf"\b(?:feel free to|you can) (?:adjust|customi[sz]e|modify|edit) (?:the|this) {_PIECE}"
        r" (?:as needed|to (?:fit|suit) your)\b",
    ),
    (
        "prompt",
        "write|phrase|reword|summari",
        rf"(?:^|\n)(?:please )?(?:re-?write|re-?phrase|paraphrase|summari[sz]e|reword)"
        rf" (?:the (?:following|above|below)|this) {_PIECE}\b",
    ),
    (
        "prompt",
        "write a|create a|generate a|write me a|create me a|generate me a",
        r"(?:^|\n)(?:write|create|generate) (?:me )?an? (?:\d{2,5}[- ]word |unique |detailed "
        rf"|seo[- ]\w{{1,20}} ){{1,3}}{_PIECE}\b",
    ),
    (
        "prompt",
        "you are ",
        r"\byou are (?:chatgpt\b|an? (?:expert|professional|experienced|helpful) (?:seo |content"
        r" |copy ?|news )?(?:writer|editor|journalist|assistant)[.,:] )",
    ),
    (
        "prompt",
        "user:|assistant:|system:|human:|prompt:",
        r"(?:^|\n)(?:user|assistant|system|human|prompt): ?(?:re-?write|write|please|sure|certainly"
        r"|here|you are)\b",
    ),
    (
        "placeholder",
        "[",
        r"\[(?:insert|add|include|enter|your|company|author|name of|source|date|city|location|link"
        r"|quote|image|photo|brand|product|keyword|phone|email|website|url|number|statistic)"
        r"(?: [\w'/-]{1,30}){0,5}(?: here| name| title| goes here|\.\.\.)\]",
    ),
    (
        "placeholder",
        "[",
        r"\[(?:your|insert|the company's|recipient's) [\w'/ -]{2,40}\]",
    ),
    ("placeholder", "{{", r"\{\{ ?[a-z_][\w .-]{1,40} ?\}\}"),
    ("placeholder", "%%", r"%%[a-z_]{3,30}%%"),
    # The word lists of spinning programs, left unresolved.
    ("placeholder", "{", r"\{[a-z][\w' -]{1,30}(?:\|[a-z][\w' -]{1,30}){1,8}\}"),
    ("placeholder", "lorem ipsum dolor", r"\blorem ipsum dolor\b"),
    ("tool-mark", "oaicite", r"contentreference\[oaicite:\d+\]|\boaicite:\d+"),
    ("tool-mark", "【", r"【\d+†[^】\n]{1,40}】"),
    ("tool-mark", "turn", r"turn(?<=\bturn)\d{1,2}(?:search|news|view|image)\d{1,2}\b"),
    ("tool-mark", "utm_source=", r"\butm_source=(?:chatgpt\.com|openai)\b"),
    (
        "tool-mark",
        "regenerate response|chatgpt said:|you said:|this response better",
        r"(?:^|\n)(?:regenerate response\b|chatgpt said:|you said:\n|was this response better)",
    ),
    ("tool-mark", "<", r"<\|(?:im_start|im_end|endoftext|assistant|user|system)\|>"),
    ("tool-mark", "inst]", r"\[/?inst\]"),
)
OTHERS: tuple[Turn, ...] = (
    # Spanish, Portuguese, French, Italian, German, Dutch, Polish, Turkish, Indonesian
    ("self-reference", "modelo de lenguaje", r"\bcomo (?:un )?modelo de lenguaje\b"),
    ("self-reference", "como ", r"\bcomo (?:una? )?(?:asistente de ia|ia), (?:no|mi|yo)\b"),
    ("self-reference", "modelo de linguagem", r"\bcomo (?:um )?modelo de linguagem\b"),
    (
        "self-reference",
        "en tant qu",
        r"\ben tant (?:que modèle de langage|qu'(?:ia|intelligence artificielle"
        r"|assistant ia), je)\b",
    ),
    ("self-reference", "modello", r"\b(?:come|in quanto) modello (?:di linguaggio|linguistico)\b"),
    ("self-reference", "sprachmodell", r"\bals (?:ein )?(?:ki-?)?sprachmodell\b"),
    ("self-reference", "als k", r"\bals (?:künstliche intelligenz|ki) (?:kann|habe|bin) ich\b"),
    ("self-reference", "taalmodel", r"\bals (?:een )?(?:ai-)?taalmodel\b"),
    ("self-reference", "model językowy", r"\bjako (?:duży )?model językowy\b"),
    ("self-reference", "dil modeli", r"\bbir (?:yapay zek[aâ] )?dil modeli olarak\b"),
    ("self-reference", "model bahasa", r"\bsebagai (?:sebuah )?model bahasa\b"),
    # Russian, Ukrainian, Arabic, Hindi, Chinese, Japanese, Korean
    ("self-reference", "языковая модель", r"\bкак (?:большая )?языковая модель\b"),
    ("self-reference", "мовна модель", r"\bяк (?:велика )?мовна модель\b"),
    ("self-reference", "نموذج", r"(?:بصفتي|كنموذج|باعتباري) (?:نموذج )?لغ"),
    ("self-reference", "भाषा मॉडल", r"भाषा मॉडल के रूप में"),
    (
        "self-reference",
        "语言模型|助手",
        r"(?:作为|身为)(?:一个|一款|一名)?(?:人工智能|ai|大型)?(?:语言模型|人工智能助手|ai助手)",
    ),
    ("self-reference", "言語モデル", r"(?:ai|人工知能|大規模)?言語モデルとして"),
    ("self-reference", "언어", r"(?:ai|인공지능) ?언어 ?모델(?:로서|로써)"),
    (
        "hand-over",
        "aquí",
        r"\baquí (?:tienes|está|tiene)(?: \w{1,20}){0,2} (?:artículo|texto|versión|resumen)"
        r" (?:reescrit|reformulad|parafrasead|revisad)[oa]\b",
    ),
    (
        "hand-over",
        "aqui",
        r"\baqui est[áa](?: \w{1,20}){0,2} (?:artigo|texto|versão|resumo)"
        r" (?:reescrit|reformulad|parafrasead|revisad)[oa]\b",
    ),
    (
        "hand-over",
        "voici",
        r"\bvoici (?:l'|le |la |une |un |votre )(?:article|texte|version|résumé)"
        r" (?:réécrit|reformulé|paraphrasé|révisé)e?\b",
    ),
    (
        "hand-over",
        "ecco",
        r"\becco (?:l'|il |la |una |un |il tuo )(?:articolo|testo|versione|riassunto)"
        r" (?:riscritt|riformulat|parafrasat|rivist)[oa]\b",
    ),
    (
        "hand-over",
        "hier ist",
        r"\bhier ist (?:der|die|eine|ein|ihre?|deine?)(?: \w{1,20})? ?(?:umgeschriebene"
        r"|überarbeitete"
        r"|umformulierte|neu formulierte)[rns]? (?:artikel|text|version|fassung|zusammenfassung)\b",
    ),
    (
        "hand-over",
        "hier is ",
        r"\bhier is (?:de|het|een|je|uw) (?:herschreven|geparafraseerde|herziene)"
        r" (?:artikel|tekst|versie)\b",
    ),
    (
        "hand-over",
        "oto ",
        r"\boto (?:przepisany|przeredagowany|sparafrazowany) (?:artykuł|tekst)\b",
    ),
    (
        "hand-over",
        "вот ",
        r"\bвот (?:переписанн|перефразированн|отредактированн)\w{2,3}"
        r" (?:стать|текст|верси|вариант)\w{0,2}",
    ),
    (
        "hand-over",
        "以下是|这是",
        r"(?:以下是|这是)(?:改写|重写|修改|润色)后的(?:文章|文本|版本|内容|新闻)",
    ),
    ("hand-over", "以下は", r"以下は(?:書き直した|リライトした|言い換えた)(?:記事|文章|テキスト)"),
    (
        "refusal",
        "lo siento",
        r"\blo siento,? (?:pero )?no puedo (?:cumplir con est|ayudar(?:te|le)? con es[ao])",
    ),
    (
        "refusal",
        "je suis désolé",
        r"\bje suis désolée?,? mais je ne peux pas (?:répondre à cette demande|vous aider avec c)",
    ),
    (
        "refusal",
        "tut mir leid",
        r"\bes tut mir leid,? (?:aber )?ich kann (?:diese anfrage|dabei|dir dabei"
        r"|ihnen dabei) nicht\b",
    ),
    (
        "refusal",
        "não posso",
        r"\b(?:desculpe|sinto muito),? mas não posso (?:atender|ajudar com) (?:a )?(?:ess|est)",
    ),
)
