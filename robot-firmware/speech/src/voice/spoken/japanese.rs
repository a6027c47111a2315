//! Japanese as it is read aloud.
//!
//! Open JTalk reads counters, dates and times by itself once they are written with their kanji
//! (3階, 10月3日, 8時30分; tried on the table below), and telephone numbers digit by digit as
//! long as their hyphens stay. The rules write the kanji.

use std::sync::LazyLock;

use super::{LONG, Rule, clock, day_of_year, grouped, rule};

const CLOCK: &str = r"(\d{1,2})[:：](\d{2})";
/// Currencies as they stand before their amount, and how they are said after it.
const FOREIGN: &str = r"(R\$|US\$|\$|€|£)\s?(\d[\d,.]*)";

/// In the order in which they are applied.
pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        rule(r"[０-９]", |found| {
            let c = found[0].chars().next()?;
            char::from_digit(u32::from(c) - u32::from('０'), 10).map(String::from)
        }),
        rule(
            r"[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?-u:\b)www(?:\.[A-Za-z0-9-]+)+",
            |found| Some(found[0].replace('@', "アット").replace('.', "ドット")),
        ),
        rule(
            r"(?-u:\b)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?-u:\b)",
            |found| {
                let (month, day) = day_of_year(found, 2, 3)?;
                Some(format!("{}年{month}月{day}日", &found[1]))
            },
        ),
        rule(LONG.replace(r"\b", r"(?-u:\b)").as_str(), |found| {
            let plus = if found[0].starts_with('+') {
                "プラス"
            } else {
                ""
            };
            Some(format!("{plus}{}", grouped(&found[0])))
        }),
        rule(r"(?-u:\b)(\d{1,2})/(\d{1,2})(ページ|頁)", |found| {
            Some(format!("{}分の{}{}", &found[2], &found[1], &found[3]))
        }),
        rule(r"(?-u:\b)(\d{1,2})/(\d{1,2})(?-u:\b)", |found| {
            let (month, day) = day_of_year(found, 1, 2)?;
            Some(format!("{month}月{day}日"))
        }),
        rule(
            &format!(r"{CLOCK}\s?[–—−〜～~-]\s?{CLOCK}"),
            |found| {
                let (from, to) = (clock(found, 1, 2)?, clock(found, 3, 4)?);
                Some(format!("{}から{}", time(from), time(to)))
            },
        ),
        rule(CLOCK, |found| clock(found, 1, 2).map(time)),
        rule(r"[¥￥]\s?(\d[\d,]*)", |found| {
            Some(format!("{}円", found[1].replace(',', "")))
        }),
        rule(FOREIGN, |found| {
            let currency = match &found[1] {
                "R$" => "レアル",
                "€" => "ユーロ",
                "£" => "ポンド",
                _ => "ドル",
            };
            let amount = match &found[1] {
                "R$" => found[2].replace('.', "").replace(',', "."),
                _ => found[2].replace(',', ""),
            };
            let amount = amount
                .trim_end_matches('0')
                .strip_suffix('.')
                .map_or(amount.clone(), str::to_owned);
            Some(format!("{amount}{currency}"))
        }),
        rule(r"(?-u:\b)B(\d)F", |found| {
            Some(format!("地下{}階", &found[1]))
        }),
        rule(r"(?-u:\b)(\d{1,2})F", |found| {
            Some(format!("{}階", &found[1]))
        }),
        rule(r"(?-u:\b)([A-Z])[-−](\d{1,4})(?-u:\b)", |found| {
            Some(format!("{}の{}", &found[1], &found[2]))
        }),
        rule(r"(?:(?-u:\b)No\.\s?|№\s?|#)(\d+)(番?)", |found| {
            Some(format!("{}番", &found[1]))
        }),
        rule(
            r"([月火水木金土日])(曜?)\s?[–—−〜～-]\s?([月火水木金土日])(曜日?)?(\s|の|は|、|。|$)",
            |found| {
                let day = found.get(4).map_or("曜", |day| day.as_str());
                Some(format!(
                    "{}曜から{}{day}{}",
                    &found[1], &found[3], &found[5]
                ))
            },
        ),
        rule(
            r"(\d+(?:[年月日時分歳円階番人名個枚週]|か月)?)\s?[–—〜～]\s?(\d)",
            |found| Some(format!("{}から{}", &found[1], &found[2])),
        ),
        rule(r"(?-u:\b)(\d+)/(\d+)(?-u:\b)", |found| {
            Some(format!("{}分の{}", &found[2], &found[1]))
        }),
        rule(r"(?-u:\b)TEL[:：]?\s?|☎\s?", |_| {
            Some("電話、".to_owned())
        }),
        rule(r"(?-u:\b)Dr\.\s?", |_| Some("ドクター".to_owned())),
        rule(r"(?-u:\b)e\.g\.\s?|例[:：]", |_| {
            Some("たとえば、".to_owned())
        }),
        rule(r"・{2,}|…+", |_| Some("、".to_owned())),
        rule(r"\s/\s|／", |_| Some("、".to_owned())),
        rule(r"※", |_| Some("なお、".to_owned())),
    ]
});

fn time((hour, minute): (u32, u32)) -> String {
    match minute {
        0 => format!("{hour}時"),
        30 => format!("{hour}時半"),
        _ => format!("{hour}時{minute}分"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn times_and_dates() {
        check(
            "ja",
            &[
                ("8:30", "8時半"),
                ("９：００", "9時"),
                ("午前9:05", "午前9時5分"),
                ("17:15まで", "17時15分まで"),
                ("8:30–17:15", "8時半から17時15分"),
                ("9:00〜12:00（1階のみ）", "9時から12時（1階のみ）"),
                ("99:99", "99:99"),
                ("午前8時30分から午後5時まで", "午前8時30分から午後5時まで"),
                ("10/03", "10月3日"),
                ("10/3(土)", "10月3日(土)"),
                ("12/29–1/3", "12月29日から1月3日"),
                ("2026/10/03", "2026年10月3日"),
                ("2026-10-03", "2026年10月3日"),
                ("13/32", "32分の13"),
                ("10月3日", "10月3日"),
                ("月〜金 8:30–17:00", "月曜から金曜 8時半から17時"),
                ("月曜〜金曜の", "月曜から金曜の"),
                ("月–金曜日は", "月曜から金曜日は"),
                ("毎月1日", "毎月1日"),
            ],
        );
    }

    #[test]
    fn money_and_numbers() {
        check(
            "ja",
            &[
                ("¥300", "300円"),
                ("￥1,500です", "1500円です"),
                ("300円", "300円"),
                ("1,500円", "1,500円"),
                ("R$ 20,00", "20レアル"),
                ("R$ 1.500,50", "1500.50レアル"),
                ("$5", "5ドル"),
                ("€20", "20ユーロ"),
                ("0〜3歳", "0から3歳"),
                ("1歳～3歳", "1歳から3歳"),
                ("2/3", "2月3日"),
                ("03-1234-5678", "03-1234-5678"),
                ("09012345678です", "090-123-456-78です"),
                ("+819012345678", "プラス819-012-345-678"),
                ("1/2ページ", "2分の1ページ"),
                ("TEL 03-1234-5678", "電話、03-1234-5678"),
                ("50％", "50％"),
                ("3km", "3km"),
            ],
        );
    }

    #[test]
    fn places_and_abbreviations() {
        check(
            "ja",
            &[
                ("2Fの窓口", "2階の窓口"),
                ("B1F", "地下1階"),
                ("B-12の窓口", "Bの12の窓口"),
                ("No.5", "5番"),
                ("№7番", "7番"),
                ("3番窓口", "3番窓口"),
                ("Dr. 佐藤", "ドクター佐藤"),
                ("例：運転免許証", "たとえば、運転免許証"),
                ("税金 / ごみ", "税金、ごみ"),
                ("※平日のみ", "なお、平日のみ"),
                ("info@city.jp", "infoアットcityドットjp"),
                ("はい……", "はい、"),
            ],
        );
    }
}
