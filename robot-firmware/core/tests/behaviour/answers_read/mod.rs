//! What people say and type when they are asked for a day, a number, a name or a choice.

mod days;

use madoguchi_core::slot::{
    Choice, Command, Days, Kind, Miss, Question, Value, command, in_words, read, today, yes_or_no,
};
use madoguchi_shared::ids::{Lang, UnixMs};

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

/// Wednesday 6 May 2026.
const TODAY: UnixMs = UnixMs(1_778_036_400_000);

fn question<'q>(kind: Kind, choices: &'q [Choice], language: &'q Lang) -> Question<'q> {
    Question {
        kind,
        choices,
        language,
        today: today(TODAY, "Asia/Tokyo"),
    }
}

fn value(kind: Kind, tag: &str, text: &str) -> Result<String, Miss> {
    let language = lang(tag);
    read(text, question(kind, &[], &language)).map(|reading| reading.value.as_data())
}

const ANY: Kind = Kind::Date(Days {
    from: None,
    to: None,
});
const SOON: Kind = Kind::Date(Days {
    from: Some(0),
    to: Some(90),
});
const BIRTH: Kind = Kind::Date(Days {
    from: None,
    to: Some(0),
});

fn check(kind: Kind, table: &[(&str, &str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(tag, text, expected)| {
            let got = value(kind, tag, text);
            (got.as_deref() != Ok(*expected))
                .then(|| format!("{tag} “{text}”: {got:?}, expected {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn digits_however_they_are_said() {
    check(
        Kind::Number { least: 4, most: 8 },
        &[
            ("en", "5207", "5207"),
            ("en", "five two oh seven", "5207"),
            ("en", "it's fifty-two oh seven", "5207"),
            ("en", "My number is 5207 1139, please.", "52071139"),
            ("en", "double five three one", "5531"),
            ("en", "zero zero one two", "0012"),
            ("en", "two thousand and seven", "2007"),
            ("en", "one hundred twenty three four", "1234"),
            ("en", "5207-1139", "52071139"),
            ("ja", "５２０７", "5207"),
            ("ja", "五二〇七です", "5207"),
            ("ja", "番号は5207 1139です", "52071139"),
            ("ja", "ごーにーぜろなな", "5207"),
            ("ja", "ゴ ニ ゼロ ナナ", "5207"),
            ("ja", "ご、に、まる、なな、です", "5207"),
            ("ja", "にせんにじゅうろく", "2026"),
            ("ja", "五千二百七", "5207"),
            ("ja", "5207ですよ", "5207"),
            ("pt", "5207", "5207"),
            ("pt", "cinco dois zero sete", "5207"),
            ("pt", "meia meia zero um", "6601"),
            ("pt", "cinquenta e dois zero sete", "5207"),
            ("pt", "o número é cinco, dois, zero, sete", "5207"),
            ("pt", "duplo cinco três um", "5531"),
            ("pt", "dois mil e vinte e seis", "2026"),
            ("pt", "mil duzentos e trinta e quatro", "1234"),
        ],
    );
    let exact = Kind::Number { least: 8, most: 8 };
    assert_eq!(value(exact, "en", "5207"), Err(Miss::OutOfBounds));
    assert_eq!(value(exact, "ja", "わかりません"), Err(Miss::NotThere));
    assert_eq!(value(exact, "pt", ""), Err(Miss::NotThere));
}

#[test]
fn an_answer_is_told_from_a_question_with_a_number_in_it() {
    for (kind, tag, text, whole) in [
        (SOON, "en", "next Monday, please", true),
        (SOON, "en", "Are you open on Monday?", false),
        (SOON, "ja", "来週の月曜日です", true),
        (SOON, "ja", "月曜日は開いていますか", false),
        (SOON, "pt", "dia doze de maio", true),
        (SOON, "pt", "Vocês abrem na segunda-feira?", false),
        (Kind::Number { least: 1, most: 9 }, "en", "five two", true),
        (
            Kind::Number { least: 1, most: 9 },
            "en",
            "Is counter 5 open?",
            false,
        ),
    ] {
        let language = lang(tag);
        let reading = read(text, question(kind, &[], &language)).unwrap();
        assert_eq!(reading.whole, whole, "{tag} “{text}”");
    }
}

#[test]
fn names_and_addresses_without_the_words_around_them() {
    for (kind, tag, text, expected) in [
        (Kind::Name, "en", "My name is Anna Müller.", "Anna Müller"),
        (Kind::Name, "en", "I'm John O'Neill", "John O'Neill"),
        (Kind::Name, "en", "  Sato   Hanako ", "Sato Hanako"),
        (Kind::Name, "ja", "佐藤花子です。", "佐藤花子"),
        (Kind::Name, "ja", "私の名前は山田太郎と申します", "山田太郎"),
        (
            Kind::Name,
            "ja",
            "グエン・ヴァン・アン",
            "グエン・ヴァン・アン",
        ),
        (
            Kind::Name,
            "pt",
            "Meu nome é João da Silva",
            "João da Silva",
        ),
        (Kind::Name, "pt", "Me chamo Maria, por favor", "Maria"),
        (
            Kind::Address,
            "en",
            "I live at 3-2-1 Honmachi, Hoshikawa",
            "3-2-1 Honmachi, Hoshikawa",
        ),
        (
            Kind::Address,
            "ja",
            "星川区本町３丁目２番１号です",
            "星川区本町３丁目２番１号",
        ),
        (
            Kind::Address,
            "pt",
            "Moro na Rua das Flores 12",
            "Rua das Flores 12",
        ),
    ] {
        assert_eq!(value(kind, tag, text).as_deref(), Ok(expected), "{text}");
    }
    assert_eq!(value(Kind::Name, "en", "1234"), Err(Miss::NotThere));
    assert_eq!(value(Kind::Name, "en", "?!"), Err(Miss::NotThere));
    assert_eq!(
        value(Kind::Name, "ja", &"あ".repeat(100)),
        Err(Miss::OutOfBounds)
    );
}

#[test]
fn a_choice_by_its_words_a_part_of_them_or_its_place() {
    let choices = |labels: &[(&str, &str, &str)]| -> Vec<Choice> {
        let choice = |(value, label, also): &(&str, &str, &str)| Choice {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            also: also
                .split('|')
                .map(str::to_owned)
                .filter(|a| !a.is_empty())
                .collect(),
        };
        labels.iter().map(choice).collect()
    };
    let english = choices(&[
        ("tax", "Tax advice", "taxes"),
        ("pension", "Pension", "retirement|nenkin"),
        ("welfare", "Family and children", "kids"),
    ]);
    let times = choices(&[("a", "9:30", ""), ("b", "10:00", ""), ("c", "13:30", "")]);
    let japanese = choices(&[
        ("tax", "税金の相談", ""),
        ("pension", "年金", ""),
        ("kids", "子ども", "児童"),
    ]);
    let portuguese = choices(&[
        ("tax", "Impostos", ""),
        ("pension", "Aposentadoria", "pensão"),
    ]);
    for (choices, tag, text, expected) in [
        (&english, "en", "Pension", Some("pension")),
        (
            &english,
            "en",
            "It's about my pension, please",
            Some("pension"),
        ),
        (&english, "en", "retirement", Some("pension")),
        (&english, "en", "children", Some("welfare")),
        (&english, "en", "the second one", Some("pension")),
        (&english, "en", "the last one", Some("welfare")),
        (&english, "en", "parking", None),
        (&english, "en", "the fifth", None),
        (&times, "en", "nine thirty", Some("a")),
        (&times, "en", "10:00", Some("b")),
        (&times, "ja", "十三時三十分", Some("c")),
        (&times, "pt", "nove e trinta", Some("a")),
        (&japanese, "ja", "年金です", Some("pension")),
        (&japanese, "ja", "税金", Some("tax")),
        (&japanese, "ja", "二番目", Some("pension")),
        (&portuguese, "pt", "pensao", Some("pension")),
        (&portuguese, "pt", "a primeira", Some("tax")),
    ] {
        let language = lang(tag);
        let got = read(text, question(Kind::Choice, choices, &language));
        let got = got.ok().map(|reading| reading.value.as_data());
        assert_eq!(got.as_deref(), expected, "{tag} “{text}”");
    }
}

#[test]
fn yes_and_no_in_any_language_of_the_house() {
    for (tag, text, expected) in [
        ("en", "Yes.", Some(true)),
        ("en", "yes, that's right", Some(true)),
        ("en", "No, change it", Some(false)),
        ("en", "no", Some(false)),
        ("en", "not right", Some(false)),
        ("en", "nothing", None),
        ("en", "はい", Some(true)),
        ("ja", "はい、そうです", Some(true)),
        ("ja", "いいです", Some(true)),
        ("ja", "いいえ、違います", Some(false)),
        ("ja", "ちがいます", Some(false)),
        ("ja", "ハイ", Some(true)),
        ("pt", "sim", Some(true)),
        ("pt", "Isso mesmo!", Some(true)),
        ("pt", "não está certo", Some(false)),
        ("pt", "nao", Some(false)),
        ("pt", "no", Some(false)),
        ("vi", "yes", Some(true)),
        ("en", "um, yes please", Some(true)),
        ("ja", "ええと、はい、お願いします", Some(true)),
        ("ja", "うん", Some(true)),
        ("pt", "Sim, por favor.", Some(true)),
        ("en", "It is wrong", Some(false)),
        ("en", "Yes...", None),
        ("en", "is that right", None),
        ("ja", "う〜ん", None),
        ("ja", "いいですが", None),
        ("pt", "É", None),
        ("pt", "no dia cinco", None),
        ("en", "", None),
    ] {
        assert_eq!(yes_or_no(text, &lang(tag)), expected, "{tag} “{text}”");
    }
}

#[test]
fn back_and_away_are_commands_only_by_themselves() {
    for (tag, text, expected) in [
        ("en", "Go back", Some(Command::Back)),
        ("en", "go back please", Some(Command::Back)),
        ("en", "Cancel", Some(Command::Cancel)),
        (
            "en",
            "I want to cancel my appointment for the passport",
            None,
        ),
        ("en", "start over", Some(Command::StartOver)),
        ("ja", "戻ってください", Some(Command::Back)),
        ("ja", "最初からお願いします", Some(Command::StartOver)),
        ("ja", "やっぱりやめます", Some(Command::Cancel)),
        ("ja", "予約をキャンセルしたいのですが", None),
        ("pt", "voltar, por favor", Some(Command::Back)),
        ("pt", "começar de novo", Some(Command::StartOver)),
        ("pt", "cancelar", Some(Command::Cancel)),
        ("pt", "quero cancelar minha consulta de terça", None),
    ] {
        assert_eq!(command(text, &lang(tag)), expected, "{tag} “{text}”");
    }
}

#[test]
fn what_was_understood_is_read_back_in_words() {
    let day = Value::Date("2026-05-12".parse().unwrap());
    for (tag, words) in [
        ("en", "Tuesday 12 May 2026"),
        ("ja", "2026年5月12日（火曜日）"),
        ("pt", "terça-feira, 12 de maio de 2026"),
        ("vi", "2026-05-12"),
    ] {
        assert_eq!(in_words(&day, &lang(tag)), words);
    }
    let code = Value::Digits("5207".to_owned());
    assert_eq!(in_words(&code, &lang("en")), "5 2 0 7");
}

#[test]
fn anything_at_all_can_be_read_without_harm() {
    let long = "nine ".repeat(20_000);
    let odd = [
        "",
        " ",
        "\u{0}",
        "🎂🎂",
        "年月日",
        "元年",
        "{n}",
        "٣٤٥",
        long.as_str(),
        "99999999999999999999年",
        "令和99999年1月1日",
        "－",
        "十十十百千万万億",
        "dia 99999999999",
        "in 2147483647 weeks",
    ];
    for text in odd {
        for tag in ["en", "ja", "pt", "ar"] {
            let language = lang(tag);
            for kind in [
                ANY,
                SOON,
                BIRTH,
                Kind::Name,
                Kind::Address,
                Kind::Choice,
                Kind::YesNo,
                Kind::Number { least: 1, most: 9 },
            ] {
                let _ = read(text, question(kind, &[], &language));
            }
            let _ = command(text, &language);
        }
    }
}
