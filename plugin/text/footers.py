"""Know what stands below a mail in many languages: closings, devices, disclaimers."""

from __future__ import annotations

import re

SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:kind|best|warm|many|with (?:kind|best)|warmest)? ?(?:regards|wishes)|cheers"
    r"|(?:yours )?(?:sincerely|faithfully|truly)|yours \w+|(?:many )?thanks and regards"
    r"|mit (?:freundlichen|besten|lieben|vielen) grüßen|mfg|vg|lg|(?:viele"
    r"|beste|liebe|freundliche) grüße"
    r"|hochachtungsvoll|(?:bien )?cordialement|bien à vous|salutations(?: distinguées)?"
    r"|bonne journée"
    r"|(?:un )?saludos?(?: cordiales| cordial)?|un saludo|atentamente|cordialmente"
    r"|cordiali saluti|distinti saluti|saluti|atenciosamente|cumprimentos"
    r"|com os melhores cumprimentos"
    r"|(?:met )?vriendelijke groet(?:en)?|mvg|groeten|med vänlig(?:a)? hälsning(?:ar)?"
    r"|mvh|hälsningar"
    r"|med (?:vennlig|venlig) hilsen|hilsen|ystävällisin terveisin|terveisin"
    r"|z poważaniem|pozdrawiam"
    r"|s pozdravem|s pozdravom|üdvözlettel|cu stimă|lijep pozdrav|lep pozdrav|с уважением|з повагою"
    r"|с уважение|με εκτίμηση|saygılarımla|iyi çalışmalar"
    r"|よろしくお願い(?:いた)?します。?|此致|敬具|祝好"
    r"|감사합니다\.?|trân trọng|salam|hormat saya|مع التحية|בברכה)[,.!]?[ \t]*$",
    re.IGNORECASE,
)
DEVICE = re.compile(
    r"(?:sent from my |sent from (?:outlook|yahoo|mail for|proton)|get outlook for |sent with "
    r"|von meinem \S+ gesendet|gesendet (?:mit|von) |envoyé de(?:puis)? (?:mon|ma|outlook|yahoo) "
    r"|envoyé à partir de |enviado desde (?:mi |outlook|yahoo)|inviato da "
    r"|enviado do meu |verzonden (?:vanaf|met) "
    r"|skickat från (?:min |outlook)|sendt fra (?:min |outlook)|lähetetty "
    r"|wysłane z |odesláno z |odoslané z "
    r"|elküldve |trimis de pe |отправлено с |надіслано з |στάλθηκε από |gönderildi:? |iPhone'umdan "
    r"|iPhoneから送信|发自我的|從我的.{1,12}傳送|내 iPhone에서|được gửi từ |dikirim dari )",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^[ \t*_]*(?:this (?:e-?mail|message|communication)(?:,)?(?: and any"
    r"| is confidential| message is"
    r"| may contain| contains| is intended)|confidentiality notice|disclaimer\b"
    r"|the information (?:contained )?in this"
    r"|diese e-?mail (?:enthält|kann|ist|und)|der inhalt dieser e-?mail|vertraulichkeitshinweis"
    r"|ce (?:message|courriel|mail)(?: et| est| peut| contient)|avis de confidentialité"
    r"|este (?:mensaje|correo)(?: electrónico)?(?: y| es| puede| contiene"
    r"| va dirigido)|aviso (?:legal|de confidencialidad)"
    r"|questa e-?mail|le informazioni contenute|avviso di riservatezza"
    r"|esta mensagem|este e-?mail (?:e|é|pode)"
    r"|dit (?:e-?mail)?bericht|deze e-?mail|detta (?:e-?post|meddelande)"
    r"|denne e-?(?:mail|post)|tämä viesti"
    r"|niniejsza wiadomość|tato zpráva|táto správa|ez az (?:e-?mail|üzenet)|acest (?:e-?mail|mesaj)"
    r"|ova poruka|данное (?:письмо|сообщение)|это сообщение|це повідомлення|bu e-?posta|bu mesaj"
    r"|本邮件|本電子郵件|このメール|이 메일)",
    re.IGNORECASE | re.MULTILINE,
)
