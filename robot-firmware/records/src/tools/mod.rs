//! The tools.

use rmcp::handler::server::tool::IntoCallToolResult;
use rmcp::handler::server::wrapper::{Json, Parameters};
use rmcp::model::{
    CallToolResponse, CallToolResult, Implementation, ServerCapabilities, ServerConfig,
};
use rmcp::{ErrorData, ServerHandler, tool, tool_handler, tool_router};
use serde_json::json;
use time::{Date, Duration};

mod shapes;

use crate::calendar::{self, Clock};
use crate::store::{Application, Store, StoreError, Verified};
use shapes::{
    ApplicationArgs, ApplicationFound, ApplicationList, AppointmentArgs, BookArgs, Booked,
    Cancelled, DueFee, FeesDue, QueueNumber, ReturnArgs, Returned, ServiceArgs, Slot, SlotList,
    SlotsArgs, VerificationArgs, VerifyArgs, VerifyResult, Waived, WaiverArgs,
};

/// The most slots that one answer lists.
const MOST_SLOTS: usize = 20;
/// From as many days with free times some are listed: the first morning doesn't suit everybody.
const SLOT_DAYS: usize = 2;
/// How far ahead appointments are given.
const AHEAD: Duration = Duration::days(60);

/// The office's records.
#[derive(Debug, Clone)]
pub struct Records {
    store: Store,
    clock: Clock,
}

/// Why the office did not do it: a word for programs, a sentence for people.
#[derive(Debug)]
pub struct Refusal(&'static str, String);

impl IntoCallToolResult for Refusal {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        let reason = json!({ "reason": self.0, "message": self.1 });
        Ok(CallToolResult::structured_error(reason).into())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        // Whoever runs the server reads why; the client has no use for it.
        eprintln!("hoshikawa-records: {error}");
        Self(
            "unavailable",
            "The records can't be read at the moment.".to_owned(),
        )
    }
}

impl Records {
    /// Serves `store`.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    async fn resident(&self, verification: &str) -> Result<i64, Refusal> {
        let found = self
            .store
            .resident_of(verification, self.clock.now())
            .await?;
        found.ok_or_else(|| {
            let message = "This verification doesn't hold, or not any more; verify again.";
            Refusal("not_verified", message.to_owned())
        })
    }

    fn day(&self, text: &str) -> Result<Date, Refusal> {
        calendar::date(text).map_err(|message| Refusal("bad_date", message))
    }

    /// Times of a day that haven't passed.
    fn times(&self, day: Date) -> impl Iterator<Item = time::Time> {
        let now = self.clock.now();
        let open = calendar::is_working_day(day) && day <= now.date() + AHEAD;
        calendar::appointment_times()
            .filter(move |time| open && (day, *time) > (now.date(), now.time()))
    }
}

#[tool_router]
impl Records {
    #[tool(
        description = "Check who a resident is by the code of the office's letter and the date of birth. Three wrong tries lock the code for a day.",
        annotations(
            title = "Verify a resident",
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = false,
            open_world_hint = false
        )
    )]
    async fn verify_resident(
        &self,
        Parameters(args): Parameters<VerifyArgs>,
    ) -> Result<Json<VerifyResult>, Refusal> {
        let born = self.day(&args.date_of_birth)?;
        let now = self.clock.now();
        let verified = self.store.verify(&args.letter_code, born, now).await?;
        Ok(Json(match verified {
            Verified::Yes { token, name } => VerifyResult {
                verified: true,
                level: "letter_and_birth_date",
                verification: Some(token),
                name: Some(name),
                tries_left: None,
            },
            Verified::No { tries_left } => VerifyResult {
                verified: false,
                level: "none",
                verification: None,
                name: None,
                tries_left: Some(tries_left),
            },
        }))
    }

    #[tool(
        description = "Find one application of a verified resident by its number, with its status.",
        annotations(
            title = "Find an application",
            read_only_hint = true,
            open_world_hint = false
        )
    )]
    async fn find_application(
        &self,
        Parameters(args): Parameters<ApplicationArgs>,
    ) -> Result<Json<ApplicationFound>, Refusal> {
        let resident = self.resident(&args.verification).await?;
        let mut found = self.store.applications(resident).await?;
        found.retain(|application| application.number == args.application_number);
        Ok(Json(ApplicationFound {
            found: !found.is_empty(),
            application: found.pop().map(Application::into),
        }))
    }

    #[tool(
        description = "List all applications of a verified resident with every step they went through.",
        annotations(
            title = "History of applications",
            read_only_hint = true,
            open_world_hint = false
        )
    )]
    async fn application_history(
        &self,
        Parameters(args): Parameters<VerificationArgs>,
    ) -> Result<Json<ApplicationList>, Refusal> {
        let resident = self.resident(&args.verification).await?;
        let found = self.store.applications(resident).await?;
        Ok(Json(ApplicationList {
            count: found.len(),
            applications: found.into_iter().map(Application::into).collect(),
        }))
    }

    #[tool(
        description = "List free appointments of a service, spread over the first two days that have some, the earliest first.",
        annotations(
            title = "Free appointments",
            read_only_hint = true,
            open_world_hint = false
        )
    )]
    async fn list_appointment_slots(
        &self,
        Parameters(args): Parameters<SlotsArgs>,
    ) -> Result<Json<SlotList>, Refusal> {
        let first = self.day(&args.from)?.max(self.clock.today());
        let last = match &args.to {
            Some(to) => self.day(to)?,
            None => first + Duration::days(7),
        };
        let last = last.min(self.clock.today() + AHEAD);
        let service = args.service.name();
        let wanted = args.at_most.map_or(5, usize::from).min(MOST_SLOTS);
        let mut slots = Vec::new();
        let mut day = first;
        let mut days = 0;
        while day <= last && days < SLOT_DAYS {
            let taken = self.store.taken(service, day).await?;
            let free = self.times(day).map(calendar::clock_time);
            let free = free.filter(|time| !taken.contains(time));
            let before = slots.len();
            slots.extend(free.map(|time| Slot::new(args.service, day, time)));
            days += usize::from(slots.len() > before);
            day += Duration::days(1);
        }
        let slots = spread(slots, wanted);
        Ok(Json(SlotList {
            count: slots.len(),
            slots,
        }))
    }

    #[tool(
        description = "Book a free appointment by the slot that list_appointment_slots gave.",
        annotations(
            title = "Book an appointment",
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = false,
            open_world_hint = false
        )
    )]
    async fn book_appointment(
        &self,
        Parameters(args): Parameters<BookArgs>,
    ) -> Result<Json<Booked>, Refusal> {
        let no_slot = || Refusal("no_such_slot", "There is no such slot.".to_owned());
        let (service, day, time) = shapes::slot_parts(&args.slot).ok_or_else(no_slot)?;
        let offered = self
            .times(day)
            .find(|offered| calendar::clock_time(*offered) == time);
        let offered = offered.ok_or_else(no_slot)?;
        let number = self.store.book(service.name(), day, offered).await?;
        let number = number
            .ok_or_else(|| Refusal("slot_taken", "Somebody else has booked it.".to_owned()))?;
        Ok(Json(Booked {
            appointment: format!("A-{number:05}"),
            service,
            date: calendar::iso(day),
            time,
        }))
    }

    #[tool(
        description = "Cancel an appointment by its number and its day. The time is free for others at once.",
        annotations(
            title = "Cancel an appointment",
            read_only_hint = false,
            destructive_hint = true,
            idempotent_hint = true,
            open_world_hint = false
        )
    )]
    async fn cancel_appointment(
        &self,
        Parameters(args): Parameters<AppointmentArgs>,
    ) -> Result<Json<Cancelled>, Refusal> {
        let day = self.day(&args.date)?;
        let number = args
            .appointment
            .strip_prefix("A-")
            .and_then(|number| number.parse().ok());
        let cancelled = match number {
            Some(number) => self.store.cancel(number, day).await?,
            None => false,
        };
        Ok(Json(Cancelled { cancelled }))
    }

    #[tool(
        description = "Take the next number of a service's queue for today.",
        annotations(
            title = "Take a queue number",
            read_only_hint = false,
            destructive_hint = false,
            idempotent_hint = false,
            open_world_hint = false
        )
    )]
    async fn take_queue_number(
        &self,
        Parameters(args): Parameters<ServiceArgs>,
    ) -> Result<Json<QueueNumber>, Refusal> {
        let service = args.service;
        let (number, waiting_before) = self
            .store
            .queue_up(service.name(), self.clock.today())
            .await?;
        Ok(Json(QueueNumber {
            number: format!("{}-{number:03}", service.letter()),
            service,
            waiting_before,
        }))
    }

    #[tool(
        description = "Give a queue number of today back.",
        annotations(
            title = "Give a queue number back",
            read_only_hint = false,
            destructive_hint = true,
            idempotent_hint = true,
            open_world_hint = false
        )
    )]
    async fn return_queue_number(
        &self,
        Parameters(args): Parameters<ReturnArgs>,
    ) -> Result<Json<Returned>, Refusal> {
        let returned = match shapes::queue_parts(&args.number) {
            Some((service, number)) => {
                let today = self.clock.today();
                self.store
                    .leave_queue(service.name(), today, number)
                    .await?
            }
            None => false,
        };
        Ok(Json(Returned { returned }))
    }

    #[tool(
        description = "List the fees that a verified resident has yet to pay.",
        annotations(title = "Fees due", read_only_hint = true, open_world_hint = false)
    )]
    async fn fees_due(
        &self,
        Parameters(args): Parameters<VerificationArgs>,
    ) -> Result<Json<FeesDue>, Refusal> {
        let resident = self.resident(&args.verification).await?;
        let due: Vec<DueFee> = self
            .store
            .fees_due(resident)
            .await?
            .into_iter()
            .map(DueFee::from)
            .collect();
        Ok(Json(FeesDue {
            count: due.len(),
            total_yen: due.iter().map(|fee| fee.amount_yen).sum(),
            fees: due,
        }))
    }

    #[tool(
        description = "Waive a fee for good. For clerks who may decide that.",
        annotations(
            title = "Waive a fee",
            read_only_hint = false,
            destructive_hint = true,
            idempotent_hint = false,
            open_world_hint = false
        )
    )]
    async fn fee_waiver(
        &self,
        Parameters(args): Parameters<WaiverArgs>,
    ) -> Result<Json<Waived>, Refusal> {
        let resident = self.resident(&args.verification).await?;
        let waived = self.store.waive(resident, &args.fee, &args.reason).await?;
        Ok(Json(Waived { waived }))
    }
}

/// As many as are wanted, from the first on at even steps through all of them.
fn spread<T>(all: Vec<T>, wanted: usize) -> Vec<T> {
    let (had, kept) = (all.len(), wanted.min(all.len()));
    let mut picked = (0..kept).map(|place| place * had / kept).peekable();
    all.into_iter()
        .enumerate()
        .filter_map(|(at, slot)| picked.next_if_eq(&at).map(|_| slot))
        .collect()
}

#[tool_handler]
impl ServerHandler for Records {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build()).with_server_info(
            Implementation::new("hoshikawa-records", env!("CARGO_PKG_VERSION")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_reaches_from_the_first_to_the_last_day() {
        let all: Vec<usize> = (0..26).collect();
        assert_eq!(spread(all.clone(), 6), [0, 4, 8, 13, 17, 21]);
        assert_eq!(spread(all.clone(), 26), all);
        assert_eq!(spread(vec![7, 9], 6), [7, 9]);
        assert_eq!(spread(Vec::<usize>::new(), 6), [] as [usize; 0]);
    }

    #[test]
    fn every_tool_tells_its_risk_and_promises_a_shape() {
        for tool in Records::tool_router().list_all() {
            let annotations = tool.annotations.unwrap();
            assert!(annotations.read_only_hint.is_some(), "{}", tool.name);
            assert!(tool.output_schema.is_some(), "{}", tool.name);
        }
    }
}
