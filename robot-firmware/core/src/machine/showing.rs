//! What the operator of a call shows: always what the pack holds, or a link to a host that the
//! office lists (docs/decisions/0024-showing.md).

use madoguchi_shared::ids::{CaseId, Lang};
use madoguchi_shared::screen::{Attachment, Shown};
use madoguchi_shared::show::{
    NotShown, Point, ShowWish, Showable, ShowableForm, ShowableTopic, Showing, WISH_MAX_BYTES,
};

use super::Machine;
use crate::output::Output;
use crate::pack::Topic;
use crate::visit::{Aside, Phase};

/// What stands on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnScreen {
    number: u32,
    wish: ShowWish,
    pointer: Option<Point>,
}

impl Machine {
    pub(super) fn show_wish(&mut self, case_id: CaseId, wish: Option<ShowWish>) {
        if self.open_case(case_id).is_none() {
            return;
        }
        let refused = wish.as_ref().and_then(|wish| self.not_shown(wish));
        let number = self.next_shown + 1;
        let Some(aside) = self.aside() else { return };
        if refused.is_none() {
            aside.on_screen = wish.map(|wish| OnScreen {
                number,
                wish,
                pointer: None,
            });
            self.next_shown = number;
        }
        self.tell_showing(case_id, refused);
    }

    /// The operator points, or no longer.
    pub(super) fn point(&mut self, case_id: CaseId, shown: u32, at: Option<Point>) {
        if self.open_case(case_id).is_some() {
            self.set_pointer(shown, at);
        }
    }

    /// The visitor points.
    pub(super) fn pointed(&mut self, shown: u32, at: Point) {
        if let Some(case_id) = self.open_case_id()
            && self.set_pointer(shown, Some(at))
        {
            let at = at.on_picture();
            self.emit(Output::SendPointed { case_id, shown, at });
        }
    }

    fn set_pointer(&mut self, shown: u32, at: Option<Point>) -> bool {
        let on_screen = self.aside().and_then(|aside| aside.on_screen.as_mut());
        let Some(on_screen) = on_screen.filter(|own| own.number == shown && own.is_pointable())
        else {
            return false;
        };
        on_screen.pointer = at.map(Point::on_picture);
        true
    }

    /// The operator's page has to know what there is, and what is shown already.
    pub(super) fn begin_showing(&mut self, case_id: CaseId) {
        let Some(language) = self.operators_pack_language() else {
            return;
        };
        let today = self.today.into();
        let topics = self.pack.topics().iter();
        let topics = topics
            .filter(|topic| topic.valid_on(today))
            .map(|topic| entry(topic, &language))
            .collect();
        let forms = self.pack.flows().iter().map(|flow| ShowableForm {
            flow: flow.id.clone(),
            title: flow.title(&language).to_owned(),
            language: language.clone(),
        });
        let showable = Showable {
            topics,
            forms: forms.collect(),
            link_hosts: self.pack.link_hosts().to_vec(),
        };
        self.emit(Output::SendShowable { case_id, showable });
        self.tell_showing(case_id, None);
        self.tell_form(case_id, None);
    }

    /// The card on the screen, in the visitor's language.
    pub(crate) fn shown(&self) -> Option<Shown> {
        let on_screen = self.on_screen()?;
        let language = self.shown_language()?;
        let (topic, attachments) = self.content(&on_screen.wish, &language)?;
        let topic = topic.filter(|_| matches!(on_screen.wish, ShowWish::Topic { .. }));
        let answer = topic.and_then(|topic| topic.answer(&language));
        Some(Shown {
            number: on_screen.number,
            title: topic.map(|topic| topic.title(&language).to_owned()),
            text: answer.map(|answer| answer.say.clone()),
            detail: answer.and_then(|answer| answer.show.clone()),
            attachments,
            pointable: on_screen.is_pointable(),
            pointer: on_screen.pointer,
            language,
        })
    }

    fn tell_showing(&mut self, case_id: CaseId, refused: Option<NotShown>) {
        let (showing, file) = self.showing().unzip();
        self.emit(Output::SendShowing {
            case_id,
            showing: showing.map(Box::new),
            picture: file.flatten(),
            refused,
        });
    }

    /// What is shown as the operator reads it, and the file of the picture that can be pointed at.
    fn showing(&self) -> Option<(Showing, Option<String>)> {
        let on_screen = self.on_screen()?;
        let shown = self.shown()?;
        let first = shown.attachments.first();
        let of_picture = match first.filter(|_| shown.pointable) {
            Some(Attachment::Picture(own) | Attachment::Map(own)) => Some(own),
            Some(Attachment::Link { .. } | Attachment::Note { .. }) | None => None,
        };
        let file = of_picture.and_then(|own| own.src.strip_prefix("pack/"));
        let url = shown.attachments.iter().find_map(|own| match own {
            Attachment::Link { url } => Some(url.clone()),
            Attachment::Picture(_) | Attachment::Map(_) | Attachment::Note { .. } => None,
        });
        let alt = of_picture.map(|own| own.alt.clone());
        let showing = Showing {
            number: shown.number,
            wish: on_screen.wish.clone(),
            title: shown.title.or(alt).unwrap_or_default(),
            text: shown.text.unwrap_or_default(),
            url,
            picture: None,
            pointer: shown.pointer,
            language: shown.language,
        };
        Some((showing, file.map(str::to_owned)))
    }

    fn not_shown(&self, wish: &ShowWish) -> Option<NotShown> {
        let too_long = wish.text().len() > WISH_MAX_BYTES;
        match wish {
            ShowWish::Address { url } => match self.pack.link_to(url) {
                None => Some(NotShown::NoAddress),
                Some(false) => Some(NotShown::ForeignHost),
                Some(true) => None,
            },
            _ if too_long => Some(NotShown::NotInPack),
            ShowWish::Topic { topic }
            | ShowWish::Picture { topic }
            | ShowWish::Map { topic }
            | ShowWish::Link { topic } => {
                let language = self.shown_language()?;
                let holds = self.pack.holds_on(topic, self.today.into());
                let there = holds && self.content(wish, &language).is_some();
                (!there).then_some(NotShown::NotInPack)
            }
        }
    }

    /// What the pack has for a wish.
    fn content(
        &self,
        wish: &ShowWish,
        language: &Lang,
    ) -> Option<(Option<&Topic>, Vec<Attachment>)> {
        let (topic, fits): (_, fn(&Attachment) -> bool) = match wish {
            ShowWish::Address { url } => {
                let link = Attachment::Link { url: url.clone() };
                return Some((None, vec![link]));
            }
            ShowWish::Topic { topic } => (topic, |_| true),
            ShowWish::Picture { topic } => (topic, |own| matches!(own, Attachment::Picture(_))),
            ShowWish::Map { topic } => (topic, |own| matches!(own, Attachment::Map(_))),
            ShowWish::Link { topic } => (topic, |own| matches!(own, Attachment::Link { .. })),
        };
        let found = self.pack.topic(topic)?;
        let mut attachments = found.attachments(language);
        attachments.retain(fits);
        let is_page = matches!(wish, ShowWish::Topic { .. });
        (is_page || !attachments.is_empty()).then_some((Some(found), attachments))
    }

    /// The visitor's language where the pack has it, else what a stranger is likeliest to read.
    pub(super) fn shown_language(&self) -> Option<Lang> {
        let language = &self.visit.as_ref()?.language;
        let served = self.pack.serves(language);
        Some(served.unwrap_or(self.pack.lingua_franca()).clone())
    }

    fn on_screen(&self) -> Option<&OnScreen> {
        match &self.visit.as_ref()?.phase {
            Phase::Operator { aside, .. } => aside.on_screen.as_ref(),
            _ => None,
        }
    }

    pub(super) fn aside(&mut self) -> Option<&mut Aside> {
        match &mut self.visit.as_mut()?.phase {
            Phase::Operator { aside, .. } => Some(aside),
            _ => None,
        }
    }
}

impl OnScreen {
    fn is_pointable(&self) -> bool {
        matches!(self.wish, ShowWish::Picture { .. } | ShowWish::Map { .. })
    }
}

fn entry(topic: &Topic, language: &Lang) -> ShowableTopic {
    let attachments = topic.attachments(language);
    let has = |fits: fn(&Attachment) -> bool| attachments.iter().any(fits);
    let answer = topic.answer(language);
    ShowableTopic {
        topic: topic.id.clone(),
        title: topic.title(language).to_owned(),
        text: answer.map(|answer| answer.say.clone()).unwrap_or_default(),
        language: language.clone(),
        picture: has(|own| matches!(own, Attachment::Picture(_))),
        map: has(|own| matches!(own, Attachment::Map(_))),
        link: has(|own| matches!(own, Attachment::Link { .. })),
    }
}
