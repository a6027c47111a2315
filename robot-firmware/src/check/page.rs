//! A check as a page and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{Check, Finding};

/// The page's style sheet.
pub const STYLE: &str = include_str!("page.css");

/// The page: one table, readable without its style sheet.
pub fn html(check: &Check) -> String {
    let mut rows = String::new();
    for Finding {
        part,
        condition,
        detail,
    } in &check.findings
    {
        let (name, words, detail) = (part.name(), condition.words(), escaped(detail));
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\">{name}</th><td class=\"{class}\">{words}</td><td>{detail}</td></tr>",
            class = words.split(' ').next().unwrap_or_default(),
        );
    }
    let level = check.microphone_level.map_or(String::new(), |level| {
        format!(
            "<p><label for=\"level\">Loudness at the microphone when this page was made</label>\n\
             <meter id=\"level\" value=\"{level:.2}\">{:.0} %</meter></p>\n",
            level * 100.0
        )
    });
    let verdict = match check.is_well() {
        true => "Nothing that was tried is in trouble.",
        false => "Something is in trouble.",
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Check of this robot</title>\n<link rel=\"stylesheet\" href=\"/check.css\">\n\
         </head>\n<body>\n<main>\n<h1>Check of this robot</h1>\n<p role=\"status\">{verdict}</p>\n\
         <table>\n<caption>Its parts</caption>\n\
         <thead><tr><th scope=\"col\">Part</th><th scope=\"col\">Condition</th>\
         <th scope=\"col\">Detail</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n{level}\
         <p><a href=\"/check\">Look again</a></p>\n</main>\n</body>\n</html>\n"
    )
}

/// For programs.
pub fn json(check: &Check) -> Value {
    let findings = check.findings.iter().map(|finding| {
        json!({
            "part": finding.part,
            "condition": finding.condition,
            "detail": finding.detail,
        })
    });
    let recogniser = check.recogniser.as_ref().map(|fitted| {
        json!({
            "model": fitted.fit.model,
            "seconds_for_4_s": fitted.fit.time.as_secs_f64(),
            "fast_enough": fitted.fit.is_fast_enough(),
            "captions": fitted.fit.captions,
            "second_look": fitted.fit.second_look,
            "lean": fitted.fit.lean,
            "understood": fitted.understood,
            "disturbed": fitted.disturbed,
        })
    });
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "well": check.is_well(),
        "serving": check.serving,
        "renewing": check.renewing,
        "findings": findings.collect::<Vec<_>>(),
        "recogniser": recogniser,
        "microphone_level": check.microphone_level,
    })
}

/// Text as it may stand in a page.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Condition, Part};

    #[test]
    fn what_a_device_is_called_stays_text() {
        let mut check = Check::default();
        let name = "<script>alert(1)</script> & sons";
        check.note(Finding::new(Part::Microphone, Condition::Trouble, name));
        let page = html(&check);
        assert!(
            page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; sons"),
            "{page}"
        );
        assert!(page.contains("Something is in trouble."));
        assert_eq!(json(&check)["findings"][0]["detail"], name);
    }

    #[test]
    fn a_part_stands_once_and_in_its_place() {
        let mut check = Check::default();
        for (part, condition) in [
            (Part::Console, Condition::Untried),
            (Part::Microphone, Condition::Works),
            (Part::Console, Condition::Works),
        ] {
            check.note(Finding::new(part, condition, ""));
        }
        let seen: Vec<_> = check
            .findings
            .iter()
            .map(|f| (f.part, f.condition))
            .collect();
        assert_eq!(
            seen,
            [
                (Part::Microphone, Condition::Works),
                (Part::Console, Condition::Works)
            ]
        );
        assert!(check.is_well());
    }
}
