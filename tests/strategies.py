"""Texts that hurt: every script, marks, surrogates, controls, and words that the model knows, side by side."""

from hypothesis import strategies as st

# fmt: off
SNIPPETS = [
    *("drug trafficking", "signed a memorandum", "Viet Nam", "U.S.", "D.E.A. agents", "traf-\nficking", "co-\n operate"),
    *("Phnom Penh", "ya ba", "40kg", "1,134 kg", "Mr. Smith", "e.g. this", "call centre", "human and drug trafficking"),
    *("İstanbul", "ΣΊΣΥΦΟΣ", "e\u0301te\u0301", "zero\u200bwidth", "ﬁne", "ＦＵＬＬ", "сосаine", "Đà Nẵng", "한국어", "กัมพูชา"),
    *("ชายแดนไทยกัมพูชาเมื่อวันจันทร์ตำรวจ", "ﷺ", "ǆ", "ŉ", "㎏", "Ⅷ", "កម្ពុជា", "العربية", "हिन्दी", "😀👍🏽", "\ud800", "\udfff", "\x00", "\u2028", "\u2029", "\x85", "\ufeff", "\u00ad"),
    *(".", "...", "?!", "\"", "”", ")", "\n", "\n\n", "\r\n", "\t", " ", "  ", "-", "—", "'", "’s", "a", "I", "1st", "½", "²"),
]
# fmt: on
snippets = st.lists(st.sampled_from(SNIPPETS), max_size=25).map("".join)
spaced = st.lists(st.sampled_from(SNIPPETS), max_size=25).map(" ".join)
anything = st.text(st.characters(), max_size=60)
with_surrogates = st.text(st.characters(categories=("L", "M", "N", "P", "S", "Z", "C")), max_size=40)
texts = st.one_of(snippets, spaced, anything, with_surrogates)
