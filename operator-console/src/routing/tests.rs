use std::collections::BTreeMap;

use madoguchi_shared::ids::{CaseId, Lang, OperatorId, UnixMs};
use madoguchi_shared::operator::{Because, Offer};
use madoguchi_shared::packet::{OperatorCard, Route, RouteTo};
use uuid::Uuid;

use super::*;

const SITE: &str = "Hoshikawa Ward Office";

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

/// People at their desks and cases that wait, at a time.
#[derive(Default)]
struct Desk {
    people: Vec<Person>,
    routes: Vec<(CaseId, Route, UnixMs, Option<OperatorId>, Progress)>,
    now_ms: i64,
}

impl Desk {
    /// Somebody whose languages are written as on the command line.
    fn person(&mut self, id: u128, languages: &str) -> &mut Person {
        let written: Vec<Level> = languages.split(',').map(|l| l.parse().unwrap()).collect();
        let mut skills = Skills::default();
        skills.set_levels(&written);
        self.people.push(Person {
            card: OperatorCard {
                id: OperatorId(Uuid::from_u128(id)),
                name: format!("operator {id}"),
                languages: written.into_iter().map(|one| one.language).collect(),
            },
            skills,
            on_duty: true,
            busy: false,
            idle_since: UnixMs(0),
        });
        self.people.last_mut().unwrap()
    }

    fn case(&mut self, id: u128, language: &str, priority: u8) -> &mut Route {
        let route = Route {
            languages: vec![lang(language)],
            skills: Vec::new(),
            authority: Vec::new(),
            priority,
            steps: Vec::new(),
            fallback: Vec::new(),
        };
        let now = UnixMs(self.now_ms);
        let id = CaseId(Uuid::from_u128(id));
        self.routes.push((id, route, now, None, Progress::new(now)));
        &mut self.routes.last_mut().unwrap().1
    }

    fn plan(&mut self) -> BTreeMap<CaseId, Plan> {
        let now = UnixMs(self.now_ms);
        let waiting = self.routes.iter_mut();
        let mut waiting: Vec<Waiting<'_>> = waiting
            .map(|(id, route, opened_at, previous, progress)| Waiting {
                id: *id,
                route,
                site: SITE,
                opened_at: *opened_at,
                previous: *previous,
                progress,
            })
            .collect();
        plan(&mut waiting, &self.people, None, now)
    }

    fn of(&mut self, case: u128) -> Plan {
        self.plan().remove(&CaseId(Uuid::from_u128(case))).unwrap()
    }

    fn after_s(&mut self, seconds: i64) -> &mut Self {
        self.now_ms += seconds * 1_000;
        self
    }
}

fn offered(plan: &Plan) -> Vec<u128> {
    plan.offers.keys().map(|id| id.0.as_u128()).collect()
}

fn reserved(plan: &Plan) -> Option<u128> {
    let offer = plan.offers.values().next()?;
    Some(offer.reserved.as_ref()?.operator.0.as_u128())
}

fn offer(plan: &Plan, operator: u128) -> &Offer {
    &plan.offers[&OperatorId(Uuid::from_u128(operator))]
}

#[test]
fn who_speaks_the_language_is_asked_first_and_everybody_in_the_end() {
    let mut desk = Desk::default();
    desk.person(1, "es:4,en:3");
    desk.person(2, "en:5");
    desk.person(3, "ja:5").skills.supervisor = true;
    desk.case(7, "es", 40);
    let first = desk.of(7);
    assert_eq!(offered(&first), [1]);
    assert_eq!(offer(&first, 1).step, Some(RouteTo::LanguageAndTopic));
    let language = lang("es");
    let level = Some(4);
    assert_eq!(
        offer(&first, 1).because,
        [Because::Language { language, level }]
    );
    assert_eq!(first.reach, 3, "all of them will be asked");
    let early = desk.after_s(19).of(7);
    assert_eq!(offered(&early), [1]);
    let then = desk.after_s(1).of(7);
    assert_eq!(offered(&then), [1, 2]);
    assert_eq!(offer(&then, 2).because, [Because::NobodyElse]);
    assert_eq!(offered(&desk.after_s(39).of(7)).len(), 2);
    assert_eq!(offered(&desk.after_s(1).of(7)), [1, 2, 3]);
}

#[test]
fn a_step_without_people_takes_no_time() {
    let mut desk = Desk::default();
    desk.person(2, "en:5");
    desk.case(7, "es", 40);
    let plan = desk.of(7);
    assert_eq!(offered(&plan), [2]);
    assert_eq!(offer(&plan, 2).step, Some(RouteTo::Anyone));
}

#[test]
fn topic_and_authority_are_looked_for_before_the_language_alone() {
    let mut desk = Desk::default();
    desk.person(1, "es:5").skills.topics.insert("tax".into());
    let clerk = desk.person(2, "es:2");
    clerk.skills.topics.insert("residence".into());
    clerk.skills.authority.insert("waive_fees".into());
    let route = desk.case(7, "es", 30);
    route.skills.push("residence".into());
    route.authority.push("waive_fees".into());
    let plan = desk.of(7);
    assert_eq!(offered(&plan), [2]);
    assert_eq!(offer(&plan, 2).because.len(), 3);
    let later = desk.after_s(20).of(7);
    assert_eq!(offered(&later), [1, 2]);
    assert_eq!(offer(&later, 1).step, Some(RouteTo::Language));
}

#[test]
fn a_case_is_kept_for_the_best_one_then_for_the_next_then_for_nobody() {
    let mut desk = Desk::default();
    desk.person(1, "es:3");
    desk.person(2, "es:5");
    desk.case(7, "es", 40);
    let plan = desk.of(7);
    assert_eq!(offered(&plan), [1, 2], "everybody sees it at once");
    assert_eq!(reserved(&plan), Some(2));
    assert!(offer(&plan, 2).free && !offer(&plan, 1).free);
    assert_eq!(plan.next, Some(UnixMs(RESERVATION_MS)));

    let next = desk.after_s(20).of(7);
    assert_eq!(reserved(&next), Some(1));
    assert!(offer(&next, 2).free, "who had their turn may still take it");
    let open = desk.after_s(20).of(7);
    assert_eq!(reserved(&open), None);
    assert!(offer(&open, 1).free && offer(&open, 2).free);
}

#[test]
fn who_declines_hands_on_at_once() {
    let mut desk = Desk::default();
    desk.person(1, "es:3");
    desk.person(2, "es:5");
    desk.case(7, "es", 40);
    desk.plan();
    desk.routes[0].4.decline(OperatorId(Uuid::from_u128(2)));
    assert_eq!(reserved(&desk.after_s(1).of(7)), Some(1));
}

#[test]
fn a_reservation_ends_with_its_holder_at_the_desk() {
    let mut desk = Desk::default();
    desk.person(1, "es:3");
    desk.person(2, "es:5");
    desk.case(7, "es", 40);
    assert_eq!(reserved(&desk.of(7)), Some(2));
    desk.people[1].busy = true;
    assert_eq!(reserved(&desk.of(7)), Some(1));
    desk.people[0].on_duty = false;
    let plan = desk.of(7);
    assert_eq!((reserved(&plan), offered(&plan)), (None, vec![2]));
}

#[test]
fn nobody_is_kept_two_cases_at_once_and_the_one_who_waited_longest_is_first() {
    let mut desk = Desk::default();
    desk.person(1, "es:5");
    desk.case(7, "es", 40);
    desk.after_s(5).case(8, "es", 40);
    assert_eq!(reserved(&desk.of(8)), None);
    assert_eq!(reserved(&desk.of(7)), Some(1));
    assert_eq!((desk.of(7).position, desk.of(8).position), (1, 2));
}

#[test]
fn an_urgent_case_goes_to_everybody_at_once() {
    let mut desk = Desk::default();
    desk.person(1, "es:5");
    desk.person(2, "ja:5");
    desk.person(3, "ja:5").skills.supervisor = true;
    desk.case(7, "es", 80);
    let plan = desk.of(7);
    assert_eq!(offered(&plan), [1, 2, 3]);
    assert_eq!(reserved(&plan), None);
    assert_eq!(offer(&plan, 2).because[0], Because::Urgent);
}

#[test]
fn whoever_spoke_with_the_visitor_before_is_first() {
    let mut desk = Desk::default();
    desk.person(1, "es:5");
    desk.person(2, "en:5");
    desk.case(7, "es", 40);
    desk.routes[0].3 = Some(OperatorId(Uuid::from_u128(2)));
    let plan = desk.of(7);
    assert_eq!(offered(&plan), [1, 2]);
    assert_eq!(reserved(&plan), Some(2));
    assert_eq!(offer(&plan, 2).because[0], Because::SameVisit);
}

#[test]
fn without_set_skills_everything_is_offered_and_nothing_kept() {
    let mut desk = Desk::default();
    desk.person(1, "en");
    desk.person(2, "ja");
    desk.case(7, "es", 40);
    let plan = desk.of(7);
    assert_eq!(offered(&plan), [1, 2]);
    assert_eq!(reserved(&plan), None);
    assert_eq!(offer(&plan, 1).because, [Because::Everything]);
    assert!(offer(&plan, 1).free);
}

#[test]
fn only_the_sites_that_somebody_serves_are_offered() {
    let mut desk = Desk::default();
    desk.person(1, "es:5")
        .skills
        .sites
        .insert("Elsewhere".into());
    desk.person(2, "en").skills.sites.insert(SITE.into());
    desk.case(7, "es", 100);
    let plan = desk.of(7);
    assert_eq!((offered(&plan), plan.reach), (vec![2], 1));
}

#[test]
fn nobody_on_duty_is_nobody() {
    let mut desk = Desk::default();
    desk.person(1, "es:5").on_duty = false;
    desk.case(7, "es", 40);
    let plan = desk.of(7);
    assert!(plan.offers.is_empty());
    assert_eq!((plan.reach, plan.expected_s), (0, None));
}

#[test]
fn what_a_wait_may_take_grows_with_those_before() {
    let mut desk = Desk::default();
    desk.person(1, "es:5");
    desk.person(2, "es:5").busy = true;
    for id in 1..=4 {
        desk.case(id, "es", 40);
    }
    let expected: Vec<_> = (1..=4).map(|id| desk.of(id).expected_s).collect();
    let after = |rounds: u32| Some(ACCEPTING_S + rounds * HANDLING_S);
    assert_eq!(expected, [after(0), after(1), after(1), after(2)]);
}

#[test]
fn danger_to_life_is_first_and_nobody_starves() {
    let rank = |priority, opened_s: i64| {
        let mut desk = Desk::default();
        let route = desk.case(1, "es", priority).clone();
        order(&route, UnixMs(opened_s * 1_000), CaseId(Uuid::nil()))
    };
    assert!(rank(100, 10_000) < rank(80, 0));
    assert!(rank(80, 100) < rank(30, 0));
    assert!(
        rank(30, 0) < rank(80, 301),
        "five minutes outweigh distress"
    );
    assert!(rank(40, 59) < rank(30, 0) && rank(30, 0) < rank(40, 61));
}

#[test]
fn duty_hours_are_days_times_and_a_zone() {
    let hours: Hours = "mon-fri 08:30-12:00,13:00-17:15 Asia/Tokyo"
        .parse()
        .unwrap();
    let at = |text: &str| {
        let moment: jiff::Timestamp = text.parse().unwrap();
        hours.contain(UnixMs(moment.as_millisecond()))
    };
    assert!(at("2026-05-11T08:30:00+09:00"), "a Monday");
    assert!(!at("2026-05-11T12:30:00+09:00"));
    assert!(at("2026-05-15T17:14:59+09:00"));
    assert!(!at("2026-05-15T17:15:00+09:00"));
    assert!(!at("2026-05-16T09:00:00+09:00"), "a Saturday");
    assert!(at("2026-05-12T00:00:00Z"), "nine o'clock there");
    let kept = serde_json::to_string(&hours).unwrap();
    assert_eq!(serde_json::from_str::<Hours>(&kept).unwrap(), hours);
    for (wrong, part) in [
        ("mon-fri 08:30-17:15", "2 parts"),
        ("mon-fry 08:30-17:15 Asia/Tokyo", "`mon-fry` are no days"),
        ("mon 17:15-08:30 Asia/Tokyo", "must begin before"),
        ("mon 08:30-17:15 Tokyo", "`Tokyo` is no time zone"),
    ] {
        let error = wrong.parse::<Hours>().unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn levels_are_written_with_the_language() {
    assert_eq!("es:4".parse::<Level>().unwrap().level, Some(4));
    assert_eq!("zh-Hant".parse::<Level>().unwrap().level, None);
    for wrong in ["es:0", "es:6", "es:", "es:good", "spanish", ":3"] {
        assert!(wrong.parse::<Level>().is_err(), "{wrong}");
    }
    let mut skills = Skills::default();
    skills.set_levels(&["es:4".parse().unwrap(), "en".parse().unwrap()]);
    assert_eq!(skills.levels[&lang("en")], 3);
    skills.set_levels(&["es".parse().unwrap()]);
    assert!(!skills.are_set());
}
