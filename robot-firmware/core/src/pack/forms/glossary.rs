//! Reading the terms of the glossary.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

use crate::pack::glossary::{Term, TermForm};
use crate::pack::read::Section;

/// Where words of a language stand in the file, and the term that they belong to.
type Seen = BTreeMap<(Lang, String), usize>;

/// `languages` are those that the office has words in at all.
pub(in crate::pack) fn terms(root: &mut Section<'_>, languages: &[Lang]) -> Option<Vec<Term>> {
    let mut terms = Vec::new();
    let mut seen = Seen::new();
    for (number, mut section) in root.sections("terms").into_iter().enumerate() {
        let mut forms = vec![form(&mut section, languages, number, &mut seen)];
        for mut more in section.sections("forms") {
            forms.push(form(&mut more, languages, number, &mut seen));
            more.close();
        }
        let first = &forms[0];
        if first.words.len() < 2 {
            let message = "a term needs words in two languages or more, such as `en = \"landlord\"` and `pt = \"senhorio\"`";
            section.problem(section.at_key("forms"), message.to_owned());
        }
        section.close();
        terms.push(Term { forms });
    }
    Some(terms)
}

fn form(section: &mut Section<'_>, languages: &[Lang], number: usize, seen: &mut Seen) -> TermForm {
    let mut form = TermForm::default();
    for language in languages {
        let words = section.one_or_more(language.as_str());
        for (at, word) in &words {
            let key = (language.clone(), word.to_lowercase());
            if *seen.entry(key).or_insert(number) != number {
                let message = format!(
                    "“{word}” stands for another term too; in `{language}` each term needs words of its own"
                );
                section.problem(*at, message);
            }
        }
        if !words.is_empty() {
            let words = words.into_iter().map(|(_, word)| word).collect();
            form.words.insert(language.clone(), words);
        }
    }
    section.only_languages(languages);
    if form.words.is_empty() {
        let message = "this form has no words; write them as `en = \"landlords\"`";
        section.problem(section.at_key("like"), message.to_owned());
    }
    let at = section.at_key("like");
    if let Some(mut like) = section.optional_section("like") {
        for language in languages {
            let word = like.optional_text(language.as_str());
            form.like.extend(word.map(|word| (language.clone(), word)));
        }
        like.only_languages(languages);
        like.close();
        if form.like.len() < 2 {
            let message = "`like` needs the same ordinary word in two languages, such as { en = \"owner\", pt = \"proprietário\" }";
            section.problem(at, message.to_owned());
        }
        for (language, word) in &form.like {
            let own = form.words.get(language).into_iter().flatten();
            if own
                .clone()
                .any(|own| own.to_lowercase() == word.to_lowercase())
            {
                let message = format!(
                    "`like.{language}` is the term itself; it must be another word, one that a translator knows"
                );
                section.problem(at, message);
            }
        }
    }
    form
}
