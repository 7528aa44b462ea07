"""How digits are spelt for a voice of another language to say them in English, with an accent."""

from __future__ import annotations

SPELT = {
    "de": ("siero", "wann", "tuh", "sri", "fohr", "faif", "siks", "sewen", "eet", "nein"),
    "fr": ("ziro", "ouane", "tou", "sri", "fore", "faïve", "sixe", "sévène", "éïte", "naïne"),
    "nl": ("ziero", "wan", "toe", "srie", "foor", "fijf", "siks", "seven", "eet", "nijn"),
    "es": ("siro", "uan", "tu", "tri", "for", "faiv", "six", "seven", "eit", "nain"),
    "it": ("ziro", "uan", "tu", "tri", "for", "faiv", "sics", "seven", "eit", "nain"),
    "pl": ("ziro", "łan", "tu", "tri", "for", "fajf", "siks", "sewen", "ejt", "najn"),
    "el": ("ζίρο", "ουάν", "του", "θερί", "φορ", "φάιβ", "σιξ", "σέβεν", "έιτ", "νάιν"),
    "cs": ("zirou", "uan", "tu", "tri", "for", "fajv", "siks", "sevn", "ejt", "najn"),
    "fi": ("siirou", "van", "tuu", "srii", "foor", "faiv", "siks", "seven", "eit", "nain"),
    "pt": ("zirou", "uane", "tu", "tri", "for", "faive", "sikse", "séven", "eite", "naine"),
    "pt-br": ("zirou", "uan", "tu", "tri", "fór", "faiv", "six", "séven", "eit", "nain"),
    "ro": ("zirou", "uan", "tu", "tri", "for", "faiv", "sics", "seven", "eit", "nain"),
    "la": ("ziro", "van", "tu", "tri", "for", "faiv", "six", "seven", "eit", "nain"),
    "hr": ("zirou", "uan", "tu", "tri", "for", "fajv", "siks", "sevn", "ejt", "najn"),
    "lt": ("zyrou", "uan", "tū", "try", "for", "faiv", "siks", "seven", "eit", "nain"),
    "et": ("siirou", "van", "tuu", "trii", "foor", "faiv", "siks", "seven", "eit", "nain"),
    "hu": ("ziró", "van", "tú", "trí", "fór", "fájv", "sziksz", "szeven", "ejt", "nájn"),
    "tr": ("zirou", "van", "tu", "tri", "for", "fayv", "siks", "sevın", "eyt", "nayn"),
    "is": ("síró", "van", "tú", "þrí", "for", "fæv", "siks", "seven", "eit", "næn"),
    "sv": ("siro", "oann", "to", "tri", "får", "fajv", "sicks", "sevven", "ejt", "najn"),
    "sq": ("ziro", "uan", "tu", "tri", "for", "fajv", "siks", "seven", "ejt", "najn"),
    "eo": ("ziro", "ŭan", "tu", "tri", "for", "fajv", "siks", "seven", "ejt", "najn"),
    "mk": ("зироу", "уан", "ту", "три", "фор", "фајв", "сикс", "севен", "ејт", "најн"),
    "uk": ("зіроу", "уан", "ту", "трі", "фор", "файв", "сікс", "севен", "ейт", "найн"),
    "ru": ("зироу", "уан", "ту", "три", "фор", "файв", "сикс", "сэвэн", "эйт", "найн"),
    "hi": ("ज़ीरो", "वन", "टू", "थिरी", "फ़ोर", "फ़ाइव", "सिक्स", "सेवन", "एट", "नाइन"),
    "fa": ("زیرو", "وان", "تو", "تری", "فور", "فایو", "سیکس", "سِوِن", "اِیت", "ناین"),
    "id": ("ziro", "wan", "tu", "tri", "for", "faiv", "siks", "sévén", "éit", "nain"),
}
