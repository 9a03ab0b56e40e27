"""Short texts of other scripts, and of what is odd in any."""

FOREIGN = {
    "vietnamese": "Bộ Công an Việt Nam và Campuchia đã ký bản ghi nhớ về phòng, chống ma túy. Hai bên thống nhất.",
    "thai": "ตำรวจไทยและกัมพูชาลงนามบันทึกความเข้าใจ drug trafficking เมื่อวันจันทร์ ๒๕๖๖",
    "khmer": "កម្ពុជា និងឡាវបានចុះហត្ថលេខា memorandum of understanding។ កិច្ចប្រជុំ",
    "arabic": "وقعت الدولتان مذكرة تفاهم بشأن مكافحة الإرهاب. ١٢٣ كيلوغراما من المخدرات؟ نعم!",
    "emoji": "Police 👮🏽‍♀️ seized 🧊 40kg of heroin 😀. They 👨‍👩‍👧 said so!",
    "surrogates": "drug \ud83d\ude00 trafficking\ud800. The \udfff police\udc00seized",
    "nul": "drug\x00trafficking\x00\x00. Police\x00",
    "latin-1": "Le café près de l'hôtel. Señor Pérez ganó 3.5 millones à Nîmes",
    "one character": "a",
    "blanks": " \n\t\u2003\u2029 ",
    "combining": "e\u0301\u0301\u0301te\u0301 " + "x" + "\u0301" * 300 + "y drug",
    "overlong": "tele" * 5000 + " " + "ก" * 5000 + " 1" * 50 + "1" * 5000,
    "initials": "The U.S. and é.a. and a\u200b.b and 1a.b of J.R.R. Tolkien. D.E.A.",
    "hyphens": "traf-\nficking traf- \n ficking traf-\n\nficking traf-\nFicking 4-\n5 -\na e\u0301-\nb",
}
