//! Days as they are said and written.

use madoguchi_core::slot::{Miss, today};
use madoguchi_shared::ids::UnixMs;

use super::{ANY, BIRTH, SOON, check, value};

#[test]
fn today_is_todays_date_at_the_office() {
    let midnight_in_tokyo = UnixMs(1_778_079_600_000);
    assert_eq!(
        today(midnight_in_tokyo, "Asia/Tokyo").to_string(),
        "2026-05-07"
    );
    assert_eq!(
        today(midnight_in_tokyo, "America/Sao_Paulo").to_string(),
        "2026-05-06"
    );
}

#[test]
fn days_with_their_year() {
    check(
        ANY,
        &[
            ("en", "2026-05-12", "2026-05-12"),
            ("en", "20260512", "2026-05-12"),
            ("en", "12 May 2026", "2026-05-12"),
            ("en", "May 12, 2026", "2026-05-12"),
            ("en", "the 12th of May 2026", "2026-05-12"),
            (
                "en",
                "It's the twelfth of May, twenty twenty-six.",
                "2026-05-12",
            ),
            (
                "en",
                "May the twelfth two thousand and twenty six",
                "2026-05-12",
            ),
            ("en", "3rd March 1985", "1985-03-03"),
            ("en", "march third nineteen eighty-five", "1985-03-03"),
            (
                "en",
                "twenty first of december nineteen ninety",
                "1990-12-21",
            ),
            ("en", "31/12/1999", "1999-12-31"),
            ("en", "12/31/1999", "1999-12-31"),
            ("ja", "2026年5月12日", "2026-05-12"),
            ("ja", "２０２６年５月１２日です", "2026-05-12"),
            ("ja", "二〇二六年五月十二日", "2026-05-12"),
            ("ja", "令和8年5月12日", "2026-05-12"),
            ("ja", "令和八年五月十二日", "2026-05-12"),
            ("ja", "令和元年5月1日", "2019-05-01"),
            ("ja", "平成2年11月3日", "1990-11-03"),
            ("ja", "昭和50年3月2日生まれです", "1975-03-02"),
            ("ja", "昭和六十四年一月七日", "1989-01-07"),
            ("ja", "大正15年12月24日", "1926-12-24"),
            ("ja", "S50.3.2", "1975-03-02"),
            ("ja", "R8/5/12", "2026-05-12"),
            ("ja", "2026/5/12", "2026-05-12"),
            (
                "ja",
                "にせんにじゅうろくねんごがつじゅうににち",
                "2026-05-12",
            ),
            ("ja", "しょうわごじゅうねんさんがつふつか", "1975-03-02"),
            ("ja", "れいわはちねんしちがつはつか", "2026-07-20"),
            ("ja", "千九百八十五年三月三日", "1985-03-03"),
            ("pt", "12/05/2026", "2026-05-12"),
            ("pt", "12.5.2026", "2026-05-12"),
            ("pt", "12 de maio de 2026", "2026-05-12"),
            (
                "pt",
                "doze de maio de dois mil e vinte e seis",
                "2026-05-12",
            ),
            (
                "pt",
                "primeiro de março de mil novecentos e oitenta e cinco",
                "1985-03-01",
            ),
            ("pt", "Nasci em 3 de março de 1985", "1985-03-03"),
            ("pt", "dia 1º de janeiro de 2000", "2000-01-01"),
            ("pt", "vinte e um de dezembro de 1990", "1990-12-21"),
            ("pt", "3 de marco de 1985", "1985-03-03"),
        ],
    );
}

#[test]
fn days_without_their_year_and_relative_ones() {
    check(
        SOON,
        &[
            ("en", "today", "2026-05-06"),
            ("en", "tomorrow, please", "2026-05-07"),
            ("en", "the day after tomorrow", "2026-05-08"),
            ("en", "May 12", "2026-05-12"),
            ("en", "the twelfth of june", "2026-06-12"),
            ("en", "on the 20th", "2026-05-20"),
            ("en", "the 3rd", "2026-06-03"),
            ("en", "Friday", "2026-05-08"),
            ("en", "on Wednesday", "2026-05-13"),
            ("en", "next Monday", "2026-05-11"),
            ("en", "in three days", "2026-05-09"),
            ("en", "in two weeks", "2026-05-20"),
            ("en", "5/20", "2026-05-20"),
            ("en", "20/5", "2026-05-20"),
            ("ja", "今日", "2026-05-06"),
            ("ja", "明日でお願いします", "2026-05-07"),
            ("ja", "あさって", "2026-05-08"),
            ("ja", "明後日がいいです", "2026-05-08"),
            ("ja", "5月12日", "2026-05-12"),
            ("ja", "五月十二日に", "2026-05-12"),
            ("ja", "5/12です", "2026-05-12"),
            ("ja", "ごがつじゅうににち", "2026-05-12"),
            ("ja", "来週の月曜日", "2026-05-11"),
            ("ja", "金曜日", "2026-05-08"),
            ("ja", "再来週の火曜", "2026-05-19"),
            ("ja", "3日後", "2026-05-09"),
            ("ja", "二週間後", "2026-05-20"),
            ("ja", "来月の3日", "2026-06-03"),
            ("ja", "20日", "2026-05-20"),
            ("pt", "hoje", "2026-05-06"),
            ("pt", "amanhã", "2026-05-07"),
            ("pt", "amanha", "2026-05-07"),
            ("pt", "depois de amanhã", "2026-05-08"),
            ("pt", "doze de maio", "2026-05-12"),
            ("pt", "12/5", "2026-05-12"),
            ("pt", "dia vinte", "2026-05-20"),
            ("pt", "sexta-feira", "2026-05-08"),
            ("pt", "na próxima segunda", "2026-05-11"),
            ("pt", "segunda da semana que vem", "2026-05-11"),
            ("pt", "daqui a três dias", "2026-05-09"),
            ("pt", "daqui a 2 semanas", "2026-05-20"),
        ],
    );
}

#[test]
fn days_that_cannot_be() {
    for (kind, tag, text, miss) in [
        (ANY, "en", "5/12/2026", Miss::NotThere),
        (ANY, "en", "31 February 2026", Miss::NotThere),
        (ANY, "ja", "2026年13月1日", Miss::NotThere),
        (
            ANY,
            "pt",
            "trinta e um de fevereiro de 2026",
            Miss::NotThere,
        ),
        (ANY, "en", "", Miss::NotThere),
        (ANY, "en", "I don't know", Miss::NotThere),
        (ANY, "ja", "🎂", Miss::NotThere),
        (SOON, "en", "yesterday", Miss::OutOfBounds),
        (SOON, "ja", "令和8年12月1日", Miss::OutOfBounds),
        (SOON, "pt", "ontem", Miss::OutOfBounds),
        (BIRTH, "en", "12 May", Miss::NotThere),
        (BIRTH, "en", "tomorrow", Miss::OutOfBounds),
    ] {
        assert_eq!(value(kind, tag, text), Err(miss), "{tag} “{text}”");
    }
}
