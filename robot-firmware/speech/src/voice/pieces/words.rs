//! The little words of a language, which tell where a reader breathes.

use madoguchi_shared::ids::Lang;

/// Those of one language; none where its words are not listed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    conjunctions: &'static [&'static str],
    leaning: &'static [&'static str],
}

impl Words {
    pub(super) fn of(lang: &Lang) -> Self {
        let primary = lang.as_str().split('-').next().unwrap_or_default();
        let words = |table: &'static [(&str, &'static [&'static str])]| {
            let own = table.iter().find(|(language, _)| *language == primary);
            own.map_or(&[][..], |(_, words)| words)
        };
        Self {
            conjunctions: words(CONJUNCTIONS),
            leaning: words(LEANING),
        }
    }

    /// Whether a clause begins before this word.
    pub(super) fn begins_clause(self, word: &str) -> bool {
        self.conjunctions.contains(&word)
    }

    /// Whether a reader never breathes after this word.
    pub(super) fn leans(self, word: &str) -> bool {
        self.leaning.contains(&word) || self.conjunctions.contains(&word)
    }
}

/// Words before which a clause begins, by primary language.
const CONJUNCTIONS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "and", "or", "but", "because", "so", "which", "who", "that", "when", "where", "if",
            "while", "until", "unless", "from", "with", "without", "before", "after", "at", "on",
        ],
    ),
    (
        "pt",
        &[
            "e", "ou", "mas", "porque", "que", "quando", "onde", "se", "enquanto", "até", "para",
            "com", "sem", "antes", "depois", "das", "no", "na",
        ],
    ),
    (
        "es",
        &[
            "y", "o", "pero", "porque", "que", "cuando", "donde", "si", "hasta", "para", "con",
        ],
    ),
    (
        "fr",
        &[
            "et", "ou", "mais", "parce", "que", "qui", "quand", "où", "si", "pour", "avec",
        ],
    ),
    (
        "de",
        &[
            "und", "oder", "aber", "weil", "dass", "wenn", "wo", "bis", "mit", "ohne",
        ],
    ),
    (
        "it",
        &[
            "e", "o", "ma", "perché", "che", "quando", "dove", "se", "fino", "con",
        ],
    ),
];

/// Articles and prepositions, which lean on the next word as conjunctions do, by primary language.
const LEANING: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "a", "an", "the", "of", "to", "in", "by", "for", "into", "about", "between", "through",
            "during", "under", "over", "near", "your", "their",
        ],
    ),
    (
        "pt",
        &[
            "o", "a", "os", "as", "um", "uma", "de", "do", "da", "dos", "em", "nos", "nas", "num",
            "numa", "por", "pelo", "pela", "pelos", "pelas", "ao", "à", "aos", "às", "sob",
            "sobre", "entre", "desde", "nem", "seu", "sua", "seus", "suas",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "un", "una", "de", "del", "a", "al", "en", "por", "sin",
            "sobre", "entre", "desde", "según", "e", "u", "ni", "su", "sus",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "un", "une", "des", "de", "du", "à", "au", "aux", "en", "dans",
            "sur", "sous", "par", "sans", "entre", "chez", "vers", "votre", "vos",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer",
            "in", "im", "an", "am", "auf", "zu", "zum", "zur", "von", "vom", "bei", "für", "über",
            "unter",
        ],
    ),
    (
        "it",
        &[
            "il", "lo", "la", "i", "gli", "le", "un", "uno", "una", "di", "del", "della", "dei",
            "delle", "a", "al", "alla", "in", "nel", "nella", "su", "per", "tra", "fra", "da",
            "dal", "dalla",
        ],
    ),
];
