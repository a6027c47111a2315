//! Invented residents, so that the demonstration has somebody to look up.

use time::{Date, Duration};

use crate::calendar::{appointment_times, date, iso, working_day_after};
use crate::store::{NewApplication, NewFee, NewResident, Store};

/// Fills an empty database; the days follow from `today`, everything else is always the same.
///
/// # Errors
/// When the database refuses.
pub async fn fill(store: &Store, today: Date) -> anyhow::Result<()> {
    if !store.is_empty().await? {
        return Ok(());
    }
    for (id, name, born, letter_code) in [
        (1, "田中マリア", "1988-05-12", "48213507"),
        (2, "佐藤花子", "1951-11-03", "90417726"),
        (3, "João Pereira Lima", "1979-02-28", "15580342"),
        (4, "Nguyễn Thị Lan", "1996-08-19", "73320915"),
        (5, "Emily Carter", "2001-12-30", "62049183"),
        (6, "鈴木健一", "1964-07-07", "30875561"),
    ] {
        let born = date(born).map_err(anyhow::Error::msg)?;
        let resident = NewResident {
            id,
            name,
            born,
            letter_code,
        };
        store.add_resident(&resident).await?;
    }
    let ago = |days: i64| iso(today - Duration::days(days));
    let coming = |days: u16| iso(working_day_after(today, days));
    for application in [
        NewApplication {
            number: "RC-2026-0412",
            resident: 1,
            kind: "residence_card_address",
            ready_on: Some(coming(2)),
            missing: "",
            steps: vec![
                (ago(12), "received"),
                (ago(9), "checking"),
                (ago(1), "approved"),
            ],
        },
        NewApplication {
            number: "CA-2026-0188",
            resident: 1,
            kind: "child_allowance",
            ready_on: None,
            missing: "bank_book",
            steps: vec![(ago(20), "received"), (ago(6), "papers_missing")],
        },
        NewApplication {
            number: "SP-2026-0031",
            resident: 2,
            kind: "senior_pass",
            ready_on: Some(ago(0)),
            missing: "",
            steps: vec![(ago(8), "received"), (ago(0), "ready")],
        },
        NewApplication {
            number: "NC-2026-0977",
            resident: 3,
            kind: "my_number_card",
            ready_on: None,
            missing: "",
            steps: vec![(ago(25), "received"), (ago(18), "checking")],
        },
        NewApplication {
            number: "NH-2026-0540",
            resident: 4,
            kind: "health_insurance",
            ready_on: None,
            missing: "residence_card,employment_end",
            steps: vec![(ago(4), "received"), (ago(2), "papers_missing")],
        },
        NewApplication {
            number: "CH-2026-0066",
            resident: 6,
            kind: "childcare_place",
            ready_on: None,
            missing: "",
            steps: vec![
                (ago(60), "received"),
                (ago(45), "checking"),
                (ago(15), "declined"),
            ],
        },
    ] {
        store.add_application(&application).await?;
    }
    for (number, resident, kind, amount_yen, due) in [
        ("F-1041", 1, "health_insurance", 12_400, coming(5)),
        ("F-1042", 1, "resident_tax", 31_000, coming(14)),
        ("F-1077", 3, "health_insurance", 18_900, ago(11)),
        ("F-1080", 6, "certificate", 300, ago(2)),
    ] {
        let fee = NewFee {
            number,
            resident,
            kind,
            amount_yen,
            due_on: due,
        };
        store.add_fee(&fee).await?;
    }
    // Some of the next days' times are taken, as in any office.
    for (ahead, service, every) in [(1, "residence", 2), (1, "tax", 3), (2, "residence", 4)] {
        let day = working_day_after(today, ahead);
        for time in appointment_times().step_by(every) {
            store.book(service, day, time).await?;
        }
    }
    Ok(())
}
