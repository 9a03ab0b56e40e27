"""Where the limit of the flag ``other_language`` comes from: the share of common words in English and in others.

``python -m benchmarks.quality.flags``. The sentences in other languages are the project's own.
"""

from __future__ import annotations

import numpy as np

import xborder_tagger
from xborder_tagger.shipped import ROOT
from xborder_tagger.training.corpus import read_corpus

OTHERS = {
    "Vietnamese": "Công an tỉnh vừa bắt giữ một nhóm đối tượng vận chuyển ma túy qua biên giới trong đêm hôm qua",
    "Vietnamese, bare": "Cong an tinh vua bat giu mot nhom doi tuong van chuyen ma tuy qua bien gioi trong dem hom qua",
    "Khmer": "ប៉ូលិស បាន ឃាត់ខ្លួន ជនសង្ស័យ បី នាក់ នៅ ព្រំដែន កាលពី យប់ មិញ",
    "Lao": "ຕຳຫຼວດ ໄດ້ ຈັບ ຜູ້ຕ້ອງສົງໄສ ສາມ ຄົນ ຢູ່ ຊາຍແດນ ໃນ ຄືນ ວານນີ້",
    "Thai": "ตำรวจ จับกุม ผู้ต้องสงสัย สาม คน ที่ ชายแดน เมื่อ คืน ที่ผ่านมา",
    "Burmese": "ရဲများက မနေ့ညက နယ်စပ်တွင် သံသယရှိသူ သုံးဦးကို ဖမ်းဆီးခဲ့သည်",
    "Chinese": "警方昨晚在边境逮捕了三名嫌疑人",
    "Japanese": "警察は昨夜、国境で三人の容疑者を逮捕した",
    "Korean": "경찰은 어젯밤 국경에서 용의자 세 명을 체포했다",
    "Indonesian": "Polisi menangkap tiga tersangka di perbatasan tadi malam dan menyita puluhan kilogram sabu",
    "Malay": "Pasukan polis menahan tiga suspek di sempadan malam tadi dan merampas berpuluh kilogram syabu",
    "Tagalog": "Nahuli ng mga pulis ang tatlong suspek sa hangganan kagabi at nakuha ang maraming kilo ng shabu",
    "Tetum": "Polísia kaptura ema na'in tolu iha fronteira horikalan no hetan droga barak iha kareta laran",
    "Hindi": "पुलिस ने कल रात सीमा पर तीन संदिग्धों को गिरफ्तार किया",
    "Tamil": "நேற்று இரவு எல்லையில் மூன்று சந்தேக நபர்களை போலீசார் கைது செய்தனர்",
    "Arabic": "ألقت الشرطة القبض على ثلاثة مشتبه بهم على الحدود الليلة الماضية",
    "Russian": "Полиция задержала вчера ночью на границе трёх подозреваемых",
    "Turkish": "Polis dün gece sınırda üç şüpheliyi gözaltına aldı ve kilolarca uyuşturucu ele geçirdi",
    "Spanish": "La policía detuvo anoche a tres sospechosos en la frontera y se incautó de cuarenta kilos de droga",
    "Portuguese": "A polícia prendeu ontem à noite três suspeitos na fronteira e apreendeu quarenta quilos de droga",
    "French": "La police a arrêté hier soir trois suspects à la frontière et saisi quarante kilos de drogue",
    "Italian": "La polizia ha arrestato ieri sera tre sospetti al confine e ha sequestrato quaranta chili di droga",
    "German": "Die Polizei hat gestern Abend an der Grenze drei Verdächtige festgenommen und vierzig Kilo gefunden",
    "Dutch": "De politie heeft gisteravond aan de grens drie verdachten aangehouden en veertig kilo drugs gevonden",
}


def shares(texts: list[str]) -> np.ndarray:
    """Share of common words in each text."""
    found = xborder_tagger.load().predictions(texts)
    return found.common / np.maximum(found.words, 1)


def main() -> None:
    tagger = xborder_tagger.load()
    documents = read_corpus(ROOT / "corpus" / "documents", tagger.labels.names)
    english = shares([document.text for document in documents])
    limit = tagger.kernel.tables.decision.common_share
    print(f"English, {len(english)} documents: 0.1%, 1%, 5%: {np.percentile(english, (0.1, 1, 5)).round(2)}")
    print(f"flagged at {limit}: English {(english < limit).mean():.3%}")
    for name, share in sorted(zip(OTHERS, shares(list(OTHERS.values())), strict=True), key=lambda pair: -pair[1]):
        print(f"{name:<18}{share:.2f}{'' if share < limit else '   NOT FLAGGED'}")


if __name__ == "__main__":
    main()
