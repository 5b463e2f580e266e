"""Know messages that a machine wrote: absences, bounces, receipts, in the languages of mail."""

from __future__ import annotations

import re

_BEGINNINGS = (
    # English, German, French, Spanish
    r"automatic reply|auto(?:matic|mated)?[- ]?(?:reply|response|answer)"
    r"|out of (?:the )?office|on (?:annual|parental) leave"
    r"|i(?: am|'m)(?: currently)? (?:out of (?:the )?office|on (?:annual "
    r"|parental )?leave|on vacation)"
    r"|undeliverable|undelivered mail|delivery (?:status notification|has failed)|failure notice"
    r"|mail delivery (?:failed|subsystem)|returned mail|message not delivered"
    r"|your receipt from|this is an automat(?:ic|ed)"
    r"|(?:thank you|thanks) for your (?:e-?mail|message)[.!,]? (?:i|we) (?:am|are|will be) "
    r"(?:currently )?(?:out|away|on)"
    r"|abwesenheitsnotiz|automatische antwort|abwesend:|unzustellbar|nicht zustellbar"
    r"|ich bin (?:derzeit |zur ?zeit |momentan |aktuell |vom [^\n]{1,40} )?(?:nicht im (?:büro"
    r"|haus)|abwesend|im urlaub)"
    r"|réponse automatique|absence du bureau|message d'absence|non remis|échec de (?:la )?remise"
    r"|je suis (?:actuellement )?(?:absente?|en congés?|en vacances|hors du bureau)"
    r"|respuesta automática|fuera de (?:la )?oficina|no se puede entregar|no entregado"
    r"|(?:actualmente )?(?:estoy|me encuentro) (?:actualmente )?(?:fuera de (?:la )?oficina"
    r"|de vacaciones|ausente)"
    # Italian, Portuguese, Dutch, Swedish, Norwegian, Danish, Finnish
    r"|risposta automatica|fuori (?:sede|ufficio)|sono (?:attualmente )?(?:fuori (?:sede"
    r"|ufficio)|in ferie|assente)"
    r"|resposta automática|ausência temporária|fora do escritório|estou (?:de férias"
    r"|ausente|fora do escritório)"
    r"|automatisch antwoord|automatisch(?:e)? (?:bericht|reactie)|afwezigheids(?:bericht"
    r"|melding)|ik ben (?:momenteel )?(?:afwezig|niet op kantoor|met vakantie)"
    r"|autosvar|automatiskt svar|frånvaro|jag är (?:för närvarande )?(?:inte på kontoret"
    r"|på semester|ledig)"
    r"|automatisk svar|fraværs(?:melding|assistent)|ikke til stede|jeg er (?:for tiden "
    r"|i øjeblikket |p\.t\. )?(?:ikke på kontoret|på ferie|bortrejst"
    r"|fraværende)"
    r"|automaattinen vastaus|poissaoloilmoitus|poissa toimistosta|olen (?:poissa|lomalla)"
    # Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Slovenian
    r"|automatyczna odpowiedź|odpowiedź automatyczna|(?:obecnie )?(?:jestem"
    r"|przebywam) (?:obecnie )?(?:poza biurem|na urlopie)"
    r"|automatická odpov[eě]ď|nejsem v kanceláři|jsem na dovolené|mimo kancelář"
    r"|som na dovolenke|nie som v kancelárii"
    r"|automatikus válasz|házon kívül|szabadságon vagyok"
    r"|răspuns automat|în afara biroului|sunt (?:în concediu|plecat)"
    r"|automatski odgovor|samodejni odgovor|izvan ureda|na godišnjem odmoru|odsoten sem"
    # Russian, Ukrainian, Bulgarian, Greek, Turkish
    r"|автоматический ответ|автоответ|вне офиса|я в отпуске|нахожусь в отпуске"
    r"|автоматична відповідь|автоматичен отговор"
    r"|αυτόματη απάντηση|εκτός γραφείου"
    r"|otomatik (?:yanıt|cevap)|ofis dışında|izindeyim"
    # Japanese, Chinese, Korean, Vietnamese, Indonesian, Arabic, Hebrew
    r"|自動(?:返信|応答)|不在(?:通知|のお知らせ)|自动(?:回复|答复)|自動(?:回覆|回復)|外出通知|休暇"
    r"|자동 ?(?:회신|응답)|부재 ?중|trả lời tự động|balasan otomatis|jawaban otomatis"
    r"|رد تلقائي|الرد التلقائي|تشובה אוטומטית|תשובה אוטומטית|מענה אוטומטי"
)
_AUTOMATIC = re.compile(r"^\s*(?:\[?auto\]?:? )?(?:" + _BEGINNINGS + ")", re.IGNORECASE)
_GREETING = re.compile(
    r"^\s*(?:hi|hello|dear|hallo|guten tag|sehr geehrte|bonjour|hola"
    r"|buenos días|ciao|gentile|olá|beste"
    r"|hej|hei|witam|dobrý den|tisztelt|bună|здравствуйте|merhaba)\b[^\n.!?]{0,60}[,.!]?\s*\n+",
    re.IGNORECASE,
)


def is_automatic(text: str) -> bool:
    """Return whether a machine wrote it: an absence, a bounce, a receipt."""
    if _AUTOMATIC.match(text) is not None:
        return True
    greeting = _GREETING.match(text)
    return greeting is not None and _AUTOMATIC.match(text[greeting.end() :]) is not None
