//! What the tools take and return. The field comments are in the schemas that clients see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::calendar::{date, iso};
use crate::store::{Application, Fee};

/// A counter of the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Service {
    /// Moving, residence certificates, cards.
    Residence,
    /// National health insurance and pension.
    Insurance,
    /// Taxes.
    Tax,
    /// Children and families.
    Childcare,
}

impl Service {
    const ALL: [Self; 4] = [Self::Residence, Self::Insurance, Self::Tax, Self::Childcare];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Residence => "residence",
            Self::Insurance => "insurance",
            Self::Tax => "tax",
            Self::Childcare => "childcare",
        }
    }

    /// Begins its queue numbers.
    pub(super) fn letter(self) -> char {
        match self {
            Self::Residence => 'R',
            Self::Insurance => 'I',
            Self::Tax => 'T',
            Self::Childcare => 'C',
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyArgs {
    /// Eight digits from the office's letter.
    #[schemars(regex(pattern = "^[0-9]{8}$"))]
    pub(super) letter_code: String,
    /// As 1988-05-12.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub(super) date_of_birth: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct VerifyResult {
    /// Whether letter and date belong together.
    pub(super) verified: bool,
    /// How sure the office is: none, letter_and_birth_date.
    pub(super) level: &'static str,
    /// Shows the verification to the other tools; holds for 15 minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verification: Option<String>,
    /// The resident's name as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// Tries that are left; after the last the code is locked for a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tries_left: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerificationArgs {
    /// What verify_resident gave.
    pub(super) verification: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationArgs {
    /// What verify_resident gave.
    pub(super) verification: String,
    /// As RC-2026-0412.
    #[schemars(regex(pattern = "^[A-Z]{2}-[0-9]{4}-[0-9]{4}$"))]
    pub(super) application_number: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ApplicationFound {
    /// Whether the resident has such an application.
    pub(super) found: bool,
    /// The application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) application: Option<ApplicationShape>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ApplicationList {
    /// How many.
    pub(super) count: usize,
    /// By number.
    pub(super) applications: Vec<ApplicationShape>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct ApplicationShape {
    /// As RC-2026-0412.
    pub(super) number: String,
    /// What for: residence_card_address, child_allowance, senior_pass, my_number_card, …
    pub(super) kind: String,
    /// Where it stands: received, checking, papers_missing, approved, ready, declined.
    pub(super) status: String,
    /// The day it came in.
    pub(super) received_on: String,
    /// The day it can be collected, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ready_on: Option<String>,
    /// Papers that are missing.
    pub(super) missing: Vec<String>,
    /// What happened, the oldest first.
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Step {
    /// The day.
    pub(super) date: String,
    /// The status from then on.
    pub(super) status: String,
}

impl From<Application> for ApplicationShape {
    fn from(from: Application) -> Self {
        let first = from.steps.first().map(|(day, _)| day.clone());
        let last = from.steps.last().map(|(_, status)| status.clone());
        let step = |(date, status)| Step { date, status };
        Self {
            number: from.number,
            kind: from.kind,
            status: last.unwrap_or_default(),
            received_on: first.unwrap_or_default(),
            ready_on: from.ready_on,
            missing: from.missing,
            steps: from.steps.into_iter().map(step).collect(),
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SlotsArgs {
    /// The counter.
    pub(super) service: Service,
    /// The first day, as 2026-12-01.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub(super) from: String,
    /// The last day; a week later when absent.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    #[serde(default)]
    pub(super) to: Option<String>,
    /// The most that are wanted, up to 20; 5 when absent.
    #[serde(default)]
    pub(super) at_most: Option<u8>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SlotList {
    /// How many.
    pub(super) count: usize,
    /// The earliest first.
    pub(super) slots: Vec<Slot>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Slot {
    /// What book_appointment takes.
    pub(super) slot: String,
    /// The day, as 2026-12-01.
    pub(super) date: String,
    /// The time, as 09:30.
    pub(super) time: String,
}

impl Slot {
    pub(super) fn new(service: Service, day: Date, time: String) -> Self {
        let date = iso(day);
        Self {
            slot: format!("{}/{date}/{time}", service.name()),
            date,
            time,
        }
    }
}

/// The parts of [`Slot::slot`].
pub(super) fn slot_parts(slot: &str) -> Option<(Service, Date, String)> {
    let mut parts = slot.split('/');
    let service = by_name(parts.next()?)?;
    let day = date(parts.next()?).ok()?;
    let time = parts.next()?.to_owned();
    parts.next().is_none().then_some((service, day, time))
}

fn by_name(name: &str) -> Option<Service> {
    Service::ALL
        .into_iter()
        .find(|service| service.name() == name)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BookArgs {
    /// A slot of list_appointment_slots.
    pub(super) slot: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Booked {
    /// The appointment's number, as A-48213.
    pub(super) appointment: String,
    /// The counter.
    pub(super) service: Service,
    /// The day, as 2026-12-01.
    pub(super) date: String,
    /// The time, as 09:30.
    pub(super) time: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AppointmentArgs {
    /// The appointment's number, as A-48213.
    #[schemars(regex(pattern = "^A-[0-9]{5,}$"))]
    pub(super) appointment: String,
    /// Its day, as 2026-12-01.
    pub(super) date: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Cancelled {
    /// Whether there was such an appointment.
    pub(super) cancelled: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceArgs {
    /// The counter.
    pub(super) service: Service,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct QueueNumber {
    /// The number, as R-012.
    pub(super) number: String,
    /// The counter.
    pub(super) service: Service,
    /// How many wait before it.
    pub(super) waiting_before: i64,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnArgs {
    /// The number, as R-012.
    #[schemars(regex(pattern = "^[RITC]-[0-9]{3,}$"))]
    pub(super) number: String,
}

/// The parts of [`QueueNumber::number`].
pub(super) fn queue_parts(number: &str) -> Option<(Service, i64)> {
    let (letter, count) = number.split_once('-')?;
    let mut services = Service::ALL.into_iter();
    let service = services.find(|service| letter == service.letter().to_string())?;
    Some((service, count.parse().ok()?))
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Returned {
    /// Whether it was in the queue.
    pub(super) returned: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FeesDue {
    /// How many.
    pub(super) count: usize,
    /// Their sum, in yen.
    pub(super) total_yen: i64,
    /// By the last day to pay.
    pub(super) fees: Vec<DueFee>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct DueFee {
    /// The fee's number.
    pub(super) fee: String,
    /// What for: health_insurance, resident_tax, certificate.
    pub(super) kind: String,
    /// How much, in yen.
    pub(super) amount_yen: i64,
    /// The last day to pay, as 2026-12-01.
    pub(super) due_on: String,
}

impl From<Fee> for DueFee {
    fn from(from: Fee) -> Self {
        Self {
            fee: from.number,
            kind: from.kind,
            amount_yen: from.amount_yen,
            due_on: from.due_on,
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WaiverArgs {
    /// What verify_resident gave.
    pub(super) verification: String,
    /// The fee's number.
    pub(super) fee: String,
    /// Why.
    pub(super) reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Waived {
    /// Whether the fee was due.
    pub(super) waived: bool,
}
