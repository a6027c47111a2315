import type { Lang } from "@madoguchi/wire";
import { TONES } from "./compose";

/** The letters of one language's keyboard, row by row, each code point a key. */
export interface Layout {
  language: Lang;
  /** The language in itself. */
  name: string;
  rows: string[];
  /** What shift makes of the rows; the capitals where it isn't given. */
  shifted?: string[];
  /** Letters with marks, in a row of their own above the others. */
  marked?: string;
  /** Comma, full stop and question mark. */
  stops?: string;
  /** A table of syllables, with the keys that change the last one at its side. */
  kana?: boolean;
  /** Whether shift changes nothing: a script without capitals, all on one page. */
  single?: boolean;
}

const QWERTY = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

function latin(language: Lang, name: string, marked = "", rows = QWERTY): Layout {
  return { language, name, rows, ...(marked && { marked }) };
}

/**
 * Every layout, in the order in which they are offered: the national standards' places of the
 * letters (JIS X 4064's order of kana, KS X 5002, TIS 820, IS 16350 "InScript", ISIRI 9147 and the
 * like), without the rows of digits and signs, which are a page of their own.
 */
export const LAYOUTS: Layout[] = [
  {
    language: "ja",
    name: "日本語",
    kana: true,
    rows: [
      "あかさたなはまやらわ",
      "いきしちにひみ、りを",
      "うくすつぬふむゆるん",
      "えけせてねへめ。れー",
      "おこそとのほもよろ？",
    ],
  },
  latin("en", "English"),
  latin("pt", "Português", "áâãàçéêíóôõú"),
  latin("es", "Español", "áéíñóúü¿¡"),
  latin("vi", "Tiếng Việt", `ăâđêôơư${TONES}`),
  latin("tl", "Filipino", "ñ"),
  latin("id", "Bahasa Indonesia"),
  latin("ms", "Bahasa Melayu"),
  {
    language: "ko",
    name: "한국어",
    rows: ["ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"],
    shifted: ["ㅃㅉㄸㄲㅆㅛㅕㅑㅒㅖ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"],
  },
  {
    language: "ne",
    name: "नेपाली",
    rows: ["टौेरतयुिोपइए", "ासदउगहजकल", "षडचवबनम्"],
    shifted: ["ठऔैृथञूीओफईऐ", "आशधऊघअझखः", "ऋढछँभणंङ"],
    stops: ",।?",
  },
  {
    language: "hi",
    name: "हिन्दी",
    rows: ["ौैाीूबहगदजड़", "ोे्िुपरकतचट", "ृंमनवलसय"],
    shifted: ["औऐआईऊभङघधझढञ", "ओएअइउफऑखथछठ", "ऋँणःॉळशष"],
    stops: ",।?",
  },
  {
    language: "bn",
    name: "বাংলা",
    rows: ["ৌৈাীূবহগদজড়", "োে্িুপরকতচট", "ৃংমনযলসয়"],
    shifted: ["ঔঐআঈঊভঙঘধঝঢঞ", "ওএঅইউফঢ়খথছঠ", "ঋঁণঃৎড়শষ"],
    stops: ",।?",
  },
  {
    language: "th",
    name: "ไทย",
    rows: ["ๅ/-ภถุึคตจขช", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ"],
    shifted: ["+๑๒๓๔ู฿๕๖๗๘๙", '๐"ฎฑธํ๊ณฯญฐ,', "ฤฆฏโฌ็๋ษศซ.", "()ฉฮฺ์?ฒฬฦ"],
  },
  {
    language: "lo",
    name: "ລາວ",
    rows: ["ຢຟໂຖຸູຄຕຈຂຊໍ", "ົໄຳພະິີຣນຍບລ", "ັຫກດເ້່າສວງ", "ຜປແອຶືທມໃຝ"],
    shifted: ["໑໒໓໔໌ຼ໕໖໗໘໙໐", "ົໄຳພະິີຮນຽບໜ", "ັຫກດເ໊໋າສວໝ", "ຜປຯອຶືທໆໃຝ"],
  },
  {
    language: "km",
    name: "ខ្មែរ",
    rows: ["ឆឹេរតយុិោផៀឪ", "ាសដថងហ្កលើ់", "ឋខចវបនម៊"],
    shifted: ["ឈឺែឬទួូីៅភឿឧ", "៍ៃឌធអះញគឡ័ឥ", "ឍឃជៗពណំ៉"],
    stops: ",។?",
  },
  {
    language: "my",
    name: "မြန်မာ",
    rows: ["ဆတနမအပကငသစဟဩ", "ေျိ်ါ့ြုူး", "ဖထခလဘညာရ"],
    shifted: ["ဈဝဣ၎ဤဋဥဍဿဏဧဪ", "ဗှီ္ွံဲဒဓဂ", "ဇဌဃဠယဉဦ၌"],
    stops: "၊။?",
  },
  {
    language: "ta",
    name: "தமிழ்",
    rows: ["ௌைாீூஹஜஞஃ", "ோே்ிுபரகதசட", "ெொமநவலஸய"],
    shifted: ["ஔஐஆஈஊஹஜஞங", "ஓஏஅஇஉபறகதசட", "எஒணனழளஶஷ"],
  },
  {
    language: "ar",
    name: "العربية",
    rows: ["ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ"],
    marked: "أإآذًٌٍَُِّْ",
    stops: "،.؟",
    single: true,
  },
  {
    language: "fa",
    name: "فارسی",
    rows: ["ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو"],
    marked: "آأؤئءةژًّ",
    stops: "،.؟",
    single: true,
  },
  {
    language: "ur",
    name: "اردو",
    rows: ["قوعرتےءیہپ", "اسدفگحجکل", "زشچطبنم"],
    shifted: ["ْؤٰڑٹَئِۃُ", "آصڈّغھضخٔ", "ذژثظًں٘"],
    stops: "،۔؟",
  },
  {
    language: "he",
    name: "עברית",
    rows: ["קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"],
    single: true,
  },
  { language: "ru", name: "Русский", rows: ["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбюё"] },
  { language: "uk", name: "Українська", rows: ["йцукенгшщзхї", "фівапролджєґ", "ячсмитьбю’"] },
  { language: "mn", name: "Монгол", rows: ["фцужэнгшүзкъ", "йыбөахролдпе", "ячёсмитьвющ"] },
  latin("fr", "Français", "àâçéèêëîïôùûœ", ["azertyuiop", "qsdfghjklm", "wxcvbn’"]),
  latin("de", "Deutsch", "äöüß", ["qwertzuiop", "asdfghjkl", "yxcvbnm"]),
  latin("it", "Italiano", "àèéìòù"),
  latin("nl", "Nederlands", "éëïóöü"),
  latin("pl", "Polski", "ąćęłńóśźż"),
  latin("ro", "Română", "ăâîșț"),
  latin("tr", "Türkçe", "çğıöşü"),
  latin("sw", "Kiswahili"),
];

/** The layout for a language; English letters where its script has none here. */
export function layoutFor(language: Lang): Layout {
  const primary = language.split("-")[0];
  const found = LAYOUTS.find((layout) => layout.language === primary);
  const english = LAYOUTS.find((layout) => layout.language === "en");
  return found ?? english ?? latin("en", "English");
}

/** All layouts, those of these languages first and in their order. */
export function layoutsFor(languages: Lang[]): Layout[] {
  return [...new Set([...languages.map(layoutFor), ...LAYOUTS])];
}
